/* Posts that one person holds at different times (一肩挑, 换届): what the dates
 * of the staff record cannot say is a row of 任职经历 (forms/tenure.form). */
#ifndef TONGJI_TENURE_H
#define TONGJI_TENURE_H

#include "record.h"

/* One post of the staff record `r` ended on a day, the others stay: its term
 * becomes a row, `role`, dates and allowance of `r` are set to what remains.
 * The caller saves `r`. */
int tenure_end(struct record *r, const char *role, const char *on,
    const char *reason, struct err *e) MUST_CHECK;
/* Before `r` gets a post that begins on another day: the posts it has keep
 * their days in rows; those of somebody who had left are ended, and `r` is in
 * office again with none.  The caller gives `r` its post and saves it. */
int tenure_keep(struct record *r, struct err *e) MUST_CHECK;
/* The codes of the posts of `r` except `role`, ";a;b;"; NULL when none.
 * Heap. */
char *tenure_others(const struct record *r, const char *role);

#endif
