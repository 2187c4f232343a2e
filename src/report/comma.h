/* A report as CSV: captions, headings and rows, one table after another with
 * an empty line between.  Cells are guarded against formulas (safe_csv). */
#ifndef TONGJI_COMMA_H
#define TONGJI_COMMA_H

#include "paper.h"
#include "str.h"

void comma_report(const struct paper *p, struct str *out);

#endif
