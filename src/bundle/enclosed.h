/* The files of evidence that a delivery encloses, below data/evidence/. */
#ifndef TONGJI_ENCLOSED_H
#define TONGJI_ENCLOSED_H

#include <stddef.h>

#include "err.h"
#include "incoming.h"
#include "model.h"

/* Keep those whose records are here by now, and count them.  What cannot be
 * kept (too large, not what its name says) is left out; its record stays. */
int enclosed_take(struct forms *fs, const struct incoming *in, size_t *kept,
    struct err *e) MUST_CHECK;

#endif
