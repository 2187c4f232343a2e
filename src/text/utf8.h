/* UTF-8, strict as RFC 3629: no surrogates, no overlong forms, nothing above
 * U+10FFFF.  All text inside the program is UTF-8; lengths here are bytes
 * unless a name says `count` (code points). */
#ifndef TONGJI_UTF8_H
#define TONGJI_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

enum {
	UTF8_MAX = 4,			/* bytes of the longest code point */
	UTF8_BAD = 0x110000		/* stands for one undecodable byte */
};

/* Decode the first code point of `len` bytes.  Returns its bytes (1..4) with
 * *cp set; 0 when len is 0; -1 when the first byte does not begin a whole,
 * valid sequence (skip one byte to go on).  U+0000 is an ordinary code point
 * here. */
int utf8_decode(uint32_t *cp, const char *s, size_t len);

/* Encode `cp` into out (no NUL added).  Returns the bytes, 0 when `cp` is a
 * surrogate or above U+10FFFF. */
int utf8_encode(char out[UTF8_MAX], uint32_t cp);
void utf8_add(struct str *out, uint32_t cp);	/* appends; see utf8_encode */

/* Step over one code point of a NUL-terminated string: *cp becomes it, or
 * UTF8_BAD for one invalid byte, or 0 at the NUL, where `s` itself is
 * returned.  Never runs past the NUL. */
const char *utf8_next(const char *s, uint32_t *cp);

/* The byte offset of the code point that ends at offset `at` of `s`; 0 at the
 * start.  Invalid bytes are stepped over one by one, in agreement with
 * utf8_next. */
size_t utf8_prev(const char *s, size_t at);

/* The offset of the first byte that is not valid UTF-8, or `len`. */
size_t utf8_bad_at(const char *s, size_t len);
bool utf8_valid(const char *s);

/* Code points; every invalid byte counts as one. */
size_t utf8_count(const char *s);
size_t utf8_count_n(const char *s, size_t len);

/* The offset after the first `count` code points, or the length of `s`. */
size_t utf8_skip(const char *s, size_t count);

/* Append `len` bytes with each invalid byte as U+3013 〓.  For display only:
 * data with invalid bytes is refused, never repaired (codec.h). */
void utf8_repair(struct str *out, const char *s, size_t len);

/* A Han character: the URO, Ext A–I, both compatibility blocks, 〇. */
bool utf8_is_han(uint32_t cp);

#endif
