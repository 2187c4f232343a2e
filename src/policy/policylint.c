/* See policylint.h. */
#include "policylint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calendar.h"
#include "db.h"
#include "ddl.h"
#include "handbook.h"
#include "indsql.h"
#include "listlint.h"
#include "mem.h"
#include "nearest.h"
#include "rules.h"
#include "scheme.h"

struct run {
	struct forms *fs;
	struct db *db;
	struct messages *ms;
	const struct scheme *s;
};

static const char *const params[] = {
	":today", ":from", ":to", ":period", NULL
};

/* "indicators/a.ini:3:5: 句子" as a message with a place. */
static void
add_error(struct run *r, const struct err *e)
{
	char file[128];
	int line = 0, col = 0, n = 0;
	const char *at = strchr(e->msg, ':');

	if (at != NULL && (size_t)(at - e->msg) < sizeof file &&
	    sscanf(at, ":%d:%d%n", &line, &col, &n) >= 1) {
		memcpy(file, e->msg, (size_t)(at - e->msg));
		file[at - e->msg] = '\0';
		at = n > 0 ? at + n : at + 1 + strcspn(at + 1, ":");
		at += strspn(at, ": ");
		at += str_starts(at, "：") ? strlen("：") : 0;
		messages_add(r->ms, MSG_READ, file, line, col, at, NULL, NULL);
	} else {
		messages_add(r->ms, MSG_READ, "indicators", 0, 0, e->msg,
		    NULL, NULL);
	}
}

static void
complain(struct run *r, const char *file, int line, int col,
    const char *what, const char *word)
{
	char *name = xasprintf("indicators/%s", file);
	char *text = xasprintf("%s%s%s", what, word != NULL ? "：" : "",
	    word != NULL ? word : "");

	messages_add(r->ms, MSG_READ, name, line, col, text, NULL, NULL);
	free(text);
	free(name);
}

static void
look_for_params(struct run *r, const char *file, int line, int col,
    const char *sql)
{
	char word[40], *text;
	const char *p, *near;
	bool quoted = false;
	size_t len, i;

	for (p = sql; *p != '\0'; p++) {
		quoted ^= *p == '\'';
		if (quoted || *p != ':')
			continue;
		len = 1 + strspn(p + 1, "abcdefghijklmnopqrstuvwxyz_");
		snprintf(word, sizeof word, "%.*s", (int)(len < sizeof word ?
		    len : sizeof word - 1), p);
		for (i = 0; params[i] != NULL; i++)
			if (strcmp(params[i], word) == 0)
				break;
		if (params[i] != NULL)
			continue;
		near = nearest_of(word, params);
		text = xasprintf("%s%s%s", word, near != NULL ?
		    "，是不是 " : "", near != NULL ? near : "");
		complain(r, file, line, col, "没有这个参数，可用 :today :from "
		    ":to :period", text);
		free(text);
	}
}

static struct stmt *
prepare(struct run *r, const char *file, int line, int col, const char *body)
{
	struct indsql q = { .file = file, .line = line, .col = col,
	    .head = "", .body = body, .tail = "", .db = r->db };
	struct err e = ERR_INIT;
	struct period p;
	struct stmt *st;

	look_for_params(r, file, line, col, body);
	period_of(&p, PERIOD_MONTH, "2026-01-31");
	st = indsql_get(r->fs, r->s, &q, &p, "2026-01-31", &e);
	if (st == NULL)
		add_error(r, &e);
	return st;
}

/* The columns that a board reads. */
static void
check_columns(struct run *r, const struct part *p, struct stmt *st)
{
	bool form = false, uid = false, n = false, d = false;
	int i;

	for (i = 0; i < stmt_columns(st); i++) {
		const char *name = stmt_name(st, i);

		form |= strcmp(name, "form") == 0;
		uid |= strcmp(name, "uid") == 0;
		n |= strcmp(name, "n") == 0;
		d |= strcmp(name, "d") == 0;
	}
	if (!form || !uid || !n)
		complain(r, r->s->file, p->line, p->col, "rows 要有 form、"
		    "uid、n 三列", NULL);
	else if (p->measure == MEASURE_RATIO && !d)
		complain(r, r->s->file, p->line, p->col, "比率的 rows 还要有 "
		    "d 列", NULL);
}

static void
check_part(struct run *r, const struct indicator *it, const struct part *p)
{
	const struct codes *cs = forms_codes(r->fs, "stated_indicator", NULL);
	struct stmt *st;

	if (p->stated != NULL && cs != NULL &&
	    codes_find(cs, p->stated) == NULL)
		complain(r, r->s->file, it->line, 1, "填报指标的码表里没有",
		    p->stated);
	if (p->rows != NULL) {
		st = prepare(r, r->s->file, p->line, p->col, p->rows);
		if (st != NULL)
			check_columns(r, p, st);
	}
	if (p->target_sql != NULL)
		(void)prepare(r, r->s->file, p->line, p->col, p->target_sql);
}

static void
check_scheme(struct run *r, const char *name)
{
	struct err e = ERR_INIT;
	struct scheme *s = NULL;
	size_t i, j;

	if (scheme_load(&s, forms_data(r->fs), name, &e) < 0) {
		add_error(r, &e);
		return;
	}
	r->s = s;
	for (i = 0; i < s->n; i++) {
		for (j = 0; j < i; j++)
			if (strcmp(s->items[i].id, s->items[j].id) == 0)
				complain(r, s->file, s->items[i].line, 1,
				    "编号重复", s->items[i].id);
		for (j = 0; j < s->items[i].nparts; j++)
			check_part(r, &s->items[i], &s->items[i].parts[j]);
	}
	scheme_free(s);
}

/* Empty tables of every form that parses. */
static int
make_tables(struct run *r, struct err *e)
{
	const char *const *name;
	const struct form *f;
	struct str sql = STR_INIT;
	int rc = db_open(&r->db, "", DB_CREATE | DB_MEMORY, e);

	/* Workflow triggers ask who we are, TOWNS_SILENT who has reported. */
	if (rc == 0)
		rc = db_exec(r->db, "CREATE TABLE IF NOT EXISTS meta("
		    "name TEXT, value TEXT);"
		    "CREATE TABLE incarnation(site TEXT)", e);
	for (name = forms_names(r->fs); rc == 0 && *name != NULL; name++) {
		f = forms_get(r->fs, *name, NULL);
		if (f == NULL)
			continue;	/* told by lint_all() */
		str_clear(&sql);
		ddl_create(r->fs, f, &sql);
		rc = db_exec(r->db, sql.buf, e);
	}
	str_done(&sql);
	return rc;
}

void
policylint(struct forms *fs, struct messages *ms)
{
	struct run r = { .fs = fs, .ms = ms };
	struct rules *rules = NULL;
	struct handbook *book = NULL;
	struct err e = ERR_INIT;
	char **names;
	size_t i;

	if (handbook_load(&book, forms_data(fs), &e) < 0)
		add_error(&r, &e);
	handbook_free(book);
	e = (struct err)ERR_INIT;
	if (rules_load(&rules, forms_data(fs), &e) < 0) {
		add_error(&r, &e);
		return;
	}
	if (make_tables(&r, &e) < 0 ||
	    calendar_register(db_handle(r.db), forms_data(fs)) < 0 ||
	    rules_register(rules, db_handle(r.db)) < 0) {
		add_error(&r, &e);
	} else {
		names = scheme_names(forms_data(fs));
		check_scheme(&r, "home");
		check_scheme(&r, "monthly");
		for (i = 0; names[i] != NULL; i++)
			check_scheme(&r, names[i]);
		scheme_names_free(names);
		listlint(fs, r.db, ms);
	}
	db_close(r.db);
	rules_free(rules);
}
