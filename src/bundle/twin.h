/* 可能重复: the same ID number in two townships, never merged by a program.
 * The county's clerk telephones both and decides; open cases travel with the
 * receipts of both. */
#ifndef TONGJI_TWIN_H
#define TONGJI_TWIN_H

#include <stddef.h>

#include "err.h"
#include "model.h"

struct twin {
	char a[37], b[37];
	char *form, *a_site, *b_site;	/* the townships' names */
	char *why;
	char *decision;			/* NULL: open */
};
/* All pairs, the open ones first; heap array. */
int twin_list(struct forms *fs, struct twin **out, size_t *n, struct err *e)
	MUST_CHECK;
void twin_list_free(struct twin *v, size_t n);

/* 同一人, 不是同一人, or NULL to open the case again.  Journaled. */
int twin_decide(struct forms *fs, const struct twin *t, const char *decision,
    struct err *e) MUST_CHECK;

#endif
