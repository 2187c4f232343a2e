/* Bech32 (BIP 173) without its limit of 90 characters, as age uses it for
 * keys: a readable prefix, "1", the data in 5-bit letters, a checksum that
 * finds any four wrong letters. */
#ifndef TONGJI_BECH32_H
#define TONGJI_BECH32_H

#include <stddef.h>

/* Encode `len` bytes under the lower-case `prefix` into `out` of `size`
 * bytes; -1 if it is too small. */
int bech32_encode(char *out, size_t size, const char *prefix,
    const unsigned char *p, size_t len);
/* Decode `s`, whose prefix must be `prefix` (given in lower case) and whose
 * letters are all lower or all upper case, into exactly `len` bytes; -1 if it
 * is not that, canonically. */
int bech32_decode(unsigned char *p, size_t len, const char *prefix,
    const char *s);

#endif
