/* 月报、季报、半年报、年报: where the township stands at the end of a period,
 * what was done in it, and every indicator beside the period before. */
#ifndef TONGJI_MONTHLY_H
#define TONGJI_MONTHLY_H

#include "err.h"
#include "model.h"
#include "paper.h"
#include "period.h"

/* `p` is a month, quarter, half-year or year; one that is not over yet is
 * counted up to `today`. */
int monthly_add(struct forms *fs, const struct period *p, const char *today,
    struct paper *out, struct err *e) MUST_CHECK;

/* Who is behind the report's numbers, as a paper of its own that is not handed
 * on with it: who came, who left and why, whom nobody looks after, who is
 * overdue, who is new. */
int monthly_names(struct forms *fs, const struct period *p,
    const char *today, struct paper *out, struct err *e) MUST_CHECK;

#endif
