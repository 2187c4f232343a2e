/* A delivery on its way in: hashed, decrypted, checked as a bag and its
 * wanted files kept aside in one reading, so that what is used is what was
 * verified, whatever the stick answers the next time.  Constant memory. */
#ifndef TONGJI_INCOMING_H
#define TONGJI_INCOMING_H

#include <stdbool.h>
#include <stdint.h>

#include "agekey.h"
#include "bagit.h"
#include "err.h"
#include "header.h"
#include "minikey.h"
#include "str.h"

/* One file below data/ that was asked for. */
struct incoming_part {
	const char *name;	/* "rows.jsonl"; the caller's */
	bool found;
	int fd;			/* an unlinked file, at its beginning; or -1 */
	uint64_t size;
	char sha256[65];
};

/* A file below data/ whose name was not known before, in the common spool. */
struct incoming_more {
	char name[256], sha256[65];
	uint64_t at, size;
};

struct incoming {
	struct bagit_result bag;
	char comment[1024];	/* the signature's trusted comment */
	/* Set before incoming_read(): files of data/FOLDER/ are kept aside
	 * too.  NULL: none. */
	const char *folder;
	int spool;		/* where they lie, -1 while there is none */
	struct incoming_more *more;
	size_t nmore, cap;
};

#define INCOMING_INIT { BAGIT_RESULT_INIT, "", NULL, -1, NULL, 0, 0 }

/* Read PATH.age with its .minisig.  Nothing of `part` is valid unless the
 * result is 0: signature by `k`, every chunk authenticated, the bag whole.
 * E_NOTFOUND without a .minisig; E_CRYPTO, E_CORRUPT, E_DENIED, E_FORMAT as
 * the layers say.  `spool`: the folder for temporary files (of this site: they
 * are not encrypted). */
int incoming_read(struct incoming *in, const char *path,
    const struct age_keys *keys, const struct minisign_public *k,
    const char *spool, struct incoming_part *part, size_t n, struct err *e)
	MUST_CHECK;
void incoming_done(struct incoming *in, struct incoming_part *part, size_t n);

/* The whole of a part as text; E_RANGE beyond `limit`. */
int incoming_text(struct incoming_part *p, size_t limit, struct str *out,
    struct err *e) MUST_CHECK;
/* The same of a file below the folder. */
int incoming_more_text(const struct incoming *in,
    const struct incoming_more *m, size_t limit, struct str *out,
    struct err *e) MUST_CHECK;
/* Back to its beginning. */
int incoming_rewind(struct incoming_part *p, struct err *e) MUST_CHECK;

/* A township's bundle: its header, chain, and rows ready to be merged. */
struct incoming_bundle {
	struct incoming in;
	struct incoming_part part[2];	/* header.json, rows.jsonl */
	struct header header;
	char chain[65];
};
int incoming_bundle(struct incoming_bundle *b, const char *path,
    const struct age_keys *keys, const struct minisign_public *k,
    const char *spool, struct err *e) MUST_CHECK;
void incoming_bundle_done(struct incoming_bundle *b);

#endif
