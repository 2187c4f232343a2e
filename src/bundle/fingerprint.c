/* See fingerprint.h. */
#include "fingerprint.h"

#include <sodium.h>
#include <string.h>

#include "str.h"

void
key_fingerprint(const struct age_recipient *r,
    const struct age_recipient *archive, const struct minisign_public *k,
    char out[FINGERPRINT_SIZE])
{
	char line[MINISIGN_PUBLIC_SIZE], age[AGE_RECIPIENT_SIZE];
	unsigned char sum[32];
	struct str all = STR_INIT;
	uint64_t v;
	int i, j;

	age_recipient_format(r, age);
	minisign_public_format(k, line);
	str_addf(&all, "tongji fingerprint 1\n%s\n%s\n", age, line);
	if (archive != NULL) {
		age_recipient_format(archive, age);
		str_addf(&all, "archive %s\n", age);
	}
	crypto_hash_sha256(sum, (const void *)all.buf, all.len);
	str_done(&all);
	/* five bytes give five digits, with a bias below 2^-23 */
	for (i = 0; i < 6; i++) {
		for (v = 0, j = 0; j < 5; j++)
			v = v << 8 | sum[5 * i + j];
		v %= 100000;
		for (j = 4; j >= 0; j--, v /= 10)
			out[6 * i + j] = (char)('0' + v % 10);
		out[6 * i + 5] = i < 5 ? ' ' : '\0';
	}
}

bool
key_fingerprint_is(const char *fingerprint, const char *typed)
{
	const unsigned char *p = (const unsigned char *)typed;
	char digits[31];
	size_t n = 0, i, j = 0;
	int c;

	while (*p != '\0') {
		c = *p++;
		if (c == ' ' || c == '-')
			continue;
		if (c == 0xE3 && p[0] == 0x80 && p[1] == 0x80) {
			p += 2;		/* the ideographic space */
			continue;
		}
		if (c == 0xEF && p[0] == 0xBC && p[1] >= 0x90 && p[1] <= 0x99) {
			c = '0' + (p[1] - 0x90);	/* full-width digit */
			p += 2;
		}
		if (c < '0' || c > '9' || n >= 30)
			return false;
		digits[n++] = (char)c;
	}
	for (i = 0; fingerprint[i] != '\0'; i++)
		if (fingerprint[i] != ' ' &&
		    (j >= n || digits[j++] != fingerprint[i]))
			return false;
	return n == 30 && j == 30;
}
