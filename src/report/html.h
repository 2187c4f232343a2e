/* A report as one self-contained HTML page: no script, nothing fetched, prints
 * on A4; bars are inline SVG with their numbers beside them. */
#ifndef TONGJI_HTML_H
#define TONGJI_HTML_H

#include "paper.h"
#include "str.h"

void html_report(const struct paper *p, struct str *out);

#endif
