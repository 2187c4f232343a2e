/* The indicator board as a report: veto items, then what is short, then the
 * rest of the own level; higher levels folded at the end. */
#ifndef TONGJI_BOARDPAPER_H
#define TONGJI_BOARDPAPER_H

#include "indicator.h"
#include "paper.h"

/* Append the board's tables to `p`. `full`: with the plan's own words,
 * responsible units and deadlines. */
/* Only veto items and what is short, under the scheme's name. */
void boardpaper_short(struct paper *p, const struct board *b);
void boardpaper_add(struct paper *p, const struct board *b, bool full);

#endif
