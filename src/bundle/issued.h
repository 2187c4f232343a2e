/* 下发记录: the county's own records that concern a township (results of
 * county classes, hotline slips, county conferences).  Read-only there. */
#ifndef TONGJI_ISSUED_H
#define TONGJI_ISSUED_H

#include "err.h"
#include "model.h"
#include "str.h"

/* Call `put` with the line (rows.h) of every such record of the county whose
 * database this is: it belongs to a village of the township (the form's
 * scope), or refers to a record of the township, or is what such a record
 * belongs to.  A negative answer of `put` ends it. */
int issued_each(struct forms *fs, const char *site,
    int (*put)(void *ctx, struct str *line), void *ctx, struct err *e)
	MUST_CHECK;

#endif
