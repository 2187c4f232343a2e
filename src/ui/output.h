/* Where a report goes: the screen, a printer, the outbox, a stick. */
#ifndef TONGJI_OUTPUT_H
#define TONGJI_OUTPUT_H

#include "paper.h"

/* Ask and do it; `name` begins the file's name.  What leaves the screen is
 * journaled.  A paper with names asks whom it is for (handing.h) before it
 * becomes a table that others can take over. */
void output_paper(struct paper *p, const char *name);
/* The same for what somebody asked for: whom it is for comes first, and
 * decides what is shown, too. */
void output_asked(struct paper *p, const char *name);

#endif
