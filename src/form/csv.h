/* Comma-separated text (RFC 4180 and what spreadsheets make of it) as rows of
 * cells.  Reads UTF-8 that lies in memory; quoted cells may hold delimiters,
 * doubled quotes and line ends; CR LF, LF and CR end a row.  Text behind a
 * closing quote belongs to the cell, a quote inside an unquoted cell is
 * itself. */
#ifndef TONGJI_CSV_H
#define TONGJI_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "str.h"

/* One row of a table, whatever it was read from (see sheet.h). */
struct cells {
	const char **cell;	/* UTF-8; borrowed until the next row */
	char *kind;		/* per cell, enum cell_kind */
	size_t n, cap;
	size_t line;		/* where it starts: line of the text, or row
				 * of the worksheet, from 1 */
	struct str text;	/* the cells' storage */
};
#define CELLS_INIT { NULL, NULL, 0, 0, 0, STR_INIT }

enum cell_kind {
	CELL_TEXT,		/* as typed, or from a text file */
	CELL_NUMBER,		/* a spreadsheet's number: digits may be lost */
	CELL_DATE,		/* a spreadsheet's date, as ISO text */
	CELL_ERROR,		/* #N/A and the like */
	CELL_FORMULA		/* a formula that was never computed */
};

void cells_done(struct cells *r);
/* True when no cell holds anything but blanks. */
bool cells_empty(const struct cells *r);

struct csv {
	const char *p, *end;	/* borrowed text */
	size_t line;
	char delimiter;
};

enum { CSV_COLUMNS = 4096 };	/* more cells in one row are refused */

void csv_init(struct csv *c, const char *text, size_t len, char delimiter);
/* The next row: 1; 0 at the end; E_FORMAT when a quote is never closed (with
 * the line where it was opened) or a row has too many cells. */
int csv_next(struct csv *c, struct cells *r, struct err *e) MUST_CHECK;

#endif
