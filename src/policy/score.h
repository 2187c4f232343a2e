/* Scores and results of a class. */
#ifndef TONGJI_SCORE_H
#define TONGJI_SCORE_H

#include "err.h"
#include "model.h"
#include "rollcall.h"

/* Give the person in `p` of the class the score `text` ("" takes it away); the
 * result follows from the pass mark.  E_REFUSED: absent, above full marks, not
 * a number, or a certificate hangs on it; E_STALE: another operator entered
 * a score since `p` was loaded. */
int score_set(struct forms *fs, const struct roll *r,
    const struct roll_person *p, const char *text, struct err *e) MUST_CHECK;
/* Of a class without pass mark: passed, failed or NULL by hand. */
int score_result(struct forms *fs, const struct roll *r,
    const struct roll_person *p, const char *result, struct err *e)
	MUST_CHECK;

#endif
