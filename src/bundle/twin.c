/* See twin.h. */
#include "twin.h"

#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "db.h"
#include "journal.h"
#include "mem.h"
#include "user.h"

static const char sql[] =
    "SELECT t.a, t.b, t.form, coalesce(x.name, i.site),"
    " coalesce(y.name, j.site), t.why, t.decision FROM main.twin t"
    " JOIN main.held g ON g.uid=t.a JOIN main.held h ON h.uid=t.b"
    " JOIN main.incarnation i ON i.id=g.incarnation"
    " JOIN main.incarnation j ON j.id=h.incarnation"
    " LEFT JOIN main.division x ON x.code=i.site"
    " LEFT JOIN main.division y ON y.code=j.site"
    " ORDER BY t.decision IS NOT NULL, t.at, t.a, t.b";

int
twin_list(struct forms *fs, struct twin **out, size_t *n, struct err *e)
{
	struct db *db = forms_db(fs);
	struct stmt *q;
	size_t cap = 0;
	int rc;

	*out = NULL;
	*n = 0;
	db_trust(db);
	q = db_new(db, sql, e);
	db_untrust(db);
	if (q == NULL)
		return E_SQL;
	while ((rc = stmt_step(q, e)) > 0) {
		struct twin *t;

		*out = mem_grow(*out, *n, &cap, sizeof **out);
		t = &(*out)[(*n)++];
		memset(t, 0, sizeof *t);
		strncpy(t->a, stmt_col(q, 0), sizeof t->a - 1);
		strncpy(t->b, stmt_col(q, 1), sizeof t->b - 1);
		t->form = xstrdup(stmt_col(q, 2));
		t->a_site = xstrdup(stmt_col(q, 3));
		t->b_site = xstrdup(stmt_col(q, 4));
		t->why = xstrdup(stmt_col(q, 5));
		t->decision = xstrdup(stmt_col(q, 6));
	}
	stmt_free(q);
	return rc;
}

void
twin_list_free(struct twin *v, size_t n)
{
	while (n-- > 0) {
		free(v[n].form);
		free(v[n].a_site);
		free(v[n].b_site);
		free(v[n].why);
		free(v[n].decision);
	}
	free(v);
}

int
twin_decide(struct forms *fs, const struct twin *t, const char *decision,
    struct err *e)
{
	struct db *db = forms_db(fs);
	const struct session *s = db_session(db);
	char at[STAMP_SIZE], *note;
	int rc = db_begin(db, e);

	if (rc < 0)
		return rc;
	date_stamp(at);
	note = xasprintf("%s %s", decision != NULL ? decision : "重新核对",
	    t->b);
	db_trust(db);
	rc = db_run(db, e, "UPDATE main.twin SET decision=?3, decided_by=?4,"
	    " decided_at=?5 WHERE a=?1 AND b=?2", "sssss", t->a, t->b,
	    decision, s != NULL ? s->login : "cli", at);
	if (rc == 0)
		rc = journal_note(db, "duplicate", t->form, t->a, note, e);
	db_untrust(db);
	free(note);
	if (rc == 0)
		return db_commit(db, e);
	db_rollback(db);
	return rc;
}
