/* The header of an age file: recipient stanzas and the code that
 * authenticates them.  Used by age.c and the tests only. */
#ifndef TONGJI_AGEHEAD_H
#define TONGJI_AGEHEAD_H

#include <stddef.h>

#include "agekey.h"
#include "err.h"
#include "flow.h"
#include "str.h"

enum {
	AGE_FILE_KEY = 16,		/* bytes */
	AGE_HEADER_MAX = 65536
};

/* HKDF-SHA-256 (RFC 5869) with a 32-byte result. */
void age_hkdf(unsigned char out[32], const void *ikm, size_t ikm_len,
    const void *salt, size_t salt_len, const char *info);

/* Append the header for these recipients, or for a passphrase. */
int age_head_build(struct str *out, const unsigned char *file_key,
    const struct age_recipient *r, size_t n, struct err *e) MUST_CHECK;
int age_head_build_passphrase(struct str *out, const unsigned char *file_key,
    const char *passphrase, int work, struct err *e) MUST_CHECK;

/* Read exactly the header from `in` (not a byte more), find the file key with
 * one of the keys, authenticate.  Error codes as in age.h. */
int age_head_open(unsigned char *file_key, struct flow_in in,
    const struct age_keys *keys, struct err *e) MUST_CHECK;

#endif
