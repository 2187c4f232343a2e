/* Look-up keys that wait.  A bundle brings thousands of records in one
 * transaction; their keys, written one by one, go to pages all over the
 * index.  Gathered and written in the index's own order every page is touched
 * once.  Only lookup.c uses this. */
#ifndef TONGJI_GATHER_H
#define TONGJI_GATHER_H

#include <stdbool.h>
#include <stddef.h>

struct gather;

struct gather *gather_new(void);
void gather_free(struct gather *g);	/* NULL is fine */

/* The keys added from now on are this record's. */
void gather_record(struct gather *g, const char *form, const char *uid);
void gather_key(struct gather *g, const char *key);
bool gather_has(const struct gather *g, const char *uid);
/* Time to write: it never holds more than a few megabytes. */
bool gather_full(const struct gather *g);

/* Call `put` for every key in ascending order until it returns non-zero, and
 * forget them all; returns what `put` returned last, 0 for no keys. */
int gather_empty(struct gather *g, int (*put)(void *arg, const char *key,
    const char *form, const char *uid), void *arg);

#endif
