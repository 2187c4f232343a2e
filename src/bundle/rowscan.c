/* See rowscan.h. */
#include "rowscan.h"

#include <stdint.h>
#include <string.h>

#include "mem.h"
#include "rowtext.h"
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
	struct rowtext *out;	/* NULL: only look; else the line is its copy */
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

/* A scanned string as a text of its own: its end where the quote stood, its
 * escapes undone in place.  NULL while only looking. */
static const char *
keep(struct scan *s, struct span v)
{
	static const char letters[] = "bfnrt", values[] = "\b\f\n\r\t";
	char *start, *to, *from, *end, *c;

	if (s->out == NULL)
		return NULL;
	start = s->out->copy + (v.s - s->out->copy);
	end = start + v.len;
	from = memchr(start, '\\', v.len);
	*end = '\0';
	for (to = from; from != NULL && from < end; from++) {
		if (*from == '\\') {
			from++;
			c = strchr(letters, *from);
			*to++ = c != NULL ? values[c - letters] : *from;
		} else {
			*to++ = *from;
		}
	}
	if (to != NULL)
		*to = '\0';
	return start;
}

/* A text whose address goes to *out. */
static bool
text(struct scan *s, const char **out)
{
	struct span v;

	if (!string(s, true, &v))
		return false;
	*out = keep(s, v);
	return true;
}

static bool
uid(struct scan *s, const char **out)
{
	char copy[UID_SIZE];
	struct span v;

	if (!string(s, false, &v) || v.len != UID_SIZE - 1)
		return false;
	memcpy(copy, v.s, v.len);
	copy[v.len] = '\0';
	*out = keep(s, v);
	return uid_valid(copy);
}

static bool
text_or_null(struct scan *s, const char **out)
{
	*out = NULL;
	return take(s, "null") || text(s, out);
}

/* The texts of a list, whose '[' is behind us: the first of them into the
 * pair, or all of them as superseded versions. */
static bool
list(struct scan *s, const char **pair)
{
	const char *one;
	size_t i = 0;

	if (take(s, "]"))
		return true;
	do {
		if (!text_or_null(s, &one))
			return false;
		if (pair != NULL && i < 2)
			pair[i++] = one;
		else if (pair == NULL && one != NULL)
			rowtext_add_sup(s->out, one);
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
	const char *v, *what;

	if (take(s, "}"))
		return true;
	do {
		if (!string(s, false, &name) || !new_name(s, name) ||
		    !take(s, ":") || !text(s, &v))
			return false;
		what = keep(s, name);
		if (what != NULL)
			rowtext_add_value(s->out, what, v);
	} while (take(s, ","));
	return take(s, "}");
}

static bool
live(struct scan *s, struct rowtext *t)
{
	return take(s, ",\"created\":[") && list(s, t->created) &&
	    take(s, ",\"updated\":[") && list(s, t->updated) &&
	    take(s, ",\"state\":") && text_or_null(s, &t->state) &&
	    take(s, ",\"v\":{") && values(s) && take(s, "}");
}

static bool
row(struct scan *s, struct rowtext *t)
{
	return take(s, "{\"form\":") && text(s, &t->form) &&
	    take(s, ",\"uid\":") && uid(s, &t->uid) &&
	    take(s, ",\"rv\":") && text(s, &t->rv) &&
	    take(s, ",\"sup\":[") && list(s, NULL) &&
	    take(s, ",\"site\":") && text(s, &t->site) &&
	    ((t->deleted = take(s, ",\"deleted\":true}")) || live(s, t)) &&
	    s->p == s->end;
}

static bool
scan(const char *line, size_t len, struct rowtext *out)
{
	struct rowtext none;
	struct scan s;

	s.p = line;
	s.end = line + len;
	s.n = 0;
	s.out = out;
	return utf8_bad_at(line, len) == len &&
	    row(&s, out != NULL ? out : &none);
}

bool
rowscan_plain(const char *line, size_t len)
{
	return scan(line, len, NULL);
}

bool
rowscan_take(struct rowtext *t, const char *line, size_t len)
{
	t->copy = xstrndup(line, len);
	return scan(t->copy, len, t);
}
