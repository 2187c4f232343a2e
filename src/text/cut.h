/* Cutting, padding and wrapping by display columns, at grapheme boundaries (a
 * base character with the marks of width 0 after it), so that no half
 * character and no lone mark is ever drawn (PITFALLS 3).  Widths are those of
 * the session (width.h).  Offsets are bytes; strings are UTF-8. */
#ifndef TONGJI_CUT_H
#define TONGJI_CUT_H

#include <stdbool.h>
#include <stddef.h>

#include "str.h"

/* The next/previous grapheme boundary from byte offset `at`; the length of `s`
 * at the end, 0 at the start.  CR LF is not one grapheme. */
size_t cut_next(const char *s, size_t at);
size_t cut_prev(const char *s, size_t at);

/* Bytes of the longest run of whole graphemes at the start of `s` that takes
 * at most `cols` columns; *used (may be NULL) becomes its columns. */
size_t cut_fit(const char *s, int cols, int *used);

/* Append `s`, drawn as by safe_line(), in at most `cols` columns.  When it does
 * not fit whole and `mark` is set, its last column is `~`.  Returns the columns
 * appended. */
int cut_add(struct str *out, const char *s, int cols, bool mark);

enum cut_align { CUT_LEFT, CUT_RIGHT, CUT_CENTRE };

/* Append `s`, drawn as by safe_line(), in exactly `cols` columns: cut with `~`
 * when too long, filled with blanks when short. */
void cut_pad(struct str *out, const char *s, int cols, enum cut_align how);

/* One line of wrapped text: the line that starts at offset `from` ends before
 * *end (a newline is not part of it), and the next one starts at the returned
 * offset.  Returns CUT_END after the last line.  Text that ends in a newline
 * has one more, empty line.
 *	for (at = 0; at != CUT_END; at = next) {
 *		next = cut_line(s, at, cols, &end);
 *		draw(s + at, end - at);
 *	}
 * Chinese breaks anywhere, but 。，）》 and the like do not begin a line nor
 * （《 end one; a run of ASCII letters and digits is kept together unless it
 * is longer than half a line.  No byte is dropped but the newline.  `cols`
 * below 2 counts as 2. */
#define CUT_END ((size_t)-1)
size_t cut_line(const char *s, size_t from, int cols, size_t *end);

/* The number of lines that cut_line() yields (at least 1). */
int cut_count(const char *s, int cols);

#endif
