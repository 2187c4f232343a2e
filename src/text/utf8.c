/* See utf8.h. */
#include "utf8.h"

#include <string.h>

/* Bytes of the sequence that `lead` begins, with the bounds of its second
 * byte: the narrower ones keep out overlong forms, surrogates and everything
 * above U+10FFFF (RFC 3629, section 4). */
static int
lead_length(unsigned char lead, unsigned char *lo, unsigned char *hi)
{
	*lo = 0x80;
	*hi = 0xBF;
	if (lead >= 0xC2 && lead <= 0xDF)
		return 2;
	if (lead >= 0xE0 && lead <= 0xEF) {
		if (lead == 0xE0)
			*lo = 0xA0;
		if (lead == 0xED)
			*hi = 0x9F;
		return 3;
	}
	if (lead >= 0xF0 && lead <= 0xF4) {
		if (lead == 0xF0)
			*lo = 0x90;
		if (lead == 0xF4)
			*hi = 0x8F;
		return 4;
	}
	return 0;
}

int
utf8_decode(uint32_t *cp, const char *s, size_t len)
{
	const unsigned char *p = (const unsigned char *)s;
	unsigned char lo, hi;
	uint32_t v;
	int n, i;

	if (len == 0)
		return 0;
	if (p[0] < 0x80) {
		*cp = p[0];
		return 1;
	}
	n = lead_length(p[0], &lo, &hi);
	if (n == 0 || (size_t)n > len || p[1] < lo || p[1] > hi)
		return -1;
	v = p[0] & (0x7Fu >> n);
	v = v << 6 | (p[1] & 0x3Fu);
	for (i = 2; i < n; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return -1;
		v = v << 6 | (p[i] & 0x3Fu);
	}
	*cp = v;
	return n;
}

int
utf8_encode(char out[UTF8_MAX], uint32_t cp)
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xC0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3F));
		return 2;
	}
	if ((cp >= 0xD800 && cp <= 0xDFFF) || cp > 0x10FFFF)
		return 0;
	if (cp < 0x10000) {
		out[0] = (char)(0xE0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
		out[2] = (char)(0x80 | (cp & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
	out[3] = (char)(0x80 | (cp & 0x3F));
	return 4;
}

void
utf8_add(struct str *out, uint32_t cp)
{
	char buf[UTF8_MAX];

	str_addn(out, buf, (size_t)utf8_encode(buf, cp));
}

const char *
utf8_next(const char *s, uint32_t *cp)
{
	unsigned char c = (unsigned char)*s;
	int n;

	if (c < 0x80) {
		*cp = c;
		return c == 0 ? s : s + 1;
	}
	/* Every byte of a sequence but the first is above 7F, so decoding
	 * stops at a NUL by itself and a length of 4 is safe. */
	n = utf8_decode(cp, s, UTF8_MAX);
	if (n < 0) {
		*cp = UTF8_BAD;
		return s + 1;
	}
	return s + n;
}

size_t
utf8_prev(const char *s, size_t at)
{
	uint32_t cp;
	size_t back;

	for (back = 1; back <= UTF8_MAX && back <= at; back++) {
		unsigned char c = (unsigned char)s[at - back];

		if ((c & 0xC0) == 0x80)
			continue;
		if (utf8_decode(&cp, s + at - back, back) == (int)back)
			return at - back;
		break;
	}
	return at > 0 ? at - 1 : 0;
}

size_t
utf8_bad_at(const char *s, size_t len)
{
	const uint64_t high = UINT64_C(0x8080808080808080);
	uint64_t eight;
	uint32_t cp;
	size_t at = 0;
	int n;

	while (at < len) {
		if (len - at >= sizeof eight) {
			memcpy(&eight, s + at, sizeof eight);
			if ((eight & high) == 0) {
				at += sizeof eight;
				continue;
			}
		}
		if ((unsigned char)s[at] < 0x80) {
			at++;
			continue;
		}
		n = utf8_decode(&cp, s + at, len - at);
		if (n < 0)
			return at;
		at += (size_t)n;
	}
	return len;
}

bool
utf8_valid(const char *s)
{
	size_t len = strlen(s);

	return utf8_bad_at(s, len) == len;
}

size_t
utf8_count_n(const char *s, size_t len)
{
	uint32_t cp;
	size_t n = 0, at = 0;
	int step;

	for (; at < len; n++) {
		step = utf8_decode(&cp, s + at, len - at);
		at += step < 0 ? 1 : (size_t)step;
	}
	return n;
}

size_t
utf8_count(const char *s)
{
	return utf8_count_n(s, strlen(s));
}

size_t
utf8_skip(const char *s, size_t count)
{
	const char *p = s;
	uint32_t cp;

	while (count-- > 0 && *p != '\0')
		p = utf8_next(p, &cp);
	return (size_t)(p - s);
}

void
utf8_repair(struct str *out, const char *s, size_t len)
{
	size_t bad;

	while (len > 0) {
		bad = utf8_bad_at(s, len);
		str_addn(out, s, bad);
		if (bad == len)
			return;
		str_add(out, "〓");
		s += bad + 1;
		len -= bad + 1;
	}
}

bool
utf8_is_han(uint32_t cp)
{
	return (cp >= 0x4E00 && cp <= 0x9FFF) ||
	    (cp >= 0x3400 && cp <= 0x4DBF) || cp == 0x3007 ||
	    (cp >= 0xF900 && cp <= 0xFAFF) ||
	    (cp >= 0x20000 && cp <= 0x3FFFD);
}
