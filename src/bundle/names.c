/* See names.h. */
#include "names.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

/* Where `name` is, or would be (FNV-1a, linear probing). */
static struct names_slot *
slot_of(const struct names *x, const char *name)
{
	uint64_t h = 14695981039346656037u;
	const char *p;
	size_t i;

	for (p = name; *p != '\0'; p++)
		h = (h ^ (unsigned char)*p) * 1099511628211u;
	i = (size_t)(h ^ h >> 32) & (x->cap - 1);
	while (x->v[i].name != NULL && strcmp(x->v[i].name, name) != 0)
		i = (i + 1) & (x->cap - 1);
	return &x->v[i];
}

static void
grow(struct names *x)
{
	struct names old = *x;
	size_t i;

	x->cap = old.cap == 0 ? 64 : old.cap * 2;
	x->v = xcalloc(x->cap, sizeof *x->v);
	for (i = 0; i < old.cap; i++)
		if (old.v[i].name != NULL)
			*slot_of(x, old.v[i].name) = old.v[i];
	free(old.v);
}

bool
names_add(struct names *x, char *name, size_t value)
{
	struct names_slot *s;

	if (x->n * 2 >= x->cap)
		grow(x);
	s = slot_of(x, name);
	if (s->name != NULL) {
		free(name);
		return false;
	}
	*s = (struct names_slot){ name, value };
	x->n++;
	return true;
}

const struct names_slot *
names_find(const struct names *x, const char *name)
{
	const struct names_slot *s;

	if (x->cap == 0)
		return NULL;
	s = slot_of(x, name);
	return s->name == NULL ? NULL : s;
}

void
names_done(struct names *x)
{
	size_t i;

	for (i = 0; i < x->cap; i++)
		free(x->v[i].name);
	free(x->v);
	*x = (struct names)NAMES_INIT;
}
