/* The county takes a township's bundle: BUNDLE.md "Incarnations, sequence
 * numbers, receipts", steps 2 to 7, in one write transaction.
 *
 * The signature, the encryption and the bag have been verified before; here
 * the rows are judged one by one.  A row replaces the stored one only if it
 * knows the stored version; otherwise both images are kept as a conflict.  A
 * row that cannot be taken (a field unknown here, a value that is none) goes
 * to the quarantine and never stops the others. */
#ifndef TONGJI_MERGE_H
#define TONGJI_MERGE_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "flow.h"
#include "header.h"
#include "model.h"
#include "outcome.h"
#include "census.h"

enum merge_status {
	MERGE_OK,
	MERGE_SEEN,		/* this very bundle was merged before */
	MERGE_LATE,		/* a later one contained it */
	MERGE_GAP,		/* 缺包: starts beyond what is here */
	MERGE_FORK,		/* 本机数据与县里对不上: no row was taken */
	MERGE_UNKNOWN		/* 待核对: an incarnation nobody knows */
};

struct merge_result {
	enum merge_status status;
	char reason[256];	/* for a person, "" when all went well */
	int64_t number;		/* 第几包 of its incarnation */
	int64_t added, changed, removed, same, conflicts, refused;
	int64_t twins;		/* the same person in another township */
	int64_t applied;	/* what is now held of this incarnation */
	char chain[65];
	struct census census;
	struct outcomes lines;	/* records that were not simply taken */
};
void merge_result_done(struct merge_result *r);

/* The word for a status as it stands in receipts: ok gap fork quarantine. */
const char *merge_status_word(enum merge_status s);

/* Called now and then with the rows done. Negative cancels, nothing stays. */
typedef int merge_progress_fn(void *ctx, int64_t done, int64_t whole);

struct merge_job {
	const struct header *header;
	const char *chain;	/* header_chain() of it */
	const char *file;	/* the delivery's name, for the records */
	struct flow_in rows;	/* rows.jsonl */
	bool dry;		/* judge all, keep nothing */
	merge_progress_fn *progress;	/* may be NULL */
	void *ctx;
};

/* 0 whatever the status; negative only when the database or the source
 * failed, and then nothing was kept. */
int merge_bundle(struct forms *fs, const struct merge_job *job,
    struct merge_result *out, struct err *e) MUST_CHECK;

/* Try the quarantined records of a site again (after new forms); returns how
 * many were taken, or < 0.  Inside a transaction or outside. */
int64_t merge_retry(struct forms *fs, const char *site, struct err *e)
	MUST_CHECK;

/* One line for a person: 悦庄镇 第7包：新增 3 名，变更 12 项，冲突 1 项，退回 0 */
void merge_sentence(const struct header *h, const struct merge_result *r,
    struct str *out);

#endif
