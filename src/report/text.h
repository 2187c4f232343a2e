/* A report as text aligned by display columns, for the screen, a printer and
 * files.  ASCII rules only (PITFALLS 4). */
#ifndef TONGJI_TEXT_H
#define TONGJI_TEXT_H

#include "paper.h"
#include "str.h"

/* Append the report in at most `cols` columns; columns that were given a
 * `widest` are cut to it when the table would not fit, the last column is
 * cut to what is left.  `cols` 0: nothing is cut. */
void text_report(const struct paper *p, int cols, struct str *out);

#endif
