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

/* The next digit of what was typed, blanks and hyphens passed over: 0 at the
 * end, -1 for anything else. */
static int
next_digit(const unsigned char **p)
{
	const unsigned char *q = *p;

	for (;;) {
		if (*q == ' ' || *q == '-')
			q++;
		else if (q[0] == 0xE3 && q[1] == 0x80 && q[2] == 0x80)
			q += 3;		/* the ideographic space */
		else
			break;
	}
	if (q[0] == 0xEF && q[1] == 0xBC && q[2] >= 0x90 && q[2] <= 0x99) {
		*p = q + 3;		/* full-width digit */
		return '0' + (q[2] - 0x90);
	}
	*p = *q != '\0' ? q + 1 : q;
	return *q == '\0' || (*q >= '0' && *q <= '9') ? *q : -1;
}

int
key_fingerprint_typed(const char *typed)
{
	const unsigned char *p = (const unsigned char *)typed;
	int n = 0, c;

	while ((c = next_digit(&p)) > 0)
		n++;
	return c < 0 ? -1 : n;
}

bool
key_fingerprint_is(const char *fingerprint, const char *typed)
{
	const unsigned char *p = (const unsigned char *)typed;
	int c, n = 0;

	while ((c = next_digit(&p)) > 0) {
		while (*fingerprint == ' ')
			fingerprint++;
		if (c != *fingerprint++)
			return false;
		n++;
	}
	return c == 0 && *fingerprint == '\0' && n == FINGERPRINT_DIGITS;
}
