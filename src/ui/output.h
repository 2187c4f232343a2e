/* Where a report goes: the screen, a printer, the outbox, a stick. */
#ifndef TONGJI_OUTPUT_H
#define TONGJI_OUTPUT_H

#include "paper.h"

/* Ask and do it; `name` begins the file's name.  What leaves the screen is
 * journaled. */
void output_paper(struct paper *p, const char *name);

#endif
