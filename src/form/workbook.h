/* Workbooks (.xlsx, ECMA-376 part 1) as tables of texts, for imports.
 *
 * A number is taken as the digits that the file holds, never through a
 * double; a cell with a date style becomes ISO text; rich text loses its
 * styles and phonetic hints.  A block merged over several rows gives its text
 * to each of them (a village written once beside its children). */
#ifndef TONGJI_WORKBOOK_H
#define TONGJI_WORKBOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "csv.h"
#include "err.h"

struct workbook;

/* Open and read the list of sheets. workbook_close(NULL) is fine. */
int workbook_open(struct workbook **out, const char *path, struct err *e)
	MUST_CHECK;
void workbook_close(struct workbook *b);
size_t workbook_count(const struct workbook *b);
/* Borrowed; *hidden (may be NULL) says that people do not see the sheet. */
const char *workbook_name(const struct workbook *b, size_t sheet,
    bool *hidden);

/* Read a sheet, at most its first `max` rows that are not empty (0: all).
 * Forgets the sheet that was read before. */
int workbook_load(struct workbook *b, size_t sheet, size_t max, struct err *e)
	MUST_CHECK;
/* Row `i` of the sheet, counted without empty rows: true, or false at the
 * end.  The texts are borrowed until the next load. */
bool workbook_row(struct workbook *b, size_t i, struct cells *r);
/* Rows read by the last load. */
size_t workbook_lines(const struct workbook *b);

#endif
