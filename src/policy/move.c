/* See move.h.  Everything goes through records, so that checks, journal and
 * look-up see it; only the villages of accounts are no record. */
#include "move.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "db.h"
#include "journal.h"
#include "mem.h"
#include "period.h"
#include "policy.h"
#include "record.h"
#include "rules.h"
#include "user.h"

static struct record *
load(struct forms *fs, const char *form, const char *uid, struct err *e)
{
	const struct form *f = forms_get(fs, form, e);

	return f != NULL ? record_load(fs, f, uid, e) : NULL;
}

static void
put(struct record *r, const char *field, const char *value)
{
	const struct field *f = form_field(r->form, field);

	if (f == NULL)
		return;
	record_put(r, f, value);
	r->typed[f->index] = true;
}

/* Save and free; a refusal says which check and of whom. */
static int
keep(struct record *r, struct err *e)
{
	const char *name;
	size_t i;
	int rc = record_save(r, NULL, e);

	name = record_get(r, "name");	/* saving may have replaced it */
	for (i = 0; rc == E_REFUSED && i < r->v.n; i++) {
		if (r->v.findings[i].severity != SEV_ERROR)
			continue;
		err_set(e, rc, "%s%s%s：%s", r->form->title,
		    name != NULL ? " " : "", name != NULL ? name : "",
		    r->v.findings[i].message);
		break;
	}
	record_free(r);
	return rc;
}

/* uids of `form` where `where` holds for ?1; heap array of heap. */
static int
uids(struct forms *fs, const char *form, const char *where, const char *arg,
    char ***out, size_t *n, struct err *e)
{
	struct str sql = STR_INIT;
	struct stmt *q;
	size_t cap = 0;
	int rc = E_SQL;

	*out = NULL;
	*n = 0;
	str_add(&sql, "SELECT uid FROM ");
	db_quote(&sql, form);
	str_addf(&sql, " WHERE %s", where);
	q = db_new(forms_db(fs), sql.buf, e);
	str_done(&sql);
	if (q != NULL) {
		stmt_text(q, 1, arg);
		while ((rc = stmt_step(q, e)) > 0) {
			*out = mem_grow(*out, *n, &cap, sizeof **out);
			(*out)[(*n)++] = xstrdup(stmt_col(q, 0));
		}
		stmt_free(q);
	}
	return rc;
}

static void
free_uids(char **v, size_t n)
{
	while (n > 0)
		free(v[--n]);
	free(v);
}

static int
finish(struct forms *fs, int rc, struct err *e)
{
	if (rc == 0)
		return db_commit(forms_db(fs), e);
	db_rollback(forms_db(fs));
	return rc;
}

int
move_village(struct forms *fs, const char *child, const char *village,
    struct err *e)
{
	struct record *r = load(fs, "child", child, e);

	if (r == NULL)
		return e->code;
	if (str_eq(record_get(r, "village"), village)) {
		record_free(r);
		return err_set(e, E_EXISTS, "孩子已经在这个村");
	}
	put(r, "village", village);
	return keep(r, e);
}

/* ---- leaving ---------------------------------------------------------- */

/* The last day that is paid for somebody who left on `on`. */
static void
last_paid(struct forms *fs, const char *on, char out[DATE_SIZE])
{
	struct period month;

	memcpy(out, on, DATE_SIZE - 1);
	out[DATE_SIZE - 1] = '\0';
	if (rules_number(policy_rules(fs), "benefit", "stop_next_month", on,
	    1) == 0)
		return;
	period_of(&month, PERIOD_MONTH, on);
	memcpy(out, month.to, DATE_SIZE);
}

/* `ends_on` not before `starts_on`. */
static void
end_row(struct record *r, const char *day)
{
	const char *from = record_get(r, "starts_on");

	put(r, "ends_on", from != NULL && strcmp(from, day) > 0 ? from : day);
}

static int
end_categories(struct forms *fs, const char *child, const char *on,
    const char *ground, int *n, struct err *e)
{
	struct record *r;
	char **v;
	size_t many, i;
	int rc = uids(fs, "enrolment", "child=?1 AND ends_on IS NULL", child,
	    &v, &many, e);

	for (i = 0; rc == 0 && i < many; i++) {
		r = load(fs, "enrolment", v[i], e);
		if (r == NULL) {
			rc = e->code;
			break;
		}
		end_row(r, on);
		put(r, "end_ground", ground);
		rc = keep(r, e);
		*n += rc == 0;
	}
	free_uids(v, many);
	return rc;
}

static const char *
benefit_reason(const char *left)
{
	static const char *const same[] = { "died", "moved", "adopted",
	    "aged_out", "parent_back", "ended", "mistake" };
	size_t i;

	for (i = 0; i < COUNT_OF(same); i++)
		if (strcmp(same[i], left) == 0)
			return left;
	return "other";
}

static int
end_benefits(struct forms *fs, const char *child, const char *on,
    const char *reason, int *n, struct err *e)
{
	char day[DATE_SIZE], **v;
	struct record *r;
	size_t many, i;
	int rc = uids(fs, "benefit", "child=?1 AND ends_on IS NULL AND"
	    " coalesce(status,'receiving') NOT IN ('applied','refused')",
	    child, &v, &many, e);

	last_paid(fs, on, day);
	for (i = 0; rc == 0 && i < many; i++) {
		r = load(fs, "benefit", v[i], e);
		if (r == NULL) {
			rc = e->code;
			break;
		}
		end_row(r, day);
		put(r, "end_reason", benefit_reason(reason));
		rc = keep(r, e);
		*n += rc == 0;
	}
	free_uids(v, many);
	return rc;
}

static int
leave(struct forms *fs, const char *child, const char *reason, const char *on,
    const char *to, struct err *e)
{
	struct record *r = load(fs, "child", child, e);

	if (r == NULL)
		return e->code;
	if (record_get(r, "left_on") != NULL) {
		record_free(r);
		return err_set(e, E_EXISTS, "这个孩子已经退出了");
	}
	put(r, "left_on", on);
	put(r, "left_reason", reason);
	if (!str_blank(to))
		put(r, "left_to", to);
	return keep(r, e);
}

int
move_out(struct forms *fs, const char *child, const char *reason,
    const char *on, const char *to, struct move_closed *out, struct err *e)
{
	const struct codes *cs = forms_codes(fs, "left_reason", e);
	int rc = policy_open(fs, e);

	memset(out, 0, sizeof *out);
	if (cs == NULL || codes_find(cs, reason) == NULL)
		return err_set(e, E_RANGE, "没有“%s”这种退出原因", reason);
	if (rc == 0)
		rc = db_begin(forms_db(fs), e);
	if (rc < 0)
		return rc;
	rc = leave(fs, child, reason, on, to, e);
	if (rc == 0)
		rc = end_categories(fs, child, on, codes_label(cs, reason),
		    &out->categories, e);
	if (rc == 0)
		rc = end_benefits(fs, child, on, reason, &out->benefits, e);
	out->cases = (long)db_int(forms_db(fs), 0, "SELECT count(*) FROM"
	    " \"case\" WHERE child=?1 AND closed_on IS NULL", "s", child);
	return finish(fs, rc, e);
}

/* ---- coming ----------------------------------------------------------- */

/* A dated row for every category of the record that has none open. */
static int
open_categories(struct forms *fs, const char *child, const char *categories,
    const char *on, struct err *e)
{
	const struct form *f = forms_get(fs, "enrolment", e);
	const char *p = categories;
	char code[64];
	struct record *r;
	size_t len;
	int rc = f == NULL ? e->code : 0;

	while (rc == 0 && p != NULL && *p == ';' && p[1] != '\0') {
		len = strcspn(++p, ";");
		snprintf(code, sizeof code, "%.*s", (int)len, p);
		p += len;
		if (db_int(forms_db(fs), 0, "SELECT count(*) FROM enrolment"
		    " WHERE child=?1 AND category=?2 AND ends_on IS NULL", "ss",
		    child, code) > 0)
			continue;
		r = record_blank(fs, f);
		put(r, "child", child);
		put(r, "category", code);
		put(r, "starts_on", on);
		put(r, "ground", "重新在册");
		rc = keep(r, e);
	}
	return rc;
}

int
move_back(struct forms *fs, const char *child, const char *on,
    const char *from, struct err *e)
{
	struct record *r = load(fs, "child", child, e);
	char *categories;
	int rc;

	if (r == NULL)
		return e->code;
	if (record_get(r, "left_on") == NULL) {
		record_free(r);
		return err_set(e, E_EXISTS, "这个孩子没有退出，不用迁回");
	}
	rc = db_begin(forms_db(fs), e);
	if (rc < 0) {
		record_free(r);
		return rc;
	}
	categories = xstrdup(record_get(r, "category"));
	put(r, "left_on", NULL);
	put(r, "left_reason", NULL);
	put(r, "left_to", NULL);
	put(r, "came_on", on);
	if (!str_blank(from))
		put(r, "came_from", from);
	rc = keep(r, e);
	if (rc == 0)
		rc = open_categories(fs, child, categories, on, e);
	free(categories);
	return finish(fs, rc, e);
}

int
move_settled(struct forms *fs, const char *child, const char *id_number,
    struct err *e)
{
	struct record *r = load(fs, "child", child, e);
	int rc;

	if (r == NULL)
		return e->code;
	rc = record_set(r, form_field(r->form, "id_number"), id_number, e);
	if (rc < 0) {
		record_free(r);
		return rc;
	}
	r->typed[form_field(r->form, "id_number")->index] = true;
	put(r, "no_id_reason", NULL);
	put(r, "hukou_state", "registered");
	return keep(r, e);
}

/* ---- villages --------------------------------------------------------- */

/* Every live record of `form` in village `from` goes to `into`. */
static int
carry(struct forms *fs, const char *form, const char *from, const char *into,
    long *n, struct err *e)
{
	const struct form *f = forms_get(fs, form, e);
	struct record *r;
	char **v;
	size_t many, i;
	int rc;

	if (f == NULL || form_field(f, "village") == NULL)
		return f == NULL ? e->code : 0;
	rc = uids(fs, form, "village=?1", from, &v, &many, e);
	for (i = 0; rc == 0 && i < many; i++) {
		r = record_load(fs, f, v[i], e);
		if (r == NULL) {
			rc = e->code;
			break;
		}
		put(r, "village", into);
		rc = keep(r, e);
		*n += rc == 0;
	}
	free_uids(v, many);
	return rc;
}

/* Accounts that see the old village see the new one too: what was written for
 * the old one stays within their reach. */
static int
carry_users(struct forms *fs, const char *from, const char *into, long *n,
    struct err *e)
{
	struct db *db = forms_db(fs);
	int rc;

	db_trust(db);
	rc = db_run(db, e, "UPDATE main.user SET villages = villages || ?2 ||"
	    " ';' WHERE instr(villages, ';' || ?1 || ';') > 0 AND"
	    " instr(villages, ';' || ?2 || ';') = 0", "ss", from, into);
	*n = rc == 0 ? (long)db_changes(db) : 0;
	db_untrust(db);
	return rc;
}

static int
end_village(struct forms *fs, const char *from, const char *into,
    const char *on, struct err *e)
{
	struct record *r = load(fs, "village", from, e), *to;
	int rc = 0;

	if (r == NULL)
		return e->code;
	to = load(fs, "village", into, e);
	if (to == NULL)
		rc = e->code;
	else if (strcmp(from, into) == 0)
		rc = err_set(e, E_REFUSED, "不能并入自己");
	else if (record_get(r, "valid_to") != NULL)
		rc = err_set(e, E_REFUSED, "%s 已经撤并过了",
		    record_get(r, "name"));
	else if (record_get(to, "valid_to") != NULL)
		rc = err_set(e, E_REFUSED, "%s 已经撤并，请选现在的村",
		    record_get(to, "name"));
	record_free(to);
	if (rc < 0) {
		record_free(r);
		return rc;
	}
	put(r, "valid_to", on);
	put(r, "merged_into", into);
	return keep(r, e);
}

int
move_merge(struct forms *fs, const char *from, const char *into,
    const char *on, struct move_merged *out, struct err *e)
{
	struct db *db = forms_db(fs);
	int rc = user_require(db, ROLE_ADMIN | ROLE_SUPERVISOR, e);

	memset(out, 0, sizeof *out);
	if (rc == 0)
		rc = db_begin(db, e);
	if (rc < 0)
		return rc;
	rc = end_village(fs, from, into, on, e);
	if (rc == 0)
		rc = carry(fs, "child", from, into, &out->children, e);
	if (rc == 0)
		rc = carry(fs, "home", from, into, &out->homes, e);
	if (rc == 0)
		rc = carry(fs, "staff", from, into, &out->staff, e);
	if (rc == 0)
		rc = carry(fs, "school", from, into, &out->schools, e);
	if (rc == 0)
		rc = carry_users(fs, from, into, &out->users, e);
	if (rc == 0)
		rc = journal_note(db, "merge_village", "village", from, into,
		    e);
	return finish(fs, rc, e);
}
