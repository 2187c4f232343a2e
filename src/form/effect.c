/* Rows that follow from a saved record, written in the same transaction:
 *
 *   mirror   the child's guardian_* fields show and write the row of its
 *            current guardian, and that row writes them back;
 *   history  a select_multiple (类别) opens and closes one dated row per code
 *            (类别起止). */
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "db.h"
#include "lookup.h"
#include "mem.h"
#include "recordi.h"
#include "uid.h"

/* A blank row of `f`, without defaults, belonging to `parent`. */
static struct record *
blank(const struct form *f, const struct record *parent)
{
	struct record *r = xcalloc(1, sizeof *r);

	r->fs = parent->fs;
	r->form = f;
	r->is_new = true;
	r->site = xstrdup(parent->site);
	r->val = xcalloc(f->nfields, sizeof *r->val);
	r->base = xcalloc(f->nfields, sizeof *r->base);
	r->typed = xcalloc(f->nfields, sizeof *r->typed);
	uid_new(r->uid);
	record_put(r, form_field(f, parent->form->name), parent->uid);
	return r;
}

static void
put(struct record *r, const char *field, const char *value)
{
	const struct field *f = form_field(r->form, field);

	if (f != NULL)
		record_put(r, f, value);
}

static int
store(struct record *r, const struct record *old, struct err *e)
{
	int rc = record_write(r, old, old == NULL ? "insert" : "update", NULL,
	    e);

	return rc == 0 ? record_index(r, e) : rc;
}

/* Write `r` if it differs from the stored row `old`. */
static int
store_changed(struct record *r, const struct record *old, struct err *e)
{
	return record_changed(r) ? store(r, old, e) : 0;
}

/* ---- mirror ------------------------------------------------------------- */

/* "guardian.name" → "name" */
static const char *
mirror_field(const struct field *f)
{
	return f->mirror != NULL ? strchr(f->mirror, '.') + 1 : NULL;
}

static bool
mirror_changed(const struct record *r, char *const *old)
{
	size_t i;

	for (i = 0; i < r->form->nfields; i++)
		if (r->form->fields[i].mirror != NULL &&
		    !str_eq(r->val[i], old != NULL ? old[i] : NULL))
			return true;
	return false;
}

static struct record *
find_row(struct record *r, const struct form *g, const char *where,
    const char *arg)
{
	struct str sql = STR_INIT;
	struct record *row = NULL;
	char *uid;

	str_addf(&sql, "SELECT uid FROM main.\"%s\" WHERE \"%s\"=?1 AND"
	    " NOT deleted AND %s LIMIT 1", g->name, r->form->name, where);
	uid = db_str(forms_db(r->fs), sql.buf, "ss", r->uid, arg);
	if (uid != NULL)
		row = record_load_main(r->fs, g, uid, NULL);
	free(uid);
	str_done(&sql);
	return row;
}

/* Which row of the mirror form is meant now: the current one if only its
 * details changed; another one of this child's with that name; else none (a
 * new row), unless the present row is just a name without a number. */
static struct record *
mirror_target(struct record *r, const struct form *g, struct record **former)
{
	struct record *now = find_row(r, g, "is_current='yes'", NULL), *named;
	const char *name = NULL;
	size_t i;

	*former = NULL;
	for (i = 0; i < r->form->nfields; i++)
		if (str_eq(mirror_field(&r->form->fields[i]), "name"))
			name = r->val[i];
	if (now != NULL && (name == NULL ||
	    str_eq(record_get(now, "name"), name)))
		return now;
	named = name != NULL ? find_row(r, g, "name=?2", name) : NULL;
	if (named == NULL && now != NULL && record_get(now, "id_number") ==
	    NULL)
		return now;
	*former = now;
	return named;
}

static int
retire(struct record *row, struct err *e)
{
	struct record *old = record_load_main(row->fs, row->form, row->uid, e);
	int rc = old == NULL ? E_SQL : 0;

	put(row, "is_current", "no");
	if (rc == 0)
		rc = store_changed(row, old, e);
	record_free(old);
	return rc;
}

static int
mirror_out(struct record *r, char *const *old, struct err *e)
{
	const struct form *g = forms_get(r->fs, r->form->mirror, e);
	struct record *row, *former, *before = NULL;
	size_t i;
	int rc = 0;

	if (g == NULL)
		return E_FORMAT;
	if (!mirror_changed(r, old))
		return 0;
	row = former = NULL;
	if (old != NULL)	/* a new record has no rows yet */
		row = mirror_target(r, g, &former);
	if (former != NULL)
		rc = retire(former, e);
	if (row != NULL)
		before = record_load_main(r->fs, g, row->uid, e);
	else
		row = blank(g, r);
	for (i = 0; i < r->form->nfields; i++)
		if (r->form->fields[i].mirror != NULL)
			put(row, mirror_field(&r->form->fields[i]),
			    r->val[i]);
	put(row, "is_current", "yes");
	if (rc == 0 && record_get(row, "name") != NULL)
		rc = store_changed(row, before, e);
	record_free(former);
	record_free(before);
	record_free(row);
	return rc;
}

/* Another current row of the same parent steps back. */
static int
retire_others(struct record *r, const struct form *parent, const char *uid,
    struct err *e)
{
	struct str sql = STR_INIT;
	struct record *other;
	char *id;
	int rc = 0;

	str_addf(&sql, "SELECT uid FROM main.\"%s\" WHERE \"%s\"=?1 AND"
	    " uid<>?2 AND is_current='yes' AND NOT deleted LIMIT 1",
	    r->form->name, parent->name);
	while (rc == 0 && (id = db_str(forms_db(r->fs), sql.buf, "ss", uid,
	    r->uid)) != NULL) {
		other = record_load_main(r->fs, r->form, id, e);
		rc = other == NULL ? E_SQL : retire(other, e);
		record_free(other);
		free(id);
	}
	str_done(&sql);
	return rc;
}

/* A saved current guardian writes the parent's mirrored fields. */
static int
mirror_back(struct record *r, const struct form *parent, struct err *e)
{
	const char *uid = record_get(r, parent->name);
	struct record *p, *old;
	size_t i;
	int rc;

	if (uid == NULL || !str_eq(record_get(r, "is_current"), "yes"))
		return 0;
	rc = retire_others(r, parent, uid, e);
	p = record_load_main(r->fs, parent, uid, e);
	old = record_load_main(r->fs, parent, uid, e);
	if (p == NULL || old == NULL)
		rc = E_SQL;
	for (i = 0; rc == 0 && i < parent->nfields; i++)
		if (parent->fields[i].mirror != NULL)
			record_put(p, &parent->fields[i],
			    record_get(r, mirror_field(&parent->fields[i])));
	if (rc == 0)
		rc = store_changed(p, old, e);
	record_free(p);
	record_free(old);
	return rc;
}

/* ---- history ------------------------------------------------------------ */

static bool
holds(const char *set, const char *code, size_t len)
{
	const char *p = set;

	while (p != NULL && (p = strchr(p, ';')) != NULL) {
		p++;
		if (strncmp(p, code, len) == 0 && p[len] == ';')
			return true;
	}
	return false;
}

static int
open_row(struct record *r, const struct form *h, const char *field,
    const char *code, bool fresh, struct err *e)
{
	const char *since = fresh ? record_get(r, "registered_on") : NULL;
	struct record *row = blank(h, r);
	int rc;

	put(row, field, code);
	put(row, "starts_on", since != NULL ? since : date_today());
	rc = store(row, NULL, e);
	record_free(row);
	return rc;
}

static int
close_row(struct record *r, const struct form *h, const char *field,
    const char *code, struct err *e)
{
	struct str where = STR_INIT;
	struct record *row, *old;
	int rc = 0;

	str_addf(&where, "\"%s\"=?2 AND ends_on IS NULL", field);
	row = find_row(r, h, where.buf, code);
	str_done(&where);
	if (row == NULL)
		return 0;
	old = record_load_main(r->fs, h, row->uid, e);
	put(row, "ends_on", date_today());
	rc = old == NULL ? E_SQL : store_changed(row, old, e);
	record_free(old);
	record_free(row);
	return rc;
}

/* Walk the codes of `in` that are not in `out`. */
static int
each_new(struct record *r, const struct field *f, const char *in,
    const char *out, bool opening, bool fresh, struct err *e)
{
	const struct form *h = forms_get(r->fs, f->history, e);
	const char *p = in;
	int rc = h == NULL ? E_FORMAT : 0;
	char code[64];
	size_t len;

	while (rc == 0 && p != NULL && *p == ';' && p[1] != '\0') {
		len = strcspn(++p, ";");
		if (len < sizeof code && !holds(out, p, len)) {
			memcpy(code, p, len);
			code[len] = '\0';
			rc = opening ? open_row(r, h, f->name, code, fresh, e) :
			    close_row(r, h, f->name, code, e);
		}
		p += len;
	}
	return rc;
}

static int
history(struct record *r, const struct field *f, const char *was,
    bool fresh, struct err *e)
{
	const char *now = r->val[f->index];
	int rc;

	if (str_eq(was, now))
		return 0;
	rc = each_new(r, f, was, now, false, fresh, e);
	return rc == 0 ? each_new(r, f, now, was, true, fresh, e) : rc;
}

int
effect_apply(struct record *r, char *const *old, struct err *e)
{
	const struct form *f = r->form, *parent;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < f->nfields; i++)
		if (f->fields[i].history != NULL)
			rc = history(r, &f->fields[i], old != NULL ? old[i] :
			    NULL, old == NULL, e);
	if (rc == 0 && f->mirror != NULL)
		rc = mirror_out(r, old, e);
	for (i = 0; rc == 0 && f->of[i] != NULL; i++) {
		parent = forms_get(r->fs, f->of[i], e);
		if (parent == NULL)
			return E_FORMAT;
		if (str_eq(parent->mirror, f->name))
			rc = mirror_back(r, parent, e);
	}
	return rc;
}

/* ---- going along -------------------------------------------------------- */

static bool
follows(const struct form *parent, const char *name)
{
	size_t i;

	for (i = 0; i < parent->nfields; i++)
		if (str_eq(parent->fields[i].history, name))
			return true;
	return str_eq(parent->mirror, name);
}

bool
effect_owns(const struct form *parent, const struct field *ref)
{
	return strcmp(ref->name, parent->name) == 0 &&
	    follows(parent, ref->form->name);
}

static int
delete_all(struct record *r, const struct form *f, const char *reason,
    struct err *e)
{
	struct record *row, *old;
	int rc = 0;

	while (rc == 0 && (row = find_row(r, f, "true", NULL)) != NULL) {
		old = record_load_main(r->fs, f, row->uid, e);
		rc = old == NULL ? E_SQL : record_write(row, old, "delete",
		    reason, e);
		if (rc == 0)
			rc = lookup_remove(forms_db(r->fs), f->name, row->uid,
			    e);
		record_free(old);
		record_free(row);
	}
	return rc;
}

int
effect_delete(struct record *r, const char *reason, struct err *e)
{
	const char *const *name;
	const struct form *f;
	int rc = 0;

	for (name = forms_names(r->fs); rc == 0 && *name != NULL; name++) {
		if (!follows(r->form, *name))
			continue;
		f = forms_get(r->fs, *name, e);
		rc = f == NULL ? E_FORMAT : delete_all(r, f, reason, e);
	}
	return rc;
}
