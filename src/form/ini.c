/* See ini.h. */
#include "ini.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "str.h"
#include "utf8.h"

/* A run through one file. */
struct reader {
	struct ini *ini;
	struct arena *arena;
	struct messages *ms;
	int line;
	struct str value, raw;	/* of the property being gathered */
	bool gathering, quoted;
	bool lost;		/* behind a section that could not be read */
	int gaps;		/* line breaks owed to `raw` */
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The character column (from 1) of byte `at` of a line. */
static int
column(const char *line, size_t at)
{
	return (int)utf8_count_n(line, at) + 1;
}

void
ini_place(const char *raw, size_t at, int *line, int *col)
{
	const char *p = raw, *nl;

	while ((nl = memchr(p, '\n', at - (size_t)(p - raw))) != NULL) {
		++*line;
		*col = 1;
		p = nl + 1;
	}
	*col += (int)utf8_count_n(p, at - (size_t)(p - raw));
}

static void
complain(struct reader *r, enum msg id, int col, const char *a)
{
	messages_add(r->ms, id, r->ini->file, r->line, col, a, NULL, NULL);
}

/* Bytes of the line that are not comment; keeps track of single quotes. */
static size_t
cut_comment(const char *s, size_t len, bool *quoted)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (s[i] == '\'')
			*quoted = !*quoted;
		if (s[i] == ';' && !*quoted && (i == 0 || is_blank(s[i - 1])))
			break;
	}
	while (i > 0 && is_blank(s[i - 1]))
		i--;
	return i;
}

static struct ini_property *
last_property(struct reader *r)
{
	struct ini_section *s = &r->ini->sections[r->ini->n - 1];

	return &s->props[s->n - 1];
}

/* The property above is complete. */
static void
finish(struct reader *r)
{
	struct ini_property *p;

	if (!r->gathering)
		return;
	r->gathering = false;
	p = last_property(r);
	p->value = arena_strn(r->arena, r->value.buf, r->value.len);
	p->raw = strcmp(r->raw.buf, r->value.buf) == 0 ? p->value :
	    arena_strn(r->arena, r->raw.buf, r->raw.len);
	if (r->value.len == 0)
		messages_add(r->ms, MSG_NO_VALUE, r->ini->file, p->line,
		    p->key_col, p->key, NULL, NULL);
}

static void
continuation(struct reader *r, const char *s, size_t len)
{
	size_t indent = 0, end;

	while (indent < len && is_blank(s[indent]))
		indent++;
	end = cut_comment(s, len, &r->quoted);
	if (end <= indent) {		/* only blanks or a comment */
		r->gaps++;
		return;
	}
	if (!r->gathering && !r->lost) {
		complain(r, MSG_STRAY_CONTINUATION, 1, NULL);
		return;
	}
	if (r->lost)
		return;
	if (r->value.len > 0)
		str_addc(&r->value, ' ');
	str_addn(&r->value, s + indent, end - indent);
	for (; r->gaps > 0; r->gaps--)
		str_addc(&r->raw, '\n');
	str_addn(&r->raw, s, end);
	r->gaps = 1;
}

static void
section(struct reader *r, const char *s, size_t len)
{
	const char *close = memchr(s, ']', len);
	struct ini_section *sec;
	size_t from = 1, to;
	bool quoted = false;
	char *rest;

	finish(r);
	r->lost = false;
	if (close == NULL) {
		complain(r, MSG_NO_BRACKET, column(s, len), NULL);
		close = s + cut_comment(s, len, &quoted);
	} else {
		to = (size_t)(close - s) + 1;
		while (to < len && is_blank(s[to]))
			to++;
		if (to < len && s[to] != ';') {
			rest = xstrndup(s + to, len - to);
			complain(r, MSG_AFTER_BRACKET, column(s, to), rest);
			free(rest);
		}
	}
	to = (size_t)(close - s);
	while (from < to && is_blank(s[from]))
		from++;
	while (to > from && is_blank(s[to - 1]))
		to--;
	r->ini->sections = mem_grow(r->ini->sections, r->ini->n, &r->ini->cap,
	    sizeof *sec);
	sec = &r->ini->sections[r->ini->n++];
	*sec = (struct ini_section){
		.name = arena_strn(r->arena, s + from, to - from),
		.line = r->line, .col = column(s, from)
	};
}

/* A line without `=`: say what it probably is. */
static void
no_equals(struct reader *r, const char *s, size_t len)
{
	static const char wide_equals[] = "＝", wide_open[] = "［";
	char *word = xstrndup(s, len);
	const char *p;

	if (str_starts(word, wide_open) || str_starts(word, "【")) {
		complain(r, MSG_WIDE_BRACKET, 1, NULL);
		r->lost = true;
	} else if ((p = strstr(word, wide_equals)) != NULL)
		complain(r, MSG_WIDE_EQUALS, column(s, (size_t)(p - word)),
		    NULL);
	else
		complain(r, MSG_NO_EQUALS, 1, word);
	free(word);
}

static void
property(struct reader *r, const char *s, size_t len)
{
	const char *eq;
	struct ini_section *sec;
	struct ini_property *p;
	size_t key_end, from, end;

	finish(r);
	if (r->lost)
		return;
	r->quoted = false;
	end = cut_comment(s, len, &r->quoted);
	eq = memchr(s, '=', end);
	if (eq == NULL) {
		no_equals(r, s, end);
		return;
	}
	key_end = (size_t)(eq - s);
	while (key_end > 0 && is_blank(s[key_end - 1]))
		key_end--;
	if (key_end == 0) {
		complain(r, MSG_NO_KEY, 1, NULL);
		return;
	}
	from = (size_t)(eq - s) + 1;
	while (from < end && is_blank(s[from]))
		from++;
	if (r->ini->n == 0) {
		char *key = xstrndup(s, key_end);

		complain(r, MSG_BEFORE_SECTION, 1, key);
		free(key);
		return;
	}
	sec = &r->ini->sections[r->ini->n - 1];
	sec->props = mem_grow(sec->props, sec->n, &sec->cap, sizeof *p);
	p = &sec->props[sec->n++];
	*p = (struct ini_property){
		.key = arena_strn(&r->ini->keys, s, key_end), .key_col = 1,
		.line = r->line, .col = column(s, from)
	};
	str_clear(&r->value);
	str_clear(&r->raw);
	str_addn(&r->value, s + from, end - from);
	str_addn(&r->raw, s + from, end - from);
	r->gathering = true;
	r->gaps = 1;
}

/* Controls would be invisible in every editor and poison every screen. */
static void
look_for_controls(struct reader *r, const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (((unsigned char)s[i] < ' ' && s[i] != '\t') ||
		    s[i] == 0x7F) {
			complain(r, s[i] == '\0' ? MSG_NUL : MSG_CONTROL,
			    column(s, i), NULL);
			return;
		}
}

static void
one_line(struct reader *r, const char *s, size_t len)
{
	size_t bad = utf8_bad_at(s, len);

	r->line++;
	if (bad < len) {
		complain(r, MSG_UTF8, column(s, bad), NULL);
		return;
	}
	look_for_controls(r, s, len);
	if (len == 0 || s[0] == ';' || s[0] == '#') {
		r->gaps++;
		return;
	}
	if (is_blank(s[0]))
		continuation(r, s, len);
	else if (s[0] == '[')
		section(r, s, len);
	else
		property(r, s, len);
}

void
ini_read(struct ini *ini, const char *file, const char *text, size_t len,
    struct arena *a, struct messages *ms)
{
	struct reader r = { .ini = ini, .arena = a, .ms = ms };
	const char *p = text, *end = text + len, *nl;
	size_t n;

	*ini = (struct ini){ .file = file };
	str_init(&r.value);
	str_init(&r.raw);
	if (len >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
		p += 3;			/* a BOM from a Windows editor */
	for (; p < end; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if (nl == NULL)
			nl = end;
		n = (size_t)(nl - p);
		if (n > 0 && p[n - 1] == '\r')
			n--;
		one_line(&r, p, n);
	}
	finish(&r);
	str_done(&r.value);
	str_done(&r.raw);
	if (ini->n == 0 && ms->n == 0)
		messages_add(ms, MSG_EMPTY, file, 0, 0, NULL, NULL, NULL);
}

void
ini_done(struct ini *ini)
{
	size_t i;

	for (i = 0; i < ini->n; i++)
		free(ini->sections[i].props);
	free(ini->sections);
	arena_done(&ini->keys);
	*ini = (struct ini){ 0 };
}
