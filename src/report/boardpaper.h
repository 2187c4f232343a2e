/* The indicator board as a report: veto items, then what is short, then the
 * rest of the own level; higher levels folded at the end. */
#ifndef TONGJI_BOARDPAPER_H
#define TONGJI_BOARDPAPER_H

#include "indicator.h"
#include "paper.h"

/* Append the board as one table, in the ranks' order.  `caption` may be NULL;
 * `full`: with periods, responsible units and deadlines. */
void boardpaper_add(struct paper *p, const struct board *b,
    const char *caption, bool full);
/* Only veto items and what is short, under the scheme's name. */
void boardpaper_short(struct paper *p, const struct board *b);
/* The whole board of each scheme that this site is judged by (or of the one
 * named), as an office hands it in. */
int boardpaper_all(struct forms *fs, const char *scheme, const char *on,
    struct paper *p, struct err *e) MUST_CHECK;

/* A county's page says how many townships stand in no number of it. */
void boardpaper_silent(struct paper *p, int64_t silent);

#endif
