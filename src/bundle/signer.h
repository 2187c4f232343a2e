/* Whose signature a delivery may carry, of those that this home knows: an
 * enrolled township's key, or this site's own.  What was written before a
 * change of keys stays good under the former key; that key's public part and
 * the moment of the change are kept in keys/site.former, a line each:
 *
 *	2026-11-01 09:30:15 RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn… */
#ifndef TONGJI_SIGNER_H
#define TONGJI_SIGNER_H

#include <stddef.h>

#include "date.h"
#include "err.h"
#include "minikey.h"

struct signer {
	struct minisign_public key;
	char until[STAMP_SIZE];		/* "" while it is in use */
};

/* This site's keys: the one in use, then the former ones, last first.  Heap;
 * the caller frees. */
int signer_own(const char *home, struct signer **out, size_t *n,
    struct err *e) MUST_CHECK;
/* Remember that from now on `k` is a former key. */
int signer_retire(const char *home, const struct minisign_public *k,
    struct err *e) MUST_CHECK;

/* Verify the signature beside PATH.age by the key of the site in its name.
 * `until` gets the day and time when that key was replaced, or "": what is
 * inside must not be younger (verify_content sees to that).  E_DENIED when
 * another key made it, E_NOTFOUND when there is no .minisig. */
int signer_verify(const char *home, const char *path, char *comment,
    size_t size, char until[STAMP_SIZE], struct err *e) MUST_CHECK;

#endif
