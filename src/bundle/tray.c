/* See tray.h. */
#include "tray.h"

#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "db.h"
#include "journal.h"
#include "mem.h"
#include "recordi.h"
#include "row.h"
#include "str.h"
#include "transfer.h"
#include "type.h"
#include "user.h"

const char *
tray_kind(const char *kind)
{
	static const char *const words[][2] = {
		{ "conflict", "两边都改过" }, { "proposal", "更正建议" },
		{ "duplicate", "可能重复" }, { "transfer", "转入待接收" },
	};
	size_t i;

	for (i = 0; i < COUNT_OF(words); i++)
		if (strcmp(words[i][0], kind) == 0)
			return words[i][1];
	return kind;
}

int
tray_add(struct forms *fs, const char *kind, const char *form,
    const char *uid, const char *mark, const char *field, const char *theirs,
    const char *note, struct err *e)
{
	struct db *db = forms_db(fs);
	char at[STAMP_SIZE];
	int rc;

	date_stamp(at);
	db_trust(db);
	rc = db_run(db, e, "INSERT OR IGNORE INTO main.tray(kind,form,uid,mark,"
	    "field,theirs,note,at) VALUES(?1,?2,?3,?4,?5,?6,?7,?8)",
	    "ssssssss", kind, form, uid, mark, field, theirs, note, at);
	if (rc == 0)
		rc = db_changes(db) > 0;
	db_untrust(db);
	return rc;
}

/* Not for this session's eyes: a restricted record, or a field of a class
 * that she may not read.  It stands in the list without a word. */
static void
hide(struct forms *fs, struct tray_item *t)
{
	const struct form *f = forms_get(fs, t->form, NULL);
	const struct field *fld = f != NULL && t->field != NULL ?
	    form_field(f, t->field) : NULL;

	t->hidden = f != NULL && (record_hidden(fs, f, t->uid) ||
	    (fld != NULL && !record_may_read(fs, fld)));
	if (!t->hidden)
		return;
	free(t->field);
	free(t->theirs);
	free(t->note);
	t->field = t->theirs = NULL;
	t->note = xstrdup(TRAY_HIDDEN);
}

int
tray_list(struct forms *fs, struct tray_item **out, size_t *n, struct err *e)
{
	struct db *db = forms_db(fs);
	struct tray_item *t;
	struct stmt *q;
	size_t cap = 0;
	int rc;

	*out = NULL;
	*n = 0;
	db_trust(db);
	q = db_new(db, "SELECT id,kind,form,uid,field,theirs,note,at FROM"
	    " main.tray WHERE decision IS NULL ORDER BY id", e);
	db_untrust(db);
	if (q == NULL)
		return E_SQL;
	while ((rc = stmt_step(q, e)) > 0) {
		*out = mem_grow(*out, *n, &cap, sizeof **out);
		t = &(*out)[(*n)++];
		t->id = stmt_col_int(q, 0);
		t->kind = xstrdup(stmt_col(q, 1));
		t->form = xstrdup(stmt_col(q, 2));
		t->uid = xstrdup(stmt_col(q, 3));
		t->field = xstrdup(stmt_col(q, 4));
		t->theirs = xstrdup(stmt_col(q, 5));
		t->note = xstrdup(stmt_col(q, 6));
		t->at = xstrdup(stmt_col(q, 7));
		hide(fs, t);
	}
	stmt_free(q);
	return rc;
}

void
tray_list_free(struct tray_item *v, size_t n)
{
	while (n-- > 0) {
		free(v[n].kind);
		free(v[n].form);
		free(v[n].uid);
		free(v[n].field);
		free(v[n].theirs);
		free(v[n].note);
		free(v[n].at);
	}
	free(v);
}

/* ---- deciding ----------------------------------------------------------- */

static int
take_value(struct forms *fs, const struct tray_item *t, struct err *e)
{
	const struct form *f = forms_get(fs, t->form, e);
	const struct field *fld = f != NULL && t->field != NULL ?
	    form_field(f, t->field) : NULL;
	struct record *r = fld != NULL ? record_load_main(fs, f, t->uid, e) :
	    NULL;
	int rc;

	if (r == NULL || row_deleted(fs, f, t->uid)) {
		record_free(r);
		return err_set(e, E_NOTFOUND, "这条记录或这一项已不存在");
	}
	record_fill(r, fld->name, t->theirs);
	rc = record_save(r, NULL, e);
	record_free(r);
	return rc;
}

/* A new version of our row, with our values or theirs, that knows the image
 * which lost at the county. */
static int
settle(struct forms *fs, const struct tray_item *t, bool theirs,
    struct err *e)
{
	struct db *db = forms_db(fs);
	struct row r;
	struct record *old;
	bool deleted, gone;
	int rc = row_parse(&r, fs, t->theirs, strlen(t->theirs), e);

	if (rc == 0)
		rc = row_values(&r, fs, e);
	old = rc == 0 ? row_present(&r, fs, &deleted) : NULL;
	if (rc == 0 && old == NULL)
		rc = err_set(e, E_NOTFOUND, "这条记录已不存在");
	if (rc == 0)
		rc = db_run(db, e, "INSERT OR IGNORE INTO main.sup(uid,rv)"
		    " VALUES(?1,?2)", "ss", r.uid, r.rv);
	if (rc == 0) {
		gone = theirs ? r.deleted : deleted;
		rc = row_renew(&r, fs, old, theirs, gone, e);
	}
	record_free(old);
	row_done(&r);
	return rc;
}

static int
close_item(struct forms *fs, int64_t id, bool theirs, struct err *e)
{
	struct db *db = forms_db(fs);
	const struct session *s = db_session(db);
	char at[STAMP_SIZE];

	date_stamp(at);
	return db_run(db, e, "UPDATE main.tray SET decision=?2, decided_by=?3,"
	    " decided_at=?4 WHERE id=?1", "isss", id, theirs ? "theirs" :
	    "ours", s != NULL ? s->login : "cli", at);
}

static int
decide(struct forms *fs, const struct tray_item *t, bool theirs,
    struct err *e)
{
	int rc = 0;

	if (strcmp(t->kind, "conflict") == 0)
		rc = settle(fs, t, theirs, e);
	else if (strcmp(t->kind, "proposal") == 0 && theirs)
		rc = take_value(fs, t, e);
	else if (strcmp(t->kind, "transfer") == 0 && theirs)
		rc = transfer_claim(fs, t->theirs, e);
	return rc == 0 ? close_item(fs, t->id, theirs, e) : rc;
}

int
tray_decide(struct forms *fs, int64_t id, bool theirs, struct err *e)
{
	struct db *db = forms_db(fs);
	struct tray_item *v;
	size_t n, i;
	int rc = tray_list(fs, &v, &n, e);

	for (i = 0; rc == 0 && i < n && v[i].id != id; i++)
		;
	if (rc == 0 && i == n)
		rc = err_set(e, E_NOTFOUND, "没有这一条待定事项");
	if (rc == 0 && v[i].hidden)
		rc = err_set(e, E_DENIED, TRAY_HIDDEN);
	if (rc == 0)
		rc = db_begin(db, e);
	if (rc == 0) {
		db_trust(db);
		rc = decide(fs, &v[i], theirs, e);
		db_untrust(db);
		if (rc < 0)
			db_rollback(db);
		else
			rc = db_commit(db, e);
	}
	tray_list_free(v, n);
	return rc;
}

/* ---- showing ------------------------------------------------------------ */

static void
show(struct forms *fs, const struct field *f, const char *v, struct str *out)
{
	if (v == NULL)
		str_add(out, "空");
	else
		type_show(fs, f, v, true, out);
}

int
tray_differences(struct forms *fs, const struct tray_item *t, struct str *out,
    struct err *e)
{
	struct row r;
	struct record *old = NULL;
	bool deleted = false;
	size_t i;
	int rc = row_parse(&r, fs, t->theirs, strlen(t->theirs), e);

	if (rc == 0)
		rc = row_values(&r, fs, e);
	if (rc == 0)
		old = row_present(&r, fs, &deleted);
	if (old != NULL && r.deleted != deleted)
		str_addf(out, "%s\n", r.deleted ? "县里的一份已删除" :
		    "本机已删除，县里的一份还在");
	for (i = 0; old != NULL && !r.deleted && i < r.form->nfields; i++) {
		const struct field *f = &r.form->fields[i];

		if (str_eq(old->val[i], r.rec->val[i]))
			continue;
		str_addf(out, "%s：", f->label);
		show(fs, f, old->val[i], out);
		str_add(out, " / ");
		show(fs, f, r.rec->val[i], out);
		str_addc(out, '\n');
	}
	record_free(old);
	row_done(&r);
	return rc;
}
