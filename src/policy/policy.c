/* See policy.h. */
#include "policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "func.h"
#include "mem.h"
#include "rules.h"
#include "scheme.h"

struct policy {
	struct policy *next;
	struct forms *fs;
	struct rules *rules;
	struct scheme *home;
};

static struct policy *policies;

/* Each with the statement that would otherwise read a whole table. */
static const struct {
	const char *name, *on;
	const char *note;
} indexes[] = {
	{ "policy__visit_seen", "visit(child, seen_child, visit_date)",
	  "the last visit that counts (due.c, visit_slot)" },
	{ "policy__assessment_last", "assessment(child, assessed_on)",
	  "the last assessment (due.c)" },
	{ "policy__activity_home", "activity(home, held_on)",
	  "activities of a home in a week (home_week)" },
	{ "policy__benefit_child", "benefit(child, kind, starts_on)",
	  "who is paid what" },
	{ "policy__trainee_staff", "trainee(staff, training)",
	  "who was trained" },
	{ "policy__stated", "stated_value(indicator, period)",
	  "numbers that people state" },
	{ "policy__enrolment", "enrolment(child, starts_on, ends_on, category)",
	  "categories on a past day" },
	{ "policy__child_name", "child(name, birth_date)",
	  "look-alikes (duplicate.c)" },
};

static struct policy *
find(struct forms *fs)
{
	struct policy *p;

	for (p = policies; p != NULL; p = p->next)
		if (p->fs == fs)
			return p;
	return NULL;
}

const struct rules *
policy_rules(struct forms *fs)
{
	struct policy *p = find(fs);

	return p != NULL ? p->rules : NULL;
}

const struct scheme *
policy_home(struct forms *fs, struct err *e)
{
	struct policy *p = find(fs);

	if (p == NULL) {
		err_set(e, E_SQL, "规则还没有读入");
		return NULL;
	}
	if (p->home == NULL &&
	    scheme_load(&p->home, forms_data(fs), "home", e) < 0)
		return NULL;
	return p->home;
}

/* Make what is missing; a table that is not there yet waits. */
static int
make_indexes(struct db *db, struct err *e)
{
	char *sql, *table;
	int rc = 0;
	size_t i;

	db_trust(db);
	for (i = 0; rc == 0 && i < COUNT_OF(indexes); i++) {
		table = xstrndup(indexes[i].on, strcspn(indexes[i].on, "("));
		if (db_int(db, 0, "SELECT count(*) FROM main.sqlite_schema"
		    " WHERE name=?1", "s", indexes[i].name) == 0 &&
		    db_int(db, 0, "SELECT count(*) FROM main.sqlite_schema"
		    " WHERE type='table' AND name=?1", "s", table) > 0) {
			sql = xasprintf("CREATE INDEX IF NOT EXISTS main.%s"
			    " ON %s", indexes[i].name, indexes[i].on);
			rc = db_exec(db, sql, e);
			free(sql);
		}
		free(table);
	}
	db_untrust(db);
	return rc;
}

/* case_due(needs, urgency, applied_for, from, on): when a case is due by the
 * rules: urgent ones by their own; an application for a benefit that the town
 * verifies and the county confirms by both; else the latest of its needs. */
static void
fn_case_due(struct func_call *c, int n, const char *const *arg, void *user)
{
	const char *p = arg[0] != NULL ? arg[0] : "", *from = arg[3];
	char best[DATE_SIZE] = "", day[DATE_SIZE], need[64], kind[80];
	size_t len;

	(void)n;
	if (from == NULL || arg[4] == NULL || date_days(from) == INT32_MIN) {
		func_text(c, NULL);
		return;
	}
	if (arg[2] != NULL) {
		snprintf(kind, sizeof kind, "%.60s_case", arg[2]);
		if (rules_date(user, kind, "verify", from, arg[4], day) == 0 &&
		    rules_date(user, kind, "confirm", day, arg[4], best) == 0) {
			func_text(c, best);
			return;
		}
	}
	if (arg[1] != NULL && strcmp(arg[1], "urgent") == 0 &&
	    rules_date(user, "case", "urgent", from, arg[4], day) == 0) {
		func_text(c, day);
		return;
	}
	for (; *p == ';' && p[1] != '\0'; p += len) {
		len = strcspn(++p, ";");
		snprintf(need, sizeof need, "%.*s", (int)(len < 60 ? len : 60),
		    p);
		if (rules_date(user, "case", need, from, arg[4], day) == 0 &&
		    strcmp(day, best) > 0)
			memcpy(best, day, sizeof day);
	}
	if (*best == '\0')
		(void)rules_date(user, "case", "default", from, arg[4], best);
	func_text(c, *best != '\0' ? best : NULL);
}

int
policy_functions(const struct rules *rs, void *handle)
{
	void *user = (void *)(uintptr_t)rs;	/* read only */

	if (rules_register(rs, handle) < 0)
		return -1;
	return func_add(handle, "case_due", 5, fn_case_due, user);
}

static int
attach(struct policy *p, struct err *e)
{
	struct db *db = forms_db(p->fs);
	int rc = rules_load(&p->rules, forms_data(p->fs), e);

	if (rc < 0 || db == NULL)
		return rc;
	if (policy_functions(p->rules, db_handle(db)) < 0)
		return err_set(e, E_SQL, "SQL 函数注册失败");
	return make_indexes(db, e);
}

int
policy_open(struct forms *fs, struct err *e)
{
	struct policy *p = find(fs);
	int rc;

	if (p != NULL)
		return 0;
	p = xcalloc(1, sizeof *p);
	p->fs = fs;
	p->next = policies;
	policies = p;
	rc = attach(p, e);
	if (rc < 0)
		policy_close(fs);
	return rc;
}

void
policy_close(struct forms *fs)
{
	struct policy **at, *p;

	for (at = &policies; (p = *at) != NULL; at = &p->next) {
		if (p->fs != fs)
			continue;
		*at = p->next;
		rules_free(p->rules);
		scheme_free(p->home);
		free(p);
		return;
	}
}
