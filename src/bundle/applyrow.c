/* What a county's receipt brings to single records of the township. */
#include "applyi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "journal.h"
#include "lines.h"
#include "mem.h"
#include "row.h"
#include "rows.h"
#include "rowsql.h"
#include "transfer.h"
#include "tray.h"

typedef int row_fn(struct applying *a, struct row *r, const char *line,
    struct err *e);

static void
tell(struct applying *a, enum outcome what, const struct row *r,
    const char *why)
{
	outcomes_add(a->lines, a->fs, what, r->form, r->uid, NULL, why);
}

/* One row, whole or not at all.  What this site's forms cannot take is passed
 * over: the county keeps it and sends it again. */
static int
guarded(struct applying *a, struct row *r, const char *line, row_fn *fn,
    struct err *e)
{
	struct apply_result before = *a->out;
	size_t n = a->lines != NULL ? a->lines->n : 0;
	size_t more = a->lines != NULL ? a->lines->more : 0;
	struct err why = ERR_INIT;
	int rc = r->form == NULL ? err_set(&why, E_REFUSED, "本机没有这种表：%s",
	    r->form_name) : row_values(r, a->fs, &why);

	if (rc < 0) {
		tell(a, OUTCOME_LEFT, r, why.msg);
		return 0;
	}
	rc = db_begin(a->db, e);
	if (rc < 0)
		return rc;
	rc = fn(a, r, line, &why);
	if (rc == 0)
		return db_commit(a->db, e);
	db_rollback(a->db);
	*a->out = before;
	outcomes_cut(a->lines, n, more);
	if (rc != E_REFUSED)
		return err_set(e, rc, "%s", why.msg);
	tell(a, OUTCOME_LEFT, r, why.msg);
	return 0;
}

/* Call `fn` for every row of a part. */
static int
each(struct applying *a, struct incoming_part *p, row_fn *fn, struct err *e)
{
	struct lines l;
	const char *text;
	struct row r;
	size_t len;
	int rc;

	if (!p->found)
		return 0;
	rc = incoming_rewind(p, e);
	lines_init(&l, flow_from_fd(p->fd), ROWS_LINE_MAX);
	while (rc == 0 && (rc = lines_next(&l, &text, &len, e)) > 0) {
		rc = row_parse(&r, a->fs, text, len, NULL) == 0 ?
		    guarded(a, &r, text, fn, e) : 0;
		row_done(&r);
	}
	lines_done(&l);
	return rc;
}

static bool
superseded_here(struct applying *a, const struct row *r)
{
	return db_int(a->db, 0, "SELECT count(*) FROM main.sup WHERE uid=?1"
	    " AND rv=?2", "ss", r->uid, r->rv) > 0;
}

/* Journal number of the record's last change. */
static int64_t
changed_at(struct applying *a, const char *uid)
{
	return db_int(a->db, 0, "SELECT coalesce(max(seq),0) FROM"
	    " main.journal WHERE uid=?1 AND image IS NOT NULL", "s", uid);
}

static int
to_tray(struct applying *a, const struct row *r, const char *line,
    const char *note, struct err *e)
{
	int rc = tray_add(a->fs, "conflict", r->form_name, r->uid, r->rv, NULL,
	    line, note, e);

	a->out->tray += rc > 0;
	if (rc > 0)
		tell(a, OUTCOME_TRAY, r, note);
	return rc < 0 ? rc : 0;
}

/* ---- conflicts, seen beforehand ------------------------------------------ */

static int
note_lost(struct applying *a, struct row *r, const char *line, struct err *e)
{
	(void)line;
	return db_run(a->db, e, "INSERT OR IGNORE INTO temp.lost(uid,rv)"
	    " VALUES(?1,?2)", "ss", r->uid, r->rv);
}

/* Which images lost their place at the county. */
static int
gather_lost(struct applying *a, struct incoming_part *conflicts,
    struct err *e)
{
	int rc = db_exec(a->db, "CREATE TEMP TABLE IF NOT EXISTS lost(uid TEXT,"
	    " rv TEXT, PRIMARY KEY(uid, rv)) WITHOUT ROWID;"
	    "DELETE FROM temp.lost", e);

	return rc == 0 ? each(a, conflicts, note_lost, e) : rc;
}

static bool
lost_there(struct applying *a, const struct record *now)
{
	return db_int(a->db, 0, "SELECT count(*) FROM temp.lost WHERE uid=?1"
	    " AND rv=?2", "ss", now->uid, now->rv) > 0;
}

/* Did we have this very image before ours?  Superseded versions are forgotten
 * once they are acknowledged; the journal remembers. */
static bool
ours_came_from(struct applying *a, const struct row *r)
{
	struct str image = STR_INIT;
	bool had;

	rowsql_image(r->form, r->rv, r->rec->state, r->deleted, r->rec->val,
	    &image);
	had = journal_had(a->db, r->uid, &image);
	str_done(&image);
	return had;
}

/* ---- lacks -------------------------------------------------------------- */

static int
take_over(struct applying *a, struct row *r, const struct record *old,
    struct err *e)
{
	int rc = db_run(a->db, e, "INSERT OR IGNORE INTO main.sup(uid,rv)"
	    " VALUES(?1,?2)", "ss", r->uid, r->rv);

	if (rc == 0)
		rc = row_renew(r, a->fs, old, true, r->deleted, e);
	a->out->taken += rc == 0;
	if (rc == 0)
		tell(a, OUTCOME_BACK, r, "县里的一份更新，已换成那一份");
	return rc;
}

static int
lack(struct applying *a, struct row *r, const char *line, struct err *e)
{
	bool deleted;
	struct record *old;
	char *parent;
	int64_t parted;
	int rc = 0;

	if (strcmp(r->site, a->site) != 0)
		return 0;
	old = row_present(r, a->fs, &deleted);
	parent = db_meta(a->db, "parent_seq");
	parted = parent != NULL ? strtoll(parent, NULL, 10) : 0;
	free(parent);
	if (old == NULL) {
		rc = row_store(r, a->fs, NULL, "merge", true, e);
		a->out->taken += rc == 0;
		if (rc == 0 && !r->deleted)
			tell(a, OUTCOME_BACK, r, "本机没有，已补上");
	} else if (strcmp(old->site, a->site) != 0 ||
	    strcmp(old->rv, r->rv) == 0 || superseded_here(a, r)) {
		rc = 0;
	} else if (row_same(r, old, deleted)) {		/* two ways to one */
		rc = db_run(a->db, e, "INSERT OR IGNORE INTO main.sup(uid,rv)"
		    " VALUES(?1,?2)", "ss", r->uid, r->rv);
	} else {
		/* our very image may be the one that lost, or the county may
		 * have gone back before it: then the county's did not come
		 * from it, and a person decides */
		rc = changed_at(a, r->uid) <= parted && !lost_there(a, old) &&
		    !ours_came_from(a, r) ? take_over(a, r, old, e) : to_tray(a, r, line,
		    "县里有另一份，两边都改过", e);
	}
	record_free(old);
	return rc;
}

int
applying_lacks(struct applying *a, struct incoming_part *p,
    struct incoming_part *conflicts, struct err *e)
{
	int rc = gather_lost(a, conflicts, e);

	return rc == 0 ? each(a, p, lack, e) : rc;
}

/* ---- conflicts ---------------------------------------------------------- */

static int
conflict(struct applying *a, struct row *r, const char *line, struct err *e)
{
	bool deleted;
	struct record *old;
	int rc = 0;

	if (strcmp(r->site, a->site) != 0)
		return 0;
	old = row_present(r, a->fs, &deleted);
	if (old != NULL && strcmp(old->rv, r->rv) != 0 &&
	    !superseded_here(a, r))
		rc = to_tray(a, r, line, "两边都改过，县里先用了本机的这一份",
		    e);
	record_free(old);
	return rc;
}

int
applying_conflicts(struct applying *a, struct incoming_part *p,
    struct err *e)
{
	return each(a, p, conflict, e);
}

/* ---- issued ------------------------------------------------------------- */

static int
issue(struct applying *a, struct row *r, const char *line, struct err *e)
{
	bool deleted;
	struct record *old;
	int rc = 0;

	(void)line;
	if (strcmp(r->site, a->receipt->county) != 0)
		return 0;
	old = row_present(r, a->fs, &deleted);
	if (old == NULL || (strcmp(old->site, r->site) == 0 &&
	    strcmp(old->rv, r->rv) != 0)) {
		rc = row_store(r, a->fs, old, "merge", false, e);
		a->out->issued += rc == 0;
		if (rc == 0)
			tell(a, OUTCOME_ISSUED, r, NULL);
	}
	record_free(old);
	return rc;
}

int
applying_issued(struct applying *a, struct incoming_part *p, struct err *e)
{
	return each(a, p, issue, e);
}

/* ---- returns ------------------------------------------------------------ */

static const struct form *
known(struct applying *a, const char *name)
{
	const char *const *n;

	for (n = forms_names(a->fs); *n != NULL; n++)
		if (strcmp(*n, name) == 0)
			return forms_get(a->fs, name, NULL);
	return NULL;
}

/* The county sent back `b`: in words. */
static void
tell_return(struct applying *a, const struct form *f,
    const struct receipt_return *b, bool old)
{
	outcomes_add(a->lines, a->fs, old ? OUTCOME_OLD : OUTCOME_RETURNED, f,
	    b->uid, NULL, old ? "县里退回的是改以前的一份，随下一包交上去就行" :
	    b->reason);
}

/* Only the version that the county saw is sent back: one that was mended
 * meanwhile will be looked at again. */
int
applying_returns(struct applying *a, struct err *e)
{
	const struct receipt *r = a->receipt;
	const struct form *f;
	struct record *now;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < r->nback; i++) {
		f = known(a, r->back[i].form);
		now = f != NULL ? record_load_main(a->fs, f, r->back[i].uid,
		    NULL) : NULL;
		if (now != NULL && strcmp(now->rv, r->back[i].rv) == 0 &&
		    !row_deleted(a->fs, f, now->uid) &&
		    strcmp(now->site, a->site) == 0 && db_int(a->db, 0,
		    "SELECT count(*) FROM main.review WHERE uid=?1 AND"
		    " status='退回' AND reason IS ?2", "ss", r->back[i].uid,
		    r->back[i].reason) == 0) {
			rc = row_review(a->fs, f->name, now->uid, "退回",
			    r->county_name, r->back[i].reason, e);
			a->out->returns += rc == 0;
			tell_return(a, f, &r->back[i], false);
		} else if (now != NULL && strcmp(now->rv, r->back[i].rv) != 0) {
			tell_return(a, f, &r->back[i], true);
		}
		record_free(now);
	}
	return rc;
}

/* ---- proposals ---------------------------------------------------------- */

static int
propose_to_tray(struct applying *a, const struct receipt_proposal *p,
    const char *why, struct err *e)
{
	struct str note = STR_INIT;
	int rc;

	str_add(&note, why);
	if (!str_blank(p->reason))
		str_addf(&note, "%s县里的理由：%s", note.len > 0 ? "；" : "",
		    p->reason);
	rc = tray_add(a->fs, "proposal", p->form, p->uid, p->id, p->field,
	    p->new, note.buf, e);
	a->out->tray += rc > 0;
	if (rc > 0)
		outcomes_add(a->lines, a->fs, OUTCOME_TRAY, known(a, p->form),
		    p->uid, NULL, note.buf);
	str_done(&note);
	return rc < 0 ? rc : 0;
}

/* Save what the county proposes; a value that the form refuses is for a
 * person. */
static int
correct(struct applying *a, const struct receipt_proposal *p,
    struct record *now, const struct field *f, struct err *e)
{
	struct err why = ERR_INIT;
	int rc = record_set(now, f, p->new != NULL ? p->new : "", &why);

	if (rc == 0)
		rc = record_save(now, NULL, &why);
	if (rc == 0) {
		a->out->proposals_taken++;
		outcomes_add(a->lines, a->fs, OUTCOME_CHANGED, now->form,
		    now->uid, NULL, f->label);
		return 0;
	}
	if (rc == E_SQL || rc == E_FULL || rc == E_IO)
		return err_set(e, rc, "%s", why.msg);
	return propose_to_tray(a, p, why.msg, e);
}

int
applying_proposals(struct applying *a, struct err *e)
{
	const struct receipt *r = a->receipt;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < r->nproposals; i++) {
		const struct receipt_proposal *p = &r->proposal[i];
		const struct form *f = known(a, p->form);
		const struct field *fld = f != NULL ? form_field(f, p->field) :
		    NULL;
		struct record *now = fld != NULL ? record_load_main(a->fs, f,
		    p->uid, NULL) : NULL;
		const char *have = now != NULL ? now->val[fld->index] : NULL;

		if (now == NULL || strcmp(now->site, a->site) != 0 ||
		    row_deleted(a->fs, f, p->uid) || str_eq(have, p->new))
			;
		else if (str_eq(have, p->old))
			rc = correct(a, p, now, fld, e);
		else
			rc = propose_to_tray(a, p, "本机已经改成别的内容", e);
		record_free(now);
	}
	return rc;
}

/* ---- duplicates --------------------------------------------------------- */

int
applying_twins(struct applying *a, struct err *e)
{
	const struct receipt *r = a->receipt;
	struct str note = STR_INIT;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < r->ntwins; i++) {
		const struct receipt_twin *t = &r->twin[i];

		if (known(a, t->form) == NULL)
			continue;
		str_clear(&note);
		str_addf(&note, "%s：%s，请打电话核对是不是同一个孩子",
		    t->why, t->other);
		rc = tray_add(a->fs, "duplicate", t->form, t->uid, t->other,
		    NULL, NULL, note.buf, e);
		a->out->tray += rc > 0;
		if (rc > 0)
			outcomes_add(a->lines, a->fs, OUTCOME_TWIN,
			    known(a, t->form), t->uid, NULL, note.buf);
		rc = rc < 0 ? rc : 0;
	}
	str_done(&note);
	return rc;
}

/* ---- transfers ----------------------------------------------------------- */

int
applying_transfers(struct applying *a, struct incoming_part *p,
    struct err *e)
{
	struct transfer t;
	struct lines l;
	const char *text;
	size_t len;
	int rc;

	if (!p->found)
		return 0;
	rc = incoming_rewind(p, e);
	lines_init(&l, flow_from_fd(p->fd), TRANSFER_MAX);
	while (rc == 0 && (rc = lines_next(&l, &text, &len, e)) > 0) {
		rc = transfer_parse(&t, text, len, NULL);
		if (rc == 0 && known(a, t.form) != NULL &&
		    !transfer_claimed(a->fs, &t)) {
			rc = tray_add(a->fs, "transfer", t.form, t.uid,
			    t.uid, NULL, text, t.note, e);
			a->out->tray += rc > 0;
			if (rc > 0)
				outcomes_add(a->lines, a->fs, OUTCOME_TRAY,
				    NULL, t.uid, "转入的孩子", t.note);
		}
		rc = rc < 0 && rc != E_FORMAT ? rc : 0;
		transfer_done(&t);
	}
	lines_done(&l);
	return rc;
}
