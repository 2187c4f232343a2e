/* age's X25519 keys: making, writing and reading them, and the set of keys
 * that a file may be opened with.  Secrets are wiped with sodium_memzero; the
 * kernel is asked not to swap them, and its refusal is tolerated. */
#ifndef TONGJI_AGEKEY_H
#define TONGJI_AGEKEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "str.h"

enum {
	AGE_RECIPIENT_SIZE = 63,	/* "age1…" with its NUL */
	AGE_IDENTITY_SIZE = 75		/* "AGE-SECRET-KEY-1…" with its NUL */
};

struct age_recipient {
	unsigned char point[32];
};

struct age_identity {
	unsigned char scalar[32];
	struct age_recipient recipient;	/* its public part */
};

/* Start libsodium; safe to call often.  Dies if the library cannot start. */
void age_init(void);

/* Has the machine so much memory that a key derivation may take `bytes`?
 * Asking for more would end in the kernel killing somebody. */
bool age_memory_suffices(uint64_t bytes);

/* --- keys --- */

void age_identity_new(struct age_identity *id);		/* from the kernel */
/* Work out the public part of a scalar that came from elsewhere. */
void age_identity_complete(struct age_identity *id);
void age_identity_wipe(struct age_identity *id);
void age_recipient_format(const struct age_recipient *r,
    char out[AGE_RECIPIENT_SIZE]);
/* Parse "age1…" exactly (BIP 173 Bech32, one letter case). E_FORMAT. */
int age_recipient_parse(struct age_recipient *r, const char *s,
    struct err *e) MUST_CHECK;
void age_identity_format(const struct age_identity *id,
    char out[AGE_IDENTITY_SIZE]);
int age_identity_parse(struct age_identity *id, const char *s,
    struct err *e) MUST_CHECK;

/* What a file may be opened with: any number of identities, and at most one
 * passphrase.  Wiped and freed by age_keys_done(). */
struct age_keys {
	struct age_identity *v;
	size_t n, cap;
	char *passphrase;	/* owned; NULL if none */
};

#define AGE_KEYS_INIT { NULL, 0, 0, NULL }

void age_keys_add(struct age_keys *k, const struct age_identity *id);
void age_keys_set_passphrase(struct age_keys *k, const char *passphrase);
/* Add every identity of an identity file's text (`len` bytes; empty lines and
 * # comments are skipped, CRLF is taken).  E_FORMAT names the line. */
int age_keys_parse(struct age_keys *k, const char *text, size_t len,
    struct err *e) MUST_CHECK;
/* The same from a file, which may itself be an age file (or an armoured one)
 * under a passphrase, as `age -p` writes it.  E_DENIED when it is and
 * `passphrase` is NULL or wrong. */
int age_keys_load(struct age_keys *k, const char *path,
    const char *passphrase, struct err *e) MUST_CHECK;
void age_keys_done(struct age_keys *k);

/* Append an identity file in age's own form ("# created:", "# public key:",
 * the key).  `created` is an RFC 3339 moment, or NULL to leave the line out.
 * The text is secret: wipe it with age_wipe_str(). */
void age_identity_text(struct str *out, const struct age_identity *id,
    const char *created);
/* Overwrite the bytes of `s` and free it. */
void age_wipe_str(struct str *s);

#endif
