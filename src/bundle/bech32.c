/* See bech32.h. */
#include "bech32.h"

#include <stdint.h>
#include <string.h>

static const char letters[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

enum { SUM = 6 };	/* letters of the checksum */

/* One step of the BCH code's remainder. */
static uint32_t
step(uint32_t sum, unsigned value)
{
	static const uint32_t gen[5] = {
		0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3
	};
	uint32_t top = sum >> 25;
	unsigned i;

	sum = (sum & 0x1ffffff) << 5 ^ value;
	for (i = 0; i < 5; i++)
		if (top >> i & 1)
			sum ^= gen[i];
	return sum;
}

static uint32_t
prefix_sum(const char *prefix)
{
	uint32_t sum = 1;
	const char *c;

	for (c = prefix; *c != '\0'; c++)
		sum = step(sum, (unsigned char)*c >> 5);
	sum = step(sum, 0);
	for (c = prefix; *c != '\0'; c++)
		sum = step(sum, (unsigned char)*c & 31);
	return sum;
}

int
bech32_encode(char *out, size_t size, const char *prefix,
    const unsigned char *p, size_t len)
{
	size_t n = strlen(prefix), i, need = n + 1 + (len * 8 + 4) / 5 + SUM;
	uint32_t sum = prefix_sum(prefix), acc = 0;
	unsigned bits = 0, v;

	if (need + 1 > size)
		return -1;
	memcpy(out, prefix, n);
	out[n++] = '1';
	for (i = 0; i < len || bits > 0;) {
		if (bits < 5 && i < len) {
			acc = (acc << 8 | p[i++]) & 0xfff;
			bits += 8;
		} else if (bits < 5) {
			acc <<= 5 - bits;
			bits = 5;
		}
		bits -= 5;
		v = acc >> bits & 31;
		sum = step(sum, v);
		out[n++] = letters[v];
	}
	for (i = 0; i < SUM; i++)
		sum = step(sum, 0);
	sum ^= 1;
	for (i = 0; i < SUM; i++)
		out[n++] = letters[sum >> 5 * (5 - i) & 31];
	out[n] = '\0';
	return 0;
}

/* `s` in lower case; -1 when it mixes cases or holds anything unprintable. */
static int
lower(char *to, size_t size, const char *s)
{
	int small = 0, large = 0;
	size_t i;

	for (i = 0; s[i] != '\0'; i++) {
		if (i + 1 >= size || s[i] < 33 || s[i] > 126)
			return -1;
		small |= s[i] >= 'a' && s[i] <= 'z';
		large |= s[i] >= 'A' && s[i] <= 'Z';
		to[i] = s[i] >= 'A' && s[i] <= 'Z' ? (char)(s[i] + 32) : s[i];
	}
	to[i] = '\0';
	return small && large ? -1 : 0;
}

int
bech32_decode(unsigned char *p, size_t len, const char *prefix,
    const char *s)
{
	char text[256];
	size_t n = strlen(prefix), i, got = 0, data = (len * 8 + 4) / 5;
	uint32_t sum = prefix_sum(prefix), acc = 0;
	unsigned bits = 0;
	const char *at;

	if (lower(text, sizeof text, s) < 0 ||
	    strncmp(text, prefix, n) != 0 || text[n] != '1' ||
	    strlen(text) != n + 1 + data + SUM)
		return -1;
	for (i = n + 1; text[i] != '\0'; i++) {
		at = strchr(letters, text[i]);
		if (at == NULL)
			return -1;
		sum = step(sum, (unsigned)(at - letters));
		if (i >= n + 1 + data)
			continue;
		acc = (acc << 5 | (uint32_t)(at - letters)) & 0xfff;
		bits += 5;
		if (bits >= 8) {
			bits -= 8;
			p[got++] = (unsigned char)(acc >> bits);
		}
	}
	/* left-over bits must be zero, or two spellings mean one key */
	if (sum != 1 || got != len || (acc & ((1u << bits) - 1)) != 0)
		return -1;
	return 0;
}
