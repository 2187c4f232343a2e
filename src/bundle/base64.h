/* Base64 (RFC 4648), decoded canonically: one text for one run of bytes. */
#ifndef TONGJI_BASE64_H
#define TONGJI_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* Decode `len` letters into `out` of `size` bytes, their number into `*n`;
 * -1 for a foreign byte, wrong or (unless `padded`) any padding, left-over
 * bits, or too much.
 *
 * libsodium 1.0.18 takes some bytes above 127 for letters where char is
 * signed, so that a flipped bit went unnoticed: they are refused first. */
int base64_decode(unsigned char *out, size_t size, size_t *n,
    const char *text, size_t len, bool padded);

#endif
