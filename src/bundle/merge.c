/* See merge.h; single rows are judged in mergerow.c. */
#include "mergei.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "db.h"
#include "editions.h"
#include "journal.h"
#include "lines.h"
#include "mem.h"
#include "rows.h"
#include "safe.h"
#include "user.h"

enum { STEP = 256 };		/* rows between two calls of progress */

void
merge_result_done(struct merge_result *r)
{
	census_done(&r->census);
	outcomes_done(&r->lines);
}

const char *
merge_status_word(enum merge_status s)
{
	return s == MERGE_GAP ? "gap" : s == MERGE_FORK ? "fork" :
	    s == MERGE_UNKNOWN ? "quarantine" : "ok";
}

/* ---- which case --------------------------------------------------------- */

/* The place of a chain among the exports named by the header, from 1; 0: it
 * is none of them. */
static int64_t
place(const struct header *h, const char *chain)
{
	size_t i;

	for (i = 0; i < h->nlineage; i++)
		if (strcmp(h->lineage[i], chain) == 0)
			return (int64_t)i + 1;
	return 0;
}

static void
explain_gap(const struct header *h, const struct branch *b,
    struct merge_result *out)
{
	int64_t from = place(h, b->chain) + 1, to = place(h, h->base_chain);

	if (to == 0)
		snprintf(out->reason, sizeof out->reason, "缺前面的包，"
		    "这个包先放着；把县回执带回去，下一包会补齐");
	else if (from >= to)
		snprintf(out->reason, sizeof out->reason, "缺第%lld包，"
		    "这个包先放着；把县回执带回去，下一包会补齐",
		    (long long)to);
	else
		snprintf(out->reason, sizeof out->reason, "缺第%lld包至"
		    "第%lld包，这个包先放着；把县回执带回去，下一包会补齐",
		    (long long)from, (long long)to);
}

static bool
merged_before(struct db *db, const struct merge_job *job)
{
	return db_int(db, 0, "SELECT count(*) FROM main.bundle WHERE site=?1"
	    " AND inc=?2 AND chain=?3 AND status='ok'", "sss",
	    job->header->site, job->header->inc, job->chain) > 0;
}

/* Steps 2 to 5 of BUNDLE.md. */
static int
judge(struct db *db, const struct merge_job *job, struct branch *b,
    struct merge_result *out, struct err *e)
{
	const struct header *h = job->header;
	int rc = branch_open(db, h, b, e);

	if (rc < 0)
		return rc;
	if (rc == 0) {
		out->status = MERGE_UNKNOWN;
		snprintf(out->reason, sizeof out->reason, "待核对（未并入）："
		    "县里不认识这个数据库（可能是重新建的），要先打电话核实");
	} else if (branch_knows(db, b, job->chain)) {
		out->status = merged_before(db, job) ? MERGE_SEEN : MERGE_LATE;
	} else if (h->base > b->applied) {
		out->status = MERGE_GAP;
		explain_gap(h, b, out);
	} else if (branch_forked(db, b, h)) {
		out->status = MERGE_FORK;
		snprintf(out->reason, sizeof out->reason, "本机数据与县里"
		    "对不上：乡镇的数据库可能是从旧备份恢复的，或有两台电脑"
		    "在用同一份数据；一条也没有并入");
	}
	return 0;
}

/* ---- the rows ----------------------------------------------------------- */

static int
take_rows(struct merging *m, const struct merge_job *job, struct err *e)
{
	struct lines l;
	const char *text;
	size_t len;
	int64_t n = 0;
	int rc = merging_start(m, e);

	lines_init(&l, job->rows, ROWS_LINE_MAX);
	while (rc == 0 && (rc = lines_next(&l, &text, &len, e)) > 0) {
		rc = merging_row(m, text, len, e);
		if (++n % STEP == 0 && rc == 0 && job->progress != NULL &&
		    job->progress(job->ctx, n, job->header->rows) < 0)
			rc = err_set(e, E_CANCEL, "已停止，没有并入任何内容");
	}
	lines_done(&l);
	if (rc == 0 && n != job->header->rows)
		rc = err_set(e, E_CORRUPT, "包头说有 %lld 条记录，实际 %lld 条",
		    (long long)job->header->rows, (long long)n);
	if (rc == 0 && m->quarantine) {
		int64_t again = merging_retry(m, e);

		rc = again < 0 ? (int)again : 0;
	}
	return rc == 0 ? merging_finish(m, e) : rc;
}

static int
take_all(struct forms *fs, const struct merge_job *job, struct branch *b,
    struct merge_result *out, struct err *e)
{
	struct merging m = { .fs = fs, .db = forms_db(fs),
	    .site = job->header->site, .branch = b->id,
	    .upto = job->header->to, .out = out };
	int rc = take_rows(&m, job, e);

	merging_done(&m);
	return rc == 0 ? branch_advance(forms_db(fs), b, job->header,
	    job->chain, e) : rc;
}

/* ---- all together ------------------------------------------------------- */

static const char *
record_status(enum merge_status s)
{
	return s == MERGE_SEEN ? "ok" : s == MERGE_LATE ? "late" :
	    merge_status_word(s);
}

/* Numbers that people say aloud are never minted twice. */
static int
keep_series(struct db *db, const struct header *h, struct err *e)
{
	return h->series == NULL ? 0 : db_run(db, e, "INSERT INTO"
	    " main.site_series(site,name,last) SELECT ?1, key, value FROM"
	    " json_each(?2) WHERE true ON CONFLICT(site,name) DO UPDATE SET"
	    " last=max(last,excluded.last)", "ss", h->site, h->series);
}

static int
remember(struct db *db, const struct merge_job *job,
    const struct merge_result *out, struct err *e)
{
	const struct header *h = job->header;
	const struct session *s = db_session(db);
	struct str note = STR_INIT;
	char at[STAMP_SIZE];
	int rc = 0;

	date_stamp(at);
	if (out->status != MERGE_SEEN)
		rc = db_run(db, e, "INSERT OR REPLACE INTO main.bundle(site,"
		    "inc,chain,number,base,upto,rows,file,status,reason,at,by,"
		    "added,changed,conflicts,refused) VALUES(?1,?2,?3,?4,?5,"
		    "?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16)",
		    "sssiiiisssssiiii", h->site, h->inc, job->chain,
		    out->number, h->base, h->to, h->rows, job->file,
		    record_status(out->status), out->reason, at,
		    s != NULL ? s->login : "cli", out->added,
		    out->changed + out->removed, out->conflicts,
		    out->refused);
	if (rc == 0 && out->status == MERGE_OK)
		rc = editions_seen(db, h->site, h->edition, e);
	if (rc == 0 && out->status == MERGE_OK)
		rc = keep_series(db, h, e);
	merge_sentence(h, out, &note);
	if (rc == 0)
		rc = journal_note(db, "receive", NULL, NULL, note.buf, e);
	str_done(&note);
	return rc;
}

static int
merge(struct forms *fs, const struct merge_job *job, struct merge_result *out,
    struct err *e)
{
	struct db *db = forms_db(fs);
	struct branch b;
	int rc = judge(db, job, &b, out, e);

	if (rc == 0 && out->status == MERGE_OK)
		rc = take_all(fs, job, &b, out, e);
	out->applied = b.applied;
	snprintf(out->chain, sizeof out->chain, "%s", b.chain);
	return rc == 0 ? remember(db, job, out, e) : rc;
}

int
merge_bundle(struct forms *fs, const struct merge_job *job,
    struct merge_result *out, struct err *e)
{
	struct db *db = forms_db(fs);
	int rc;

	memset(out, 0, sizeof *out);
	out->number = (int64_t)job->header->nlineage + 1;
	/* a whole bundle is one transaction: let its pages stay in memory */
	db_trust(db);
	rc = db_exec(db, "PRAGMA cache_size=-32768", e);
	if (rc == 0)
		rc = db_begin(db, e);
	db_untrust(db);
	if (rc < 0)
		return rc;
	db_trust(db);
	rc = merge(fs, job, out, e);
	db_untrust(db);
	if (rc < 0 || job->dry)
		db_rollback(db);
	else
		rc = db_commit(db, e);
	return rc;
}

int64_t
merge_retry(struct forms *fs, const char *site, struct err *e)
{
	struct merge_result out = { .status = MERGE_OK };
	struct merging m = { .fs = fs, .db = forms_db(fs), .site = site,
	    .out = &out };
	int64_t n = db_begin(m.db, e);

	if (n < 0)
		return n;
	db_trust(m.db);
	n = merging_start(&m, e);
	if (n == 0)
		n = merging_retry(&m, e);
	if (n > 0 && merging_finish(&m, e) < 0)
		n = E_SQL;
	db_untrust(m.db);
	merging_done(&m);
	merge_result_done(&out);
	if (n < 0) {
		db_rollback(m.db);
		return n;
	}
	return db_commit(m.db, e) < 0 ? E_SQL : n;
}

void
merge_sentence(const struct header *h, const struct merge_result *r,
    struct str *out)
{
	struct census_sum sum = census_sum(&r->census);

	safe_line(out, h->site_name);
	str_addf(out, " 第%lld包：", (long long)r->number);
	switch (r->status) {
	case MERGE_OK:
		census_words(sum.children, sum.items, out);
		str_addf(out, "，冲突 %lld 项，退回 %lld",
		    (long long)r->conflicts, (long long)r->refused);
		break;
	case MERGE_SEEN:
		str_add(out, "以前收过，没有变动");
		break;
	case MERGE_LATE:
		str_add(out, "后面的包里已经有了，没有变动");
		break;
	default:
		str_add(out, r->reason);
	}
}
