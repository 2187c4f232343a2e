/* See todo.h. */
#include "todo.h"

#include <stdio.h>
#include <string.h>

#include "calendar.h"
#include "date.h"
#include "db.h"
#include "indicator.h"
#include "indsql.h"
#include "mem.h"
#include "policy.h"
#include "user.h"

/* `rows` yields uid and, as `x`, what the note is made of. */
enum note { NOTE_NONE, NOTE_WORKDAYS, NOTE_HIGH };

static const struct kind {
	const char *name, *word, *unit, *form, *rows;
	enum note note;
	bool urgent;
} kinds[] = {
	{ "uncalled", "强制报告未报案", "件", "mandatory_report",
	  "SELECT uid, NULL AS x FROM mandatory_report WHERE called_at IS NULL"
	  " AND receipt_no IS NULL", NOTE_NONE, true },
	{ "incomplete", "强制报告待补", "件", "mandatory_report",
	  "SELECT uid, NULL AS x FROM mandatory_report WHERE"
	  " (civil_affairs_told_at IS NULL AND date(found_at, '+' ||"
	  " rule('mandatory_report', 'civil_affairs', :today) || ' hours')"
	  " <= :today) OR (written_on IS NULL AND date(found_at, '+' ||"
	  " rule('mandatory_report', 'written', :today) || ' hours')"
	  " <= :today)", NOTE_NONE, true },
	{ "unguarded", "监护未落实", "人", "child",
	  "SELECT uid, NULL AS x FROM unguarded", NOTE_NONE, true },
	{ "no_hukou", "留守无户籍", "人", "child",
	  "SELECT uid, NULL AS x FROM left_kid WHERE uid IN"
	  " (SELECT uid FROM no_hukou)", NOTE_NONE, true },
	{ "case", "受理单逾期", "件", "case",
	  "SELECT uid, due_at AS x FROM case_clock WHERE closed_on IS NULL"
	  " AND ended_on IS NULL AND NOT paused AND due_at < :today",
	  NOTE_WORKDAYS, true },
	{ "case_today", "受理单今天到期", "件", "case",
	  "SELECT uid, NULL AS x FROM case_clock WHERE closed_on IS NULL"
	  " AND ended_on IS NULL AND NOT paused AND due_at = :today",
	  NOTE_NONE, true },
	{ "referral", "转办逾期未回", "件", "referral",
	  "SELECT uid, due_at AS x FROM referral_clock WHERE replied_on IS NULL"
	  " AND due_at < :today", NOTE_WORKDAYS, true },
	{ "step", "认定步骤逾期", "件", "case",
	  "SELECT uid, due_at AS x FROM benefit_now WHERE due_at < :today",
	  NOTE_WORKDAYS, true },
	{ "visit", "走访逾期", "人", "child",
	  "SELECT child AS uid, risk AS x FROM visit_due WHERE due_on < :today",
	  NOTE_HIGH, false },
	{ "case_soon", "受理单将到期", "件", "case",
	  "SELECT uid, NULL AS x FROM case_clock WHERE closed_on IS NULL"
	  " AND ended_on IS NULL AND NOT paused AND due_at > :today AND"
	  " due_at <= workdays_after(:today, rule('case', 'warn', :today))",
	  NOTE_NONE, false },
	{ "step_soon", "认定步骤将到期", "件", "case",
	  "SELECT uid, NULL AS x FROM benefit_now WHERE due_at >= :today AND"
	  " due_at <= workdays_after(:today, rule('case', 'warn', :today))",
	  NOTE_NONE, false },
	{ "referral_soon", "转办今天应回复", "件", "referral",
	  "SELECT uid, NULL AS x FROM referral_clock WHERE replied_on IS NULL"
	  " AND due_at = :today", NOTE_NONE, false },
	{ "assessment", "评估逾期", "人", "child",
	  "SELECT child AS uid, NULL AS x FROM assessment_due"
	  " WHERE due_on < :today", NOTE_NONE, false },
	{ "director", "缺儿童主任", "村", "village",
	  "SELECT p.uid, NULL AS x FROM place p WHERE NOT EXISTS (SELECT 1"
	  " FROM director_of o WHERE o.village = p.uid)", NOTE_NONE, false },
	{ "two", "一村两个主任", "村", "village",
	  "SELECT p.uid, NULL AS x FROM place p WHERE (SELECT count(*) FROM"
	  " in_post s WHERE s.village = p.uid AND instr(s.role, ';director;') >"
	  " 0) > 1", NOTE_NONE, false },
};

static struct stmt *
rows_of(struct forms *fs, const struct kind *k, const char *head,
    const char *tail, struct err *e)
{
	struct indsql q = { .file = "home.ini", .line = 1, .col = 1,
	    .head = head, .body = k->rows, .tail = tail };
	const struct scheme *home = policy_home(fs, e);
	struct period p;

	period_closed(&p, PERIOD_MONTH, date_today());
	return home == NULL ? NULL :
	    indsql_get(fs, home, &q, &p, date_today(), e);
}

/* The words behind the number. */
static void
note(struct todo *t, const struct kind *k, struct stmt *st)
{
	const char *oldest = stmt_col(st, 1);
	long high = (long)stmt_col_int(st, 2);
	int days = 0;

	if (k->note == NOTE_HIGH && high > 0)
		snprintf(t->note, sizeof t->note, "高风险%ld人", high);
	if (k->note == NOTE_WORKDAYS && oldest != NULL &&
	    calendar_between(oldest, date_today(), &days) && days > 0)
		snprintf(t->note, sizeof t->note, "最久%d工作日", days);
}

/* Count one kind into `t`; t->n stays 0 when there is nothing. */
static int
load_kind(struct forms *fs, const struct kind *k, struct todo *t,
    struct err *e)
{
	struct stmt *st = rows_of(fs, k, "SELECT count(*), min(x),"
	    " total(x = 'high') FROM (", ")", e);
	int rc;

	if (st == NULL)
		return e != NULL ? e->code : E_SQL;
	*t = (struct todo){ .name = k->name, .word = k->word, .unit = k->unit,
	    .urgent = k->urgent, .form = k->form,
	    .where = "uid IN (SELECT uid FROM temp.todo)" };
	rc = stmt_step(st, e);
	if (rc > 0) {
		t->n = (long)stmt_col_int(st, 0);
		note(t, k, st);
	}
	stmt_reset(st);
	return rc < 0 ? rc : 0;
}

/* Waiting for review and sent back: for those who review. */
static int
load_reviews(struct forms *fs, struct todo *out, int max)
{
	static const struct { const char *word, *status; } states[] = {
		{ "待审核", "待审" }, { "县级退回", "退回" }
	};
	struct db *db = forms_db(fs);
	const struct session *s = db_session(db);
	size_t i;
	int k = 0;

	if (s != NULL && (s->roles & (ROLE_ADMIN | ROLE_SUPERVISOR |
	    ROLE_COUNTY)) == 0)
		return 0;
	for (i = 0; i < COUNT_OF(states) && k < max; i++) {
		memset(&out[k], 0, sizeof out[k]);
		out[k].word = states[i].word;
		out[k].unit = "条";
		db_trust(db);
		out[k].n = (long)db_int(db, 0, "SELECT count(*) FROM"
		    " main.review WHERE status=?1", "s", states[i].status);
		db_untrust(db);
		k += out[k].n > 0;
	}
	return k;
}

/* Without parsing it. */
static bool
has_form(struct forms *fs, const char *name)
{
	const char *const *n;

	for (n = forms_names(fs); *n != NULL; n++)
		if (strcmp(*n, name) == 0)
			return true;
	return false;
}

int
todo_load(struct forms *fs, struct todo *out, int max, struct err *e)
{
	int k = 0, rc = policy_open(fs, e);
	size_t i;

	for (i = 0; rc == 0 && i < COUNT_OF(kinds) && k < max; i++) {
		if (!has_form(fs, kinds[i].form))
			continue;
		rc = load_kind(fs, &kinds[i], &out[k], e);
		k += rc == 0 && out[k].n > 0;
		db_shed(forms_db(fs));		/* each is asked once */
	}
	if (rc < 0)
		return rc;
	return k + load_reviews(fs, out + k, max - k);
}

/* temp.todo is the program's own: writing it is not the session's doing. */
static int
keep(struct db *db, const char *uid, struct err *e)
{
	int rc;

	db_trust(db);
	if (uid == NULL)
		rc = db_exec(db, "CREATE TEMP TABLE IF NOT EXISTS todo("
		    "uid TEXT PRIMARY KEY) WITHOUT ROWID;"
		    "DELETE FROM temp.todo", e);
	else
		rc = db_run(db, e, "INSERT OR IGNORE INTO temp.todo"
		    " VALUES(?1)", "s", uid);
	db_untrust(db);
	return rc;
}

int
todo_list(struct forms *fs, const char *name, struct err *e)
{
	struct db *db = forms_db(fs);
	const struct kind *k = NULL;
	struct stmt *st;
	size_t i;
	int rc = policy_open(fs, e);

	for (i = 0; i < COUNT_OF(kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			k = &kinds[i];
	if (k == NULL)
		return err_set(e, E_NOTFOUND, "没有这一项待办");
	if (rc == 0)
		rc = keep(db, NULL, e);
	if (rc < 0)
		return rc;
	st = rows_of(fs, k, "", "", e);
	if (st == NULL)
		return e != NULL ? e->code : E_SQL;
	while ((rc = stmt_step(st, e)) > 0) {
		rc = keep(db, stmt_col(st, 0), e);
		if (rc < 0)
			break;
	}
	stmt_reset(st);
	return rc;
}

int
todo_bars(struct forms *fs, struct todo_bar *out, int max, struct err *e)
{
	const struct scheme *home;
	const struct indicator *it;
	struct number x;
	int k, rc = policy_open(fs, e);

	home = rc == 0 ? policy_home(fs, e) : NULL;
	if (home == NULL)
		return e != NULL ? e->code : E_SQL;
	for (k = 0; k < max && (size_t)k < home->n; k++) {
		it = &home->items[k];
		rc = indicator_number(fs, home, it, &it->parts[0],
		    date_today(), -1, &x, e);
		if (rc < 0)
			return rc;
		db_shed(forms_db(fs));
		snprintf(out[k].word, sizeof out[k].word, "%s", it->item);
		out[k].percent = x.has_value ? (int)(x.value + 0.5) : -1;
	}
	return k;
}
