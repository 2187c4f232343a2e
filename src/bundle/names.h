/* A set of names, each with a number: which files there are, which were
 * listed already. */
#ifndef TONGJI_NAMES_H
#define TONGJI_NAMES_H

#include <stdbool.h>
#include <stddef.h>

struct names {
	struct names_slot {
		char *name;		/* owned; NULL when empty */
		size_t value;
	} *v;				/* open addressing */
	size_t cap, n;
};

#define NAMES_INIT { NULL, 0, 0 }

/* Take over the heap string `name`; false, and it is freed, if it is there
 * already. */
bool names_add(struct names *x, char *name, size_t value);
/* NULL if it is not there; borrowed until the next names_add(). */
const struct names_slot *names_find(const struct names *x, const char *name);
void names_done(struct names *x);

#endif
