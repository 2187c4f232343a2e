/* One row of a township's bundle at the county: taken, kept beside, or set
 * aside.  See merge.h. */
#include "mergei.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "db.h"
#include "foreign.h"
#include "lookup.h"
#include "mem.h"
#include "rows.h"
#include "utf8.h"

/* ---- what is open ------------------------------------------------------- */

static bool
any(struct merging *m, const char *sql)
{
	return db_int(m->db, 0, sql, "s", m->site) > 0;
}

int
merging_start(struct merging *m, struct err *e)
{
	char *county = db_meta(m->db, "site");

	snprintf(m->county, sizeof m->county, "%s", county != NULL ? county :
	    "");
	free(county);
	m->conflicts = any(m, "SELECT EXISTS (SELECT 1 FROM main.conflict"
	    " WHERE site=?1 AND resolved_at IS NULL)");
	m->quarantine = any(m, "SELECT EXISTS (SELECT 1 FROM main.quarantine"
	    " WHERE site=?1 AND resolved_at IS NULL)");
	m->proposals = any(m, "SELECT EXISTS (SELECT 1 FROM main.proposal"
	    " WHERE status='open' AND ?1 IS NOT NULL)");
	lookup_gather(m->db);
	return m->out->census.fs == NULL ? census_init(&m->out->census, m->fs, e) :
	    0;
}

void
merging_done(struct merging *m)
{
	lookup_drop(m->db);
	free(m->late);
}

/* ---- in words ----------------------------------------------------------- */

/* One line of the outcome; what the row says of itself names it while it is
 * not stored. */
static void
tell(struct merging *m, enum outcome what, const struct row *r,
    const char *why)
{
	static const char *const naming[] = { "name", "person_name", "title" };
	const char *name = NULL;
	size_t i;

	for (i = 0; r->rec != NULL && name == NULL && i < COUNT_OF(naming);
	    i++)
		name = form_field(r->form, naming[i]) != NULL ?
		    record_get(r->rec, naming[i]) : NULL;
	outcomes_add(&m->out->lines, m->fs, what, r->form, r->uid != NULL ?
	    r->uid : "", name, why);
}

/* ---- set aside ---------------------------------------------------------- */

/* The line as text that every reader of the database takes: what is no UTF-8
 * becomes U+FFFD. */
static void
readable(struct str *out, const char *line)
{
	size_t len = strlen(line), n;

	while ((n = utf8_bad_at(line, len)) < len) {
		str_addn(out, line, n);
		str_add(out, "\xef\xbf\xbd");
		line += n + 1;
		len -= n + 1;
	}
	str_addn(out, line, len);
}

static int
set_aside(struct merging *m, const struct row *r, const char *line,
    const char *why, struct err *e)
{
	struct str text = STR_INIT;
	char at[STAMP_SIZE];
	int rc;

	date_stamp(at);
	m->out->refused++;
	tell(m, OUTCOME_ASIDE, r, why);
	readable(&text, line);
	rc = db_run(m->db, e, "INSERT INTO main.quarantine(site,form,uid,rv,"
	    "line,reason,at) SELECT ?1,?2,?3,?4,?5,?6,?7 WHERE NOT EXISTS"
	    " (SELECT 1 FROM main.quarantine WHERE uid IS ?3 AND line=?5 AND"
	    " resolved_at IS NULL)", "sssssss", m->site, r->form_name, r->uid,
	    r->rv, text.buf, why, at);
	str_done(&text);
	return rc;
}

/* The version that the county has taken note of, stored or set aside. */
static int
hold(struct merging *m, const struct row *r, struct err *e)
{
	return db_run(m->db, e, "INSERT OR REPLACE INTO main.held(uid,form,"
	    "rv,incarnation,upto) VALUES(?1,?2,?3,?4,?5)", "sssii", r->uid,
	    r->form_name, r->rv, m->branch, m->upto);
}

/* ---- conflicts ---------------------------------------------------------- */

/* The image that is about to lose its place: the stored row, or the line set
 * aside if that was the last version. */
static int
lost_image(struct merging *m, const struct row *r, const char *rv,
    struct str *out, struct err *e)
{
	char *line = db_str(m->db, "SELECT line FROM main.quarantine WHERE"
	    " uid=?1 AND rv=?2 AND resolved_at IS NULL", "ss", r->uid, rv);
	int rc = 0;

	if (line != NULL)
		str_add(out, line);
	else if (r->form != NULL)
		rc = rows_one(m->fs, r->form, r->uid, out, e);
	free(line);
	while (out->len > 0 && out->buf[out->len - 1] == '\n')
		out->buf[--out->len] = '\0';
	return rc;
}

static int
keep_both(struct merging *m, const struct row *r, const char *lost_rv,
    const char *line, struct err *e)
{
	struct str lost = STR_INIT;
	char at[STAMP_SIZE];
	int rc = lost_image(m, r, lost_rv, &lost, e);

	date_stamp(at);
	if (rc == 0)
		rc = db_run(m->db, e, "INSERT INTO main.conflict(site,form,"
		    "uid,lost_rv,lost,kept_rv,kept,at) VALUES(?1,?2,?3,?4,?5,"
		    "?6,?7,?8) ON CONFLICT(uid,lost_rv) DO UPDATE SET"
		    " kept_rv=excluded.kept_rv, kept=excluded.kept,"
		    " resolved_at=NULL", "ssssssss", m->site, r->form_name,
		    r->uid, lost_rv, lost.buf, r->rv, line, at);
	str_done(&lost);
	m->out->conflicts++;
	tell(m, OUTCOME_CONFLICT, r, "县里先用后到的这一份，先前的一份留着，"
	    "等乡镇定");
	return rc;
}

struct settle {
	struct merging *m;
	const char *uid;
	int rc;
	struct err *e;
};

static void
settle_one(void *arg, const char *rv)
{
	struct settle *s = arg;
	char at[STAMP_SIZE];

	date_stamp(at);
	if (s->rc == 0)
		s->rc = db_run(s->m->db, s->e, "UPDATE main.conflict SET"
		    " resolved_at=?3 WHERE uid=?1 AND lost_rv=?2 AND"
		    " resolved_at IS NULL", "sss", s->uid, rv, at);
}

/* A row that knows the image that lost has settled the conflict. */
static int
settle(struct merging *m, const struct row *r, struct err *e)
{
	struct settle s = { m, r->uid, 0, e };

	if (m->conflicts) {
		row_each_superseded(r, settle_one, &s);
		settle_one(&s, r->rv);
	}
	return s.rc;
}

/* ---- taking ------------------------------------------------------------- */

static void
count(struct merging *m, const struct row *r, bool was_there)
{
	struct merge_result *o = m->out;

	if (r->deleted && !was_there)
		return;
	*(r->deleted ? &o->removed : was_there ? &o->changed : &o->added) += 1;
	census_add(&o->census, r->form, r->deleted ? CENSUS_REMOVED : was_there ?
	    CENSUS_CHANGED : CENSUS_ADDED);
}

static int
close_proposals(struct merging *m, const struct row *r, struct err *e)
{
	char at[STAMP_SIZE];
	size_t i;
	int rc = 0;

	date_stamp(at);
	for (i = 0; rc == 0 && m->proposals && i < r->form->nfields; i++)
		rc = db_run(m->db, e, "UPDATE main.proposal SET status='taken',"
		    " closed_at=?4 WHERE uid=?1 AND field=?2 AND new IS ?3 AND"
		    " status='open'", "ssss", r->uid, r->form->fields[i].name,
		    r->rec->val[i], at);
	return rc;
}

/* The same number in another township: a case for two people to decide. */
static int
find_twins(struct merging *m, const struct row *r, const struct record *old,
    struct err *e)
{
	const char *no = r->deleted ? NULL : record_get(r->rec, "id_number");
	char at[STAMP_SIZE];
	int rc;

	/* one who moved away is not here twice */
	if (no == NULL || strcmp(r->form_name, "child") != 0 ||
	    record_get(r->rec, "left_on") != NULL ||
	    (old != NULL && str_eq(record_get(old, "id_number"), no)))
		return 0;
	date_stamp(at);
	rc = db_run(m->db, e, "INSERT OR IGNORE INTO main.twin(a,b,form,why,"
	    "at) SELECT min(uid,?1), max(uid,?1), 'child', '证件号码相同', ?4"
	    " FROM main.child WHERE id_number=?2 AND uid<>?1 AND site<>?3 AND"
	    " NOT deleted AND left_on IS NULL", "ssss", r->uid, no, m->site, at);
	if (rc == 0 && db_changes(m->db) > 0) {
		m->out->twins += db_changes(m->db);
		tell(m, OUTCOME_TWIN, r, "证件号码在别的乡镇也有");
	}
	return rc;
}

/* A find key that shows another record, which may come later in the file. */
static void
note_late(struct merging *m, const struct row *r)
{
	struct str sql = STR_INIT;
	size_t i;

	for (i = 0; i < r->form->nfind; i++) {
		const struct field *f = &r->form->fields[r->form->find[i]];
		const char *v = r->rec->val[f->index];

		if (f->type != T_REF || v == NULL)
			continue;
		str_clear(&sql);
		str_addf(&sql, "SELECT count(*) FROM main.\"%s\" WHERE uid=?1",
		    f->list);
		if (db_int(m->db, 0, sql.buf, "s", v) > 0)
			continue;
		m->late = mem_grow(m->late, m->nlate, &m->late_cap,
		    sizeof *m->late);
		m->late[m->nlate].form = r->form;
		strcpy(m->late[m->nlate++].uid, r->uid);
		break;
	}
	str_done(&sql);
}

static int
put(struct merging *m, struct row *r, const struct record *old,
    bool was_there, bool same, struct err *e)
{
	int rc = row_store(r, m->fs, old, "merge", false, e);

	if (rc < 0)
		return rc;
	if (!r->deleted)
		note_late(m, r);
	if (same)
		return 0;
	count(m, r, was_there);
	rc = find_twins(m, r, old, e);
	if (rc == 0)
		rc = close_proposals(m, r, e);
	/* what follows by itself is not read one by one by a reviewer */
	if (rc == 0 && !census_automatic(&m->out->census, r->form))
		rc = row_review(m->fs, r->form_name, r->uid, "待审", NULL,
		    NULL, e);
	return rc;
}

/* What stands here of this record. */
struct present {
	struct record *old;
	bool deleted;
	char *rv, *form;	/* as held, or NULL */
	char now[33];		/* the version to be known */
};

static int
look(struct merging *m, const struct row *r, struct present *p, struct err *e)
{
	struct stmt *q = db_get(m->db, "SELECT rv, form FROM main.held WHERE"
	    " uid=?1", e);
	int rc;

	memset(p, 0, sizeof *p);
	if (q == NULL)
		return E_SQL;
	stmt_text(q, 1, r->uid);
	rc = stmt_step(q, e);
	if (rc > 0) {
		p->rv = xstrdup(stmt_col(q, 0));
		p->form = xstrdup(stmt_col(q, 1));
		stmt_reset(q);
	}
	if (r->form != NULL)
		p->old = row_present(r, m->fs, &p->deleted);
	strncpy(p->now, p->rv != NULL ? p->rv : p->old != NULL ?
	    p->old->rv : "", sizeof p->now - 1);
	return rc < 0 ? rc : 0;
}

static void
present_done(struct present *p)
{
	record_free(p->old);
	free(p->rv);
	free(p->form);
}

/* Former versions of it that were set aside are of the past. */
static int
drop_aside(struct merging *m, const struct row *r, struct err *e)
{
	char at[STAMP_SIZE];

	date_stamp(at);
	return m->quarantine ? db_run(m->db, e, "UPDATE main.quarantine SET"
	    " resolved_at=?2 WHERE uid=?1 AND resolved_at IS NULL", "ss",
	    r->uid, at) : 0;
}

static int
take(struct merging *m, struct row *r, struct present *p, const char *line,
    struct err *e)
{
	bool clash = p->now[0] != '\0' && !row_knows(r, p->now), same;
	struct err why = ERR_INIT;
	int rc = row_values(r, m->fs, &why);

	if (rc == 0)
		rc = foreign_refs(m, r, &why);
	same = rc == 0 && p->old != NULL && (p->rv == NULL ||
	    strcmp(p->rv, p->old->rv) == 0) && row_same(r, p->old,
	    p->deleted);
	if (clash && !same) {
		int kept = keep_both(m, r, p->now, line, e);

		if (kept < 0)
			return kept;
	}
	if (drop_aside(m, r, e) < 0)
		return E_SQL;
	if (rc == 0 && same)
		m->out->same++;
	if (rc == 0 && (!same || strcmp(r->rv, p->old->rv) != 0)) {
		rc = put(m, r, p->old, p->old != NULL && !p->deleted, same,
		    &why);
		if (rc < 0 && rc != E_REFUSED)
			return err_set(e, rc, "%s", why.msg);
	}
	if (rc < 0)
		rc = set_aside(m, r, line, why.msg, e);
	return rc == 0 ? hold(m, r, e) : rc;
}

/* Is the version held, of a row that is not stored, another township's? */
static bool
waits_elsewhere(const struct merging *m, const struct row *r)
{
	return db_int(m->db, 0, "SELECT count(*) FROM main.held h JOIN"
	    " main.incarnation i ON i.id=h.incarnation WHERE h.uid=?1 AND"
	    " i.site<>?2", "ss", r->uid, m->site) > 0;
}

/* Why the row may not stand for this township's record; NULL: it may. */
static const char *
objection(const struct merging *m, const struct row *r,
    const struct present *p)
{
	if (strcmp(r->site, m->site) != 0)
		return "这条记录不是本乡镇的";
	if (p->old != NULL ? strcmp(p->old->site, m->site) != 0 :
	    p->rv != NULL && waits_elsewhere(m, r))
		return "这条记录属于别的单位";
	if (p->form != NULL ? strcmp(p->form, r->form_name) != 0 :
	    p->old == NULL && foreign_uid(m, r))
		return "记录的种类变了";
	return NULL;
}

int
merging_row(struct merging *m, const char *line, size_t len, struct err *e)
{
	const char *no;
	struct err why = ERR_INIT;
	struct present p = { 0 };
	struct row r;
	int rc;

	if (row_parse(&r, m->fs, line, len, &why) < 0) {
		const struct row none = { .form_name = NULL };

		return set_aside(m, &none, line, why.msg, e);
	}
	rc = look(m, &r, &p, e);
	no = rc == 0 ? objection(m, &r, &p) : NULL;
	if (no != NULL) {
		rc = set_aside(m, &r, line, no, e);
	} else if (rc == 0) {
		rc = settle(m, &r, e);
		if (rc == 0)
			rc = take(m, &r, &p, line, e);
	}
	present_done(&p);
	row_done(&r);
	return rc;
}

/* ---- afterwards --------------------------------------------------------- */

/* One line set aside earlier: 1 when it could be taken now. */
static int
retry_one(struct merging *m, int64_t id, const char *line, struct err *e)
{
	struct err why = ERR_INIT;
	struct present p = { 0 };
	struct row r;
	int rc = row_parse(&r, m->fs, line, strlen(line), &why), ok = 0;

	if (rc == 0)
		rc = look(m, &r, &p, e);
	if (rc == 0 && r.form != NULL && p.rv != NULL &&
	    strcmp(p.rv, r.rv) == 0 && objection(m, &r, &p) == NULL &&
	    row_values(&r, m->fs, &why) == 0 &&
	    foreign_refs(m, &r, &why) == 0) {
		rc = put(m, &r, p.old, p.old != NULL && !p.deleted, false,
		    &why);
		ok = rc == 0;
		rc = rc == E_REFUSED ? 0 : rc;
	} else if (rc != E_SQL) {
		rc = 0;
	}
	if (ok) {
		char at[STAMP_SIZE];

		date_stamp(at);
		rc = db_run(m->db, e, "UPDATE main.quarantine SET"
		    " resolved_at=?2 WHERE id=?1", "is", id, at);
	}
	present_done(&p);
	row_done(&r);
	return rc < 0 ? err_set(e, rc, "%s", why.msg[0] != '\0' ? why.msg :
	    e != NULL ? e->msg : "") : ok;
}

int64_t
merging_retry(struct merging *m, struct err *e)
{
	struct stmt *q = db_new(m->db, "SELECT id, line FROM main.quarantine"
	    " WHERE site=?1 AND resolved_at IS NULL ORDER BY id", e);
	int64_t taken = 0;
	int rc;

	if (q == NULL)
		return E_SQL;
	stmt_text(q, 1, m->site);
	while ((rc = stmt_step(q, e)) > 0) {
		char *line = xstrdup(stmt_col(q, 1));

		rc = retry_one(m, stmt_col_int(q, 0), line, e);
		free(line);
		if (rc < 0)
			break;
		taken += rc;
	}
	stmt_free(q);
	return rc < 0 ? rc : taken;
}

int
merging_finish(struct merging *m, struct err *e)
{
	struct record *r;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < m->nlate; i++) {
		r = record_load_main(m->fs, m->late[i].form, m->late[i].uid,
		    e);
		if (r != NULL)
			rc = record_index(r, e);
		record_free(r);
	}
	return rc == 0 ? lookup_settle(m->db, e) : rc;
}
