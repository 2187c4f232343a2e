/* Memory that is either there or ends the program, and an arena for trees
 * that die together. */
#ifndef TONGJI_MEM_H
#define TONGJI_MEM_H

#include <stddef.h>

/* Like their namesakes, but never return NULL; sizes that overflow are a
 * bug.  The caller frees with free(). */
void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t n, size_t size);
char *xstrdup(const char *s);			/* NULL gives NULL */
char *xstrndup(const char *s, size_t len);	/* len in bytes */
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Grow the array `*p` of `size`-byte items so that one more than `n` fits;
 * `*cap` is its capacity in items. */
void *mem_grow(void *p, size_t n, size_t *cap, size_t size);

/* An arena: what is taken from it lives until arena_done(). */
struct arena {
	struct arena_block *head;
};

#define ARENA_INIT { NULL }

void *arena_alloc(struct arena *a, size_t size);	/* zeroed */
char *arena_str(struct arena *a, const char *s);	/* NULL gives NULL */
char *arena_strn(struct arena *a, const char *s, size_t len);
void arena_done(struct arena *a);

#define COUNT_OF(a) (sizeof (a) / sizeof (a)[0])

#endif
