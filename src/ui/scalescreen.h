/* An assessment item by item: digits give scores, the level follows. */
#ifndef TONGJI_SCALESCREEN_H
#define TONGJI_SCALESCREEN_H

#include <stdbool.h>

#include "record.h"

/* Before a new assessment `r` is entered: offer its scales and fill in what
 * they say.  False when the person went back. */
bool scalescreen_fill(struct record *r);
/* After it was saved: a level worse than the last one proposes a case. */
void scalescreen_after(const struct record *r);

#endif
