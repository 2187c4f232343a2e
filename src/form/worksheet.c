/* One sheet of a workbook: cells, rows, merged blocks. */
#include "workbooki.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "xmlin.h"

enum { LAST_SERIAL = 2958465 };		/* 9999-12-31 */

struct reader {
	struct workbook *b;
	size_t max;
	bool stop, too_big;

	size_t row;		/* number of the row at hand, 0 before */
	size_t col;		/* of the cell at hand, 0-based */
	size_t next_col;
	size_t first;		/* first cell of this row */
	char type[12];		/* the cell's t= */
	size_t style;
	bool in_cell, in_value, formula;
	int phonetic;
	struct str value;
};

/* "BC12" → column 54, row 12; false if it is not a reference. */
static bool
reference(const char *s, size_t *col, size_t *row)
{
	size_t c = 0, r = 0;

	for (; *s >= 'A' && *s <= 'Z' && c < CSV_COLUMNS; s++)
		c = c * 26 + (size_t)(*s - 'A') + 1;
	for (; *s >= '0' && *s <= '9' && r < 100000000; s++)
		r = r * 10 + (size_t)(*s - '0');
	if (c == 0 || r == 0 || c > CSV_COLUMNS)
		return false;
	*col = c - 1;
	*row = r;
	return *s == '\0' || *s == ':';
}

static void
start_cell(struct reader *k, const char **attr)
{
	const char *ref = xmlin_attr(attr, "r"), *t = xmlin_attr(attr, "t");
	const char *s = xmlin_attr(attr, "s");
	size_t row;

	k->in_cell = true;
	k->formula = false;
	k->in_value = false;
	if (ref == NULL || !reference(ref, &k->col, &row))
		k->col = k->next_col;
	k->next_col = k->col + 1;
	snprintf(k->type, sizeof k->type, "%s", t != NULL ? t : "n");
	k->style = s != NULL ? (size_t)strtoul(s, NULL, 10) : 0;
	str_clear(&k->value);
}

static void
start_row(struct reader *k, const char **attr)
{
	const char *r = xmlin_attr(attr, "r");
	size_t number = r != NULL ? (size_t)strtoul(r, NULL, 10) : 0;

	k->row = number > k->row ? number : k->row + 1;
	k->first = k->b->ncells;
	k->next_col = 0;
}

/* "A3:A9" over more than one row. */
static void
start_merge(struct reader *k, const char *ref)
{
	struct workbook *b = k->b;
	const char *colon = ref != NULL ? strchr(ref, ':') : NULL;
	size_t c1, r1, c2, r2;

	if (colon == NULL || b->nmerges >= BOOK_MERGES ||
	    !reference(ref, &c1, &r1) || !reference(colon + 1, &c2, &r2) ||
	    r2 <= r1)
		return;
	b->merge = mem_grow(b->merge, b->nmerges, &b->merges_cap,
	    sizeof *b->merge);
	b->merge[b->nmerges++] = (struct merge){ r1, r2, (unsigned short)c1,
	    NULL, CELL_TEXT };
}

static void
started(void *arg, const char *name, const char **attr)
{
	struct reader *k = arg;

	if (k->stop)
		return;
	if (strcmp(name, "c") == 0)
		start_cell(k, attr);
	else if (strcmp(name, "row") == 0)
		start_row(k, attr);
	else if (strcmp(name, "rPh") == 0)
		k->phonetic++;
	else if (strcmp(name, "f") == 0)
		k->formula = true;
	else if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
		k->in_value = k->in_cell && k->phonetic == 0;
	else if (strcmp(name, "mergeCell") == 0)
		start_merge(k, xmlin_attr(attr, "ref"));
}

static void
said(void *arg, const char *s, size_t len)
{
	struct reader *k = arg;

	if (k->in_value && !k->stop)
		str_addn(&k->value, s, len);
}

/* A spreadsheet's day number as ISO text.  Its 1900 has a 29 February that
 * never was: days before are one less. */
static bool
serial_text(const struct workbook *b, double v, char *out, size_t size)
{
	char day[DATE_SIZE];
	long long seconds;
	int32_t days, base;

	if (!(v >= 0) || v > LAST_SERIAL)
		return false;
	seconds = llround(v * 86400);
	days = (int32_t)(seconds / 86400);
	seconds %= 86400;
	if (days == 0 && !b->from_1904 && seconds > 0) {
		snprintf(out, size, "%02lld:%02lld", seconds / 3600,
		    seconds / 60 % 60);
		return true;
	}
	base = b->from_1904 ? date_days("1904-01-01") :
	    days >= 60 ? date_days("1899-12-30") : date_days("1899-12-31");
	date_from_days(base + days, day);
	if (seconds == 0)
		snprintf(out, size, "%s", day);
	else
		snprintf(out, size, "%s %02lld:%02lld", day, seconds / 3600,
		    seconds / 60 % 60);
	return true;
}

/* Digits stay as they stand; other numbers in fifteen digits, which is what
 * the sheet shows of 0.1 kept as 0.10000000000000001. */
static const char *
number_text(const char *v, char *buf, size_t size)
{
	const char *p = v + (*v == '-');
	char *end;
	double d;

	if (p[strspn(p, "0123456789")] == '\0')
		return v;
	d = strtod(v, &end);
	if (*end != '\0' || !isfinite(d))
		return v;
	snprintf(buf, size, "%.15g", d);
	return strchr(buf, 'e') != NULL ? v : buf;
}

static void
keep(struct reader *k, const char *text, char kind)
{
	struct workbook *b = k->b;
	struct cell *c;

	if (b->ncells >= BOOK_CELLS || b->text_bytes > BOOK_TEXT) {
		k->too_big = k->stop = true;
		return;
	}
	b->cell = mem_grow(b->cell, b->ncells, &b->cells_cap,
	    sizeof *b->cell);
	c = &b->cell[b->ncells++];
	c->text = text;
	c->col = (unsigned short)k->col;
	c->kind = kind;
}

static const char *
own(struct reader *k, const char *text)
{
	size_t len = strlen(text);

	k->b->text_bytes += len + 1;
	return arena_strn(&k->b->texts, text, len);
}

static void
end_cell(struct reader *k)
{
	struct workbook *b = k->b;
	const char *v = k->value.buf;
	char buf[64];
	size_t i;

	k->in_cell = false;
	if (k->col >= CSV_COLUMNS)
		return;
	if (k->value.len == 0) {
		if (k->formula && strcmp(k->type, "str") != 0)
			keep(k, "", CELL_FORMULA);
	} else if (strcmp(k->type, "s") == 0) {
		i = (size_t)strtoul(v, NULL, 10);
		if (i < b->nshared && b->shared[i][0] != '\0')
			keep(k, b->shared[i], CELL_TEXT);
	} else if (strcmp(k->type, "n") != 0) {
		keep(k, own(k, v), strcmp(k->type, "e") == 0 ? CELL_ERROR :
		    CELL_TEXT);
	} else if (k->style < b->nstyles && b->dated[k->style] &&
	    serial_text(b, strtod(v, NULL), buf, sizeof buf)) {
		keep(k, own(k, buf), CELL_DATE);
	} else {
		keep(k, own(k, number_text(v, buf, sizeof buf)), CELL_NUMBER);
	}
}

static void
end_row(struct reader *k)
{
	struct workbook *b = k->b;

	if (b->ncells == k->first)
		return;
	b->line = mem_grow(b->line, b->nlines, &b->lines_cap,
	    sizeof *b->line);
	b->line[b->nlines++] = (struct line){ k->first,
	    b->ncells - k->first, k->row };
	if (k->max > 0 && b->nlines >= k->max)
		k->stop = true;
}

static void
ended(void *arg, const char *name)
{
	struct reader *k = arg;

	if (strcmp(name, "rPh") == 0)
		k->phonetic--;
	if (k->stop)
		return;
	if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
		k->in_value = false;
	else if (strcmp(name, "c") == 0)
		end_cell(k);
	else if (strcmp(name, "row") == 0)
		end_row(k);
}

static const struct xmlin_handler handler = { started, ended, said };

static int
by_top(const void *a, const void *b)
{
	const struct merge *x = a, *y = b;

	return (x->top > y->top) - (x->top < y->top);
}

/* Give every merged block its text; blocks without one fall out. */
static void
fill_merges(struct workbook *b)
{
	size_t i, j, k, kept = 0;

	qsort(b->merge, b->nmerges, sizeof *b->merge, by_top);
	for (i = 0, j = 0; i < b->nmerges; i++) {
		struct merge *m = &b->merge[i];

		while (j < b->nlines && b->line[j].number < m->top)
			j++;
		if (j == b->nlines || b->line[j].number != m->top)
			continue;
		for (k = 0; k < b->line[j].n; k++) {
			const struct cell *c = &b->cell[b->line[j].first + k];

			if (c->col == m->col) {
				m->text = c->text;
				m->kind = c->kind;
			}
		}
		if (m->text != NULL)
			b->merge[kept++] = *m;
	}
	b->nmerges = kept;
}

int
workbook_load(struct workbook *b, size_t sheet, size_t max, struct err *e)
{
	struct reader k = { .b = b, .max = max, .value = STR_INIT };
	int rc;

	arena_done(&b->texts);
	b->texts = (struct arena)ARENA_INIT;
	b->text_bytes = b->ncells = b->nlines = b->nmerges = 0;
	if (b->sheet[sheet].part == NULL)
		return err_set(e, E_FORMAT, "工作表“%s”读不到",
		    b->sheet[sheet].name);
	rc = book_part(b, b->sheet[sheet].part, &handler, &k, &k.stop, e);
	str_done(&k.value);
	if (rc == 0 && k.too_big)
		rc = err_set(e, E_RANGE, "工作表“%s”太大，请分成几个文件导入",
		    b->sheet[sheet].name);
	if (rc == 0 && b->nmerges > 0)
		fill_merges(b);
	return rc;
}

static void
room(struct cells *r, size_t n)
{
	while (r->cap < n || r->cap == 0) {
		r->cap = r->cap == 0 ? 32 : r->cap * 2;
		r->cell = xrealloc(r->cell, r->cap, sizeof *r->cell);
		r->kind = xrealloc(r->kind, r->cap, sizeof *r->kind);
	}
	while (r->n < n) {
		r->kind[r->n] = CELL_TEXT;
		r->cell[r->n++] = "";
	}
}

bool
workbook_row(struct workbook *b, size_t i, struct cells *r)
{
	const struct line *l;
	size_t k;

	r->n = 0;
	if (i >= b->nlines)
		return false;
	l = &b->line[i];
	r->line = l->number;
	for (k = 0; k < l->n; k++) {
		const struct cell *c = &b->cell[l->first + k];

		room(r, (size_t)c->col + 1);
		r->cell[c->col] = c->text;
		r->kind[c->col] = c->kind;
	}
	for (k = 0; k < b->nmerges && b->merge[k].top < l->number; k++) {
		const struct merge *m = &b->merge[k];

		if (m->bottom < l->number)
			continue;
		room(r, (size_t)m->col + 1);
		if (r->cell[m->col][0] != '\0')
			continue;
		r->cell[m->col] = m->text;
		r->kind[m->col] = m->kind;
	}
	return true;
}

size_t
workbook_lines(const struct workbook *b)
{
	return b->nlines;
}
