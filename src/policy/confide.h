/* A record that only 专办人员 may see takes along what belongs to it: a report
 * of sexual abuse its case and the visit it came from, the case its referrals,
 * conferences and evidence; and what is entered for it later is of its class
 * from the beginning, whatever the form's default or a file says. */
#ifndef TONGJI_CONFIDE_H
#define TONGJI_CONFIDE_H

#include "err.h"
#include "record.h"

/* Before a save: a record that refers to a restricted one becomes it too.
 * E_REFUSED when its number (a hotline slip's) is a restricted one's that the
 * session does not see. */
int confide_fill(struct record *r, struct err *e) MUST_CHECK;
/* After `r` was written, in the same transaction: if its row is restricted,
 * mark every record with a field `confidential` that refers to it, and what it
 * tells of itself, and so on. */
int confide_follow(struct record *r, struct err *e) MUST_CHECK;
/* For the one who saved `r`: if it is restricted, the sentence saying who can
 * see it, and that she cannot if so; heap, NULL when it is not. */
char *confide_words(struct record *r);

/* How many records of the class there are when nobody may see them; 0 while
 * somebody may. */
long confide_unseen(struct forms *fs);

#endif
