/* See desk.h. */
#include "desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "branch.h"
#include "date.h"
#include "db.h"
#include "journal.h"
#include "mem.h"
#include "recordi.h"
#include "row.h"
#include "safe.h"
#include "str.h"
#include "user.h"

/* ---- who has reported ---------------------------------------------------- */

static const char sites_sql[] =
    "SELECT d.code, d.name,"
    " (SELECT max(at) FROM main.bundle b WHERE b.site=d.code AND"
    "  status='ok'),"
    " (SELECT number FROM main.bundle b WHERE b.site=d.code AND status='ok'"
    "  ORDER BY id DESC LIMIT 1),"
    " coalesce(r.pending,0), coalesce(r.returned,0),"
    " (SELECT count(*) FROM main.conflict c WHERE c.site=d.code AND"
    "  resolved_at IS NULL),"
    " (SELECT count(*) FROM main.quarantine q WHERE q.site=d.code AND"
    "  resolved_at IS NULL),"
    " (SELECT reason FROM main.bundle b WHERE b.site=d.code"
    "  ORDER BY id DESC LIMIT 1)"
    " FROM main.division d LEFT JOIN (SELECT i.site AS site,"
    "  sum(v.status='待审') AS pending, sum(v.status='退回') AS returned"
    "  FROM main.review v JOIN main.held h ON h.uid=v.uid"
    "  JOIN main.incarnation i ON i.id=h.incarnation GROUP BY i.site) r"
    " ON r.site=d.code WHERE d.level='town' ORDER BY d.code";

static void
copy(char *out, size_t size, const char *v)
{
	snprintf(out, size, "%s", v != NULL ? v : "");
}

static void
take_site(struct desk_site *s, struct stmt *q)
{
	memset(s, 0, sizeof *s);
	copy(s->site, sizeof s->site, stmt_col(q, 0));
	copy(s->name, sizeof s->name, stmt_col(q, 1));
	copy(s->last_at, sizeof s->last_at, stmt_col(q, 2));
	s->number = stmt_col_int(q, 3);
	s->pending = stmt_col_int(q, 4);
	s->returned = stmt_col_int(q, 5);
	s->conflicts = stmt_col_int(q, 6);
	s->refused = stmt_col_int(q, 7);
	copy(s->trouble, sizeof s->trouble, stmt_col(q, 8));
}

int
desk_sites(struct forms *fs, struct desk_site **out, size_t *n,
    struct err *e)
{
	struct db *db = forms_db(fs);
	struct stmt *q;
	size_t cap = 0;
	int rc;

	*out = NULL;
	*n = 0;
	db_trust(db);
	q = db_new(db, sites_sql, e);
	db_untrust(db);
	if (q == NULL)
		return E_SQL;
	while ((rc = stmt_step(q, e)) > 0) {
		*out = mem_grow(*out, *n, &cap, sizeof **out);
		take_site(&(*out)[(*n)++], q);
	}
	stmt_free(q);
	return rc;
}

/* ---- what waits ---------------------------------------------------------- */

static const char matters_sql[] =
    "SELECT site, uid, '待核对（未并入）', form, reason FROM main.quarantine"
    " WHERE resolved_at IS NULL UNION ALL"
    " SELECT site, uid, '两边都改过', form, '后到的一份已采用，先前的一份留着'"
    " FROM main.conflict WHERE resolved_at IS NULL UNION ALL"
    " SELECT c.site, c.uid, '没有去处', 'case', '没有写哪个村或乡镇，下发不了'"
    " FROM main.\"case\" c WHERE NOT c.deleted AND length(c.site)=6 AND"
    " c.village IS NULL AND c.closed_on IS NULL UNION ALL"
    " SELECT c.site, c.uid, '转出待核', 'child', '去向：' ||"
    " coalesce(c.left_to, '没有写') FROM main.child c WHERE"
    " c.left_reason='moved' AND NOT c.deleted AND NOT EXISTS (SELECT 1 FROM"
    " main.transfer t WHERE t.uid=c.uid) ORDER BY 1, 3, 2";

/* 「儿童台账 张三：监护人太长」 */
static char *
matter_text(struct forms *fs, const char *form, const char *uid,
    const char *why)
{
	const struct form *f = NULL;
	const char *const *name;
	struct str s = STR_INIT;
	char *who;

	for (name = forms_names(fs); form != NULL && *name != NULL; name++)
		if (strcmp(*name, form) == 0)
			f = forms_get(fs, form, NULL);
	if (f != NULL) {
		who = uid != NULL ? record_display(fs, f, uid) : NULL;
		str_add(&s, f->title);
		if (!str_blank(who)) {
			str_addc(&s, ' ');
			safe_line(&s, who);
		}
		str_add(&s, "：");
		free(who);
	}
	safe_line(&s, why);
	return str_take(&s);
}

int
desk_matters(struct forms *fs, struct desk_matter **out, size_t *n,
    struct err *e)
{
	struct db *db = forms_db(fs);
	struct desk_matter *m;
	struct stmt *q;
	size_t cap = 0;
	int rc;

	*out = NULL;
	*n = 0;
	db_trust(db);
	q = db_new(db, matters_sql, e);
	db_untrust(db);
	if (q == NULL)
		return E_SQL;
	while ((rc = stmt_step(q, e)) > 0) {
		*out = mem_grow(*out, *n, &cap, sizeof **out);
		m = &(*out)[(*n)++];
		copy(m->site, sizeof m->site, stmt_col(q, 0));
		copy(m->uid, sizeof m->uid, stmt_col(q, 1));
		copy(m->kind, sizeof m->kind, stmt_col(q, 2));
		m->text = matter_text(fs, stmt_col(q, 3), stmt_col(q, 1),
		    stmt_col(q, 4));
	}
	stmt_free(q);
	return rc;
}

void
desk_matters_free(struct desk_matter *v, size_t n)
{
	while (n-- > 0)
		free(v[n].text);
	free(v);
}

void
desk_waiting(struct forms *fs, struct desk_waiting *out)
{
	struct db *db = forms_db(fs);
	char month[8];

	snprintf(month, sizeof month, "%.7s", date_today());
	db_trust(db);
	out->matters = db_int(db, 0, "SELECT (SELECT count(*) FROM"
	    " main.quarantine WHERE resolved_at IS NULL) + (SELECT count(*)"
	    " FROM main.conflict WHERE resolved_at IS NULL) + (SELECT"
	    " count(*) FROM main.\"case\" WHERE NOT deleted AND"
	    " length(site)=6 AND village IS NULL AND closed_on IS NULL)", "");
	out->twins = db_int(db, 0, "SELECT count(*) FROM main.twin WHERE"
	    " decision IS NULL", "");
	out->moves = db_int(db, 0, "SELECT count(*) FROM main.child c WHERE"
	    " c.left_reason='moved' AND NOT c.deleted AND NOT EXISTS (SELECT"
	    " 1 FROM main.transfer t WHERE t.uid=c.uid)", "");
	out->towns = db_int(db, 0, "SELECT count(*) FROM main.division WHERE"
	    " length(code)=9", "");
	out->reported = db_int(db, 0, "SELECT count(DISTINCT site) FROM"
	    " main.bundle WHERE status='ok' AND substr(at,1,7)=?1", "s",
	    month);
	db_untrust(db);
}

/* ---- answers ------------------------------------------------------------- */

/* The form of a township's record that the county holds. */
static const struct form *
held_form(struct forms *fs, const char *uid, struct err *e)
{
	char *name = db_str(forms_db(fs), "SELECT form FROM main.held WHERE"
	    " uid=?1", "s", uid);
	const struct form *f = name != NULL ? forms_get(fs, name, e) : NULL;

	if (name == NULL)
		err_set(e, E_NOTFOUND, "没有收到过这条记录：%.40s", uid);
	free(name);
	return f;
}

static const char *
login(struct forms *fs)
{
	const struct session *s = db_session(forms_db(fs));

	return s != NULL ? s->login : "cli";
}

static int
review(struct forms *fs, const char *uid, const char *status,
    const char *reason, struct err *e)
{
	const struct form *f = held_form(fs, uid, e);
	struct str note = STR_INIT;
	int rc;

	if (f == NULL)
		return e != NULL ? e->code : E_NOTFOUND;
	str_addf(&note, "%s%s%s", status, str_blank(reason) ? "" : "：",
	    reason != NULL ? reason : "");
	rc = row_review(fs, f->name, uid, status, login(fs), reason, e);
	if (rc == 0)
		rc = journal_note(forms_db(fs), "review", f->name, uid,
		    note.buf, e);
	str_done(&note);
	return rc;
}

/* Do `fn`'s work trusted and whole. */
#define WHOLE(fs, e, rc, work) do { \
	(rc) = db_begin(forms_db(fs), (e)); \
	if ((rc) == 0) { \
		db_trust(forms_db(fs)); \
		(rc) = (work); \
		db_untrust(forms_db(fs)); \
		if ((rc) < 0) \
			db_rollback(forms_db(fs)); \
		else \
			(rc) = db_commit(forms_db(fs), (e)); \
	} \
} while (0)

int
desk_review(struct forms *fs, const char *uid, const char *status,
    const char *reason, struct err *e)
{
	static const char *const words[] = { "待审", "已审", "已上报", "退回" };
	size_t i;
	int rc;

	for (i = 0; i < COUNT_OF(words) && strcmp(words[i], status) != 0; i++)
		;
	if (i == COUNT_OF(words))
		return err_set(e, E_USAGE, "审核状态只有：待审、已审、已上报、"
		    "退回");
	if (strcmp(status, "退回") == 0 && str_blank(reason))
		return err_set(e, E_REFUSED, "退回要写原因");
	WHOLE(fs, e, rc, review(fs, uid, status, reason, e));
	return rc;
}

static int
store_proposal(struct forms *fs, const struct record *r,
    const struct field *f, const char *old, const char *reason,
    struct err *e)
{
	char at[STAMP_SIZE];
	int rc;

	date_stamp(at);
	rc = db_run(forms_db(fs), e, "UPDATE main.proposal SET"
	    " status='withdrawn', closed_at=?3 WHERE uid=?1 AND field=?2 AND"
	    " status='open'", "sss", r->uid, f->name, at);
	if (rc == 0)
		rc = db_run(forms_db(fs), e, "INSERT INTO main.proposal(form,"
		    "uid,field,old,new,reason,by,at,status) VALUES(?1,?2,?3,"
		    "?4,?5,?6,?7,?8,'open')", "ssssssss", r->form->name,
		    r->uid, f->name, old, r->val[f->index], reason,
		    login(fs), at);
	return rc == 0 ? journal_note(forms_db(fs), "propose", r->form->name,
	    r->uid, f->label, e) : rc;
}

static int
propose(struct forms *fs, const char *uid, const char *field,
    const char *value, const char *reason, struct err *e)
{
	const struct form *f = held_form(fs, uid, e);
	const struct field *fld = f != NULL ? form_field(f, field) : NULL;
	struct record *r;
	char *old;
	int rc;

	if (f == NULL)
		return e != NULL ? e->code : E_NOTFOUND;
	if (fld == NULL)
		return err_set(e, E_USAGE, "%s没有“%.40s”这一项", f->title,
		    field);
	r = record_load_main(fs, f, uid, e);
	if (r == NULL)
		return e != NULL ? e->code : E_NOTFOUND;
	old = xstrdup(r->val[fld->index]);
	rc = record_set(r, fld, value, e);
	if (rc == 0 && str_eq(old, r->val[fld->index]))
		rc = err_set(e, E_REFUSED, "“%s”本来就是这样", fld->label);
	if (rc == 0)
		rc = store_proposal(fs, r, fld, old, reason, e);
	free(old);
	record_free(r);
	return rc;
}

int
desk_propose(struct forms *fs, const char *uid, const char *field,
    const char *value, const char *reason, struct err *e)
{
	int rc;

	WHOLE(fs, e, rc, propose(fs, uid, field, value, reason, e));
	return rc;
}

static int
accept_inc(struct forms *fs, const char *site, const char *inc8,
    struct err *e)
{
	char *inc = db_str(forms_db(fs), "SELECT inc FROM main.bundle WHERE"
	    " site=?1 AND substr(inc,1,8)=?2 AND status='quarantine' ORDER BY"
	    " id DESC LIMIT 1", "ss", site, inc8);
	int rc;

	if (inc == NULL)
		return err_set(e, E_NOTFOUND, "没有待核对的包：%.12s %.8s",
		    site, inc8);
	rc = branch_accept(forms_db(fs), site, inc, e);
	if (rc == 0)
		rc = journal_note(forms_db(fs), "accept", NULL, NULL, inc, e);
	free(inc);
	return rc;
}

int
desk_accept(struct forms *fs, const char *site, const char *inc8,
    struct err *e)
{
	int rc;

	WHOLE(fs, e, rc, accept_inc(fs, site, inc8, e));
	return rc;
}
