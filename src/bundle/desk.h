/* The county clerk's desk: who has reported, what waits, and the answers that
 * travel back with the next receipt: 审核 and 退回, 更正建议, an unknown
 * database accepted after a telephone call. */
#ifndef TONGJI_DESK_H
#define TONGJI_DESK_H

#include <stdint.h>

#include "err.h"
#include "model.h"

/* One township of the county, in order of its code. */
struct desk_site {
	char site[13], name[96];
	char last_at[20];	/* last bundle merged, "" for never */
	int64_t number;		/* 第几包 */
	int64_t pending, returned;	/* records 待审, 退回 */
	int64_t conflicts, refused;	/* open ones */
	char trouble[256];	/* of the last bundle, "" for none */
};
/* Heap array; caller frees. */
int desk_sites(struct forms *fs, struct desk_site **out, size_t *n,
    struct err *e) MUST_CHECK;

/* A record set aside or in conflict, or a child that moved and whose new
 * township is not named yet, as a line for a person. */
struct desk_matter {
	char site[13], uid[37];
	char kind[32];		/* 待核对（未并入） 两边都改过 转出待核 没有去处 */
	char *text;		/* heap */
};
int desk_matters(struct forms *fs, struct desk_matter **out, size_t *n,
    struct err *e) MUST_CHECK;
void desk_matters_free(struct desk_matter *v, size_t n);

/* What waits on the desk, in numbers. */
struct desk_waiting {
	int64_t matters;	/* 待核对、两边都改过、没有去处 */
	int64_t twins, moves;	/* 可能重复, 转出待核 */
	int64_t towns, reported;	/* townships, and those of this month */
};
void desk_waiting(struct forms *fs, struct desk_waiting *out);

/* Set a township record's review: 待审 已审 已上报 退回.  退回 wants a reason.
 * Journaled. */
int desk_review(struct forms *fs, const char *uid, const char *status,
    const char *reason, struct err *e) MUST_CHECK;

/* Propose `value` (as a person types it; "" empties) for a field of a
 * township's record. */
int desk_propose(struct forms *fs, const char *uid, const char *field,
    const char *value, const char *reason, struct err *e) MUST_CHECK;

/* Accept a database that the county does not know: the incarnation of a
 * bundle that was set aside, by its first 8 digits. */
int desk_accept(struct forms *fs, const char *site, const char *inc8,
    struct err *e) MUST_CHECK;

#endif
