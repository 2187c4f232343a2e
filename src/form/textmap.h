/* A map from texts to texts or numbers that only grows: lines of a file by
 * number, uids by what people wrote. */
#ifndef TONGJI_TEXTMAP_H
#define TONGJI_TEXTMAP_H

#include <stddef.h>

#include "mem.h"

struct textmap {
	struct textmap_slot *slot;
	size_t n, cap;		/* cap is a power of two */
	struct arena arena;
};

struct textmap_slot {
	const char *key;	/* NULL: free */
	const char *text;	/* both copied into the arena */
	size_t number;
	unsigned hash;
};

#define TEXTMAP_INIT { NULL, 0, 0, ARENA_INIT }

/* The slot of `key`, NULL if it was never put. Borrowed until the next put. */
struct textmap_slot *textmap_find(const struct textmap *m, const char *key);
/* Put a key that may be there already (then its values are replaced). */
void textmap_put(struct textmap *m, const char *key, const char *text,
    size_t number);
void textmap_done(struct textmap *m);

#endif
