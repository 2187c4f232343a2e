/* The townships of a county's database.  What never reported is unknown and
 * stands in no denominator.  A township's target every township must reach,
 * so the sum of all of them says nothing. */
#ifndef TONGJI_TOWNS_H
#define TONGJI_TOWNS_H

#include <stdint.h>

#include "err.h"
#include "indicator.h"
#include "str.h"

/* Townships of which no bundle was ever merged, as SQL knows them: the name of
 * the piece, and what it is made of (a column `code`; nothing in a township's
 * own database). */
#define TOWNS_SILENT "silent_town"
extern const char towns_silent_sql[];

int64_t towns_silent(struct forms *fs);		/* how many they are */
/* 「另有 9 个乡镇没有报过，不在内」; nothing for none. */
void towns_silent_words(int64_t silent, struct str *out);

/* For a count with a target: what is missing in all townships together into
 * x->short_by, and x->met (yes only if nobody lacks anything).  Townships are
 * the nine-digit rows of `village` that have reported; a record belongs to its
 * row's site. */
int towns_judge(struct forms *fs, const struct scheme *s,
    const struct indicator *it, const char *on, struct number *x,
    struct err *e) MUST_CHECK;

#endif
