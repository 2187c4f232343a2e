/* The known word nearest to a mistyped one, for messages. */
#ifndef TONGJI_NEAREST_H
#define TONGJI_NEAREST_H

#include <stddef.h>

/* Edits (insert, delete, replace, swap of neighbours) that turn `a` into
 * `b`, counted in bytes without regard to ASCII case; words longer than 63
 * bytes count as far apart (64). */
size_t nearest_distance(const char *a, const char *b);

/* A search: start with NEAREST_INIT, offer every known word, read `word`
 * (borrowed; NULL if none is near enough: at most a third of the letters,
 * rounded up, may differ). */
struct nearest {
	const char *typed, *word;
	size_t distance;
};

#define NEAREST_INIT(typed) { (typed), NULL, 0 }

void nearest_offer(struct nearest *n, const char *word);
/* The same over a NULL-terminated array. */
const char *nearest_of(const char *typed, const char *const *words);

#endif
