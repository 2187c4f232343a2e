/* Signatures in minisign's formats: Ed25519 over the BLAKE2b-512 of the file
 * ("ED", what we write) or over the file itself ("Ed", older; verified for
 * files of at most 64 MiB in memory), a trusted comment under a second
 * signature.  Limits: comments of at most MINISIGN_COMMENT bytes, one line. */
#ifndef TONGJI_MINISIGN_H
#define TONGJI_MINISIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "flow.h"
#include "minikey.h"
#include "str.h"

enum {
	MINISIGN_COMMENT = 1023,	/* bytes */
	MINISIGN_HASH = 64		/* bytes of BLAKE2b-512 */
};

/* --- the running hash of a file --- */

/* The caller's storage; not to be copied or moved while running. */
struct minisign_hash {
	unsigned char room[448];
};

void minisign_hash_init(struct minisign_hash *h);
void minisign_hash_update(struct minisign_hash *h, const void *p, size_t len);
void minisign_hash_final(struct minisign_hash *h,
    unsigned char out[MINISIGN_HASH]);
struct flow_out minisign_hash_flow(struct minisign_hash *h);

/* --- signing and verifying --- */

/* Append the text of a .minisig over a file with this hash.  E_RANGE if the
 * trusted comment has a line break, a control character or is too long. */
int minisign_sign(struct str *out, const struct minisign_secret *s,
    const unsigned char hash[MINISIGN_HASH], const char *trusted_comment,
    struct err *e) MUST_CHECK;

/* A parsed .minisig, not yet verified. */
struct minisign_sig {
	bool prehashed;
	unsigned char id[8];
	unsigned char sig[64];
	unsigned char global[64];
	char comment[MINISIGN_COMMENT + 1];	/* trusted only once verified */
};

int minisign_sig_parse(struct minisign_sig *sig, const char *text, size_t len,
    struct err *e) MUST_CHECK;
/* Is it a signature by `k` over a file with this hash, comment included?
 * E_CRYPTO if not; E_DENIED if another key made it; E_FORMAT for the older
 * kind, which has no hash. */
int minisign_verify_hash(const struct minisign_sig *sig,
    const struct minisign_public *k, const unsigned char hash[MINISIGN_HASH],
    struct err *e) MUST_CHECK;
/* The same for a stream, both kinds. */
int minisign_verify(const struct minisign_sig *sig,
    const struct minisign_public *k, struct flow_in in, struct err *e)
	MUST_CHECK;

#endif
