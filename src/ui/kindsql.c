/* Queries of lists run on the session's views; only a window of rows is held.
 * A typed filter fits a row when a look-up key of the record, or of a record
 * it refers to, begins with it, or a text or date column holds it. */
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "kind.h"
#include "lookup.h"
#include "mem.h"
#include "str.h"
#include "ui.h"

enum { WINDOW = 64, HITS = 100 };

struct kindsql {
	const struct form *form;
	const struct field *parent;
	char *uid;
	const char *fixed;	/* a condition of the caller, or NULL */
	struct str where, order;
	char **bind;		/* heap texts for ?1… */
	size_t nbind, capbind;
	long first, n;		/* rows in the window */
	char **val;		/* WINDOW × (nlist + 2) */
};

struct kindsql *
kindsql_new(const struct form *form, const struct field *parent,
    const char *uid, const char *where)
{
	struct kindsql *k = xcalloc(1, sizeof *k);

	k->form = form;
	k->parent = parent;
	k->fixed = where;
	k->uid = xstrdup(uid);
	str_init(&k->where);
	str_init(&k->order);
	k->val = xcalloc(WINDOW * (form->nlist + 2), sizeof *k->val);
	return k;
}

static void
clear_window(struct kindsql *k)
{
	size_t i;

	for (i = 0; i < WINDOW * (k->form->nlist + 2); i++) {
		free(k->val[i]);
		k->val[i] = NULL;
	}
	k->n = 0;
}

static void
clear_binds(struct kindsql *k)
{
	while (k->nbind > 0)
		free(k->bind[--k->nbind]);
}

void
kindsql_free(struct kindsql *k)
{
	if (k == NULL)
		return;
	clear_window(k);
	clear_binds(k);
	free(k->bind);
	free(k->val);
	free(k->uid);
	str_done(&k->where);
	str_done(&k->order);
	free(k);
}

/* Append `?n` for a text. */
static void
bind(struct kindsql *k, const char *text)
{
	k->bind = mem_grow(k->bind, k->nbind, &k->capbind, sizeof *k->bind);
	k->bind[k->nbind++] = xstrdup(text);
	str_addf(&k->where, "?%zu", k->nbind);
}

/* Append ` OR column IN (…)` for the records of `form` that fit. */
static void
or_hits(struct kindsql *k, const char *column, const char *form,
    const char *typed)
{
	struct lookup_hit *hit = xcalloc(HITS, sizeof *hit);
	struct err e = ERR_INIT;
	int n, i, put = 0;

	n = lookup_find(ui_db(), form, typed, hit, HITS, &e);
	for (i = 0; i < n; i++) {
		if (hit[i].draft)
			continue;
		if (put++ == 0) {
			str_add(&k->where, " OR ");
			db_quote(&k->where, column);
			str_add(&k->where, " IN (");
		} else {
			str_add(&k->where, ",");
		}
		bind(k, hit[i].uid);
	}
	if (put > 0)
		str_add(&k->where, ")");
	free(hit);
}

static void
or_like(struct kindsql *k, const struct field *f, const char *typed)
{
	char *like = xasprintf("%%%s%%", typed);

	str_add(&k->where, " OR ");
	db_quote(&k->where, f->name);
	str_add(&k->where, " LIKE ");
	bind(k, like);
	free(like);
}

/* Codes whose label holds what was typed. */
static void
or_codes(struct kindsql *k, const struct field *f, const char *typed)
{
	const struct codes *cs = forms_codes(ui_forms(), f->list, NULL);
	char *like;
	size_t i;

	for (i = 0; cs != NULL && i < cs->n; i++) {
		if (strstr(cs->rows[i].label, typed) == NULL)
			continue;
		like = f->type == T_SELECT_ONE ? xstrdup(cs->rows[i].name) :
		    xasprintf("%%;%s;%%", cs->rows[i].name);
		str_add(&k->where, " OR ");
		db_quote(&k->where, f->name);
		str_add(&k->where, " LIKE ");
		bind(k, like);
		free(like);
	}
}

static void
add_filter(struct kindsql *k, const char *typed)
{
	const struct form *f = k->form;
	size_t i;

	str_add(&k->where, k->where.len > 0 ? " AND (0" : " WHERE (0");
	or_hits(k, "uid", f->name, typed);
	for (i = 0; i < f->nfields; i++) {
		const struct field *fld = &f->fields[i];

		if (fld->type == T_REF && (fld->in_list || fld->implicit))
			or_hits(k, fld->name, fld->list, typed);
		else if (!fld->in_list)
			continue;
		else if (fld->type == T_SELECT_ONE ||
		    fld->type == T_SELECT_MULTIPLE)
			or_codes(k, fld, typed);
		else
			or_like(k, fld, typed);
	}
	str_add(&k->where, ")");
}

static int
run(struct kindsql *k, const struct str *sql, struct stmt **q, struct err *e)
{
	size_t i;

	*q = db_new(ui_db(), sql->buf, e);
	if (*q == NULL)
		return e->code;
	for (i = 0; i < k->nbind; i++)
		stmt_text(*q, (int)i + 1, k->bind[i]);
	return 0;
}

/*
 * The column that was asked for; else what is listed by its day stands with
 * the latest on top, and the rest as it was entered.
 */
static void
add_order(struct kindsql *k, int sort, bool desc)
{
	const struct field *first = k->form->nlist > 0 ?
	    &k->form->fields[k->form->list[0]] : NULL;

	str_add(&k->order, " ORDER BY ");
	if (sort >= 0) {
		db_quote(&k->order,
		    k->form->fields[k->form->list[sort]].name);
		str_add(&k->order, desc ? " DESC, uid" : ", uid");
		return;
	}
	if (first != NULL && (first->type == T_DATE ||
	    first->type == T_DATETIME)) {
		db_quote(&k->order, first->name);
		str_add(&k->order, " DESC, ");
	}
	str_add(&k->order, "uid DESC");
}

long
kindsql_open(struct kindsql *k, const char *filter, int sort, bool desc,
    struct err *e)
{
	struct str sql = STR_INIT;
	struct stmt *q = NULL;
	long n = 0;
	int rc;

	clear_window(k);
	clear_binds(k);
	str_clear(&k->where);
	str_clear(&k->order);
	if (k->parent != NULL) {
		str_add(&k->where, " WHERE ");
		db_quote(&k->where, k->parent->name);
		str_add(&k->where, "=");
		bind(k, k->uid);
	}
	if (k->fixed != NULL)
		str_addf(&k->where, "%s (%s)", k->where.len > 0 ? " AND" :
		    " WHERE", k->fixed);
	if (*filter != '\0')
		add_filter(k, filter);
	add_order(k, sort, desc);
	str_add(&sql, "SELECT count(*) FROM ");
	db_quote(&sql, k->form->name);
	str_add(&sql, k->where.buf);
	rc = run(k, &sql, &q, e);
	if (rc == 0)
		rc = stmt_step(q, e);
	if (rc > 0)
		n = (long)stmt_col_int(q, 0);
	stmt_free(q);
	str_done(&sql);
	return rc < 0 ? rc : n;
}

static void
take_row(struct kindsql *k, struct stmt *q)
{
	size_t width = k->form->nlist + 2, i;
	char **row = k->val + (size_t)k->n * width;

	for (i = 0; i < width; i++)
		row[i] = xstrdup(stmt_col(q, (int)i));
	k->n++;
}

int
kindsql_fetch(struct kindsql *k, long first, struct err *e)
{
	struct str sql = STR_INIT;
	struct stmt *q = NULL;
	size_t i;
	int rc;

	clear_window(k);
	k->first = first;
	str_add(&sql, "SELECT uid,state");
	for (i = 0; i < k->form->nlist; i++) {
		str_add(&sql, ",");
		db_quote(&sql, k->form->fields[k->form->list[i]].name);
	}
	str_add(&sql, " FROM ");
	db_quote(&sql, k->form->name);
	str_addf(&sql, "%s%s LIMIT %d OFFSET %ld", k->where.buf, k->order.buf,
	    WINDOW, first);
	rc = run(k, &sql, &q, e);
	while (rc == 0 && k->n < WINDOW && (rc = stmt_step(q, e)) > 0) {
		take_row(k, q);
		rc = 0;
	}
	stmt_free(q);
	str_done(&sql);
	return rc < 0 ? rc : 0;
}

const char *
kindsql_value(const struct kindsql *k, long row, int col)
{
	size_t width = k->form->nlist + 2;
	size_t at = col == -1 ? 0 : col == -2 ? 1 : (size_t)col + 2;

	if (row < k->first || row >= k->first + k->n)
		return NULL;
	return k->val[(size_t)(row - k->first) * width + at];
}
