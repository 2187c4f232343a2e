/* See purge.h. */
#include "purge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "db.h"
#include "evidence.h"
#include "journal.h"
#include "log.h"
#include "lookup.h"
#include "mem.h"
#include "policy.h"
#include "recordi.h"
#include "rules.h"
#include "user.h"

/* The last day of leaving that is due today. */
static int
find_cutoff(struct forms *fs, struct purge_plan *p, struct err *e)
{
	const struct rule *r;
	int rc = policy_open(fs, e);
	char year[5];
	long years;

	if (rc < 0)
		return rc;
	r = rules_find(policy_rules(fs), "privacy", "retention", date_today());
	if (r == NULL || strcmp(r->unit, "year") != 0)
		return err_set(e, E_NOTFOUND, "data/rules 里没有保存年限"
		    "（privacy,retention），不能销毁");
	years = strtol(r->value, NULL, 10);
	if (years < 1 || years > 999)
		return err_set(e, E_RANGE, "保存年限不对：%s", r->value);
	memcpy(p->cutoff, date_today(), DATE_SIZE);
	snprintf(year, sizeof year, "%04u", (unsigned)(strtol(date_today(),
	    NULL, 10) - years) % 10000u);
	memcpy(p->cutoff, year, 4);
	p->doc = r->doc[0] != '\0' ? r->doc : r->source;
	return 0;
}

/* Forms that belong to children, children's children included, and `child`
 * itself last. */
typedef int each_fn(struct forms *fs, const struct form *f, const char *uid,
    void *arg, struct err *e);

static int walk(struct forms *, const struct form *, const char *, each_fn *,
    void *, int, struct err *);

/* Every record of `kid` whose `field` names the record `uid`. */
static int
walk_kid(struct forms *fs, const struct form *kid, const char *field,
    const char *uid, each_fn *fn, void *arg, int depth, struct err *e)
{
	char *sql = xasprintf("SELECT uid FROM main.\"%s\" WHERE \"%s\"=?1",
	    kid->name, field);
	struct stmt *q = db_new(forms_db(fs), sql, e);
	int rc = 0;

	free(sql);
	if (q == NULL)
		return E_SQL;
	stmt_text(q, 1, uid);
	while (rc == 0 && (rc = stmt_step(q, e)) > 0)
		rc = walk(fs, kid, stmt_col(q, 0), fn, arg, depth, e);
	stmt_free(q);
	return rc;
}

/* Evidence belongs to nobody, but names what it is about: it goes too. */
static int
walk_evidence(struct forms *fs, const struct form *f, const char *uid,
    each_fn *fn, void *arg, int depth, struct err *e)
{
	const struct form *kid = forms_get(fs, "evidence", e);
	size_t i;
	int rc = kid == NULL ? E_FORMAT : 0;

	for (i = 0; rc == 0 && i < kid->nfields; i++)
		if (kid->fields[i].type == T_REF &&
		    strcmp(kid->fields[i].list, f->name) == 0)
			rc = walk_kid(fs, kid, kid->fields[i].name, uid, fn,
			    arg, depth, e);
	return rc;
}

static int
walk(struct forms *fs, const struct form *f, const char *uid, each_fn *fn,
    void *arg, int depth, struct err *e)
{
	const struct form **kids = forms_children(fs, f->name, e);
	size_t i;
	int rc = kids == NULL ? E_FORMAT : 0;

	if (depth > 8)
		BUG("forms belong to each other in a circle");
	for (i = 0; rc == 0 && kids[i] != NULL; i++)
		rc = walk_kid(fs, kids[i], f->name, uid, fn, arg, depth + 1,
		    e);
	free(kids);
	if (rc == 0)
		rc = walk_evidence(fs, f, uid, fn, arg, depth + 1, e);
	return rc == 0 ? fn(fs, f, uid, arg, e) : rc;
}

static int
count(struct forms *fs, const struct form *f, const char *uid, void *arg,
    struct err *e)
{
	(void)fs;
	(void)f;
	(void)uid;
	(void)e;
	(*(size_t *)arg)++;
	return 0;
}

int
purge_plan(struct forms *fs, struct purge_plan *p, struct err *e)
{
	const struct form *child = forms_get(fs, "child", e);
	struct stmt *q = NULL;
	size_t cap = 0, i;
	int rc;

	memset(p, 0, sizeof *p);
	rc = child == NULL ? E_FORMAT : find_cutoff(fs, p, e);
	db_trust(forms_db(fs));
	if (rc == 0) {
		q = db_get(forms_db(fs), "SELECT uid FROM main.child WHERE"
		    " left_on < ?1 AND name IS NOT NULL AND site ="
		    " (SELECT value FROM main.meta WHERE name='site')", e);
		rc = q == NULL ? E_SQL : 0;
	}
	if (rc == 0) {
		stmt_text(q, 1, p->cutoff);
		while ((rc = stmt_step(q, e)) > 0) {
			p->uid = mem_grow(p->uid, p->n, &cap, sizeof *p->uid);
			p->uid[p->n++] = xstrdup(stmt_col(q, 0));
		}
	}
	for (i = 0; rc == 0 && i < p->n; i++)
		rc = walk(fs, child, p->uid[i], count, &p->records, 0, e);
	db_untrust(forms_db(fs));
	return rc;
}

/* One record: content out, a tombstone stays; its journal loses values and
 * salts, except the entry that says so. */
static int
destroy(struct forms *fs, const struct form *f, const char *uid, void *arg,
    struct err *e)
{
	struct record *old = record_load_main(fs, f, uid, e);
	struct record *gone = record_load_main(fs, f, uid, e);
	const struct session *s = db_session(forms_db(fs));
	struct str *list = arg;
	size_t i;
	int rc = old == NULL || gone == NULL ? E_NOTFOUND : 0;

	for (i = 0; rc == 0 && i < f->nfields; i++) {
		record_put(gone, &f->fields[i], NULL);
		record_put(old, &f->fields[i], NULL);	/* not journaled */
	}
	if (rc == 0)
		rc = record_write(gone, old, "delete", "保存期满销毁", e);
	if (rc == 0)
		rc = db_run(forms_db(fs), e, "UPDATE main.journal SET"
		    " salt=NULL, vals=NULL WHERE uid=?1 AND seq <"
		    " (SELECT max(seq) FROM main.journal WHERE uid=?1)", "s",
		    uid);
	if (rc == 0)
		rc = lookup_remove(forms_db(fs), f->name, uid, e);
	if (rc == 0)
		rc = db_run(forms_db(fs), e, "DELETE FROM main.draft WHERE"
		    " uid=?1", "s", uid);
	if (rc == 0)
		str_addf(list, "%s,%s,%s,%s\n", f->title, uid, date_today(),
		    s != NULL ? s->login : "cli");
	record_free(old);
	record_free(gone);
	return rc;
}

int
purge_run(struct forms *fs, const struct purge_plan *p, struct str *list,
    struct err *e)
{
	const struct form *child = forms_get(fs, "child", e);
	struct db *db = forms_db(fs);
	char note[128];
	size_t i;
	int rc = child == NULL ? E_FORMAT : db_begin(db, e);

	if (rc < 0)
		return rc;
	str_add(list, "表单,记录号,销毁日期,经办\n");
	db_trust(db);
	for (i = 0; rc == 0 && i < p->n; i++)
		rc = walk(fs, child, p->uid[i], destroy, list, 0, e);
	snprintf(note, sizeof note, "%zu 名儿童，%zu 条记录，%s 以前退出",
	    p->n, p->records, p->cutoff);
	if (rc == 0)
		rc = journal_note(db, "purge", NULL, NULL, note, e);
	if (rc == 0)
		rc = evidence_sweep(fs, e);
	db_untrust(db);
	if (rc < 0) {
		db_rollback(db);
		return rc;
	}
	rc = db_commit(db, e);
	/* what was freed must not stay in the file's log or free pages */
	db_trust(db);
	if (rc == 0)
		rc = db_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)", e);
	db_untrust(db);
	return rc;
}

void
purge_done(struct purge_plan *p)
{
	while (p->n > 0)
		free(p->uid[--p->n]);
	free(p->uid);
	p->uid = NULL;
}
