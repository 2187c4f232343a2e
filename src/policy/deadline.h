/* When a case or a referral is due: filled in by the rules of data/rules/
 * when it is accepted or sent, and again while what it follows from changes,
 * as long as no person has set it.  (common.ini's case_clock adds what comes
 * later: pauses, extensions.)
 *
 * A case: the latest of its needs, or the urgent term; a benefit that the
 * town verifies and the county confirms by both; never later than the
 * hotline's own date.  A referral: the department's term, or the urgent one.
 * The rules are those of the day of acceptance or sending; where none was in
 * force yet, today's. */
#ifndef TONGJI_DEADLINE_H
#define TONGJI_DEADLINE_H

#include <stdbool.h>

#include "err.h"
#include "record.h"

/* Set `due_on` where it is the program's to set; other forms are left alone.
 * 1: it was set or changed, 0: not. */
int deadline_fill(struct record *r, struct err *e) MUST_CHECK;
/* Does the record's due date lie in a year, or follow from one, that has no
 * working-day calendar? */
bool deadline_guessed(const struct record *r);

#endif
