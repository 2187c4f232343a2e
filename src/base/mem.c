/* See mem.h. */
#include "mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

void *
xmalloc(size_t size)
{
	void *p = malloc(size > 0 ? size : 1);

	if (p == NULL)
		die("内存不足");
	return p;
}

void *
xcalloc(size_t n, size_t size)
{
	void *p = calloc(n > 0 ? n : 1, size > 0 ? size : 1);

	if (p == NULL)
		die("内存不足");
	return p;
}

void *
xrealloc(void *p, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		BUG("xrealloc overflow");
	p = realloc(p, n * size > 0 ? n * size : 1);
	if (p == NULL)
		die("内存不足");
	return p;
}

char *
xstrndup(const char *s, size_t len)
{
	char *p = xmalloc(len + 1);

	memcpy(p, s, len);
	p[len] = '\0';
	return p;
}

char *
xstrdup(const char *s)
{
	return s == NULL ? NULL : xstrndup(s, strlen(s));
}

char *
xasprintf(const char *fmt, ...)
{
	char *p;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&p, fmt, ap) < 0)
		die("内存不足");
	va_end(ap);
	return p;
}

void *
mem_grow(void *p, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return p;
	*cap = *cap == 0 ? 8 : *cap * 2;
	if (*cap <= n)
		*cap = n + 1;
	return xrealloc(p, *cap, size);
}

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	max_align_t data[];
};

void *
arena_alloc(struct arena *a, size_t size)
{
	const size_t unit = sizeof(max_align_t);
	struct arena_block *b = a->head;
	size_t need = (size + unit - 1) / unit * unit, room;
	void *p;

	if (b == NULL || b->size - b->used < need) {
		room = need > 4096 ? need : 4096;
		b = xmalloc(sizeof *b + room);
		b->next = a->head;
		b->used = 0;
		b->size = room;
		a->head = b;
	}
	p = (char *)b->data + b->used;
	b->used += need;
	return memset(p, 0, need);
}

char *
arena_strn(struct arena *a, const char *s, size_t len)
{
	char *p = arena_alloc(a, len + 1);

	memcpy(p, s, len);
	return p;
}

char *
arena_str(struct arena *a, const char *s)
{
	return s == NULL ? NULL : arena_strn(a, s, strlen(s));
}

void
arena_done(struct arena *a)
{
	struct arena_block *b, *next;

	for (b = a->head; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	a->head = NULL;
}
