/* The 核对码 that two people compare by telephone. */
#ifndef TONGJI_FINGERPRINT_H
#define TONGJI_FINGERPRINT_H

#include <stdbool.h>

#include "agekey.h"
#include "minikey.h"

enum { FINGERPRINT_DIGITS = 30, FINGERPRINT_SIZE = 36 };  /* 6×5, blanks, NUL */

/* 30 digits as "12345 12345 …", from a SHA-256 over all public keys (about 99
 * bits); `archive` is a county's second recipient or NULL: whoever could slip
 * in another one would read every delivery. */
void key_fingerprint(const struct age_recipient *r,
    const struct age_recipient *archive, const struct minisign_public *k,
    char out[FINGERPRINT_SIZE]);
/* True if `typed` is the same code; blanks, hyphens and full-width digits are
 * tolerated, nothing else. */
bool key_fingerprint_is(const char *fingerprint, const char *typed);
/* How many digits were typed; -1 when there is something else among them. */
int key_fingerprint_typed(const char *typed);

#endif
