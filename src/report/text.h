/* A report as text aligned by display columns, for the screen, a printer and
 * files.  ASCII rules only (PITFALLS 4). */
#ifndef TONGJI_TEXT_H
#define TONGJI_TEXT_H

#include "paper.h"
#include "str.h"

/* Append the report in at most `cols` columns: columns that were given a
 * `widest` are cut down to it, and a table that is still too wide goes on
 * below with its first column repeated.  `cols` 0: nothing is cut. */
void text_report(const struct paper *p, int cols, struct str *out);

#endif
