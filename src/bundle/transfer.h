/* A child moves: its township marks it out (退出原因 迁出), the county checks
 * and names the township it went to, that township's receipt carries the
 * child's package, and the township claims it.
 *
 * A package is one line of transfers.jsonl:
 *	{"form":"child","uid":"…","note":"从悦庄镇转来：张三","from":"悦庄镇",
 *	 "rows":[{…row…},…]}	the child first, then what belongs to it
 * Claimed records are new ones of the claiming township, with uids that
 * follow from the old ones, so that nothing can be claimed twice and the old
 * township's records stay its own. */
#ifndef TONGJI_TRANSFER_H
#define TONGJI_TRANSFER_H

#include <stdbool.h>

#include "err.h"
#include "model.h"
#include "str.h"

enum { TRANSFER_MAX = 16 << 20 };	/* bytes of a package */

/* ---- the county ---- */

/* Name the township (9 digits) that may claim this record, or take it back
 * with to NULL.  Journaled. */
int transfer_order(struct forms *fs, const char *uid, const char *to,
    struct err *e) MUST_CHECK;
/* Call `put` with each package for the township that it has not claimed. */
int transfer_each(struct forms *fs, const char *site,
    int (*put)(void *ctx, struct str *line), void *ctx, struct err *e)
	MUST_CHECK;

/* ---- the township ---- */

struct transfer {
	void *json;
	const char *form, *uid, *note, *from;
};
int transfer_parse(struct transfer *t, const char *line, size_t len,
    struct err *e) MUST_CHECK;
void transfer_done(struct transfer *t);
bool transfer_claimed(struct forms *fs, const struct transfer *t);

/* Make the package's records this township's own, in the open transaction.
 * References to what is not here are left empty, the village among them: a
 * person fills it in. */
int transfer_claim(struct forms *fs, const char *line, struct err *e)
	MUST_CHECK;

#endif
