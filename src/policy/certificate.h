/* Certificates of training classes: numbered by the body that issues them,
 * without gaps and never twice; revoked with a reason, never taken back. */
#ifndef TONGJI_CERTIFICATE_H
#define TONGJI_CERTIFICATE_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "model.h"
#include "rollcall.h"

/* May this database number the certificates of the class?  A county class is
 * numbered in the county's database only; a township gives a 参训证明.
 * 0, or E_REFUSED with the reason. */
int certificate_here(struct forms *fs, const struct roll *r, struct err *e)
	MUST_CHECK;
/* Came, passed, has none yet. */
bool certificate_due(const struct roll_person *p);
/* Valid: numbered and not revoked. */
bool certificate_valid(const struct roll_person *p);

/* Number everybody of the class who is due, in the order of the roll:
 * 字头〔年〕序号.  One transaction: either all have one or none.  Returns how
 * many. */
int certificate_issue(struct forms *fs, const struct roll *r, struct err *e)
	MUST_CHECK;
/* The number stays used. */
int certificate_revoke(struct forms *fs, const struct roll_person *p,
    const char *reason, struct err *e) MUST_CHECK;
/* Note in record and journal that it went to paper; `reason` (of a reprint)
 * may be NULL the first time, E_REFUSED without one later. */
int certificate_printed(struct forms *fs, const struct roll_person *p,
    const char *reason, struct err *e) MUST_CHECK;

#endif
