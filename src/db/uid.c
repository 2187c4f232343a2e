/* See uid.h. */
#include "uid.h"

#include <sodium.h>
#include <stdint.h>
#include <string.h>

#include "date.h"
#include "str.h"

/* Random bytes come from the system in blocks: an import asks for tens of
 * bytes a row. */
void
random_bytes(void *p, size_t len)
{
	static unsigned char pool[4096];
	static size_t left;

	if (len > sizeof pool) {
		randombytes_buf(p, len);
		return;
	}
	if (left < len) {
		randombytes_buf(pool, sizeof pool);
		left = sizeof pool;
	}
	left -= len;
	memcpy(p, pool + left, len);
	sodium_memzero(pool + left, len);
}

static void
format(char out[UID_SIZE], const unsigned char b[16])
{
	char hex[33];

	hex_encode(hex, b, 16);
	memcpy(out, hex, 8);
	memcpy(out + 9, hex + 8, 4);
	memcpy(out + 14, hex + 12, 4);
	memcpy(out + 19, hex + 16, 4);
	memcpy(out + 24, hex + 20, 12);
	out[8] = out[13] = out[18] = out[23] = '-';
	out[36] = '\0';
}

static void
stamp_version(unsigned char b[16], unsigned version)
{
	b[6] = (unsigned char)((b[6] & 0x0F) | version << 4);
	b[8] = (unsigned char)((b[8] & 0x3F) | 0x80);
}

void
uid_new(char out[UID_SIZE])
{
	unsigned char b[16];
	uint64_t ms = (uint64_t)date_unix_ms();
	int i;

	random_bytes(b + 6, 10);
	for (i = 5; i >= 0; i--, ms >>= 8)
		b[i] = (unsigned char)ms;
	stamp_version(b, 7);
	format(out, b);
}

void
uid_derived(char out[UID_SIZE], const char *kind, const char *name)
{
	crypto_hash_sha256_state s;
	unsigned char h[32];

	crypto_hash_sha256_init(&s);
	crypto_hash_sha256_update(&s, (const unsigned char *)kind,
	    strlen(kind) + 1);
	crypto_hash_sha256_update(&s, (const unsigned char *)name,
	    strlen(name));
	crypto_hash_sha256_final(&s, h);
	stamp_version(h, 8);
	format(out, h);
}

bool
uid_valid(const char *s)
{
	size_t i;

	if (s == NULL || strlen(s) != 36)
		return false;
	for (i = 0; i < 36; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		unsigned char c = (unsigned char)s[i];
		/* no ||: which of the two is chance, and costs a jump */
		bool hex = (c - 48u < 10) | (c - 97u < 6);

		if (dash ? c != '-' : !hex)
			return false;
	}
	return true;
}

void
rv_new(char out[RV_SIZE])
{
	unsigned char b[8];

	random_bytes(b, sizeof b);
	hex_encode(out, b, sizeof b);
}

bool
rv_valid(const char *s)
{
	return s != NULL && strlen(s) == RV_SIZE - 1 &&
	    strspn(s, "0123456789abcdef") == RV_SIZE - 1;
}
