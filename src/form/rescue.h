/* A township's (or county's) records out of a damaged database: what its pages
 * still hold (db/salvage.h), each record held against the journal, and those
 * whose pages are gone written anew from the journal.  What cannot be had
 * back is counted and put on record. */
#ifndef TONGJI_RESCUE_H
#define TONGJI_RESCUE_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "model.h"

struct rescue_count {
	const struct form *form;
	int64_t kept;		/* as it was */
	int64_t rebuilt;	/* written anew from the journal */
	int64_t doubtful;	/* there, but its last change is not on record */
	int64_t lost;
};

struct rescue {
	struct rescue_count *v;	/* all forms, heap */
	size_t n;
	int64_t entries;	/* of the journal, lost */
};

/* Fill the empty database of `fs` from the damaged file `path`, a private copy
 * that is changed; `map` as in salvage.h.  Nothing of it stays on failure. */
int rescue_run(struct forms *fs, const char *path, const char *map,
    struct rescue *out, struct err *e) MUST_CHECK;
void rescue_done(struct rescue *r);

#endif
