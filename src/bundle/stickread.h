/* Reading from the stick itself, past the kernel's cache: a plain re-read
 * gives back what was meant to be written, not what was. */
#ifndef TONGJI_STICKREAD_H
#define TONGJI_STICKREAD_H

#include "err.h"
#include "flow.h"
#include "stick.h"

/* Open a name in the folder, following no link; -1 with errno. */
int stick_open_name(struct stick *s, const char *name, int flags);

/* Hand the whole content of the regular file `name` to `fn`, block by block,
 * through O_DIRECT or, where that is refused, after POSIX_FADV_DONTNEED.  A
 * negative answer of `fn` stops it. */
int stick_read(struct stick *s, const char *name, flow_write_fn *fn,
    void *ctx, struct err *e) MUST_CHECK;

#endif
