/* A list of policy/listing.h as a report. */
#ifndef TONGJI_LISTPAPER_H
#define TONGJI_LISTPAPER_H

#include "err.h"
#include "listing.h"
#include "paper.h"

/* The list's own columns for paper (all, when it names none); `every`: all in
 * any case.  `where` (may be NULL) is the village it was limited to. */
void listpaper_add(struct paper *p, const struct listing *l,
    const struct listed *r, const char *on, const char *where, bool every);
/* Only the table, under a caption, beside others; names, as above. */
void listpaper_table(struct paper *p, const char *caption,
    const struct listing *l, const struct listed *r, bool every);
/* The same as a paper of its own, which you own. */
struct paper *listpaper_make(const struct listing *l, const struct listed *r,
    const char *on, const char *where);

#endif
