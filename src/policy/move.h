/* Moves of children and villages: each closes or opens what it must, in one
 * transaction, and history stays (the journal, 类别起止, the old village's
 * record).  Dates are ISO; the caller asked a person.
 *
 *   leaving   ends the open categories and the benefits that are being paid:
 *             to the end of the month (rule benefit/stop_next_month), or on
 *             the day itself where the rule says 0
 *   coming    opens the categories again from the day
 *   merging   two villages: children, homes, staff, schools and the villages
 *             that accounts see move together; the old village stays as a
 *             record with its day and its successor. */
#ifndef TONGJI_MOVE_H
#define TONGJI_MOVE_H

#include "err.h"
#include "model.h"

/* Another village of the same town. */
int move_village(struct forms *fs, const char *child, const char *village,
    struct err *e) MUST_CHECK;
/* Off the ledger: `reason` a code of left_reason, `to` words or NULL.  What
 * was closed is counted. */
struct move_closed {
	int categories, benefits;
	long cases;		/* still open; a person closes them */
};
int move_out(struct forms *fs, const char *child, const char *reason,
    const char *on, const char *to, struct move_closed *out, struct err *e)
	MUST_CHECK;
/* Back on the ledger; `from` words or NULL. */
int move_back(struct forms *fs, const char *child, const char *on,
    const char *from, struct err *e) MUST_CHECK;
/* Household registration settled: the number replaces the reason for having
 * none. */
int move_settled(struct forms *fs, const char *child, const char *id_number,
    struct err *e) MUST_CHECK;

struct move_merged {
	long children, homes, staff, schools, users;
};
int move_merge(struct forms *fs, const char *from, const char *into,
    const char *on, struct move_merged *out, struct err *e) MUST_CHECK;

#endif
