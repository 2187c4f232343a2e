/* What workbook.c (the book) and worksheet.c (one sheet) share. */
#ifndef TONGJI_WORKBOOKI_H
#define TONGJI_WORKBOOKI_H

#include "mem.h"
#include "workbook.h"
#include "zipin.h"

enum { BOOK_CELLS = 8000000, BOOK_MERGES = 5000, BOOK_TEXT = 256 << 20 };

struct cell {
	const char *text;
	unsigned short col;
	char kind;
};

struct line {			/* a row that is not empty */
	size_t first, n;	/* its cells */
	size_t number;		/* in the sheet, from 1 */
};

struct merge {			/* a block of more than one row */
	size_t top, bottom;
	unsigned short col;
	const char *text;
	char kind;
};

struct workbook {
	struct zipin *zip;
	struct arena names;	/* of the whole book */
	struct {
		const char *name, *id, *part;
		bool hidden;
	} *sheet;
	size_t n, cap;
	bool from_1904;
	const char **shared;
	size_t nshared, shared_cap;
	char *dated;		/* per style: shows a date or a time */
	size_t nstyles, styles_cap;

	struct arena texts;	/* of the sheet at hand */
	size_t text_bytes;
	struct cell *cell;
	size_t ncells, cells_cap;
	struct line *line;
	size_t nlines, lines_cap;
	struct merge *merge;
	size_t nmerges, merges_cap;
};

/* Feed a member to an XML handler. */
struct xmlin_handler;
int book_part(struct workbook *b, const char *member,
    const struct xmlin_handler *h, void *arg, const bool *stop,
    struct err *e) MUST_CHECK;

#endif
