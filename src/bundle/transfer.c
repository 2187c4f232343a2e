/* See transfer.h. */
#include "transfer.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "db.h"
#include "journal.h"
#include "mem.h"
#include "recordi.h"
#include "row.h"
#include "rows.h"
#include "uid.h"
#include "user.h"

/* The uid that a record gets when `site` claims it. */
static void
claimed_uid(const char *site, const char *uid, char out[UID_SIZE])
{
	char *kind = xasprintf("transfer %s", site);

	uid_derived(out, kind, uid);
	free(kind);
}

/* ---- the county ---------------------------------------------------------- */

static int
order(struct forms *fs, const char *uid, const char *to, struct err *e)
{
	struct db *db = forms_db(fs);
	const struct session *s = db_session(db);
	char *form = db_str(db, "SELECT form FROM main.held WHERE uid=?1", "s",
	    uid);
	char *from = db_str(db, "SELECT i.site FROM main.held h JOIN"
	    " main.incarnation i ON i.id=h.incarnation WHERE h.uid=?1", "s",
	    uid);
	char at[STAMP_SIZE];
	int rc = 0;

	date_stamp(at);
	if (form == NULL || from == NULL)
		rc = err_set(e, E_NOTFOUND, "没有收到过这条记录：%.40s", uid);
	else if (strcmp(form, "child") != 0)
		rc = err_set(e, E_REFUSED, "只有儿童可以转");
	else if (to != NULL && strcmp(from, to) == 0)
		rc = err_set(e, E_REFUSED, "孩子本来就在这个乡镇");
	else if (to != NULL && db_int(db, 0, "SELECT count(*) FROM"
	    " main.division WHERE code=?1 AND level='town'", "s", to) == 0)
		rc = err_set(e, E_NOTFOUND, "本县没有这个乡镇：%.12s", to);
	if (rc == 0)
		rc = db_run(db, e, "DELETE FROM main.transfer WHERE uid=?1",
		    "s", uid);
	if (rc == 0 && to != NULL)
		rc = db_run(db, e, "INSERT INTO main.transfer(uid,form,"
		    "from_site,to_site,by,at) VALUES(?1,?2,?3,?4,?5,?6)",
		    "ssssss", uid, form, from, to,
		    s != NULL ? s->login : "cli", at);
	if (rc == 0)
		rc = journal_note(db, "transfer", form, uid,
		    to != NULL ? to : "撤回", e);
	free(form);
	free(from);
	return rc;
}

int
transfer_order(struct forms *fs, const char *uid, const char *to,
    struct err *e)
{
	struct db *db = forms_db(fs);
	int rc = db_begin(db, e);

	if (rc < 0)
		return rc;
	db_trust(db);
	rc = order(fs, uid, to, e);
	db_untrust(db);
	if (rc < 0) {
		db_rollback(db);
		return rc;
	}
	return db_commit(db, e);
}

static int
add_row(struct forms *fs, const struct form *f, const char *uid,
    json_t *rows, struct err *e)
{
	struct str line = STR_INIT;
	int rc = rows_one(fs, f, uid, &line, e);

	if (rc == 0)
		json_array_append_new(rows, json_loads(line.buf, 0, NULL));
	str_done(&line);
	return rc;
}

/* The live records of form `c` that belong to the child. */
static int
add_children(struct forms *fs, const struct form *f, const struct form *c,
    const char *uid, json_t *rows, struct err *e)
{
	struct str sql = STR_INIT;
	struct stmt *q;
	int rc;

	str_addf(&sql, "SELECT uid FROM main.\"%s\" WHERE \"%s\"=?1 AND NOT"
	    " deleted ORDER BY uid", c->name, f->name);
	q = db_new(forms_db(fs), sql.buf, e);
	str_done(&sql);
	if (q == NULL)
		return E_SQL;
	stmt_text(q, 1, uid);
	while ((rc = stmt_step(q, e)) > 0) {
		rc = add_row(fs, c, stmt_col(q, 0), rows, e);
		if (rc < 0)
			break;
	}
	stmt_free(q);
	return rc;
}

static int
package(struct forms *fs, const char *form, const char *uid,
    const char *from, struct str *out, struct err *e)
{
	const struct form *f = forms_get(fs, form, e), **c;
	json_t *root = json_object(), *rows = json_array();
	char *who = f != NULL ? record_display(fs, f, uid) : NULL;
	char *note = xasprintf("从%s转来：%s", from, who != NULL ? who : "");
	char *text;
	size_t i;
	int rc = f == NULL ? E_FORMAT : add_row(fs, f, uid, rows, e);

	c = rc == 0 ? forms_children(fs, form, e) : NULL;
	for (i = 0; rc == 0 && c != NULL && c[i] != NULL; i++)
		rc = add_children(fs, f, c[i], uid, rows, e);
	free(c);
	json_object_set_new(root, "form", json_string(form));
	json_object_set_new(root, "uid", json_string(uid));
	json_object_set_new(root, "note", json_string(note));
	json_object_set_new(root, "from", json_string(from));
	json_object_set_new(root, "rows", rows);
	text = json_dumps(root, JSON_COMPACT);
	str_add(out, text);
	free(text);
	free(note);
	free(who);
	json_decref(root);
	return rc;
}

int
transfer_each(struct forms *fs, const char *site,
    int (*put)(void *ctx, struct str *line), void *ctx, struct err *e)
{
	struct db *db = forms_db(fs);
	struct str line = STR_INIT;
	char uid[UID_SIZE];
	struct stmt *q;
	int rc;

	db_trust(db);
	q = db_new(db, "SELECT t.form, t.uid, coalesce(d.name, t.from_site)"
	    " FROM main.transfer t LEFT JOIN main.division d ON"
	    " d.code=t.from_site WHERE t.to_site=?1 ORDER BY t.at", e);
	rc = q == NULL ? E_SQL : 0;
	if (rc == 0)
		stmt_text(q, 1, site);
	while (rc == 0 && (rc = stmt_step(q, e)) > 0) {
		claimed_uid(site, stmt_col(q, 1), uid);
		rc = 0;
		if (db_int(db, 0, "SELECT count(*) FROM main.held WHERE"
		    " uid=?1", "s", uid) > 0)
			continue;
		str_clear(&line);
		rc = package(fs, stmt_col(q, 0), stmt_col(q, 1),
		    stmt_col(q, 2), &line, e);
		if (rc == 0)
			rc = put(ctx, &line);
	}
	stmt_free(q);
	db_untrust(db);
	str_done(&line);
	return rc;
}

/* ---- the township -------------------------------------------------------- */

int
transfer_parse(struct transfer *t, const char *line, size_t len,
    struct err *e)
{
	json_t *root = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);

	memset(t, 0, sizeof *t);
	t->json = root;
	t->form = json_string_value(json_object_get(root, "form"));
	t->uid = json_string_value(json_object_get(root, "uid"));
	t->note = json_string_value(json_object_get(root, "note"));
	t->from = json_string_value(json_object_get(root, "from"));
	if (t->form == NULL || !uid_valid(t->uid) || t->note == NULL ||
	    t->from == NULL || !json_is_array(json_object_get(root, "rows")))
		return err_set(e, E_FORMAT, "转入的记录不是正确的格式");
	return 0;
}

void
transfer_done(struct transfer *t)
{
	json_decref(t->json);
	memset(t, 0, sizeof *t);
}

static bool
exists(struct forms *fs, const char *form, const char *uid)
{
	struct str sql = STR_INIT;
	bool yes;

	str_addf(&sql, "SELECT count(*) FROM main.\"%s\" WHERE uid=?1", form);
	db_trust(forms_db(fs));
	yes = db_int(forms_db(fs), 0, sql.buf, "s", uid) > 0;
	db_untrust(forms_db(fs));
	str_done(&sql);
	return yes;
}

bool
transfer_claimed(struct forms *fs, const struct transfer *t)
{
	char *site = db_meta(forms_db(fs), "site"), uid[UID_SIZE];
	bool yes;

	claimed_uid(site != NULL ? site : "", t->uid, uid);
	yes = exists(fs, t->form, uid);
	free(site);
	return yes;
}

/* Is the uid one of the package's? */
static bool
packed(json_t *rows, const char *uid)
{
	json_t *one;
	size_t i;

	json_array_foreach(rows, i, one)
		if (str_eq(json_string_value(json_object_get(one, "uid")),
		    uid))
			return true;
	return false;
}

/* References lead to the claimed copies, to what is here, or nowhere. */
static void
remap(struct forms *fs, struct record *r, json_t *rows, const char *site)
{
	char uid[UID_SIZE];
	size_t i;

	for (i = 0; i < r->form->nfields; i++) {
		const struct field *f = &r->form->fields[i];
		const char *v = r->val[i];

		if (f->type != T_REF || v == NULL)
			continue;
		if (packed(rows, v)) {
			claimed_uid(site, v, uid);
			record_put(r, f, uid);
		} else if (!exists(fs, f->list, v)) {
			record_put(r, f, NULL);
		}
	}
}

static void
put(struct record *r, const char *field, const char *value)
{
	const struct field *f = form_field(r->form, field);

	if (f != NULL)
		record_put(r, f, value);
}

/* The child arrives: no longer away, from where, and when. */
static void
arrive(struct record *r, const char *from)
{
	put(r, "left_on", NULL);
	put(r, "left_reason", NULL);
	put(r, "left_to", NULL);
	put(r, "came_from", from);
	put(r, "came_on", date_today());
}

static int
claim_row(struct forms *fs, const struct transfer *t, json_t *one,
    json_t *rows, const char *site, struct err *e)
{
	char *line = json_dumps(one, JSON_COMPACT), uid[UID_SIZE];
	struct row r;
	int rc = row_parse(&r, fs, line, strlen(line), e);

	if (rc == 0)
		rc = row_values(&r, fs, e);
	if (rc == 0) {
		claimed_uid(site, r.uid, uid);
		if (strcmp(r.uid, t->uid) == 0)
			arrive(r.rec, t->from);
		remap(fs, r.rec, rows, site);
		strcpy(r.rec->uid, uid);
		r.uid = uid;
		r.site = site;
		rv_new(r.rec->rv);
		free(r.rec->site);
		r.rec->site = xstrdup(site);
		if (!exists(fs, r.form_name, uid))
			rc = row_store(&r, fs, NULL, "merge", true, e);
	}
	row_done(&r);
	free(line);
	return rc;
}

int
transfer_claim(struct forms *fs, const char *line, struct err *e)
{
	char *site = db_meta(forms_db(fs), "site");
	struct transfer t;
	json_t *rows, *one;
	size_t i;
	int rc = transfer_parse(&t, line, strlen(line), e);

	rows = json_object_get(t.json, "rows");
	json_array_foreach(rows, i, one)
		if (rc == 0)
			rc = claim_row(fs, &t, one, rows, site, e);
	transfer_done(&t);
	free(site);
	return rc;
}
