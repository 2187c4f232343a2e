/* A list of policy/listing.h as a report. */
#ifndef TONGJI_LISTPAPER_H
#define TONGJI_LISTPAPER_H

#include "err.h"
#include "listing.h"
#include "paper.h"

/* The list's own columns for paper (all, when it names none).  `where` (may
 * be NULL) is the village it was limited to.  You own the paper. */
struct paper *listpaper_make(const struct listing *l, const struct listed *r,
    const char *on, const char *where);

#endif
