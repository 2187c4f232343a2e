/* Finding USB sticks that are mounted, without root. */
#ifndef TONGJI_STICKFIND_H
#define TONGJI_STICKFIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct stick_place {
	char *path;		/* where it is mounted */
	char *device;		/* "/dev/sdb1" */
	char fs[32];		/* "vfat" */
	bool readonly;
	uint64_t size, room;	/* bytes; 0 when unknown */
};

struct stick_list {
	struct stick_place *v;
	size_t n, cap;
};

/* Mounted removable or USB file systems, without root.  `mountinfo` and `sys`
 * are the places to look ("/proc/self/mountinfo", "/sys"; NULL means these, or
 * what TONGJI_MOUNTINFO and TONGJI_SYS say for tests).
 * An unreadable mountinfo is E_IO; no stick is an empty list. */
int stick_find(struct stick_list *l, const char *mountinfo, const char *sys,
    struct err *e) MUST_CHECK;
/* Is the device mounted anywhere, wholly or in part?  Yes when nobody can
 * tell. */
bool stick_mounted(const char *device, const char *mountinfo);
void stick_list_done(struct stick_list *l);

#endif
