/* 发件箱: what was put there for the PC on the other side of PuTTY.  Lists and
 * prints are not encrypted, so they do not stay. */
#ifndef TONGJI_OUTBOX_H
#define TONGJI_OUTBOX_H

#include <stddef.h>

#include "err.h"
#include "model.h"

enum { OUTBOX_DAYS = 7 };

/* Remove files older than OUTBOX_DAYS, but no deliveries, keys and enrolment
 * files; journaled with their number when there were any. */
int outbox_clear(struct forms *fs, const char *home, size_t *n,
    struct err *e) MUST_CHECK;

#endif
