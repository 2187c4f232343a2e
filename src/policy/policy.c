/* See policy.h. */
#include "policy.h"

#include <stdlib.h>
#include <string.h>

#include "db.h"
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
	{ "policy__evidence_file", "evidence(sha256)",
	  "whose file it is (evidence.c)" },
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

void
policy_shed(struct forms *fs)
{
	struct policy *p = find(fs);

	if (p != NULL) {
		scheme_free(p->home);
		p->home = NULL;
	}
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

static int
attach(struct policy *p, struct err *e)
{
	struct db *db = forms_db(p->fs);
	int rc = rules_load(&p->rules, forms_data(p->fs), e);

	if (rc < 0 || db == NULL)
		return rc;
	if (rules_register(p->rules, db_handle(db)) < 0)
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
