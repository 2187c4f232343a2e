/* A record that only 专办人员 may see takes along what hangs on it: a report
 * of sexual abuse its case, the case its referrals, conferences and evidence.
 * What is entered later takes the class by its form's default; this is for
 * what was there before. */
#ifndef TONGJI_CONFIDE_H
#define TONGJI_CONFIDE_H

#include "err.h"
#include "record.h"

/* After `r` was saved: if its row is of the restricted class, mark every
 * record with a field `confidential` that refers to it, and so on.  Returns
 * how many, or negative: then nothing was marked. */
int confide(struct record *r, struct err *e) MUST_CHECK;

#endif
