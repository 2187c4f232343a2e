/* A record's row on its way to the table: the row, the journal entry, the
 * superseded version, the look-up keys.  Checks and merging are in save.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "db.h"
#include "journal.h"
#include "lookup.h"
#include "mem.h"
#include "recordi.h"
#include "rowsql.h"
#include "serial.h"
#include "type.h"
#include "uid.h"
#include "user.h"

static const char *
login(struct forms *fs)
{
	const struct session *s = db_session(forms_db(fs));

	return s != NULL ? s->login : "cli";
}

/* ---- the row ------------------------------------------------------------ */

static void
bind_fields(struct record *r, struct stmt *q, int first)
{
	size_t i;

	for (i = 0; i < r->form->nfields; i++)
		if (r->val[i] != NULL)	/* db_get() left all NULL */
			stmt_value(q, first + (int)i,
			    type_of(&r->form->fields[i])->affinity, r->val[i]);
}

static int
insert_row(struct record *r, bool gone, struct err *e)
{
	struct stmt *q = db_get(forms_db(r->fs), rowsql_of(r->form)->insert, e);

	if (q == NULL)
		return E_SQL;
	stmt_lend(q, 1, r->uid);
	stmt_lend(q, 2, r->rv);
	stmt_lend(q, 3, r->site);
	stmt_lend(q, 4, r->created_at);
	stmt_lend(q, 5, r->created_by);
	stmt_lend(q, 6, r->updated_at);
	stmt_lend(q, 7, r->updated_by);
	stmt_lend(q, 8, r->state);
	stmt_int(q, 9, gone);
	bind_fields(r, q, 10);
	return stmt_run(q, e);
}

static int
update_row(struct record *r, bool deleted, struct err *e)
{
	struct stmt *q = db_get(forms_db(r->fs), rowsql_of(r->form)->update, e);

	if (q == NULL)
		return E_SQL;
	stmt_text(q, 1, r->uid);
	stmt_text(q, 2, r->rv);
	stmt_text(q, 3, r->updated_at);
	stmt_text(q, 4, r->updated_by);
	stmt_text(q, 5, r->state);
	stmt_int(q, 6, deleted);
	bind_fields(r, q, 7);
	return stmt_run(q, e);
}

/* The changed fields, for the journal. `c` has room for nfields + 2. */
static size_t
changes(const struct record *r, const struct record *old, const char *reason,
    struct journal_change *c)
{
	size_t i, n = 0;

	for (i = 0; i < r->form->nfields; i++) {
		const char *was = old != NULL ? old->val[i] : NULL;

		if (!str_eq(was, r->val[i]))
			c[n++] = (struct journal_change){
			    r->form->fields[i].name, was, r->val[i] };
	}
	if (r->state != NULL && !str_eq(old != NULL ? old->state : NULL,
	    r->state))
		c[n++] = (struct journal_change){ "state",
		    old != NULL ? old->state : NULL, r->state };
	if (reason != NULL)
		c[n++] = (struct journal_change){ "reason", NULL, reason };
	return n;
}

static void
stamp(struct record *r, const struct record *old)
{
	if (old != NULL || r->rv[0] == '\0')
		rv_new(r->rv);
	date_stamp(r->updated_at);
	snprintf(r->updated_by, sizeof r->updated_by, "%s", login(r->fs));
	if (old != NULL) {
		memcpy(r->created_at, old->created_at, sizeof r->created_at);
		memcpy(r->created_by, old->created_by, sizeof r->created_by);
		return;
	}
	memcpy(r->created_at, r->updated_at, sizeof r->created_at);
	memcpy(r->created_by, r->updated_by, sizeof r->created_by);
	if (r->site == NULL)
		r->site = db_meta(forms_db(r->fs), "site");
	if (r->site == NULL)
		r->site = xstrdup("");
}

int
record_store(struct record *r, const struct record *old, const char *op,
    const char *reason, bool gone, struct err *e)
{
	static struct str image;
	struct journal_change *c;
	struct db *db = forms_db(r->fs);
	int64_t seq;
	size_t n;
	int rc;

	db_trust(db);
	rc = old == NULL ? insert_row(r, gone, e) : update_row(r, gone, e);
	if (rc == 0) {
		c = xcalloc(r->form->nfields + 2, sizeof *c);
		n = changes(r, old, reason, c);
		rowsql_image(r->form, r->rv, r->state, gone, r->val, &image);
		seq = journal_append(db, r->form->name, r->uid, op, c, n,
		    &image, e);
		rc = seq < 0 ? (int)seq : 0;
		free(c);
	}
	db_untrust(db);
	return rc;
}

int
record_write(struct record *r, const struct record *old, const char *op,
    const char *reason, struct err *e)
{
	struct db *db = forms_db(r->fs);
	int rc;

	stamp(r, old);
	db_trust(db);
	if (old == NULL)
		rc = serial_mint(r, e);
	else
		rc = db_run(db, e, "INSERT OR IGNORE INTO main.sup(uid,rv)"
		    " VALUES(?1,?2)", "ss", r->uid, old->rv);
	if (rc == 0 && old != NULL)	/* mended: to be looked at again */
		rc = db_run(db, e, "UPDATE main.review SET status='待审',"
		    " reason=NULL WHERE uid=?1 AND status='退回'", "s",
		    r->uid);
	if (rc == 0)
		rc = record_store(r, old, op, reason,
		    strcmp(op, "delete") == 0, e);
	db_untrust(db);
	return rc;
}

/* ---- look-up keys ------------------------------------------------------- */

static void
index_field(struct record *r, const struct field *f, struct lookup *l)
{
	const char *v = r->val[f->index];
	struct str s = STR_INIT;
	char *name;

	if (v == NULL)
		return;
	if (f->type == T_ID_CARD || f->type == T_PHONE ||
	    f->type == T_SERIAL) {
		lookup_add_number(l, v);
	} else if (f->type == T_REF) {
		const struct form *t = forms_get(r->fs, f->list, NULL);

		name = t != NULL ? record_display(r->fs, t, v) : NULL;
		lookup_add_name(l, name);
		free(name);
	} else if (f->type == T_TEXT) {
		lookup_add_name(l, v);
	} else {
		type_show(r->fs, f, v, false, &s);
		lookup_add_name(l, s.buf);
	}
	str_done(&s);
}

int
record_index(struct record *r, struct err *e)
{
	struct lookup *l;
	size_t i;
	int rc;

	if (r->form->nfind == 0)
		return 0;
	l = lookup_new();
	for (i = 0; i < r->form->nfind; i++)
		index_field(r, &r->form->fields[r->form->find[i]], l);
	rc = lookup_store(forms_db(r->fs), l, r->form->name, r->uid, e);
	lookup_free(l);
	return rc;
}
