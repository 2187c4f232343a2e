/* 先核查: before something is handed in, how many findings of the audit
 * (data/lists, [audit]) are urgent; and when it is handed in all the same, by
 * whom and why.  The sentence goes with the report. */
#ifndef TONGJI_PRECHECK_H
#define TONGJI_PRECHECK_H

#include "err.h"
#include "model.h"
#include "str.h"

/* Urgent findings on a day; negative on error. */
long precheck_alarms(struct forms *fs, const char *on, struct err *e);
/* Handed in all the same: keep and journal the reason. */
int precheck_override(struct forms *fs, long alarms, const char *why,
    struct err *e) MUST_CHECK;
/* 「数据核查：没有要紧的问题」, or how many there are and why they went along
 * (a reason counts for the month in which it was given). */
int precheck_words(struct forms *fs, const char *on, struct str *out,
    struct err *e) MUST_CHECK;

#endif
