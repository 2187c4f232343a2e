/* What else can be done with a record of some kind, beside its fields and
 * children: more doors on its page. */
#ifndef TONGJI_ACTS_H
#define TONGJI_ACTS_H

#include <stddef.h>

#include "model.h"
#include "record.h"

struct act {
	const char *form, *word;
	void (*run)(const char *uid);
	const char *replaces;	/* kind whose sign-in grid it stands for */
	const char *when;	/* only where this field is filled, or NULL */
};

/* The i-th act of a form, NULL behind the last. */
const struct act *acts_of(const struct form *f, size_t i);
/* Is there something to do it with in this record? */
bool acts_apply(const struct act *a, const struct record *r);
/* Does an act stand for the sign-in grid of `child`? */
bool acts_sign_in(const struct form *f, const struct form *child);

#endif
