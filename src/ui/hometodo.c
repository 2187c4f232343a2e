/* To-dos that follow from dates and empty fields of the records themselves.
 * What follows from rules of policy comes from a home_source. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "db.h"
#include "home.h"
#include "mem.h"
#include "resume.h"
#include "ui.h"
#include "user.h"

/* `%s` in `where` is today. */
static const struct {
	const char *word, *unit, *form, *where, *oldest;
	bool urgent;
} rows[] = {
	{ "监护未落实", "人", "child",
	    "left_on IS NULL AND guardian_name IS NULL", NULL, true },
	{ "受理单逾期", "件", "case",
	    "closed_on IS NULL AND due_on < '%s'", "due_on", true },
	{ "转办未回复", "件", "referral",
	    "replied_on IS NULL AND due_on < '%s'", "due_on", true },
	{ "走访逾期", "人", "child",
	    "left_on IS NULL AND (SELECT v.next_due FROM visit v WHERE"
	    " v.child = child.uid ORDER BY v.visit_date DESC LIMIT 1) < '%s'",
	    NULL, false }
};

/* Have the form and all the fields a row speaks of come with this site's
 * forms?  A form may have been changed by the county. */
static long
count(struct forms *fs, const char *form, const char *where)
{
	struct str sql = STR_INIT;
	long n;

	if (forms_get(fs, form, NULL) == NULL)
		return 0;
	str_add(&sql, "SELECT count(*) FROM ");
	db_quote(&sql, form);
	str_addf(&sql, " WHERE %s", where);
	n = (long)db_int(forms_db(fs), 0, sql.buf, "");
	str_done(&sql);
	return n;
}

static void
add_oldest(struct forms *fs, struct home_todo *t, const char *column)
{
	struct str sql = STR_INIT;
	char *since;
	int32_t days;

	str_addf(&sql, "SELECT min(%s) FROM ", column);
	db_quote(&sql, t->form);
	str_addf(&sql, " WHERE %s", t->where);
	since = db_str(forms_db(fs), sql.buf, "");
	str_done(&sql);
	if (since != NULL && date_days(since) != INT32_MIN) {
		days = date_days(date_today()) - date_days(since);
		snprintf(t->note, sizeof t->note, "最久%d天", (int)days);
	}
	free(since);
}

static void
set_where(struct home_todo *t, const char *where)
{
	const char *at = strstr(where, "%s");

	if (at == NULL)
		snprintf(t->where, sizeof t->where, "%s", where);
	else
		snprintf(t->where, sizeof t->where, "%.*s%s%s",
		    (int)(at - where), where, date_today(), at + 2);
}

/* Records waiting for review, and those the county sent back. */
static int
add_reviews(struct forms *fs, struct home_todo *out, int max)
{
	static const struct {
		const char *word, *status;
	} states[] = { { "待审核", "待审" }, { "县级退回", "退回" } };
	struct db *db = forms_db(fs);
	size_t i;
	long n;
	int k = 0;

	if (!ui_role(ROLE_ADMIN | ROLE_SUPERVISOR))
		return 0;
	for (i = 0; i < COUNT_OF(states) && k < max; i++) {
		db_trust(db);
		n = (long)db_int(db, 0,
		    "SELECT count(*) FROM main.review WHERE status=?1", "s",
		    states[i].status);
		db_untrust(db);
		if (n == 0)
			continue;
		memset(&out[k], 0, sizeof out[k]);
		snprintf(out[k].word, sizeof out[k].word, "%s",
		    states[i].word);
		out[k].unit = "条";
		out[k++].n = n;
	}
	return k;
}

int
home_todos(struct forms *fs, struct home_todo *out, int max, struct err *e)
{
	struct home_todo *t;
	size_t i;
	int k = 0;
	long n;

	(void)e;
	for (i = 0; i < COUNT_OF(rows) && k < max; i++) {
		t = &out[k];
		memset(t, 0, sizeof *t);
		snprintf(t->word, sizeof t->word, "%s", rows[i].word);
		t->unit = rows[i].unit;
		t->form = rows[i].form;
		t->urgent = rows[i].urgent;
		set_where(t, rows[i].where);
		t->n = count(fs, t->form, t->where);
		if (t->n == 0)
			continue;
		if (rows[i].oldest != NULL)
			add_oldest(fs, t, rows[i].oldest);
		k++;
	}
	k += add_reviews(fs, out + k, max - k);
	n = k < max ? resume_count() : 0;
	if (n > 0) {
		t = &out[k++];
		memset(t, 0, sizeof *t);
		snprintf(t->word, sizeof t->word, "没存完的");
		t->n = n;
		t->unit = "份";
		t->open = resume_run;
	}
	return k;
}
