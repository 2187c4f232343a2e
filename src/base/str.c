/* See str.h. */
#include "str.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "mem.h"

char str_empty[1] = "";

void
str_init(struct str *s)
{
	s->buf = str_empty;
	s->len = s->cap = 0;
}

void
str_done(struct str *s)
{
	if (s->cap > 0)
		free(s->buf);
	str_init(s);
}

void
str_clear(struct str *s)
{
	s->len = 0;
	if (s->cap > 0)
		s->buf[0] = '\0';
}

void
str_room(struct str *s, size_t more)
{
	size_t need = s->len + more + 1, cap = s->cap;

	if (need <= cap)
		return;
	if (need < more)
		BUG("str overflow");
	cap = cap < 32 ? 64 : cap * 2;
	if (cap < need)
		cap = need;
	s->buf = xrealloc(s->cap > 0 ? s->buf : NULL, cap, 1);
	s->buf[s->len] = '\0';
	s->cap = cap;
}

void
str_addn(struct str *s, const void *p, size_t len)
{
	if (len == 0)
		return;
	str_room(s, len);
	memcpy(s->buf + s->len, p, len);
	s->len += len;
	s->buf[s->len] = '\0';
}

void
str_add(struct str *s, const char *text)
{
	if (text != NULL)
		str_addn(s, text, strlen(text));
}

void
str_addc(struct str *s, char c)
{
	str_addn(s, &c, 1);
}

void
str_addf(struct str *s, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		BUG("str_addf format");
	str_room(s, (size_t)n);
	vsnprintf(s->buf + s->len, (size_t)n + 1, fmt, again);
	va_end(again);
	s->len += (size_t)n;
}

char *
str_take(struct str *s)
{
	char *p = s->cap > 0 ? s->buf : xstrdup("");

	str_init(s);
	return p;
}

bool
str_eq(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(a, b) == 0;
}

bool
str_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool
str_blank(const char *s)
{
	return s == NULL || *s == '\0';
}

void
hex_encode(char *out, const void *p, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *b = p;
	size_t i;

	for (i = 0; i < len; i++) {
		out[2 * i] = digits[b[i] >> 4];
		out[2 * i + 1] = digits[b[i] & 15];
	}
	out[2 * len] = '\0';
}

static int
nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int
hex_decode(void *out, size_t len, const char *hex)
{
	unsigned char *b = out;
	size_t i;
	int hi, lo;

	if (strlen(hex) != 2 * len)
		return -1;
	for (i = 0; i < len; i++) {
		hi = nibble(hex[2 * i]);
		lo = nibble(hex[2 * i + 1]);
		if (hi < 0 || lo < 0)
			return -1;
		b[i] = (unsigned char)(hi << 4 | lo);
	}
	return 0;
}
