/* A conflict as a person reads it: for every field that differs, what it was
 * before (base), what the county holds (theirs) and what stands here (mine). */
#ifndef TONGJI_TRAYDIFF_H
#define TONGJI_TRAYDIFF_H

#include <stddef.h>

#include "tray.h"

struct tray_diff {
	const struct field *field;
	char *base, *theirs, *mine;	/* heap, as people see them */
};

/* Of a conflict; heap array.  The base is what this database's journal says
 * stood there before its last change; NULL where it never changed here. */
int tray_diff(struct forms *fs, const struct tray_item *t,
    struct tray_diff **out, size_t *n, struct err *e) MUST_CHECK;
void tray_diff_free(struct tray_diff *v, size_t n);

#endif
