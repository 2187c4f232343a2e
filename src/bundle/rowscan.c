/* See rowscan.h. */
#include "rowscan.h"

#include <stdint.h>
#include <string.h>

#include "uid.h"
#include "utf8.h"

enum { NAMES_MAX = 128 };

struct span {
	const char *s;
	size_t len;
};

struct scan {
	const char *p, *end;
	struct span name[NAMES_MAX];	/* of the values so far */
	size_t n;
};

static bool
take(struct scan *s, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(s->end - s->p) < len || memcmp(s->p, word, len) != 0)
		return false;
	s->p += len;
	return true;
}

/* The first byte that ends a run of ordinary ones: a quote, a backslash or a
 * control character.  Eight at a time: a whole word is skipped only when none
 * of its bytes can be one. */
static const char *
ordinary(const char *p, const char *end)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), top = ones << 7;
	uint64_t x, quote, back;

	for (; end - p >= 8; p += 8) {
		memcpy(&x, p, 8);
		quote = x ^ ones * '"';
		back = x ^ ones * '\\';
		if ((((quote - ones) & ~quote) | ((back - ones) & ~back) |
		    ((x - ones * 0x20) & ~x)) & top)
			break;
	}
	while (p < end && *p != '"' && *p != '\\' &&
	    (unsigned char)*p >= 0x20)
		p++;
	return p;
}

/* A string; *out is what stands between its quotes.  An escape is passed over
 * where `escapes` allows it. */
static bool
string(struct scan *s, bool escapes, struct span *out)
{
	const char *p = s->p;

	if (p == s->end || *p != '"')
		return false;
	out->s = ++p;
	while ((p = ordinary(p, s->end)) < s->end && *p != '"') {
		if (!escapes || *p != '\\' || s->end - p < 2 ||
		    memchr("\"\\/bfnrt", p[1], 8) == NULL)
			return false;
		p += 2;
	}
	if (p == s->end)
		return false;
	out->len = (size_t)(p - out->s);
	s->p = p + 1;
	return true;
}

static bool
text(struct scan *s)
{
	struct span v;

	return string(s, true, &v);
}

static bool
uid(struct scan *s)
{
	char copy[UID_SIZE];
	struct span v;

	if (!string(s, false, &v) || v.len != UID_SIZE - 1)
		return false;
	memcpy(copy, v.s, v.len);
	copy[v.len] = '\0';
	return uid_valid(copy);
}

static bool
text_or_null(struct scan *s)
{
	return take(s, "null") || text(s);
}

/* The texts of a list, whose '[' is behind us. */
static bool
list(struct scan *s)
{
	if (take(s, "]"))
		return true;
	do {
		if (!text_or_null(s))
			return false;
	} while (take(s, ","));
	return take(s, "]");
}

static bool
new_name(struct scan *s, struct span name)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (s->name[i].len == name.len &&
		    memcmp(s->name[i].s, name.s, name.len) == 0)
			return false;
	if (s->n == NAMES_MAX)
		return false;
	s->name[s->n++] = name;
	return true;
}

/* The values, whose '{' is behind us. */
static bool
values(struct scan *s)
{
	struct span name;

	if (take(s, "}"))
		return true;
	do {
		if (!string(s, false, &name) || !new_name(s, name) ||
		    !take(s, ":") || !text(s))
			return false;
	} while (take(s, ","));
	return take(s, "}");
}

static bool
live(struct scan *s)
{
	return take(s, ",\"created\":[") && list(s) &&
	    take(s, ",\"updated\":[") && list(s) &&
	    take(s, ",\"state\":") && text_or_null(s) &&
	    take(s, ",\"v\":{") && values(s) && take(s, "}");
}

bool
rowscan_plain(const char *line, size_t len)
{
	struct scan s;

	s.p = line;
	s.end = line + len;
	s.n = 0;
	return utf8_bad_at(line, len) == len &&
	    take(&s, "{\"form\":") && text(&s) &&
	    take(&s, ",\"uid\":") && uid(&s) &&
	    take(&s, ",\"rv\":") && text(&s) &&
	    take(&s, ",\"sup\":[") && list(&s) &&
	    take(&s, ",\"site\":") && text(&s) &&
	    (take(&s, ",\"deleted\":true}") || live(&s)) && s.p == s.end;
}
