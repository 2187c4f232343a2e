/* One pass over a line of rows.jsonl, without a tree: rows come by the
 * hundred thousand, and nearly all of them are written plainly. */
#ifndef TONGJI_ROWSCAN_H
#define TONGJI_ROWSCAN_H

#include <stdbool.h>
#include <stddef.h>

/* True when the line is a well-formed row exactly as rows_write() puts it
 * down: its members in that order, no spaces, only short escapes, no value's
 * name twice.  False says nothing: let the parser judge. */
bool rowscan_plain(const char *line, size_t len);

struct rowtext;
/* The same, and its texts into the empty `t`, which owns the copy they lie
 * in.  When false `t` is to be cleared. */
bool rowscan_take(struct rowtext *t, const char *line, size_t len);

#endif
