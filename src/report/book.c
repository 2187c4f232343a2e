/* See book.h. */
#include "book.h"

#include <stdlib.h>
#include <string.h>

#include "str.h"
#include "width.h"
#include "xlsx.h"

enum { WIDEST = 40, PORTRAIT = 96 };	/* columns */

/* A whole cell that is a number and nothing else (not a code: no leading
 * zero, at most 15 digits). */
static bool
is_number(const char *s)
{
	size_t digits = strspn(s, "0123456789");

	if (digits == 0 || digits > 15 || (*s == '0' && digits > 1))
		return false;
	if (s[digits] == '.' && s[digits + 1] != '\0')
		digits += 1 + strspn(s + digits + 1, "0123456789");
	return s[digits] == '\0';
}

static void
put(struct xlsx *x, const char *s, bool number, bool strong)
{
	if (s != NULL && number && is_number(s))
		xlsx_framed_number(x, strtod(s, NULL), strong);
	else
		xlsx_framed(x, s, strong);
}

static void
heading(struct xlsx *x, const struct paper *p, const struct paper_block *b)
{
	size_t cells = b->ncolumns > 0 ? b->ncolumns : 2;
	struct str s = STR_INIT;

	xlsx_title(x, p->title, cells);
	str_addf(&s, "%s%s%s", p->site != NULL ? p->site : "",
	    p->site != NULL ? "  " : "", p->subtitle != NULL ? p->subtitle :
	    "");
	xlsx_under(x, s.buf, cells);
	if (p->personal)
		xlsx_under(x, paper_secret(p), cells);
	str_done(&s);
}

/* Returns the columns of the whole table. */
static int
widths(struct xlsx *x, const struct paper_block *b)
{
	int sum = 0;

	size_t c, i;
	int w, cell;

	for (c = 0; c < b->ncolumns; c++) {
		w = width_str(b->columns[c].label);
		for (i = 0; i < b->nrows; i++) {
			if (b->rows[i].kind == ROW_GROUP ||
			    c >= b->rows[i].n || b->rows[i].cell[c] == NULL)
				continue;
			cell = width_str(b->rows[i].cell[c]);
			w = cell > w ? cell : w;
		}
		w = (w < WIDEST ? w : WIDEST) + 2;
		xlsx_width(x, c, w);
		sum += w;
	}
	return sum;
}

static void
table(struct xlsx *x, const struct paper_block *b)
{
	size_t c, i;

	for (c = 0; c < b->ncolumns; c++)
		xlsx_head(x, b->columns[c].label, NULL);
	xlsx_row(x);
	xlsx_freeze(x);
	xlsx_page(x, widths(x, b) > PORTRAIT);
	for (i = 0; i < b->nrows; i++) {
		const struct paper_cells *r = &b->rows[i];

		if (r->kind == ROW_GROUP) {
			xlsx_band(x, r->cell[0] != NULL ? r->cell[0] : "",
			    b->ncolumns);
			continue;
		}
		for (c = 0; c < b->ncolumns; c++)
			put(x, c < r->n ? r->cell[c] : NULL,
			    b->columns[c].align == ALIGN_RIGHT,
			    r->kind != ROW_PLAIN);
		xlsx_row(x);
	}
}

static void
bars(struct xlsx *x, const struct paper_block *b)
{
	size_t i;

	for (i = 0; i < b->nbars; i++) {
		xlsx_text(x, b->bars[i].label);
		if (b->bars[i].percent >= 0)
			xlsx_percent(x, b->bars[i].percent / 100);
		else
			xlsx_skip(x, 1);
		xlsx_text(x, b->bars[i].words);
		xlsx_row(x);
	}
	xlsx_width(x, 0, 20);
	xlsx_width(x, 2, 24);
}

static void
signature(struct xlsx *x, const struct paper *p)
{
	xlsx_row(x);
	if (p->signed_form) {
		xlsx_text(x, "填报单位（盖章）：");
		xlsx_skip(x, 1);
		xlsx_text(x, "填表人：");
		xlsx_text(x, "审核人：");
		xlsx_text(x, "联系电话：");
		xlsx_row(x);
	}
	if (p->made_on != NULL) {
		xlsx_text(x, "填报日期：");
		xlsx_text(x, p->made_on);
		xlsx_row(x);
	}
}

int
book_report(const struct paper *p, const char *path, struct err *e)
{
	struct xlsx *x = NULL;
	size_t i;
	int rc;

	for (i = 0; i < p->n; i++) {
		const struct paper_block *b = &p->blocks[i];
		const char *name = b->caption != NULL ? b->caption : p->title;

		if (b->kind == PAPER_LINE)
			continue;
		if (x == NULL) {
			x = xlsx_new(path, name, 0, e);
			if (x == NULL)
				return e != NULL ? e->code : E_IO;
		} else {
			rc = xlsx_sheet(x, name, e);
			if (rc < 0) {
				xlsx_drop(x);
				return rc;
			}
		}
		heading(x, p, b);
		if (b->kind == PAPER_TABLE)
			table(x, b);
		else
			bars(x, b);
		signature(x, p);
	}
	if (x == NULL)
		return err_set(e, E_USAGE, "这个报表没有表格，不能存成 XLSX");
	return xlsx_finish(x, e);
}
