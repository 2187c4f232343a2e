/* Records in memory: blank, loaded, set, checked, shown.  Writing is in
 * save.c, references in resolve.c, drafts and history in trail.c. */
#include "record.h"

#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "lookup.h"
#include "mem.h"
#include "recordi.h"
#include "rowsql.h"
#include "safe.h"
#include "type.h"
#include "uid.h"
#include "user.h"
#include "views.h"

static struct record *
alloc(struct forms *fs, const struct form *f)
{
	struct record *r = xcalloc(1, sizeof *r);

	r->fs = fs;
	r->form = f;
	r->val = xcalloc(f->nfields, sizeof *r->val);
	r->base = xcalloc(f->nfields, sizeof *r->base);
	r->typed = xcalloc(f->nfields, sizeof *r->typed);
	return r;
}

static void
free_all(char **v, size_t n)
{
	while (n > 0)
		free(v[--n]);
	free(v);
}

void
record_free(struct record *r)
{
	if (r == NULL)
		return;
	verdicts_done(&r->v);
	free_all(r->val, r->form->nfields);
	free_all(r->base, r->form->nfields);
	free(r->typed);
	free(r->state);
	free(r->site);
	free(r);
}

struct record *
record_blank(struct forms *fs, const struct form *f)
{
	struct record *r = alloc(fs, f);

	uid_new(r->uid);
	r->is_new = true;
	if (f->workflow != NULL)
		r->state = xstrdup(f->workflow->initial);
	return r;
}

/* A director of one village writes of no other. */
static void
only_village(struct record *r)
{
	const struct session *s = db_session(forms_db(r->fs));
	const struct field *f;

	if (s == NULL || s->all_villages || s->nvillages != 1 ||
	    r->form->scope == NULL)
		return;
	f = form_field(r->form, r->form->scope);
	if (f != NULL && f->type == T_REF && r->val[f->index] == NULL)
		record_put(r, f, s->villages[0]);
}

struct record *
record_new(struct forms *fs, const struct form *f, struct err *e)
{
	struct record *r = record_blank(fs, f);
	char *v;
	size_t i;

	for (i = 0; i < f->nfields; i++) {
		if (f->fields[i].default_.sql == NULL)
			continue;
		if (expr_value(fs, f, &f->fields[i].default_, X_DEFAULT,
		    r->uid, r->state, r->val, &v, e) < 0) {
			record_free(r);
			return NULL;
		}
		free(r->val[i]);
		r->val[i] = v;
	}
	only_village(r);
	return r;
}

/* The head columns that `load` and `load_main` share. */
static void
take_head(struct record *r, struct stmt *q)
{
	strncpy(r->uid, stmt_col(q, 0), sizeof r->uid - 1);
	strncpy(r->rv, stmt_col(q, 1), sizeof r->rv - 1);
	r->site = xstrdup(stmt_col(q, 2));
	strncpy(r->created_at, stmt_col(q, 3), sizeof r->created_at - 1);
	strncpy(r->created_by, stmt_col(q, 4), sizeof r->created_by - 1);
	strncpy(r->updated_at, stmt_col(q, 5), sizeof r->updated_at - 1);
	strncpy(r->updated_by, stmt_col(q, 6), sizeof r->updated_by - 1);
	r->state = xstrdup(stmt_col(q, 7));
}

static struct record *
load(struct forms *fs, const struct form *f, const char *sql, int head,
    const char *uid, struct err *e)
{
	struct db *db = forms_db(fs);
	struct stmt *q = db_get(db, sql, e);
	struct record *r;
	size_t i;
	int rc;

	if (q == NULL)
		return NULL;
	stmt_text(q, 1, uid);
	rc = stmt_step(q, e);
	if (rc == 0)
		err_set(e, E_NOTFOUND, "找不到这条%s记录，可能已被删除",
		    f->title);
	if (rc <= 0)
		return NULL;
	r = alloc(fs, f);
	take_head(r, q);
	for (i = 0; i < f->nfields; i++) {
		const char *v = stmt_col(q, head + (int)i);

		r->val[i] = str_blank(v) ? NULL : xstrdup(v);
		r->base[i] = xstrdup(r->val[i]);
	}
	stmt_reset(q);
	return r;
}

struct record *
record_load(struct forms *fs, const struct form *f, const char *uid,
    struct err *e)
{
	struct record *r = load(fs, f, rowsql_of(f)->load, 8, uid, e);

	if (r == NULL && record_hidden(fs, f, uid))
		err_set(e, E_NOTFOUND, "这条%s限专办人员查看", f->title);
	return r;
}

struct record *
record_load_main(struct forms *fs, const struct form *f, const char *uid,
    struct err *e)
{
	struct record *r;

	db_trust(forms_db(fs));
	r = load(fs, f, rowsql_of(f)->load_main, 9, uid, e);
	db_untrust(forms_db(fs));
	return r;
}

const char *
record_get(const struct record *r, const char *field)
{
	const struct field *f = form_field(r->form, field);

	return f != NULL ? r->val[f->index] : NULL;
}

void
record_put(struct record *r, const struct field *f, const char *value)
{
	char *copy = str_blank(value) ? NULL : xstrdup(value);

	free(r->val[f->index]);
	r->val[f->index] = copy;
}

void
record_fill(struct record *r, const char *field, const char *value)
{
	const struct field *f = form_field(r->form, field);

	record_put(r, f, value);
	r->typed[f->index] = true;
}

int
record_set(struct record *r, const struct field *f, const char *text,
    struct err *e)
{
	char *v = NULL;
	int rc;

	if (f->type == T_REF)
		rc = resolve_ref(r->fs, f, text, &v, e);
	else
		rc = type_parse(r->fs, f, text, &v, e);
	if (rc < 0)
		return rc;
	free(r->val[f->index]);
	r->val[f->index] = v;
	r->typed[f->index] = v != NULL;
	return 0;
}

/* Calculated fields take their value: always for readonly ones and type
 * calculate, else only while empty. */
static void
take_calculated(struct record *r)
{
	const struct form *f = r->form;
	size_t i;

	for (i = 0; i < f->nfields; i++) {
		const struct field *fld = &f->fields[i];
		const char *c = r->v.calculated[i];

		if (fld->calculation.sql == NULL || str_eq(c, r->val[i]))
			continue;
		if (fld->type != T_CALCULATE && !r->v.readonly[i] &&
		    (r->val[i] != NULL || c == NULL))
			continue;
		record_put(r, fld, c);
	}
}

static int
evaluate(struct record *r, bool with_checks, struct err *e)
{
	/* The calculations stand still when this returns, and the checks have
	 * seen them. */
	int rc = expr_evaluate(r->fs, r->form, r->uid, r->state, r->val,
	    with_checks, &r->v, e);

	if (rc == 0)
		take_calculated(r);
	return rc;
}

int
record_refresh(struct record *r, struct err *e)
{
	return evaluate(r, false, e);
}

/* A number that is registered where this session cannot see it: say so
 * without saying where. */
static int
check_unseen(struct record *r, struct err *e)
{
	struct db *db = forms_db(r->fs);
	const struct session *s = db_session(db);
	struct str sql = STR_INIT;
	const struct field *f;
	size_t i;
	int64_t there;

	if (s == NULL || s->all_villages)
		return 0;
	for (i = 0; i < r->form->nkey; i++) {
		f = &r->form->fields[r->form->key[i]];
		if (f->type != T_ID_CARD || r->val[f->index] == NULL)
			continue;
		str_clear(&sql);
		str_addf(&sql, "SELECT 1 FROM main.\"%s\" WHERE \"%s\"=?1 AND"
		    " uid<>?2 AND NOT deleted", r->form->name, f->name);
		db_trust(db);
		there = db_int(db, 0, sql.buf, "ss", r->val[f->index], r->uid);
		db_untrust(db);
		if (there)
			verdict_add(&r->v, f, SEV_ERROR,
			    "该证件号已在本镇登记，请联系督导员");
	}
	str_done(&sql);
	(void)e;
	return 0;
}

void
verdict_add(struct verdicts *v, const struct field *f, enum severity sev,
    const char *message)
{
	struct finding *g;
	size_t i;

	for (i = 0; i < v->n; i++)
		if (v->findings[i].field == f &&
		    str_eq(v->findings[i].message, message))
			return;
	v->findings = mem_grow(v->findings, v->n, &v->cap,
	    sizeof *v->findings);
	g = &v->findings[v->n++];
	g->field = f;
	g->severity = sev;
	g->message = message;
}

/* What this session may not read it cannot mend: the record's other
 * guardians see those findings. */
static void
drop_hidden(struct record *r)
{
	size_t i, n = 0;

	for (i = 0; i < r->v.n; i++)
		if (record_may_read(r->fs, r->v.findings[i].field))
			r->v.findings[n++] = r->v.findings[i];
	r->v.n = n;
}

int
record_check(struct record *r, struct err *e)
{
	size_t i;
	int rc = evaluate(r, true, e);

	if (rc == 0)
		rc = check_unseen(r, e);
	if (rc < 0)
		return rc;
	drop_hidden(r);
	r->errors = r->warnings = 0;
	for (i = 0; i < r->v.n; i++)
		if (r->v.findings[i].severity == SEV_ERROR)
			r->errors++;
		else
			r->warnings++;
	return 0;
}

bool
record_changed(const struct record *r)
{
	size_t i;

	for (i = 0; i < r->form->nfields; i++)
		if (!str_eq(r->val[i], r->base[i]))
			return true;
	return false;
}

bool
record_restricted(struct forms *fs, const struct form *f, const char *uid)
{
	struct str sql = STR_INIT;
	bool yes;

	if (f->row_access.sql == NULL)
		return false;
	str_addf(&sql, "SELECT (%s) FROM main.\"%s\" this WHERE uid=?1",
	    f->row_access.sql, f->name);
	db_trust(forms_db(fs));
	yes = db_int(forms_db(fs), 0, sql.buf, "s", uid) != 0;
	db_untrust(forms_db(fs));
	str_done(&sql);
	return yes;
}

bool
record_hidden(struct forms *fs, const struct form *f, const char *uid)
{
	const struct session *s = db_session(forms_db(fs));

	return s != NULL && (s->roles & ROLE_SPECIAL) == 0 &&
	    record_restricted(fs, f, uid);
}

bool
record_may_read(struct forms *fs, const struct field *f)
{
	return views_may(fs, f->form->access) && views_may(fs, f->access);
}

bool
record_may_write(struct forms *fs, const struct form *f)
{
	const struct session *s = db_session(forms_db(fs));

	return s == NULL || ((s->roles & ~(unsigned)ROLE_READER) != 0 &&
	    (f->own == NULL || s->all_villages) && views_may(fs, f->access));
}

void
record_show(const struct record *r, const struct field *f, bool mask,
    struct str *out)
{
	if (r->val[f->index] != NULL)
		type_show(r->fs, f, r->val[f->index], mask, out);
}

char *
record_words(const struct record *r)
{
	enum { MOST = 3 };
	struct str out = STR_INIT;
	size_t i, n = 0;

	for (i = 0; i < r->form->nlist && n < MOST; i++) {
		const struct field *x = &r->form->fields[r->form->list[i]];

		if (r->val[x->index] == NULL)
			continue;
		str_add(&out, n++ > 0 ? " " : "");
		record_show(r, x, true, &out);
	}
	return str_take(&out);
}

static char *
list_words(struct forms *fs, const struct form *f, const char *uid)
{
	struct record *r = record_load(fs, f, uid, NULL);
	char *words = r != NULL ? record_words(r) : xstrdup("");

	record_free(r);
	return words;
}

char *
record_display(struct forms *fs, const struct form *f, const char *uid)
{
	struct str sql = STR_INIT, safe = STR_INIT;
	char *v;

	if (f->display.sql == NULL)
		return list_words(fs, f, uid);
	str_addf(&sql, "SELECT %s FROM \"%s\" AS this WHERE uid=?1",
	    f->display.sql, f->name);
	v = db_str(forms_db(fs), sql.buf, "s", uid);
	str_add(&safe, v);
	free(v);
	str_done(&sql);
	return str_take(&safe);
}

char *
record_dated(struct forms *fs, const struct form *f, const char *uid)
{
	const struct field *d = f->nlist > 0 ? &f->fields[f->list[0]] : NULL;
	struct str sql = STR_INIT, out = STR_INIT;
	char *words = record_display(fs, f, uid), *day = NULL;

	if (d != NULL && (d->type == T_DATE || d->type == T_DATETIME) &&
	    f->display.sql != NULL && strstr(f->display.sql, d->name) == NULL &&
	    !str_blank(words)) {
		str_addf(&sql, "SELECT %s FROM \"%s\" WHERE uid=?1", d->name,
		    f->name);
		day = db_str(forms_db(fs), sql.buf, "s", uid);
	}
	if (!str_blank(day))
		str_addf(&out, "%.10s ", day);
	str_add(&out, words);
	free(day);
	free(words);
	str_done(&sql);
	return str_take(&out);
}
