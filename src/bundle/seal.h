/* Writing a delivery of parts: a BagIt bag in a ustar, encrypted with age,
 * signed with minisign, onto a stick.  What a county writes (receipts, a
 * township's records for a new PC); a township's bundle is create.h's. */
#ifndef TONGJI_SEAL_H
#define TONGJI_SEAL_H

#include <stddef.h>
#include <stdint.h>

#include "agekey.h"
#include "err.h"
#include "minikey.h"
#include "stick.h"

struct seal_part {
	const char *name;	/* below data/ */
	const char *text;	/* NULL: `size` bytes from the file `fd` */
	int fd;
	uint64_t size;		/* bytes, also of text */
	/* Neither: the file of evidence with this digest (blob.h). */
	struct db *db;
	const char *sha256;
};

struct seal {
	const char *name;	/* of the bag; the file is NAME.age */
	const char *from;	/* Source-Organization */
	const struct seal_part *part;
	size_t nparts;
	const struct age_recipient *to;
	size_t nto;
	const struct minisign_secret *signer;
	/* Called when all but the marker is on the stick: what must be durable
	 * before the delivery counts.  May be NULL. */
	int (*commit)(void *ctx, struct err *e);
	stick_progress_fn *progress;
	void *ctx;		/* for both */
};

/* Deliver into the folder `dir`. */
int seal_deliver(const struct seal *s, const char *dir, struct err *e)
	MUST_CHECK;

#endif
