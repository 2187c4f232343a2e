/* See snapshot.h. */
#include "snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "db.h"
#include "journal.h"
#include "mem.h"
#include "user.h"

/* "sichuan S16.passed" */
static char *
number_key(const char *scheme, const struct indicator *it,
    const struct part *p)
{
	return xasprintf("%s %s%s%s", scheme, it->id, *p->name != '\0' ? "." :
	    "", p->name);
}

static int
save_number(struct db *db, int64_t id, const char *scheme,
    const struct indicator *it, const struct number *x, struct err *e)
{
	struct stmt *q = db_get(db, "INSERT INTO main.snapshot_number"
	    "(snapshot, number, n, d, value, met)"
	    " VALUES(?1, ?2, ?3, ?4, ?5, ?6)", e);
	char *key;

	if (q == NULL)
		return e != NULL ? e->code : E_SQL;
	key = number_key(scheme, it, x->part);
	stmt_int(q, 1, id);
	stmt_text(q, 2, key);
	free(key);
	if (x->has_n)
		stmt_real(q, 3, x->n);
	if (x->has_d)
		stmt_real(q, 4, x->d);
	if (x->has_value)
		stmt_real(q, 5, x->value);
	if (x->met != MET_NIL)
		stmt_int(q, 6, x->met);
	return stmt_run(q, e);
}

static int
save_board(struct forms *fs, int64_t id, const struct board *b,
    struct err *e)
{
	size_t i, j;
	int rc = 0;

	db_trust(forms_db(fs));
	for (i = 0; rc == 0 && i < b->n; i++)
		for (j = 0; rc == 0 && j < b->rows[i].item->nparts; j++)
			rc = save_number(forms_db(fs), id, b->scheme->name,
			    b->rows[i].item, &b->rows[i].numbers[j], e);
	db_untrust(forms_db(fs));
	return rc;
}

static int64_t
save_text(struct db *db, const char *name, const char *period,
    const char *on, const char *text, struct err *e)
{
	const struct session *s = db_session(db);
	char at[STAMP_SIZE];
	int64_t id = -1;

	date_stamp(at);
	db_trust(db);
	if (db_run(db, e, "INSERT INTO main.snapshot(name, period, on_date,"
	    " at, by, text) VALUES(?1, ?2, ?3, ?4, ?5, ?6)", "ssssss", name,
	    period, on, at, s != NULL ? s->login : "cli", text) == 0)
		id = db_int(db, -1, "SELECT last_insert_rowid()", "");
	db_untrust(db);
	return id;
}

static int
may_hand_in(struct db *db, struct err *e)
{
	const struct session *s = db_session(db);

	if (s == NULL || ((s->roles & (ROLE_ADMIN | ROLE_SUPERVISOR |
	    ROLE_COUNTY)) != 0 && s->all_villages))
		return 0;
	return err_set(e, E_DENIED, "只有督导员和管理员能把报表存档");
}

static int
save_all(struct forms *fs, int64_t id, const char *on, struct err *e)
{
	char **names = indicator_schemes(fs);
	struct board *b;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && names[i] != NULL; i++) {
		rc = board_make(fs, names[i], on, &b, e);
		if (rc < 0)
			break;
		rc = save_board(fs, id, b, e);
		board_free(b);
	}
	scheme_names_free(names);
	return rc;
}

int64_t
snapshot_save(struct forms *fs, const char *name, const char *period,
    const char *on, const char *text, struct err *e)
{
	struct db *db = forms_db(fs);
	int64_t id, count = 0;
	char *note;
	int rc = may_hand_in(db, e);

	if (rc == 0)
		rc = db_begin(db, e);
	if (rc < 0)
		return rc;
	id = save_text(db, name, period, on, text, e);
	rc = id < 0 ? E_SQL : save_all(fs, id, on, e);
	if (rc == 0) {
		note = xasprintf("%s %s", name, period);
		rc = journal_note(db, "report", NULL, NULL, note, e);
		free(note);
	}
	if (rc < 0) {
		db_rollback(db);
		return rc;
	}
	rc = db_commit(db, e);
	db_trust(db);
	count = db_int(db, 1, "SELECT count(*) FROM main.snapshot WHERE"
	    " name=?1 AND period=?2", "ss", name, period);
	db_untrust(db);
	return rc < 0 ? rc : count;
}

int
snapshot_text(struct forms *fs, const char *name, const char *period,
    struct str *head, struct str *text, struct err *e)
{
	struct db *db = forms_db(fs);
	struct stmt *q;
	int rc = may_hand_in(db, e);

	if (rc < 0)
		return rc;
	db_trust(db);
	q = db_get(db, "SELECT at, by, text, (SELECT count(*) FROM"
	    " main.snapshot WHERE name=?1 AND period=?2) FROM main.snapshot"
	    " WHERE name=?1 AND period=?2 ORDER BY id DESC LIMIT 1", e);
	db_untrust(db);
	if (q == NULL)
		return e != NULL ? e->code : E_SQL;
	stmt_text(q, 1, name);
	stmt_text(q, 2, period);
	rc = stmt_step(q, e);
	if (rc > 0) {
		str_addf(head, "%.16s %s 第%d次存档", stmt_col(q, 0),
		    stmt_col(q, 1), (int)stmt_col_int(q, 3));
		str_add(text, stmt_col(q, 2));
		stmt_reset(q);
		return 0;
	}
	return rc < 0 ? rc : err_set(e, E_NOTFOUND, "%s 的%s没有存档", period,
	    name);
}

bool
snapshot_number(struct forms *fs, const char *scheme,
    const struct indicator *it, const struct part *p, const char *period,
    struct snapshot_number *out)
{
	struct db *db = forms_db(fs);
	struct stmt *q;
	char *key;
	bool found = false;

	memset(out, 0, sizeof *out);
	if (may_hand_in(db, NULL) < 0)
		return false;
	db_trust(db);
	q = db_get(db, "SELECT x.n, x.d, x.value FROM main.snapshot s JOIN"
	    " main.snapshot_number x ON x.snapshot = s.id WHERE s.period = ?1"
	    " AND x.number = ?2 ORDER BY s.id DESC LIMIT 1", NULL);
	db_untrust(db);
	if (q == NULL)
		return false;
	key = number_key(scheme, it, p);
	stmt_text(q, 1, period);
	stmt_text(q, 2, key);
	free(key);
	if (stmt_step(q, NULL) > 0) {
		found = true;
		out->has_n = !stmt_is_null(q, 0);
		out->n = stmt_col_real(q, 0);
		out->has_d = !stmt_is_null(q, 1);
		out->d = stmt_col_real(q, 1);
		out->has_value = !stmt_is_null(q, 2);
		out->value = stmt_col_real(q, 2);
	}
	stmt_reset(q);
	return found;
}
