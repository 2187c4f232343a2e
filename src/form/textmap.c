/* See textmap.h: open addressing, half full at most. */
#include "textmap.h"

#include <stdlib.h>
#include <string.h>

static unsigned
hash_of(const char *s)
{
	unsigned h = 2166136261u;

	while (*s != '\0')
		h = (h ^ (unsigned char)*s++) * 16777619u;
	return h ^ h >> 15;
}

static struct textmap_slot *
probe(const struct textmap *m, const char *key, unsigned hash)
{
	size_t i = hash & (m->cap - 1);

	while (m->slot[i].key != NULL && (m->slot[i].hash != hash ||
	    strcmp(m->slot[i].key, key) != 0))
		i = (i + 1) & (m->cap - 1);
	return &m->slot[i];
}

struct textmap_slot *
textmap_find(const struct textmap *m, const char *key)
{
	struct textmap_slot *s;

	if (m->cap == 0)
		return NULL;
	s = probe(m, key, hash_of(key));
	return s->key != NULL ? s : NULL;
}

static void
enlarge(struct textmap *m)
{
	struct textmap old = *m;
	size_t i;

	m->cap = old.cap == 0 ? 64 : old.cap * 2;
	m->slot = xcalloc(m->cap, sizeof *m->slot);
	for (i = 0; i < old.cap; i++)
		if (old.slot[i].key != NULL)
			*probe(m, old.slot[i].key, old.slot[i].hash) =
			    old.slot[i];
	free(old.slot);
}

void
textmap_put(struct textmap *m, const char *key, const char *text,
    size_t number)
{
	unsigned hash = hash_of(key);
	struct textmap_slot *s;

	if (m->n * 2 >= m->cap)
		enlarge(m);
	s = probe(m, key, hash);
	if (s->key == NULL) {
		s->key = arena_str(&m->arena, key);
		s->hash = hash;
		m->n++;
	}
	s->text = arena_str(&m->arena, text);
	s->number = number;
}

void
textmap_done(struct textmap *m)
{
	free(m->slot);
	arena_done(&m->arena);
	memset(m, 0, sizeof *m);
}
