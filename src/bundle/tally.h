/* Is what the medium gives back what it was given?  A Poly1305 tag under a
 * random key of the moment: no medium can know the key, so a difference stays
 * unseen with a chance below 2^-70 for any file a stick holds, and it costs
 * a quarter of the signature's BLAKE2b, which is counted once, in writing. */
#ifndef TONGJI_TALLY_H
#define TONGJI_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TALLY_KEY = 32, TALLY_TAG = 16 };	/* bytes */

/* The caller's storage. */
struct tally {
	_Alignas(16) unsigned char room[256];
	unsigned char key[TALLY_KEY];
	uint64_t len;
};

/* Begin with a new key, or with the key that `other` was begun with. */
void tally_init(struct tally *t, const struct tally *other);
void tally_add(struct tally *t, const void *p, size_t len);
/* Did the same bytes go through both?  Ends both: once only. */
bool tally_equal(struct tally *a, struct tally *b);

#endif
