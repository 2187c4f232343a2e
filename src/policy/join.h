/* Two records of one person become one: whatever refers to the second goes to
 * the first, what the first lacks is filled from the second, and the second
 * is deleted with the reason (a tombstone; its journal stays). */
#ifndef TONGJI_JOIN_H
#define TONGJI_JOIN_H

#include "err.h"
#include "model.h"

struct joined {
	long moved;		/* records that now belong to `keep` */
	long dropped;		/* of the second's own, that `keep` has too */
	int filled;		/* fields */
};

/* One transaction.  Rows kept by a history (类别起止) are not carried over:
 * the first has its own. */
int join_records(struct forms *fs, const struct form *f, const char *keep,
    const char *drop, struct joined *out, struct err *e) MUST_CHECK;

#endif
