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

/* Where the answer to what lay in the folder `dir` goes (heap): into the same
 * folder, but into 发件箱, made if it is missing, for 收件箱 and for what
 * cannot be written, as an optical disc or a locked stick. */
char *outbox_answer(const char *home, const char *dir);

#endif
