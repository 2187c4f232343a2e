/* A table that somebody sent: CSV in any of the encodings of codec.h with
 * comma, semicolon or TAB between cells, or an XLSX workbook.  Rows are read
 * one after another, as often as wanted. */
#ifndef TONGJI_SHEET_H
#define TONGJI_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "codec.h"
#include "csv.h"
#include "err.h"

struct sheet;

enum { SHEET_LIMIT = 512 << 20 };	/* bytes of a file */

/* Open a file; what it is shows in its bytes, not in its name.  Old
 * workbooks (.xls, .et), .ods and .numbers are refused with what to do. */
int sheet_open(struct sheet **out, const char *path, enum codec want,
    struct err *e) MUST_CHECK;
void sheet_close(struct sheet *s);		/* NULL is fine */

bool sheet_is_book(const struct sheet *s);	/* a workbook */
/* Of a text: its encoding and whether it began with a BOM. */
enum codec sheet_codec(const struct sheet *s);
bool sheet_bom(const struct sheet *s);

/* The ways to read it: sheets of a workbook, or delimiters of a text. */
size_t sheet_ways(const struct sheet *s);
/* For people: the sheet's name, or "" for texts.  *hidden as in workbook.h. */
const char *sheet_way_name(const struct sheet *s, size_t way, bool *hidden);
/* Choose one and start at its first row; `max` as in workbook_load(). */
int sheet_choose(struct sheet *s, size_t way, size_t max, struct err *e)
	MUST_CHECK;
/* The sheet by its number from 1 or by its name; E_NOTFOUND lists them. */
int sheet_find(const struct sheet *s, const char *text, size_t *way,
    struct err *e) MUST_CHECK;

/* Start again at the first row. */
void sheet_rewind(struct sheet *s);
/* 1 with the next row that is not empty, 0 at the end. */
int sheet_next(struct sheet *s, struct cells *r, struct err *e) MUST_CHECK;
/* A place between two rows, and the way back to it. */
struct sheet_place {
	struct csv csv;
	size_t at;
};
struct sheet_place sheet_tell(const struct sheet *s);
void sheet_seek(struct sheet *s, struct sheet_place place);
/* How much of the file has been read, in per mille. */
int sheet_progress(const struct sheet *s);

#endif
