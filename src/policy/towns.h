/* A township's target in a county's database: every township must reach it,
 * so the sum of all of them says nothing. */
#ifndef TONGJI_TOWNS_H
#define TONGJI_TOWNS_H

#include "err.h"
#include "indicator.h"

/* For a count with a target: what is missing in all townships together into
 * x->short_by, and x->met (yes only if nobody lacks anything).  Townships are
 * the nine-digit rows of `village`; a record belongs to its row's site. */
int towns_judge(struct forms *fs, const struct scheme *s,
    const struct indicator *it, const char *on, struct number *x,
    struct err *e) MUST_CHECK;

#endif
