/* See csv.h. */
#include "csv.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

void
cells_done(struct cells *r)
{
	free(r->cell);
	free(r->kind);
	str_done(&r->text);
	memset(r, 0, sizeof *r);
	str_init(&r->text);
}

bool
cells_empty(const struct cells *r)
{
	static const char wide[] = "　";
	size_t i;
	const char *s;

	for (i = 0; i < r->n; i++)
		for (s = r->cell[i]; *s != '\0'; )
			if (*s == ' ' || *s == '\t' || *s == '\n' ||
			    *s == '\r')
				s++;
			else if (str_starts(s, wide))
				s += strlen(wide);
			else
				return false;
	return true;
}

void
csv_init(struct csv *c, const char *text, size_t len, char delimiter)
{
	c->p = text;
	c->end = text + len;
	c->line = 1;
	c->delimiter = delimiter;
}

/* Step over a line end; true if there was one. */
static bool
eat_end(struct csv *c)
{
	if (c->p == c->end || (*c->p != '\n' && *c->p != '\r'))
		return false;
	if (*c->p == '\r' && c->p + 1 < c->end && c->p[1] == '\n')
		c->p++;
	c->p++;
	c->line++;
	return true;
}

/* The inside of quotes, after the opening one. False if it never ends. */
static bool
quoted(struct csv *c, struct str *out)
{
	const char *q;

	for (;;) {
		q = c->p;
		while (q < c->end && *q != '"') {
			if (*q == '\n' || (*q == '\r' && (q + 1 == c->end ||
			    q[1] != '\n')))
				c->line++;
			q++;
		}
		str_addn(out, c->p, (size_t)(q - c->p));
		c->p = q;
		if (q == c->end)
			return false;
		c->p++;
		if (c->p == c->end || *c->p != '"')
			return true;
		str_addc(out, '"');
		c->p++;
	}
}

static int
cell(struct csv *c, struct str *out, struct err *e)
{
	size_t opened = c->line;
	const char *q;

	if (c->p < c->end && *c->p == '"') {
		c->p++;
		if (!quoted(c, out))
			return err_set(e, E_FORMAT, "第 %zu 行有引号没有配对，"
			    "后面的行都读不准，整个文件没有导入。请用 WPS 或 "
			    "Excel 打开核对这一行再另存", opened);
	}
	for (q = c->p; q < c->end && *q != c->delimiter && *q != '\n' &&
	    *q != '\r'; q++)
		;
	str_addn(out, c->p, (size_t)(q - c->p));
	c->p = q;
	return 0;
}

static int
grow(struct cells *r, struct err *e)
{
	size_t cap = r->cap;

	if (r->n >= CSV_COLUMNS)
		return err_set(e, E_FORMAT, "第 %zu 行超过 %d 列，"
		    "这不像一张名册", r->line, CSV_COLUMNS);
	if (r->n == cap) {
		r->cap = cap == 0 ? 32 : cap * 2;
		r->cell = xrealloc(r->cell, r->cap, sizeof *r->cell);
		r->kind = xrealloc(r->kind, r->cap, sizeof *r->kind);
	}
	return 0;
}

/* Cells are first kept as offsets, because their storage moves. */
int
csv_next(struct csv *c, struct cells *r, struct err *e)
{
	const char *s;
	size_t i;
	int rc;

	r->n = 0;
	r->line = c->line;
	str_clear(&r->text);
	if (c->p == c->end)
		return 0;
	for (;;) {
		if ((rc = grow(r, e)) < 0)
			return rc;
		r->kind[r->n] = CELL_TEXT;
		r->cell[r->n++] = (const char *)(uintptr_t)r->text.len;
		if ((rc = cell(c, &r->text, e)) < 0)
			return rc;
		str_addc(&r->text, '\0');
		if (c->p == c->end || eat_end(c))
			break;
		c->p++;			/* the delimiter */
	}
	for (i = 0, s = r->text.buf; i < r->n; i++)
		r->cell[i] = s + (uintptr_t)r->cell[i];
	return 1;
}
