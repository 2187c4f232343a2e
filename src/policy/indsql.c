/* See indsql.h. */
#include "indsql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ini.h"
#include "mem.h"
#include "nearest.h"
#include "towns.h"
#include "views.h"

enum { PIECES_MAX = 48 };

/* A piece of SQL and where it came from. */
struct piece {
	const char *file, *sql;
	int line, col;
	size_t at;		/* its first byte in the statement */
};

struct building {
	struct forms *fs;
	const struct scheme *s;
	struct str sql;
	struct piece piece[PIECES_MAX];
	const char *named[PIECES_MAX];	/* CTEs already there */
	size_t npieces, nnamed;
	bool trusted, scoped;
	const char *file;	/* of the body, for messages */
	struct err *e;
};

static bool
word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
	    (c >= 'A' && c <= 'Z');
}

/* The next word of SQL outside strings; its length, 0 at the end. */
static size_t
next_word(const char **at, const char **word)
{
	const char *p = *at;
	size_t len = 0;

	while (*p != '\0' && !word_char(*p)) {
		if (*p == '\'') {
			p++;
			p += strcspn(p, "'");
		}
		if (*p != '\0')
			p++;
	}
	*word = p;
	while (word_char(p[len]))
		len++;
	*at = p + len;
	return len;
}

static bool
is_named(const struct building *b, const char *word, size_t len)
{
	size_t i;

	for (i = 0; i < b->nnamed; i++)
		if (strncmp(b->named[i], word, len) == 0 &&
		    !word_char(b->named[i][len]))
			return true;
	return false;
}

static int add_needed(struct building *b, const char *sql);

static void
add_piece(struct building *b, const char *file, const char *sql, int line,
    int col)
{
	struct piece *p = &b->piece[b->npieces++];

	*p = (struct piece){ file, sql, line, col, b->sql.len };
	str_add(&b->sql, sql);
}

/* A [with NAME] section; its own needs go first. */
static int
add_with(struct building *b, const struct with *w)
{
	int rc;

	if (b->nnamed + 2 >= PIECES_MAX)
		return err_set(b->e, E_RANGE, "%s 用到的公用片段太多",
		    b->s->name);
	b->named[b->nnamed++] = w->name;
	rc = add_needed(b, w->sql);
	if (rc < 0)
		return rc;
	str_add(&b->sql, b->sql.len == 0 ? "WITH RECURSIVE " : ",\n");
	str_addf(&b->sql, "%s AS NOT MATERIALIZED (", w->name);
	add_piece(b, w->file, w->sql, w->line, w->col);
	str_addc(&b->sql, ')');
	return 0;
}

/* every_FORM: the form's rows in the session's villages, restricted ones
 * too. */
static int
add_every(struct building *b, const char *word, size_t len)
{
	char *name = xstrndup(word + strlen("every_"), len - strlen("every_"));
	const struct form *f = forms_get(b->fs, name, b->e);

	free(name);
	if (f == NULL)
		return b->e != NULL ? b->e->code : E_NOTFOUND;
	if (b->nnamed + 2 >= PIECES_MAX)
		return err_set(b->e, E_RANGE, "%s 用到的公用片段太多",
		    b->s->name);
	b->named[b->nnamed++] = word;
	b->trusted = true;
	str_add(&b->sql, b->sql.len == 0 ? "WITH RECURSIVE " : ",\n");
	str_addf(&b->sql, "every_%s AS NOT MATERIALIZED (SELECT this.* FROM main.\"%s\" AS this"
	    " WHERE NOT this.deleted", f->name, f->name);
	if (b->scoped)
		views_scope(b->fs, f, &b->sql);
	str_addc(&b->sql, ')');
	return 0;
}

/* Made here, because no file may name a table that is no form's. */
static int
add_silent(struct building *b)
{
	if (b->nnamed + 2 >= PIECES_MAX)
		return err_set(b->e, E_RANGE, "%s 用到的公用片段太多",
		    b->s->name);
	b->named[b->nnamed++] = TOWNS_SILENT;
	b->trusted = true;
	str_add(&b->sql, b->sql.len == 0 ? "WITH RECURSIVE " : ",\n");
	str_addf(&b->sql, TOWNS_SILENT " AS NOT MATERIALIZED (%s)",
	    towns_silent_sql);
	return 0;
}

static int
add_needed(struct building *b, const char *sql)
{
	const char *word;
	size_t len, i;
	int rc = 0;

	while (rc == 0 && (len = next_word(&sql, &word)) > 0) {
		if (len == 4 && strncasecmp(word, "main", 4) == 0)
			return err_set(b->e, E_DENIED, "indicators/%s：不能写"
			    "“main.”绕过权限，要合计专办记录用 every_表名",
			    b->file);
		if (is_named(b, word, len))
			continue;
		for (i = 0; i < b->s->nwith; i++)
			if (strncmp(b->s->with[i].name, word, len) == 0 &&
			    !word_char(b->s->with[i].name[len]))
				break;
		if (i < b->s->nwith)
			rc = add_with(b, &b->s->with[i]);
		else if (len > 6 && strncmp(word, "every_", 6) == 0)
			rc = add_every(b, word, len);
		else if (len == strlen(TOWNS_SILENT) &&
		    strncmp(word, TOWNS_SILENT, len) == 0)
			rc = add_silent(b);
	}
	return rc;
}

static bool
is_form(const struct building *b, const char *name)
{
	const char *const *n;

	for (n = forms_names(b->fs); name != NULL && *n != NULL; n++)
		if (strcmp(*n, name) == 0)
			return true;
	return false;
}

/* Whatever stands in the file: only reading, only the forms' tables, and
 * those through the session's views (whose names are the forms').  `every_X`
 * and TOWNS_SILENT are the ways around, made here.  SQLite gives the innermost
 * view or CTE. */
static int
guard(void *arg, int action, const char *a, const char *column,
    const char *dbname, const char *view)
{
	enum { OK = 0, DENY = 1, READ = 20, SELECT = 21, FUNCTION = 31,
		RECURSIVE = 33 };	/* sqlite3_set_authorizer() */
	const struct building *b = arg;

	(void)column;
	if (action == FUNCTION || action == SELECT || action == RECURSIVE)
		return OK;
	if (action != READ)
		return DENY;
	if (dbname == NULL || strcmp(dbname, "main") != 0)
		return OK;
	if (view != NULL && strcmp(view, TOWNS_SILENT) == 0)
		return OK;
	if (!is_form(b, a))
		return DENY;
	return !b->scoped || is_form(b, view) || (view != NULL &&
	    str_starts(view, "every_")) ? OK : DENY;
}

static void
near_with(const struct scheme *s, struct nearest *near)
{
	size_t i;

	for (i = 0; i < s->nwith; i++)
		if (strchr(s->with[i].name, '(') == NULL)
			nearest_offer(near, s->with[i].name);
}

/* SQLite's usual complaints in Chinese, with the nearest word there is. */
static void
translate(struct building *b, struct db *db)
{
	static const struct { const char *says, *means; } known[] = {
		{ "no such table: ", "没有这个表或片段" },
		{ "no such column: ", "没有这一列" },
		{ "no such function: ", "没有这个函数" },
		{ "near ", "写法不对，在这附近" },
	};
	const char *text = db_error_text(db), *const *name;
	struct nearest near;
	char word[80];
	size_t i;

	for (i = 0; i < COUNT_OF(known); i++)
		if (str_starts(text, known[i].says))
			break;
	if (b->e == NULL || i == COUNT_OF(known))
		return;
	snprintf(word, sizeof word, "%.60s", text + strlen(known[i].says));
	near = (struct nearest)NEAREST_INIT(word);
	for (name = forms_names(b->fs); i == 0 && *name != NULL; name++)
		nearest_offer(&near, *name);
	if (i == 0)
		near_with(b->s, &near);
	err_set(b->e, E_FORMAT, "%s：%s%s%s", known[i].means, word,
	    near.word != NULL ? "，是不是 " : "",
	    near.word != NULL ? near.word : "");
}

/* Say where in which file SQLite stumbled. */
static void
explain(struct building *b, size_t at)
{
	const struct piece *p = NULL;
	int line, col;
	size_t i;

	for (i = 0; i < b->npieces; i++)
		if (b->piece[i].at <= at && at <= b->piece[i].at +
		    strlen(b->piece[i].sql))
			p = &b->piece[i];
	if (p == NULL)
		p = &b->piece[b->npieces - 1];
	line = p->line;
	col = p->col;
	if (at >= p->at && at <= p->at + strlen(p->sql))
		ini_place(p->sql, at - p->at, &line, &col);
	err_prefix(b->e, "indicators/%s:%d:%d", p->file, line, col);
}

static void
bind(struct stmt *q, const char *name, const char *value)
{
	int i = stmt_param(q, name);

	if (i > 0)
		stmt_text(q, i, value);
}

/* Head, body and tail behind the pieces they need. */
static int
build(struct building *b, const struct indsql *q)
{
	int rc;

	b->file = q->file;
	rc = add_needed(b, q->body);
	if (rc < 0)
		return rc;
	str_addf(&b->sql, "%s%s", b->sql.len > 0 ? "\n" : "", q->head);
	add_piece(b, q->file, q->body, q->line, q->col);
	str_add(&b->sql, q->tail);
	return 0;
}

struct stmt *
indsql_get(struct forms *fs, const struct scheme *s, const struct indsql *q,
    const struct period *p, const char *on, struct err *e)
{
	struct building b = { .fs = fs, .s = s, .sql = STR_INIT,
	    .scoped = q->db == NULL, .e = e };
	struct db *db = q->db != NULL ? q->db : forms_db(fs);
	struct stmt *st = NULL;

	if (build(&b, q) == 0) {
		if (b.trusted)
			db_trust(db);
		db_set_guard(db, guard, &b);
		st = db_get(db, b.sql.buf, e);
		db_set_guard(db, NULL, NULL);
		if (b.trusted)
			db_untrust(db);
		if (st == NULL) {
			translate(&b, db);
			explain(&b, (size_t)(db_error_offset(db) < 0 ? 0 :
			    db_error_offset(db)));
		}
	}
	if (st != NULL) {
		bind(st, ":today", on);
		bind(st, ":from", p->from);
		bind(st, ":to", p->to);
		bind(st, ":period", p->label);
	}
	str_done(&b.sql);
	return st;
}

static bool
names_form(const char *sql, const char *form)
{
	const char *word;
	size_t len;

	while ((len = next_word(&sql, &word)) > 0)
		if (strlen(form) == len && strncmp(word, form, len) == 0)
			return true;
	return false;
}

int
indsql_text(struct forms *fs, const struct scheme *s, const struct indsql *q,
    const struct period *p, const char *on, struct str *out, struct err *e)
{
	struct building b = { .fs = fs, .s = s, .sql = STR_INIT, .e = e };
	const char *const *name;
	int rc = build(&b, q);

	for (name = forms_names(fs); rc == 0 && *name != NULL; name++)
		if (names_form(b.sql.buf, *name))
			str_addf(out, "CREATE TEMP VIEW \"%s\" AS SELECT *"
			    " FROM main.\"%s\" WHERE NOT deleted;\n", *name,
			    *name);
	if (rc == 0)
		str_addf(out, ".parameter set :today \"'%s'\"\n"
		    ".parameter set :from \"'%s'\"\n"
		    ".parameter set :to \"'%s'\"\n"
		    ".parameter set :period \"'%s'\"\n%s;\n", on, p->from,
		    p->to, p->label, b.sql.buf);
	str_done(&b.sql);
	return rc;
}
