/* What became of single records in an exchange, when it was not simply "taken":
 * one line each for a person, such as 「儿童台账 张三：监护人电话太长」. */
#ifndef TONGJI_OUTCOME_H
#define TONGJI_OUTCOME_H

#include <stddef.h>

#include "model.h"
#include "str.h"

enum { OUTCOMES_MAX = 2000 };	/* lines kept; the rest is only counted */

enum outcome {
	OUTCOME_CONFLICT,	/* 两边都改过 */
	OUTCOME_ASIDE,		/* 待核对（未并入） */
	OUTCOME_TWIN,		/* 可能重复 */
	OUTCOME_OLD,		/* an earlier version of what is here */
	OUTCOME_RETURNED,	/* 退回 */
	OUTCOME_CHANGED,	/* a proposal of the county was followed */
	OUTCOME_BACK,		/* 还回 */
	OUTCOME_ISSUED,		/* 下发 */
	OUTCOME_TRAY,		/* a person decides: 待定 */
	OUTCOME_LEFT		/* this site's forms cannot take it yet */
};

struct outcome_line {
	enum outcome what;
	char *text;		/* heap: which record and why */
};

struct outcomes {
	struct outcome_line *v;
	size_t n, cap;
	size_t more;		/* beyond OUTCOMES_MAX */
};

/* The Chinese word. */
const char *outcome_word(enum outcome what);

/* Add a line about record `uid` of form `f` (NULL: unknown here); `name` is
 * what to call it while it is not stored (or NULL).  `o` NULL: nothing. */
void outcomes_add(struct outcomes *o, struct forms *fs, enum outcome what,
    const struct form *f, const char *uid, const char *name,
    const char *why);
/* Back to the first `n`, `more` of the rest. */
void outcomes_cut(struct outcomes *o, size_t n, size_t more);
/* All as text, one a line, at most `limit` (0: all). */
void outcomes_text(const struct outcomes *o, size_t limit, struct str *out);
void outcomes_done(struct outcomes *o);

#endif
