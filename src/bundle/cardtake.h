/* Taking somebody's public keys: a township the county's county.key, a county
 * a township's enrol-CODE.txt.  Two people compare the 核对码 by telephone,
 * once; a new card that the key known until now vouches for needs no call. */
#ifndef TONGJI_CARDTAKE_H
#define TONGJI_CARDTAKE_H

#include <stdbool.h>

#include "err.h"
#include "keyring.h"
#include "model.h"

struct cardtake {
	const char *kind;	/* "county" or "township" */
	struct keycard card;
	bool vouched, known;	/* known: the very card that is kept here */
};

/* Read the card at `path`; E_REFUSED when it is not of one's own county. */
int cardtake_read(struct forms *fs, const char *home, const char *kind,
    const char *path, struct cardtake *out, struct err *e) MUST_CHECK;
/* Are `digits` its 核对码, or is there no need?  E_CRYPTO. */
int cardtake_compare(const struct cardtake *t, const char *digits,
    struct err *e) MUST_CHECK;
/* Keep it, journaled: an administrator's decision. */
int cardtake_keep(struct forms *fs, const char *home,
    const struct cardtake *t, struct err *e) MUST_CHECK;

#endif
