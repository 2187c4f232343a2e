/* The passphrase over a county's keys: what is accepted as one, and another
 * one in its place.  Both key files change or neither: the new ones are
 * written whole as county.new.*, and the first of the two renames decides;
 * what a crash left is brought to an end at the next unlocking. */
#ifndef TONGJI_PASSPHRASE_H
#define TONGJI_PASSPHRASE_H

#include "err.h"
#include "model.h"

/* E_REFUSED with the reason when it is too short. */
int passphrase_fit(const char *pass, struct err *e) MUST_CHECK;

/* E_DENIED when `old` is wrong.  The keys, the 核对码 and the archive key
 * stay; copies of the former files still open with the old one.  Journaled. */
int passphrase_change(struct forms *fs, const char *home, const char *old,
    const char *pass, struct err *e) MUST_CHECK;

#endif
