/* The handover list of a village: what goes from the old director to the new
 * one, with room for both signatures. */
#ifndef TONGJI_HANDOVER_H
#define TONGJI_HANDOVER_H

#include "err.h"
#include "listing.h"
#include "model.h"
#include "paper.h"

/* Of village `uid` (NULL: every village whose director in post took over from
 * somebody in the year of `on`).  Its rows are the list `handover` of
 * data/lists.  You own the paper; E_NOTFOUND when nobody took over. */
int handover_paper(struct forms *fs, const struct listings *ls,
    const char *uid, const char *on, struct paper **out, struct err *e)
	MUST_CHECK;

#endif
