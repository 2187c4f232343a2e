/* See deadline.h. */
#include "deadline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calendar.h"
#include "date.h"
#include "db.h"
#include "mem.h"
#include "policy.h"

enum { MOST = 7, TODAY = 9 };

/* `from` is where the term starts; `use` the fields whose values are ?1, ?2 …
 * of `sql`; :today is ?9.  The rules are those of the day it starts, or of
 * today where none was in force yet: a case without a clock is forgotten. */
static const struct kind {
	const char *form, *from;
	const char *use[MOST];
	const char *sql;
} kinds[] = {
	{ "case", "accepted_at", { "needs", "urgency", "applied_for",
	  "papers_complete_on", "accepted_at", "slip_due",
	  "cross_province" },
	  "SELECT min(coalesce(case_due(?1, ?2, k, f, f),"
	  " case_due(?1, ?2, k, f, ?9)), coalesce(?6, '9999-12-31')) FROM"
	  " (SELECT CASE ?7 WHEN 'yes' THEN 'cross_province' ELSE ?3 END AS k,"
	  " coalesce(?4, substr(?5, 1, 10)) AS f)" },
	{ "referral", "sent_on", { "department", "sent_on", "case" },
	  "SELECT coalesce(rule_date('referral', k, ?2, ?2),"
	  " rule_date('referral', k, ?2, ?9)) FROM (SELECT CASE WHEN (SELECT"
	  " k.urgency FROM main.\"case\" k WHERE k.uid = ?3) = 'urgent' THEN"
	  " 'urgent' ELSE ?1 END AS k)" },
};

static const struct kind *
kind_of(const struct record *r)
{
	size_t i;

	for (i = 0; i < COUNT_OF(kinds); i++)
		if (strcmp(kinds[i].form, r->form->name) == 0)
			return &kinds[i];
	return NULL;
}

/* The day that follows from these values, heap; NULL when none does. */
static char *
due(struct record *r, const struct kind *k, char *const *val, struct err *e)
{
	struct db *db = forms_db(r->fs);
	const struct field *f;
	struct stmt *q;
	char *day = NULL;
	int i;

	db_trust(db);
	q = db_get(db, k->sql, e);
	for (i = 0; q != NULL && i < MOST && k->use[i] != NULL; i++) {
		f = form_field(r->form, k->use[i]);
		stmt_text(q, i + 1, f != NULL ? val[f->index] : NULL);
	}
	if (q != NULL)
		stmt_text(q, TODAY, date_today());
	if (q != NULL && stmt_step(q, e) > 0) {
		day = xstrdup(stmt_col(q, 0));
		stmt_reset(q);
	}
	db_untrust(db);
	return day;
}

/* Nobody has typed it: it is empty, or still what followed from the record
 * as it was loaded. */
static bool
is_ours(struct record *r, const struct kind *k, const struct field *f,
    struct err *e)
{
	char *was;
	bool same;

	if (r->val[f->index] == NULL)
		return true;
	if (r->typed[f->index] || r->is_new)
		return !r->typed[f->index];
	if (!str_eq(r->val[f->index], r->base[f->index]))
		return true;
	was = due(r, k, r->base, e);
	same = str_eq(was, r->base[f->index]);
	free(was);
	return same;
}

int
deadline_fill(struct record *r, struct err *e)
{
	const struct kind *k = kind_of(r);
	const struct field *f = k != NULL ? form_field(r->form, "due_on") :
	    NULL;
	char *day;
	int rc = f != NULL ? policy_open(r->fs, e) : 0;

	if (f == NULL || rc < 0 || !is_ours(r, k, f, e))
		return rc;
	day = due(r, k, r->val, e);
	if (day != NULL && !str_eq(day, r->val[f->index])) {
		record_put(r, f, day);
		rc = 1;
	}
	free(day);
	return rc;
}

bool
deadline_guessed(const struct record *r)
{
	const struct kind *k = kind_of(r);
	const char *due_on = k != NULL ? record_get(r, "due_on") : NULL;
	const char *from = k != NULL ? record_get(r, k->from) : NULL;
	char day[DATE_SIZE];

	if (due_on == NULL || from == NULL)
		return false;
	snprintf(day, sizeof day, "%.10s", from);
	return calendar_unknown(due_on) || calendar_unknown(day);
}
