/* Taking a stick off: unmounted through udisksctl(1) where there is one, and
 * looked at afterwards.  Only a stick that is seen to be gone from the mounts
 * is called safe. */
#ifndef TONGJI_STICKOFF_H
#define TONGJI_STICKOFF_H

#include "str.h"

enum stickoff {
	STICKOFF_NONE,		/* an ordinary folder: nothing to take off */
	STICKOFF_SAFE,		/* unmounted: it may be pulled */
	STICKOFF_BUSY,		/* still mounted after udisksctl tried */
	STICKOFF_BY_HAND	/* no udisksctl here: a person must do it */
};

/* What a person types before names go onto a stick without encryption. */
#define STICKOFF_WORD "明文"

/* Is `path` on a stick?  Its device (heap) or NULL.  `mountinfo` and `sys` as
 * in stickfind.h. */
char *stickoff_device(const char *path, const char *mountinfo,
    const char *sys);
/* Unmount the stick that holds `path`; a sentence for a person goes to
 * `words` (nothing for STICKOFF_NONE). */
enum stickoff stickoff_run(const char *path, const char *mountinfo,
    const char *sys, struct str *words);

#endif
