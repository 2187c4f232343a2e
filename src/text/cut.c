/* See cut.h. */
#include "cut.h"

#include <stdint.h>
#include <string.h>

#include "safe.h"
#include "utf8.h"
#include "width.h"

static bool
is_mark(uint32_t cp)
{
	return cp >= 0x300 && cp != UTF8_BAD && width_cp(cp) == 0;
}

size_t
cut_next(const char *s, size_t at)
{
	const char *p = s + at, *next;
	uint32_t cp;

	if (*p == '\0')
		return at;
	p = utf8_next(p, &cp);
	if (cp == '\n')
		return (size_t)(p - s);
	while (*p != '\0' && (unsigned char)*p >= 0x80) {
		next = utf8_next(p, &cp);
		if (!is_mark(cp))
			break;
		p = next;
	}
	return (size_t)(p - s);
}

size_t
cut_prev(const char *s, size_t at)
{
	uint32_t cp;

	while (at > 0) {
		at = utf8_prev(s, at);
		utf8_next(s + at, &cp);
		if (!is_mark(cp))
			break;
		/* A mark does not sit on a newline. */
		if (at > 0 && s[at - 1] == '\n')
			break;
	}
	return at;
}

/* Columns of the grapheme between two offsets. */
static int
grapheme_cols(const char *s, size_t from, size_t to)
{
	return width_strn(s + from, to - from);
}

size_t
cut_fit(const char *s, int cols, int *used)
{
	size_t at = 0, next;
	int n = 0, w;

	while (s[at] != '\0') {
		next = cut_next(s, at);
		w = grapheme_cols(s, at, next);
		if (n + w > cols)
			break;
		n += w;
		at = next;
	}
	if (used != NULL)
		*used = n;
	return at;
}

int
cut_add(struct str *out, const char *s, int cols, bool mark)
{
	int used;
	size_t n = cut_fit(s, cols, &used);

	if (s[n] == '\0' || !mark || cols < 1) {
		safe_linen(out, s, n);
		return used;
	}
	n = cut_fit(s, cols - 1, &used);
	safe_linen(out, s, n);
	str_addc(out, '~');
	return used + 1;
}

static void
blanks(struct str *out, int n)
{
	while (n-- > 0)
		str_addc(out, ' ');
}

void
cut_pad(struct str *out, const char *s, int cols, enum cut_align how)
{
	struct str body = STR_INIT;
	int left = 0, rest;

	rest = cols - cut_add(&body, s, cols, true);
	if (how == CUT_RIGHT)
		left = rest;
	else if (how == CUT_CENTRE)
		left = rest / 2;
	blanks(out, left);
	str_addn(out, body.buf, body.len);
	blanks(out, rest - left);
	str_done(&body);
}

/* --- wrapping ------------------------------------------------------------ */

/* Is the character at `p` one of those in `set`? */
static bool
one_of(const char *p, const char *set)
{
	uint32_t cp, c;

	utf8_next(p, &cp);
	if (cp == 0 || cp == UTF8_BAD)
		return false;
	while (*set != '\0') {
		set = utf8_next(set, &c);
		if (c == cp)
			return true;
	}
	return false;
}

/* Punctuation that must not begin a line, and that must not end one
 * (GB/T 15834, 5.1.10: what a line may begin and end with). */
static const char no_start[] =
	"、。，．：；？！）］｝〕】》〉」』”’％…—～·々"
	",.:;?!)]}%";
static const char no_end[] = "（［｛〔【《〈「『“‘￥＄([{";

static bool
word_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	    (c >= 'a' && c <= 'z') || c == '-' || c == '/' || c == ':' ||
	    c == '.' || c == '_' || c == '@';
}

static bool
may_break(const char *s, size_t at)
{
	if (one_of(s + at, no_start))
		return false;
	if (one_of(s + utf8_prev(s, at), no_end))
		return false;
	return !(word_byte(s[at]) && word_byte(s[at - 1]));
}

/* The best place to end a line that is full at `at`: there, or a little
 * before, or there after all if nothing better is in the second half. */
static size_t
break_at(const char *s, size_t from, size_t at, int cols)
{
	size_t b = at;
	int back = 0;

	while (b > from && back <= cols / 2) {
		if (may_break(s, b))
			return b;
		b = cut_prev(s, b);
		back += grapheme_cols(s, b, cut_next(s, b));
	}
	return at;
}

size_t
cut_line(const char *s, size_t from, int cols, size_t *end)
{
	size_t at = from, next;
	int used = 0, w;

	if (cols < 2)
		cols = 2;
	for (; s[at] != '\0'; at = next) {
		if (s[at] == '\n') {
			*end = at;
			return at + 1;
		}
		next = cut_next(s, at);
		w = grapheme_cols(s, at, next);
		if (used + w > cols && at > from) {
			*end = break_at(s, from, at, cols);
			return *end;
		}
		used += w;
	}
	*end = at;
	return CUT_END;
}

int
cut_count(const char *s, int cols)
{
	size_t at, end;
	int n = 0;

	for (at = 0; at != CUT_END; n++)
		at = cut_line(s, at, cols, &end);
	return n;
}
