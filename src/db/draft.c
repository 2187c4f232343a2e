/* See draft.h. */
#include "draft.h"

#include <stdlib.h>

#include "date.h"
#include "db.h"
#include "lookup.h"
#include "mem.h"
#include "str.h"
#include "user.h"

static const char *
login(struct db *db)
{
	const struct session *s = db_session(db);

	return s != NULL ? s->login : "cli";
}

int
draft_put(struct db *db, const char *form, const char *uid, const char *field,
    const char *display, const char *json, struct err *e)
{
	char stamp[STAMP_SIZE];
	int rc;

	date_stamp(stamp);
	db_trust(db);
	rc = db_begin(db, e);
	if (rc == 0) {
		rc = db_run(db, e, "INSERT INTO main.draft(form,uid,by,at,field,"
		    "display,data) VALUES(?1,?2,?3,?4,?5,?6,?7) ON CONFLICT DO"
		    " UPDATE SET at=excluded.at, field=excluded.field,"
		    " display=excluded.display, data=excluded.data",
		    "sssssss", form, uid, login(db), stamp, field, display,
		    json);
		if (rc < 0)
			db_rollback(db);
		else
			rc = db_commit(db, e);
	}
	db_untrust(db);
	return rc;
}

/* A dropped draft of a record that was never saved takes its look-up keys
 * along. */
static int
drop_keys(struct db *db, const char *form, const char *uid, struct err *e)
{
	struct str sql = STR_INIT;
	int rc = 0;

	str_add(&sql, "SELECT 1 FROM main.");
	db_quote(&sql, form);
	str_add(&sql, " WHERE uid=?1");
	if (db_int(db, 0, sql.buf, "s", uid) == 0)
		rc = lookup_remove(db, form, uid, e);
	str_done(&sql);
	return rc;
}

int
draft_drop(struct db *db, const char *form, const char *uid, struct err *e)
{
	int rc;

	db_trust(db);
	rc = db_run(db, e, "DELETE FROM main.draft WHERE form=?1 AND uid=?2"
	    " AND by=?3", "sss", form, uid, login(db));
	if (rc == 0 && db_changes(db) > 0)
		rc = drop_keys(db, form, uid, e);
	db_untrust(db);
	return rc;
}

static void
take_row(struct stmt *q, struct draft *d)
{
	d->form = xstrdup(stmt_col(q, 0));
	d->uid = xstrdup(stmt_col(q, 1));
	d->by = xstrdup(stmt_col(q, 2));
	d->at = xstrdup(stmt_col(q, 3));
	d->field = xstrdup(stmt_col(q, 4));
	d->display = xstrdup(stmt_col(q, 5));
	d->data = xstrdup(stmt_col(q, 6));
}

#define COLUMNS "SELECT form,uid,by,at,field,display,data FROM main.draft "

int
draft_list(struct db *db, struct draft **out, size_t *n, struct err *e)
{
	struct stmt *q;
	size_t cap = 0;
	int rc;

	*out = NULL;
	*n = 0;
	db_trust(db);
	q = db_get(db, COLUMNS "WHERE by=?1 ORDER BY at DESC, rowid DESC", e);
	db_untrust(db);
	if (q == NULL)
		return e != NULL ? e->code : E_SQL;
	stmt_text(q, 1, login(db));
	while ((rc = stmt_step(q, e)) > 0) {
		*out = mem_grow(*out, *n, &cap, sizeof **out);
		take_row(q, &(*out)[(*n)++]);
	}
	return rc;
}

int
draft_get(struct db *db, const char *form, const char *uid, struct draft *out,
    struct err *e)
{
	struct stmt *q;
	int rc;

	db_trust(db);
	q = db_get(db, COLUMNS "WHERE form=?1 AND uid=?2 AND by=?3", e);
	db_untrust(db);
	if (q == NULL)
		return e != NULL ? e->code : E_SQL;
	stmt_text(q, 1, form);
	stmt_text(q, 2, uid);
	stmt_text(q, 3, login(db));
	rc = stmt_step(q, e);
	if (rc == 0)
		return err_set(e, E_NOTFOUND, "没有这份草稿");
	if (rc > 0) {
		take_row(q, out);
		stmt_reset(q);
	}
	return rc < 0 ? rc : 0;
}

void
draft_free(struct draft *d)
{
	free(d->form);
	free(d->uid);
	free(d->by);
	free(d->at);
	free(d->field);
	free(d->display);
	free(d->data);
}

void
draft_free_all(struct draft *d, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		draft_free(&d[i]);
	free(d);
}
