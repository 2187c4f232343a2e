/* See row.h. */
#include "row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "db.h"
#include "lookup.h"
#include "mem.h"
#include "rows.h"
#include "safe.h"
#include "type.h"
#include "uid.h"
#include "user.h"

static bool
known_form(struct forms *fs, const char *name)
{
	const char *const *n;

	for (n = forms_names(fs); *n != NULL; n++)
		if (strcmp(*n, name) == 0)
			return true;
	return false;
}

int
row_parse(struct row *r, struct forms *fs, const char *line, size_t len,
    struct err *e)
{
	int rc;

	memset(r, 0, sizeof *r);
	rc = rowtext_read(&r->text, line, len, e);
	if (rc < 0)
		return rc;
	if (!rv_valid(r->text.rv)) {
		rowtext_done(&r->text);
		return err_set(e, E_FORMAT, "有一条记录的版本号不对");
	}
	r->form_name = r->text.form;
	r->uid = r->text.uid;
	r->rv = r->text.rv;
	r->site = r->text.site;
	r->deleted = r->text.deleted;
	if (known_form(fs, r->form_name))
		r->form = forms_get(fs, r->form_name, NULL);
	return 0;
}

void
row_done(struct row *r)
{
	record_free(r->rec);
	rowtext_done(&r->text);
	memset(r, 0, sizeof *r);
}

bool
row_knows(const struct row *r, const char *rv)
{
	size_t i;

	if (strcmp(r->rv, rv) == 0)
		return true;
	for (i = 0; i < r->text.nsup; i++)
		if (strcmp(r->text.sup[i], rv) == 0)
			return true;
	return false;
}

void
row_each_superseded(const struct row *r,
    void (*fn)(void *arg, const char *rv), void *arg)
{
	size_t i;

	for (i = 0; i < r->text.nsup; i++)
		fn(arg, r->text.sup[i]);
}

/* ---- values ------------------------------------------------------------- */

static struct record *
blank(struct forms *fs, const struct form *f)
{
	struct record *r = xcalloc(1, sizeof *r);

	r->fs = fs;
	r->form = f;
	r->val = xcalloc(f->nfields, sizeof *r->val);
	r->base = xcalloc(f->nfields, sizeof *r->base);
	r->typed = xcalloc(f->nfields, sizeof *r->typed);
	return r;
}

/* A text of at most size - 1 bytes, else the row is refused. */
static int
take(char *out, size_t size, const char *v, const char *what, struct err *e)
{
	if (strlen(v) >= size)
		return err_set(e, E_RANGE, "%s太长", what);
	strcpy(out, v);
	return 0;
}

/* When and by whom; `gone`: a tombstone says neither. */
static int
take_pair(const char *const pair[2], bool gone, char *at, char *by,
    struct err *e)
{
	int rc;

	if (gone && pair[0] == NULL && pair[1] == NULL)
		return 0;
	if (!date_stamp_valid(pair[0]))
		return err_set(e, E_FORMAT, "录入时间不对");
	rc = safe_input_ok(pair[1] != NULL ? pair[1] : "", false, e);
	if (rc < 0) {
		err_prefix(e, "录入人");
		return rc;
	}
	strcpy(at, pair[0]);
	return take(by, 64, pair[1] != NULL ? pair[1] : "", "录入人", e);
}

static int
take_state(struct row *r, struct forms *fs, struct err *e)
{
	const struct workflow *w = r->form->workflow;
	const char *state = r->text.state;
	const struct codes *cs;

	if (r->deleted)
		return 0;
	if (w == NULL)
		return state == NULL ? 0 : err_set(e, E_FORMAT,
		    "%s没有流程状态", r->form->title);
	cs = forms_codes(fs, w->list, e);
	if (cs == NULL)
		return E_NOTFOUND;
	if (state == NULL || codes_find(cs, state) == NULL ||
	    strcmp(codes_find(cs, state)->name, state) != 0)
		return err_set(e, E_FORMAT, "流程状态不认识");
	r->rec->state = xstrdup(state);
	return 0;
}

static int
take_values(struct row *r, struct forms *fs, struct err *e)
{
	const struct rowtext_value *v = r->text.v;
	const struct field *f;
	size_t i;
	int rc = 0;

	for (i = 0; i < r->text.nv; i++) {
		f = form_field(r->form, v[i].name);
		if (f == NULL)
			return err_set(e, E_FORMAT, "本机的%s表单没有“%.40s”"
			    "这一项，请先更新表单", r->form->title,
			    v[i].name);
		rc = type_parse(fs, f, v[i].text, &r->rec->val[f->index], e);
		if (rc < 0) {
			err_prefix(e, "%s", f->label);
			return rc;
		}
	}
	return 0;
}

int
row_values(struct row *r, struct forms *fs, struct err *e)
{
	int rc;

	if (r->form == NULL)
		return err_set(e, E_FORMAT, "本机没有“%.40s”这种记录，"
		    "请先更新表单", r->form_name);
	r->rec = blank(fs, r->form);
	strcpy(r->rec->uid, r->uid);
	r->rec->site = xstrdup(r->site);
	rc = take(r->rec->rv, sizeof r->rec->rv, r->rv, "版本号", e);
	if (rc == 0)
		rc = take_pair(r->text.created, r->deleted, r->rec->created_at,
		    r->rec->created_by, e);
	if (rc == 0)
		rc = take_pair(r->text.updated, r->deleted, r->rec->updated_at,
		    r->rec->updated_by, e);
	if (rc == 0)
		rc = take_state(r, fs, e);
	if (rc == 0)
		rc = take_values(r, fs, e);
	return rc;
}

bool
row_deleted(struct forms *fs, const struct form *f, const char *uid)
{
	struct str sql = STR_INIT;
	bool yes;

	str_addf(&sql, "SELECT deleted FROM main.\"%s\" WHERE uid=?1",
	    f->name);
	db_trust(forms_db(fs));
	yes = db_int(forms_db(fs), 0, sql.buf, "s", uid) != 0;
	db_untrust(forms_db(fs));
	str_done(&sql);
	return yes;
}

struct record *
row_present(const struct row *r, struct forms *fs, bool *deleted)
{
	struct record *old = record_load_main(fs, r->form, r->uid, NULL);

	*deleted = old != NULL && row_deleted(fs, r->form, r->uid);
	return old;
}

bool
row_same(const struct row *r, const struct record *old, bool deleted)
{
	size_t i;

	if (r->deleted || deleted)
		return r->deleted && deleted;
	if (!str_eq(r->rec->state, old->state))
		return false;
	for (i = 0; i < r->form->nfields; i++)
		if (!str_eq(r->rec->val[i], old->val[i]))
			return false;
	return true;
}

/* ---- storing ------------------------------------------------------------ */

/* Whose row it is, past record_store(), whose update leaves the site alone. */
static int
set_site(struct row *r, struct forms *fs, const char *site, struct err *e)
{
	struct str sql = STR_INIT;
	int rc;

	str_addf(&sql, "UPDATE main.\"%s\" SET site=?2 WHERE uid=?1",
	    r->form->name);
	rc = db_run(forms_db(fs), e, sql.buf, "ss", r->uid, site);
	str_done(&sql);
	return rc;
}

static int
store(struct row *r, struct forms *fs, const struct record *old,
    const char *op, bool own, struct err *e)
{
	int rc = 0;

	if (own) {		/* nobody's for a moment: no trigger fires */
		r->rec->site[0] = '\0';
		if (old != NULL)
			rc = set_site(r, fs, "", e);
	}
	if (rc == 0)
		rc = record_store(r->rec, old, op, NULL, r->deleted, e);
	if (rc == 0 && own)
		rc = set_site(r, fs, r->site, e);
	return rc;
}

int
row_store(struct row *r, struct forms *fs, const struct record *old,
    const char *op, bool own, struct err *e)
{
	struct db *db = forms_db(fs);
	int rc;

	if (r->rec->created_at[0] == '\0') {	/* a tombstone */
		if (old != NULL) {
			strcpy(r->rec->created_at, old->created_at);
			strcpy(r->rec->created_by, old->created_by);
		}
		date_stamp(r->rec->updated_at);
	}
	db_trust(db);
	rc = store(r, fs, old, op, own, e);
	if (rc == 0)
		rc = r->deleted ? lookup_remove(db, r->form->name, r->uid,
		    e) : record_index(r->rec, e);
	db_untrust(db);
	return rc;
}

static void
copy_values(struct record *to, const struct record *from)
{
	size_t i;

	for (i = 0; i < to->form->nfields; i++)
		record_put(to, &to->form->fields[i], from->val[i]);
	free(to->state);
	to->state = xstrdup(from->state);
}

int
row_renew(struct row *r, struct forms *fs, const struct record *old,
    bool theirs, bool gone, struct err *e)
{
	const struct session *s = db_session(forms_db(fs));
	struct record *rec = r->rec;
	int rc;

	if (!theirs)
		copy_values(rec, old);
	r->deleted = gone;
	rv_new(rec->rv);
	memcpy(rec->created_at, old->created_at, sizeof rec->created_at);
	memcpy(rec->created_by, old->created_by, sizeof rec->created_by);
	date_stamp(rec->updated_at);
	snprintf(rec->updated_by, sizeof rec->updated_by, "%s",
	    s != NULL ? s->login : "cli");
	db_trust(forms_db(fs));
	rc = db_run(forms_db(fs), e, "INSERT OR IGNORE INTO main.sup(uid,rv)"
	    " VALUES(?1,?2)", "ss", r->uid, old->rv);
	db_untrust(forms_db(fs));
	return rc == 0 ? row_store(r, fs, old, "update", true, e) : rc;
}

int
row_review(struct forms *fs, const char *form, const char *uid,
    const char *status, const char *by, const char *reason, struct err *e)
{
	struct db *db = forms_db(fs);
	char at[STAMP_SIZE];
	int rc;

	date_stamp(at);
	db_trust(db);
	rc = db_run(db, e, "INSERT OR REPLACE INTO main.review(uid,form,"
	    "status,by,at,reason) VALUES(?1,?2,?3,?4,?5,?6)", "ssssss", uid,
	    form, status, by, at, reason);
	db_untrust(db);
	return rc;
}
