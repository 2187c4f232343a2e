/* New keys every year, without losing what the old ones protect: old
 * decryption keys stay in the identity file, and the former signing key
 * vouches for the new card, so that nobody needs the telephone again.
 *
 *	keys/county.key.minisig	  the county's former key over county.key
 *	keys/enrol.minisig	  the township's former key over its card
 *	keys/site.former	  what the township signed with before */
#ifndef TONGJI_ROTATE_H
#define TONGJI_ROTATE_H

#include <stdbool.h>

#include "err.h"
#include "keyring.h"
#include "model.h"

/* A township's keys.  Its next sticks carry the enrolment file again, with
 * the voucher, until the county has answered. */
int rotate_site(struct forms *fs, const char *home, struct keycard *out,
    struct err *e) MUST_CHECK;
/* A county's, under the same passphrase; the archive key stays.  The new
 * county.key and its voucher go to townships with the next receipts. */
int rotate_county(struct forms *fs, const char *home, const char *passphrase,
    struct keycard *out, struct err *e) MUST_CHECK;

/* Is there a voucher PATH.minisig over `text` by the key `known`? */
bool rotate_vouched(const char *path, const struct str *text,
    const struct minisign_public *known);

/* Put a card that was vouched for (HOME/keys/`voucher` exists) as `name` and
 * its .minisig into `dir`; 0 also when there is none. */
int rotate_carry(const char *home, const char *voucher, const char *name,
    struct str *card, const char *dir, struct err *e) MUST_CHECK;

#endif
