/* See code.h. */
#include "code.h"

#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "str.h"
#include "utf8.h"

enum { COLUMNS_MAX = 12 };

struct reading {
	const char *list;
	struct arena *arena;
	struct codes *codes;
	size_t cap, ncolumns;
	int line;
	struct err *e;
};

static int
wrong(struct reading *r, const char *what, const char *word)
{
	return err_set(r->e, E_FORMAT, "%s.csv:%d: %s%s%s", r->list, r->line,
	    word == NULL ? "" : word, word == NULL ? "" : "：", what);
}

/* Cut one line into cells in place.  Returns their number or -1. */
static int
cells(char *s, char *cell[], int max)
{
	int n = 0;
	char *to;

	for (;;) {
		if (n == max)
			return -1;
		if (*s != '"') {
			cell[n++] = s;
			s += strcspn(s, ",");
		} else {
			cell[n++] = to = ++s;
			while (*s != '\0' && (*s != '"' || s[1] == '"')) {
				if (*s == '"')
					s++;
				*to++ = *s++;
			}
			if (*s != '"')
				return -1;
			s++;
			*to = '\0';
			if (*s != ',' && *s != '\0')
				return -1;
		}
		if (*s == '\0')
			return n;
		*s++ = '\0';
	}
}

static void
comment(struct reading *r, char *s)
{
	static const char mark[] = "名称：";

	s += strspn(s, "# \t");
	if (r->codes->title == NULL && str_starts(s, mark))
		r->codes->title = s + strlen(mark);
}

static int
header(struct reading *r, char *cell[], int n)
{
	const char **columns;
	int i;

	if (n < 2 || strcmp(cell[0], "name") != 0 ||
	    strcmp(cell[1], "label") != 0)
		return wrong(r, "表头应以 name,label 开始", NULL);
	r->ncolumns = (size_t)n - 2;
	columns = arena_alloc(r->arena, (r->ncolumns + 1) * sizeof *columns);
	for (i = 2; i < n; i++)
		columns[i - 2] = cell[i];
	r->codes->columns = columns;
	return 0;
}

static bool
name_ok(const char *s)
{
	return *s != '\0' && s[strspn(s,
	    "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static int
row(struct reading *r, char *cell[], int n)
{
	struct codes *cs = r->codes;
	struct code *old = cs->rows, *c;
	const char **extra;
	size_t i;

	if (n < 2 || (size_t)n > r->ncolumns + 2)
		return wrong(r, "格数和表头对不上", cell[0]);
	if (!name_ok(cell[0]))
		return wrong(r, "代码只能用小写英文字母、数字和下划线",
		    cell[0]);
	if (*cell[1] == '\0')
		return wrong(r, "没有名称（label）", cell[0]);
	for (i = 0; i < cs->n; i++) {
		if (strcmp(cs->rows[i].name, cell[0]) == 0)
			return wrong(r, "代码重复", cell[0]);
		if (strcmp(cs->rows[i].label, cell[1]) == 0)
			return wrong(r, "名称重复", cell[1]);
	}
	if (cs->n == r->cap) {
		r->cap = r->cap == 0 ? 16 : r->cap * 4;
		cs->rows = arena_alloc(r->arena, r->cap * sizeof *cs->rows);
		if (cs->n > 0)
			memcpy(cs->rows, old, cs->n * sizeof *old);
	}
	extra = arena_alloc(r->arena, (r->ncolumns + 1) * sizeof *extra);
	for (i = 0; i < r->ncolumns; i++)
		extra[i] = i + 2 < (size_t)n ? cell[i + 2] : "";
	c = &cs->rows[cs->n++];
	*c = (struct code){ cell[0], cell[1], extra };
	return 0;
}

static int
one_line(struct reading *r, char *s)
{
	char *cell[COLUMNS_MAX];
	int n;

	if (*s == '#') {
		comment(r, s);
		return 0;
	}
	if (*s == '\0')
		return 0;
	n = cells(s, cell, COLUMNS_MAX);
	if (n < 0)
		return wrong(r, "引号没有成对，或格数太多", NULL);
	return r->codes->columns == NULL ? header(r, cell, n) :
	    row(r, cell, n);
}

static int
lines(struct reading *r, char *s)
{
	char *next;
	size_t len;
	int rc;

	for (; *s != '\0'; s = next) {
		r->line++;
		len = strcspn(s, "\n");
		next = s + len + (s[len] == '\n');
		s[len] = '\0';
		if (len > 0 && s[len - 1] == '\r')
			s[len - 1] = '\0';
		if ((rc = one_line(r, s)) < 0)
			return rc;
	}
	if (r->codes->columns == NULL)
		return wrong(r, "没有表头 name,label", NULL);
	if (r->codes->n == 0)
		return wrong(r, "一个代码也没有", NULL);
	return 0;
}

int
code_read(struct codes **out, const char *path, const char *list,
    struct arena *a, struct err *e)
{
	struct reading r = { .list = list, .arena = a, .e = e };
	struct str text = STR_INIT;
	char *s;
	int rc = file_read(&text, path, CODE_LIMIT, e);

	if (rc < 0)
		return rc;
	if (!utf8_valid(text.buf) || strlen(text.buf) != text.len) {
		str_done(&text);
		return err_set(e, E_FORMAT,
		    "%s.csv: 不是 UTF-8 编码的文本，请用 UTF-8 另存", list);
	}
	s = arena_strn(a, text.buf, text.len);
	str_done(&text);
	if (str_starts(s, "\xEF\xBB\xBF"))
		s += 3;
	r.codes = arena_alloc(a, sizeof *r.codes);
	r.codes->list = arena_str(a, list);
	rc = lines(&r, s);
	if (rc < 0)
		return rc;
	if (r.codes->title == NULL)
		r.codes->title = r.codes->list;
	*out = r.codes;
	return 0;
}

const char *
code_extra(const struct codes *cs, const struct code *c, const char *column)
{
	size_t i;

	for (i = 0; cs->columns[i] != NULL; i++)
		if (strcmp(cs->columns[i], column) == 0)
			return *c->extra[i] == '\0' ? NULL : c->extra[i];
	return NULL;
}

/* Is `text` one of the words of an `aliases` cell, separated by `;`? */
static bool
has_alias(const char *cell, const char *text)
{
	size_t len = strlen(text), n;

	while (cell != NULL && *cell != '\0') {
		n = strcspn(cell, ";");
		if (n == len && memcmp(cell, text, n) == 0)
			return true;
		cell += n + (cell[n] == ';');
	}
	return false;
}

const struct code *
codes_find(const struct codes *cs, const char *text)
{
	size_t i;

	for (i = 0; i < cs->n; i++)
		if (strcmp(cs->rows[i].name, text) == 0)
			return &cs->rows[i];
	for (i = 0; i < cs->n; i++)
		if (strcmp(cs->rows[i].label, text) == 0)
			return &cs->rows[i];
	for (i = 0; i < cs->n; i++)
		if (has_alias(code_extra(cs, &cs->rows[i], "aliases"), text))
			return &cs->rows[i];
	return NULL;
}

const char *
codes_label(const struct codes *cs, const char *name)
{
	size_t i;

	for (i = 0; i < cs->n; i++)
		if (strcmp(cs->rows[i].name, name) == 0)
			return cs->rows[i].label;
	return name;
}
