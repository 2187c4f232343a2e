/* Workbooks (.xlsx) out, through libxlsxwriter, which is loaded when the
 * first workbook is asked for.  All cells are text unless said otherwise, so
 * that no spreadsheet rounds an ID number or eats a leading zero.
 *
 *	struct xlsx *x = xlsx_new("a.xlsx", "儿童台账", 0, e);
 *	xlsx_head(x, "name", "姓名");
 *	xlsx_row(x);
 *	xlsx_text(x, "张三");
 *	if (xlsx_finish(x, e) < 0) …
 */
#ifndef TONGJI_XLSX_H
#define TONGJI_XLSX_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

struct xlsx;

enum xlsx_flags {
	/* Rows leave the memory as they are finished: for long lists. No
	 * xlsx_title() then. */
	XLSX_STREAM = 1
};

/* A new workbook with one sheet, written beside `path` and renamed by
 * xlsx_finish().  NULL and `e` (E_NOTFOUND when libxlsxwriter is not
 * installed, with what to do). */
struct xlsx *xlsx_new(const char *path, const char *sheet, unsigned flags,
    struct err *e);
/* Write and close: 0 or an error.  Frees `x` in both cases. */
int xlsx_finish(struct xlsx *x, struct err *e) MUST_CHECK;
/* Give up: nothing is left behind. NULL is fine. */
void xlsx_drop(struct xlsx *x);

/* Another sheet; the cursor goes to its start. Names are cut to what Excel
 * allows (31 characters, none of []:*?/\). */
int xlsx_sheet(struct xlsx *x, const char *name, struct err *e) MUST_CHECK;

/* Cells at the cursor, which moves right; xlsx_row() starts the next row. */
void xlsx_text(struct xlsx *x, const char *text);	/* NULL: empty */
void xlsx_number(struct xlsx *x, double v);
void xlsx_percent(struct xlsx *x, double v);		/* 0.86 as 86% */
/* A bold, framed cell that stays in sight; `note` (may be NULL) shows when
 * the mouse is on it. */
void xlsx_head(struct xlsx *x, const char *text, const char *note);
void xlsx_skip(struct xlsx *x, size_t cells);
void xlsx_row(struct xlsx *x);
/* The same framed, as in a table that is handed in; bold if `strong`. */
void xlsx_framed(struct xlsx *x, const char *text, bool strong);
void xlsx_framed_number(struct xlsx *x, double v, bool strong);
/* A centred title over the next `cells` columns, a line under it, or a bold
 * band across a table; then the next row. */
void xlsx_title(struct xlsx *x, const char *text, size_t cells);
void xlsx_under(struct xlsx *x, const char *text, size_t cells);
void xlsx_band(struct xlsx *x, const char *text, size_t cells);
/* How the sheet prints: A4, all columns on one page's width, the rows above
 * the cursor's on every page, pages numbered. */
void xlsx_page(struct xlsx *x, bool wide);
/* Width of a column in half-width characters, from 0. */
void xlsx_width(struct xlsx *x, size_t col, double width);
/* Rows above the cursor's stay in sight when the sheet scrolls. */
void xlsx_freeze(struct xlsx *x);

#endif
