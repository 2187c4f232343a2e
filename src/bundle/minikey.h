/* minisign's Ed25519 keys: making, writing and reading them.
 *
 * Secret keys are kept bare (no KDF, as `minisign -G -W`) for a township,
 * whose folder is 0700, or under a passphrase with scrypt for a county. */
#ifndef TONGJI_MINIKEY_H
#define TONGJI_MINIKEY_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "str.h"

#define MINISIGN_UNTRUSTED "untrusted comment: "

enum {
	MINISIGN_PUBLIC_SIZE = 57,	/* "RW…" with its NUL */
	MINISIGN_ID_SIZE = 17		/* 16 upper-case hex digits, NUL */
};

struct minisign_public {
	unsigned char id[8];
	unsigned char key[32];
};

struct minisign_secret {
	struct minisign_public public;
	unsigned char key[64];		/* seed and public key, libsodium's */
};

void minisign_new(struct minisign_secret *s);
void minisign_wipe(struct minisign_secret *s);
/* The key's number as minisign shows it. */
void minisign_id(const struct minisign_public *k,
    char out[MINISIGN_ID_SIZE]);
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

/* --- shared with minisign.c: lines of a text --- */

struct miniline {
	const char *p;		/* not terminated; borrowed from the text */
	size_t len;
};

/* The next line from `*at`, without LF or CRLF; false at the end. */
bool miniline_next(struct miniline *l, const char **at, const char *end);
bool miniline_starts(const struct miniline *l, const char *prefix);
/* True if the line is exactly `size` bytes in canonical Base64. */
bool miniline_bytes(unsigned char *out, size_t size,
    const struct miniline *l);

#endif
