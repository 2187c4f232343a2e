/* See listing.h. */
#include "listing.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "file.h"
#include "indsql.h"
#include "ini.h"
#include "mem.h"
#include "policy.h"
#include "wordsql.h"

struct owned {
	struct listings ls;
	struct arena arena;
	struct scheme mixed;	/* home's pieces and ours */
	struct scheme *home;
	size_t cap;
};

/* ---- reading ---------------------------------------------------------- */

static const char *
value(const struct ini_section *sec, const char *key)
{
	size_t i;

	for (i = 0; i < sec->n; i++)
		if (strcmp(sec->props[i].key, key) == 0)
			return sec->props[i].value;
	return NULL;
}

static const struct ini_property *
rows_of(const struct ini_section *sec, const char *key)
{
	size_t i;

	for (i = 0; i < sec->n; i++)
		if (strcmp(sec->props[i].key, key) == 0)
			return &sec->props[i];
	return NULL;
}

static int
known_keys(const struct ini *ini, const struct ini_section *sec, struct err *e)
{
	static const char *const keys[] = { "title", "note", "none", "menu",
	    "action", "opens", "print", "paper", "pairs", "ask", "period",
	    "rows" };
	size_t i, k;

	for (i = 0; i < sec->n; i++) {
		for (k = 0; k < COUNT_OF(keys); k++)
			if (strcmp(keys[k], sec->props[i].key) == 0)
				break;
		if (k == COUNT_OF(keys))
			return err_set(e, E_FORMAT, "lists/%s:%d:%d: 没有"
			    "“%s”这种属性", ini->file, sec->props[i].line,
			    sec->props[i].key_col, sec->props[i].key);
	}
	return 0;
}

/* "due.ini" as messages name it. */
static const char *
in_lists(struct owned *o, const char *file)
{
	char *name = xasprintf("lists/%s", file);
	const char *kept = arena_str(&o->arena, name);

	free(name);
	return kept;
}

static int
read_listing(struct owned *o, const struct ini *ini,
    const struct ini_section *sec, struct err *e)
{
	const struct ini_property *rows = rows_of(sec, "rows");
	const char *period = value(sec, "period");
	struct listing *l;
	int kind = period != NULL ? period_kind(period) : PERIOD_AS_OF;

	if (known_keys(ini, sec, e) < 0)
		return e->code;
	if (rows == NULL || value(sec, "title") == NULL)
		return err_set(e, E_FORMAT, "lists/%s:%d:%d: “%s”要有 title 和"
		    " rows", ini->file, sec->line, sec->col, sec->name);
	if (kind < 0)
		return err_set(e, E_FORMAT, "lists/%s:%d:%d: 没有“%s”这种期间",
		    ini->file, sec->line, sec->col, period);
	if (listings_find(&o->ls, sec->name) != NULL)
		return err_set(e, E_EXISTS, "lists/%s:%d:%d: “%s”写了两次",
		    ini->file, sec->line, sec->col, sec->name);
	o->ls.v = mem_grow(o->ls.v, o->ls.n, &o->cap, sizeof *o->ls.v);
	l = &o->ls.v[o->ls.n++];
	*l = (struct listing){ .name = sec->name, .title = value(sec, "title"),
	    .note = value(sec, "note"), .none = value(sec, "none"),
	    .menu = value(sec, "menu"), .action = value(sec, "action"),
	    .opens = value(sec, "opens"), .print = value(sec, "print"),
	    .paper = value(sec, "paper"),
	    .pairs = str_eq(value(sec, "pairs"), "true"),
	    .ask_village = str_eq(value(sec, "ask"), "village"),
	    .period = (enum period_kind)kind, .rows = rows->raw,
	    .line = rows->line, .col = rows->col };
	l->file = in_lists(o, ini->file);
	return 0;
}

static int
read_with(struct owned *o, const struct ini *ini,
    const struct ini_section *sec, struct err *e)
{
	const struct ini_property *sql = rows_of(sec, "sql");
	struct with *w;

	if (sql == NULL)
		return err_set(e, E_FORMAT, "lists/%s:%d:%d: 片段没有 sql",
		    ini->file, sec->line, sec->col);
	o->mixed.with = xrealloc(o->mixed.with, o->mixed.nwith + 1,
	    sizeof *o->mixed.with);
	w = &o->mixed.with[o->mixed.nwith++];
	*w = (struct with){ .name = sec->name + strlen("with "),
	    .sql = sql->raw, .line = sql->line, .col = sql->col,
	    .file = in_lists(o, ini->file) };
	return 0;
}

static int
read_file(struct owned *o, const char *dir, const char *name, struct err *e)
{
	char *path = xasprintf("%s/%s", dir, name);
	struct messages ms = MESSAGES_INIT;
	struct str text = STR_INIT;
	struct ini ini = { 0 };
	size_t i;
	int rc = file_read(&text, path, INI_LIMIT, e);

	if (rc == 0) {
		ini_read(&ini, arena_str(&o->arena, name), text.buf, text.len,
		    &o->arena, &ms);
		rc = messages_first(&ms, e);
		for (i = 0; rc == 0 && i < ini.n; i++) {
			if (str_starts(ini.sections[i].name, "with "))
				rc = read_with(o, &ini, &ini.sections[i], e);
			else
				rc = read_listing(o, &ini, &ini.sections[i], e);
		}
		ini_done(&ini);
	}
	messages_done(&ms);
	str_done(&text);
	free(path);
	return rc;
}

static int
is_ini(const struct dirent *d)
{
	size_t len = strlen(d->d_name);

	return len > 4 && d->d_name[0] != '.' &&
	    strcmp(d->d_name + len - 4, ".ini") == 0;
}

static int
read_all(struct owned *o, const char *data, struct err *e)
{
	char *dir = xasprintf("%s/lists", data);
	struct dirent **found = NULL;
	int n = scandir(dir, &found, is_ini, alphasort), i, rc = 0;

	if (n < 0)
		rc = err_errno(e, "读不了 %s", dir);
	for (i = 0; i < n; i++) {
		if (rc == 0)
			rc = read_file(o, dir, found[i]->d_name, e);
		free(found[i]);
	}
	free(found);
	free(dir);
	return rc;
}

int
listings_load(struct listings **out, const char *data, struct err *e)
{
	struct owned *o = xcalloc(1, sizeof *o);
	size_t i;
	int rc = scheme_load(&o->home, data, "home", e);

	if (rc == 0) {
		o->mixed.name = o->mixed.file = "lists";
		o->mixed.nwith = o->home->nwith;
		o->mixed.with = xcalloc(o->home->nwith + 1,
		    sizeof *o->mixed.with);
		for (i = 0; i < o->home->nwith; i++)
			o->mixed.with[i] = o->home->with[i];
		rc = read_all(o, data, e);
	}
	o->ls.scheme = &o->mixed;
	if (rc < 0) {
		listings_free(&o->ls);
		return rc;
	}
	*out = &o->ls;
	return 0;
}

void
listings_free(struct listings *ls)
{
	struct owned *o = (struct owned *)(void *)ls;

	if (ls == NULL)
		return;
	free(o->ls.v);
	free(o->mixed.with);
	scheme_free(o->home);
	arena_done(&o->arena);
	free(o);
}

const struct listing *
listings_find(const struct listings *ls, const char *name)
{
	size_t i;

	for (i = 0; i < ls->n; i++)
		if (strcmp(ls->v[i].name, name) == 0 ||
		    strcmp(ls->v[i].title, name) == 0)
			return &ls->v[i];
	return NULL;
}

/* ---- running ---------------------------------------------------------- */

static bool
for_people(const char *name)
{
	return (unsigned char)*name >= 0x80;
}

static void
take_heads(struct listed *out, struct stmt *q)
{
	int i, n = stmt_columns(q);

	out->head = arena_alloc(&out->arena,
	    ((size_t)n + 1) * sizeof *out->head);
	for (i = 0; i < n; i++)
		if (for_people(stmt_name(q, i)))
			out->head[out->ncols++] = arena_str(&out->arena,
			    stmt_name(q, i));
}

static void
take_hidden(struct listed_row *r, const char *name, const char *v)
{
	if (strcmp(name, "form") == 0)
		r->form = v;
	else if (strcmp(name, "uid") == 0)
		r->uid = v;
	else if (strcmp(name, "field") == 0)
		r->field = v;
	else if (strcmp(name, "other") == 0)
		r->other = v;
	else if (strcmp(name, "village") == 0)
		r->village = v;
	else if (strcmp(name, "list") == 0)
		r->list = v;
	else if (strcmp(name, "urgent") == 0)
		r->urgent = v != NULL && strcmp(v, "0") != 0;
}

static void
take_row(struct listed *out, struct stmt *q, const char *village)
{
	struct listed_row r = { .cell = arena_alloc(&out->arena,
	    (out->ncols + 1) * sizeof *r.cell) };
	int i, n = stmt_columns(q);
	size_t c = 0;

	for (i = 0; i < n; i++) {
		const char *v = arena_str(&out->arena, stmt_col(q, i));

		if (for_people(stmt_name(q, i)))
			r.cell[c++] = v;
		else
			take_hidden(&r, stmt_name(q, i), v);
	}
	if (village != NULL && !str_eq(r.village, village))
		return;
	out->row = mem_grow(out->row, out->n, &out->cap, sizeof *out->row);
	out->row[out->n++] = r;
}

/* Statements of indicators name their folder; ours stand in another. */
static void
set_folder_right(struct err *e)
{
	static const char wrong[] = "indicators/lists/";
	size_t skip = strlen("indicators/");

	if (e != NULL && str_starts(e->msg, wrong))
		memmove(e->msg, e->msg + skip, strlen(e->msg + skip) + 1);
}

/* `urgent`: only how many rows are. */
static struct stmt *
prepare(struct forms *fs, struct db *db, const struct listings *ls,
    const struct listing *l, const char *on, bool urgent, struct err *e)
{
	struct indsql sql = { .file = l->file, .line = l->line, .col = l->col,
	    .head = urgent ? "SELECT count(*) FROM (" : "", .body = l->rows,
	    .tail = urgent ? ") WHERE urgent" : "", .db = db };
	struct period p;
	struct stmt *q;

	period_span(&p, l->period, on);
	q = indsql_get(fs, ls->scheme, &sql, &p, on, e);
	if (q == NULL)
		set_folder_right(e);
	return q;
}

struct stmt *
listing_prepare(struct forms *fs, struct db *db, const struct listings *ls,
    const struct listing *l, struct err *e)
{
	return prepare(fs, db, ls, l, "2026-01-31", false, e);
}

/* The functions that the lists' SQL may use. */
static int
ready(struct forms *fs, struct err *e)
{
	int rc = policy_open(fs, e);

	return rc < 0 ? rc : wordsql_register(fs, forms_db(fs), e);
}

int
listing_run(struct forms *fs, const struct listings *ls,
    const struct listing *l, const struct listing_want *want,
    struct listed *out, struct err *e)
{
	struct stmt *q;
	int rc = ready(fs, e);

	memset(out, 0, sizeof *out);
	if (rc < 0)
		return rc;
	q = prepare(fs, NULL, ls, l, want->on, false, e);
	if (q == NULL)
		return e->code;
	if (want->period != NULL && stmt_param(q, ":from") > 0)
		stmt_text(q, stmt_param(q, ":from"), want->period->from);
	if (want->period != NULL && stmt_param(q, ":to") > 0)
		stmt_text(q, stmt_param(q, ":to"), want->period->to);
	if (stmt_param(q, ":uid") > 0)
		stmt_text(q, stmt_param(q, ":uid"), want->uid);
	if (stmt_param(q, ":mask") > 0)
		stmt_int(q, stmt_param(q, ":mask"), !want->unmasked);
	take_heads(out, q);
	while ((rc = stmt_step(q, e)) > 0)
		take_row(out, q, want->village);
	if (rc < 0)
		listed_done(out);
	return rc;
}

long
listing_alarms(struct forms *fs, const struct listings *ls, const char *on,
    struct err *e)
{
	const struct listing *l = listings_find(ls, "audit");
	struct stmt *q;
	long n = 0;
	int rc;

	if (l == NULL)
		return 0;
	if ((rc = ready(fs, e)) < 0)
		return rc;
	q = prepare(fs, NULL, ls, l, on, true, e);
	if (q == NULL)
		return e->code;
	rc = stmt_step(q, e);
	if (rc > 0)
		n = stmt_col_int(q, 0);
	stmt_reset(q);
	return rc < 0 ? rc : n;
}

void
listed_done(struct listed *r)
{
	free(r->row);
	arena_done(&r->arena);
	memset(r, 0, sizeof *r);
}
