/* See rollcall.h. */
#include "rollcall.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "db.h"
#include "mem.h"
#include "record.h"
#include "str.h"

enum { TRIES = 5 };

static const char *const kept[] = { "present", "sessions", "late_at",
    "early_at", "session_times", "signed_at", "punctuality",
    "absent_reason" };

/* ---- reading ---------------------------------------------------------- */

static int
load_class(struct forms *fs, struct roll *r, struct err *e)
{
	struct stmt *q = db_get(forms_db(fs), "SELECT title,starts_on,"
	    "coalesce(ends_on,starts_on),level,sessions,"
	    "CASE WHEN has_exam='yes' THEN pass_mark END,"
	    "coalesce(full_mark,100) FROM training WHERE uid=?1", e);
	int rc;

	if (q == NULL)
		return e->code;
	stmt_text(q, 1, r->training);
	rc = stmt_step(q, e);
	if (rc <= 0)
		return rc < 0 ? rc : err_set(e, E_NOTFOUND,
		    "没有这个培训班，或者您看不到它");
	r->title = xstrdup(stmt_col(q, 0));
	r->starts_on = xstrdup(stmt_col(q, 1));
	r->ends_on = xstrdup(stmt_col(q, 2));
	r->level = xstrdup(stmt_col(q, 3));
	r->sessions = (int)stmt_col_int(q, 4);
	if (r->sessions < 1)
		r->sessions = 1;
	if (r->sessions > HALFDAYS)
		r->sessions = HALFDAYS;
	r->pass_mark = stmt_is_null(q, 5) ? -1 : stmt_col_real(q, 5);
	r->full_mark = stmt_col_real(q, 6);
	stmt_reset(q);
	return 0;
}

static void
copy(char *out, size_t size, const char *v)
{
	snprintf(out, size, "%s", v != NULL ? v : "");
}

static void
take_person(struct roll *r, struct stmt *q)
{
	struct roll_person *p;
	struct halfday_text half = { stmt_col(q, 4), stmt_col(q, 6),
	    stmt_col(q, 17), stmt_col(q, 18), stmt_col(q, 19),
	    stmt_col(q, 7), stmt_col(q, 8) };
	char score[32];

	r->p = mem_grow(r->p, r->n, &r->cap, sizeof *r->p);
	p = &r->p[r->n++];
	memset(p, 0, sizeof *p);
	copy(p->row, sizeof p->row, stmt_col(q, 0));
	copy(p->staff, sizeof p->staff, stmt_col(q, 1));
	p->name = xstrdup(stmt_is_null(q, 2) ? "（看不到）" : stmt_col(q, 2));
	p->unit = xstrdup(stmt_col(q, 3));
	p->left = !stmt_is_null(q, 16) &&
	    strcmp(stmt_col(q, 16), date_today()) <= 0;
	p->present = str_eq(stmt_col(q, 4), "yes");
	p->invited = !str_eq(stmt_col(q, 5), "no");
	halfdays_read(&p->half, &half);
	p->substitute_for = xstrdup(stmt_col(q, 9));
	p->why = xstrdup(stmt_col(q, 20));
	if (!stmt_is_null(q, 10)) {
		snprintf(score, sizeof score, "%g", stmt_col_real(q, 10));
		p->score = xstrdup(score);
	}
	p->result = xstrdup(stmt_col(q, 11));
	p->certificate = xstrdup(stmt_col(q, 12));
	p->revoked_on = xstrdup(stmt_col(q, 13));
	p->issued_on = xstrdup(stmt_col(q, 14));
	p->printed = stmt_is_null(q, 15) ? 0 : (int)stmt_col_int(q, 15) + 1;
}

int
roll_load(struct forms *fs, const char *training, struct roll *out,
    struct err *e)
{
	struct stmt *q;
	int rc;

	memset(out, 0, sizeof *out);
	copy(out->training, sizeof out->training, training);
	rc = load_class(fs, out, e);
	if (rc < 0)
		return rc;
	q = db_get(forms_db(fs), "SELECT t.uid,t.staff,"
	    "coalesce(s.name,t.person_name),coalesce(v.name,s.employer,t.unit),"
	    "t.present,t.invited,t.sessions,t.signed_at,t.punctuality,x.name,"
	    "t.score,t.result,t.certificate_no,t.revoked_on,"
	    "t.issued_on,t.reprints,s.left_on,t.late_at,t.early_at,"
	    "t.session_times,t.absent_reason FROM trainee t"
	    " LEFT JOIN staff s ON s.uid=t.staff"
	    " LEFT JOIN village v ON v.uid=s.village"
	    " LEFT JOIN staff x ON x.uid=t.substitute_for"
	    " WHERE t.training=?1"
	    " ORDER BY pinyin(coalesce(s.name,t.person_name)),t.uid", e);
	if (q == NULL) {
		roll_done(out);
		return e->code;
	}
	stmt_text(q, 1, training);
	while ((rc = stmt_step(q, e)) > 0)
		take_person(out, q);
	if (rc < 0)
		roll_done(out);
	return rc;
}

void
roll_done(struct roll *r)
{
	while (r->n > 0) {
		struct roll_person *p = &r->p[--r->n];

		free(p->name);
		free(p->unit);
		free(p->substitute_for);
		free(p->why);
		free(p->score);
		free(p->result);
		free(p->certificate);
		free(p->revoked_on);
		free(p->issued_on);
	}
	free(r->p);
	free(r->title);
	free(r->starts_on);
	free(r->ends_on);
	free(r->level);
	memset(r, 0, sizeof *r);
}

char *
roll_stamp(struct forms *fs, const char *training)
{
	return db_str(forms_db(fs), "SELECT group_concat(rv) FROM"
	    " (SELECT rv FROM trainee WHERE training=?1 ORDER BY uid)", "s",
	    training);
}

/* ---- writing ---------------------------------------------------------- */

void
roll_step_done(struct roll_step *s)
{
	size_t i;

	for (i = 0; i < COUNT_OF(kept); i++)
		free(s->was[i]);
	memset(s, 0, sizeof *s);
}

static void
remember(struct roll_step *step, const struct record *r)
{
	size_t i;

	if (step == NULL)
		return;
	memset(step, 0, sizeof *step);
	memcpy(step->row, r->uid, sizeof step->row);
	memcpy(step->before, r->rv, sizeof step->before);
	step->made = r->is_new;
	for (i = 0; i < COUNT_OF(kept); i++)
		step->was[i] = xstrdup(record_get(r, kept[i]));
}

/* What is done to a row; applied anew when somebody else was faster. */
struct act {
	int session;
	bool came;
	const char *punctual;	/* NULL: a mark */
};

static bool
on_today(const struct roll *r)
{
	return strcmp(r->starts_on, date_today()) <= 0 &&
	    strcmp(date_today(), r->ends_on) <= 0;
}

static void
apply(struct record *rec, const struct roll *r, const struct act *a)
{
	struct halfdays h;
	char now[STAMP_SIZE];

	halfdays_load(&h, rec);
	date_stamp(now);
	now[HALFDAY_TIME - 1] = '\0';
	if (a->punctual != NULL)
		halfday_set(&h, a->session, a->punctual);
	else
		halfday_mark(&h, a->session, a->came, on_today(r) ? now :
		    NULL);
	halfdays_fill(rec, &h);
	if (h.came != 0)
		record_fill(rec, "absent_reason", NULL);
}

static int
begun(const struct roll *r, struct err *e)
{
	if (strcmp(r->starts_on, date_today()) > 0)
		return err_set(e, E_REFUSED, "这个班 %s 才开，今天是 %s，"
		    "还不能签到。日期写错了的，先改开始日期", r->starts_on,
		    date_today());
	return 0;
}

static int
act_on(struct forms *fs, const struct roll *r, const char *row,
    const struct act *a, struct roll_step *step, struct err *e)
{
	const struct form *f = forms_get(fs, "trainee", e);
	struct record *rec;
	int rc = begun(r, e), i;

	if (rc < 0 || f == NULL)
		return e->code;
	for (i = 0; i < TRIES; i++) {
		*e = (struct err)ERR_INIT;
		rec = record_load(fs, f, row, e);
		if (rec == NULL)
			return e->code;
		remember(step, rec);
		apply(rec, r, a);
		rc = record_save(rec, NULL, e);
		if (rc == 0 && step != NULL)
			memcpy(step->rv, rec->rv, sizeof step->rv);
		record_free(rec);
		if (rc == 0)
			return 0;
		if (step != NULL)
			roll_step_done(step);
		if (rc != E_STALE)
			return rc;
	}
	return rc;
}

int
roll_mark(struct forms *fs, const struct roll *r, const char *row,
    int session, bool came, struct roll_step *step, struct err *e)
{
	struct act a = { .session = session, .came = came };

	return act_on(fs, r, row, &a, step, e);
}

int
roll_punctual(struct forms *fs, const struct roll *r, const char *row,
    int session, const char *code, struct roll_step *step, struct err *e)
{
	struct act a = { .session = session, .punctual = code };

	return act_on(fs, r, row, &a, step, e);
}

/* The row of a person in this class, heap, or NULL.  Somebody who is in no
 * register is the same when name and unit are. */
static char *
row_of(struct forms *fs, const struct roll *r, const char *staff,
    const char *name, const char *unit)
{
	if (staff != NULL)
		return db_str(forms_db(fs), "SELECT uid FROM trainee WHERE"
		    " training=?1 AND staff=?2", "ss", r->training, staff);
	return db_str(forms_db(fs), "SELECT uid FROM trainee WHERE training=?1"
	    " AND staff IS NULL AND person_name=?2 AND unit IS ?3", "sss",
	    r->training, name, unit);
}

/* The substituted person's row says why they are absent. */
static int
excuse(struct forms *fs, const char *row, const char *who, struct err *e)
{
	const struct form *f = forms_get(fs, "trainee", e);
	struct record *rec = f != NULL ? record_load(fs, f, row, e) : NULL;
	struct str why = STR_INIT;
	int rc;

	if (rec == NULL)
		return e->code;
	if (str_eq(record_get(rec, "present"), "yes")) {
		record_free(rec);
		return err_set(e, E_REFUSED, "这个人自己已经签到，不能再由别人"
		    "代替");
	}
	str_addf(&why, "由%s代", who);
	record_fill(rec, "present", "no");
	record_fill(rec, "absent_reason", why.buf);
	rc = record_save(rec, NULL, e);
	record_free(rec);
	str_done(&why);
	return rc;
}

static int
new_row(struct forms *fs, const struct roll *r, const char *staff,
    const char *name, const char *unit, const char *for_staff,
    const struct act *a, struct roll_step *step, struct err *e)
{
	const struct form *f = forms_get(fs, "trainee", e);
	struct record *rec = f != NULL ? record_new(fs, f, e) : NULL;
	int rc;

	if (rec == NULL)
		return e->code;
	record_fill(rec, "training", r->training);
	if (staff != NULL) {
		record_fill(rec, "staff", staff);
	} else {
		record_fill(rec, "person_name", name);
		record_fill(rec, "unit", unit);
	}
	record_fill(rec, "invited", "no");
	if (for_staff != NULL)
		record_fill(rec, "substitute_for", for_staff);
	remember(step, rec);
	apply(rec, r, a);
	rc = record_save(rec, NULL, e);
	if (rc == 0 && step != NULL)
		memcpy(step->rv, rec->rv, sizeof step->rv);
	if (rc < 0 && step != NULL)
		roll_step_done(step);
	record_free(rec);
	return rc;
}

static int
walk_in(struct forms *fs, const struct roll *r, const char *staff,
    const char *name, const char *unit, const char *instead_of,
    const struct act *a, struct roll_step *step, struct err *e)
{
	char *for_staff = instead_of == NULL ? NULL : db_str(forms_db(fs),
	    "SELECT staff FROM trainee WHERE uid=?1", "s", instead_of);
	char *row = row_of(fs, r, staff, name, unit);
	char *who = staff == NULL ? xstrdup(name) : db_str(forms_db(fs),
	    "SELECT name FROM staff WHERE uid=?1", "s", staff);
	int rc = 0;

	if (instead_of != NULL && for_staff != NULL && str_eq(for_staff, staff))
		rc = err_set(e, E_REFUSED, "不能自己代自己；本人来了直接按空格");
	if (rc == 0 && instead_of != NULL)
		rc = excuse(fs, instead_of, who != NULL ? who : "别人", e);
	if (rc == 0)
		rc = row != NULL ? act_on(fs, r, row, a, step, e) :
		    new_row(fs, r, staff, name, unit, for_staff, a, step, e);
	free(who);
	free(row);
	free(for_staff);
	return rc;
}

int
roll_walk_in(struct forms *fs, const struct roll *r, const char *staff,
    const char *name, const char *unit, const char *instead_of, int session,
    struct roll_step *step, struct err *e)
{
	struct act a = { .session = session, .came = true };
	struct db *db = forms_db(fs);
	int rc = begun(r, e);

	if (rc == 0)
		rc = db_begin(db, e);
	if (rc < 0)
		return rc;
	rc = walk_in(fs, r, staff, name, unit, instead_of, &a, step, e);
	if (rc < 0) {
		db_rollback(db);
		return rc;
	}
	return db_commit(db, e);
}

/* The person for whom a substitute stood is no longer excused. */
static int
unexcuse(struct forms *fs, const struct record *gone, struct err *e)
{
	const struct form *f = gone->form;
	char *row = db_str(forms_db(fs), "SELECT uid FROM trainee WHERE"
	    " training=?1 AND staff=?2 AND present='no'"
	    " AND absent_reason LIKE '由%代'", "ss",
	    record_get(gone, "training"), record_get(gone, "substitute_for"));
	struct record *rec = row != NULL ? record_load(fs, f, row, e) : NULL;
	int rc = 0;

	if (rec != NULL) {
		record_fill(rec, "present", NULL);
		record_fill(rec, "absent_reason", NULL);
		rc = record_save(rec, NULL, e);
	}
	record_free(rec);
	free(row);
	return rc;
}

static int
take_back(struct forms *fs, const struct roll_step *s, struct record *rec,
    struct err *e)
{
	size_t i;
	int rc;

	if (strcmp(rec->rv, s->rv) != 0)
		return err_set(e, E_STALE, "这一条后来又有人改过，不能撤销，"
		    "请直接改");
	if (s->made) {
		rc = record_delete(rec, "撤销签到", e);
		if (rc == 0 && record_get(rec, "substitute_for") != NULL)
			rc = unexcuse(fs, rec, e);
		return rc;
	}
	for (i = 0; i < COUNT_OF(kept); i++)
		record_fill(rec, kept[i], s->was[i]);
	return record_save(rec, NULL, e);
}

int
roll_undo(struct forms *fs, struct roll_step *steps, size_t n, struct err *e)
{
	const struct roll_step *s = &steps[n - 1];
	const struct form *f = forms_get(fs, "trainee", e);
	struct record *rec = f != NULL ? record_load(fs, f, s->row, e) : NULL;
	size_t i;
	int rc;

	if (rec == NULL)
		return e->code;
	rc = take_back(fs, s, rec, e);
	for (i = 0; rc == 0 && i + 1 < n; i++)
		if (strcmp(steps[i].row, s->row) == 0 &&
		    strcmp(steps[i].rv, s->before) == 0)
			memcpy(steps[i].rv, rec->rv, sizeof rec->rv);
	record_free(rec);
	return rc;
}
