/* Signatures in minisign's formats: Ed25519 over the BLAKE2b-512 of the file
 * ("ED", what we write) or over the file itself ("Ed", older; verified for
 * files of at most 64 MiB in memory), a trusted comment under a second
 * signature, public and secret key files.
 *
 * Secret keys are kept bare (no KDF, as `minisign -G -W`) for a township,
 * whose folder is 0700, or under a passphrase with scrypt for a county.
 * Limits: comments of at most MINISIGN_COMMENT bytes, one line. */
#ifndef TONGJI_MINISIGN_H
#define TONGJI_MINISIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "age.h"
#include "err.h"
#include "flow.h"
#include "str.h"

enum {
	MINISIGN_PUBLIC_SIZE = 57,	/* "RW…" with its NUL */
	MINISIGN_ID_SIZE = 17,		/* 16 upper-case hex digits, NUL */
	MINISIGN_COMMENT = 1023,	/* bytes */
	MINISIGN_FINGERPRINT_SIZE = 36,	/* 6×5 digits, 5 blanks, NUL */
	MINISIGN_HASH = 64		/* bytes of BLAKE2b-512 */
};

struct minisign_public {
	unsigned char id[8];
	unsigned char key[32];
};

struct minisign_secret {
	struct minisign_public public;
	unsigned char key[64];		/* seed and public key, libsodium's */
};

/* --- keys --- */

void minisign_new(struct minisign_secret *s);
void minisign_wipe(struct minisign_secret *s);
void minisign_id(const struct minisign_public *k,
    char out[MINISIGN_ID_SIZE]);			/* as minisign shows it */
void minisign_public_format(const struct minisign_public *k,
    char out[MINISIGN_PUBLIC_SIZE]);
/* Parse a bare "RW…" line or the text of a public key file. E_FORMAT. */
int minisign_public_parse(struct minisign_public *k, const char *text,
    struct err *e) MUST_CHECK;
/* Append the text of a public key file. */
void minisign_public_text(struct str *out, const struct minisign_public *k);
/* Append the text of a secret key file: bare if `passphrase` is NULL.
 * The text is secret: wipe it with age_wipe_str(). */
int minisign_secret_text(struct str *out, const struct minisign_secret *s,
    const char *passphrase, struct err *e) MUST_CHECK;
/* Parse it.  E_DENIED when a passphrase is needed or wrong, E_FORMAT when it
 * is no secret key. */
int minisign_secret_parse(struct minisign_secret *s, const char *text,
    const char *passphrase, struct err *e) MUST_CHECK;
int minisign_secret_load(struct minisign_secret *s, const char *path,
    const char *passphrase, struct err *e) MUST_CHECK;

/* The 核对码 that is read out by telephone: 30 digits as "12345 12345 …",
 * from a SHA-256 over both public keys (about 99 bits). */
void key_fingerprint(const struct age_recipient *r,
    const struct minisign_public *k, char out[MINISIGN_FINGERPRINT_SIZE]);
/* True if `typed` is the same code; blanks, hyphens and full-width digits are
 * tolerated, nothing else. */
bool key_fingerprint_is(const char *fingerprint, const char *typed);

/* --- the running hash of a file --- */

struct minisign_hash {
	union {
		unsigned char room[512];
		unsigned long long align;
	} state;
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
