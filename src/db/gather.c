/* See gather.h. */
#include "gather.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "str.h"

enum { KEYS_MAX = 1 << 16, TEXT_MAX = 2 << 20, SLOTS = 1 << 16 };

struct item {
	uint64_t front;		/* the key's first bytes, for comparing */
	uint32_t key, record;	/* offset of the text; index of the record */
};

struct owner {
	char form[32], uid[37];
};

struct gather {
	struct str text;	/* the keys, each with its NUL */
	struct item *item;
	size_t nitem, item_cap;
	struct owner *owner;
	size_t nowner, owner_cap;
	uint32_t slot[SLOTS];	/* hash of uid: index of the owner + 1 */
};

struct gather *
gather_new(void)
{
	struct gather *g = xcalloc(1, sizeof *g);

	str_init(&g->text);
	return g;
}

void
gather_free(struct gather *g)
{
	if (g == NULL)
		return;
	str_done(&g->text);
	free(g->item);
	free(g->owner);
	free(g);
}

/* Its slot, or the free one where it would stand. */
static size_t
place(const struct gather *g, const char *uid)
{
	uint32_t h = 2166136261u;
	const char *p;
	size_t i;

	for (p = uid; *p != '\0'; p++)
		h = (h ^ (unsigned char)*p) * 16777619u;
	for (i = (h ^ h >> 16) % SLOTS; g->slot[i] != 0 &&
	    strcmp(g->owner[g->slot[i] - 1].uid, uid) != 0;)
		i = (i + 1) % SLOTS;
	return i;
}

bool
gather_has(const struct gather *g, const char *uid)
{
	return g->slot[place(g, uid)] != 0;
}

void
gather_record(struct gather *g, const char *form, const char *uid)
{
	struct owner *o;

	g->owner = mem_grow(g->owner, g->nowner, &g->owner_cap,
	    sizeof *g->owner);
	g->slot[place(g, uid)] = (uint32_t)g->nowner + 1;
	o = &g->owner[g->nowner++];
	memset(o, 0, sizeof *o);
	strncpy(o->form, form, sizeof o->form - 1);
	strncpy(o->uid, uid, sizeof o->uid - 1);
}

void
gather_key(struct gather *g, const char *key)
{
	size_t len = strlen(key), i;
	struct item *n;

	g->item = mem_grow(g->item, g->nitem, &g->item_cap, sizeof *g->item);
	n = &g->item[g->nitem++];
	n->front = 0;
	for (i = 0; i < 8; i++)
		n->front = n->front << 8 | (i < len ?
		    (unsigned char)key[i] : 0);
	n->key = (uint32_t)g->text.len;
	n->record = (uint32_t)g->nowner - 1;
	str_addn(&g->text, key, len + 1);
}

bool
gather_full(const struct gather *g)
{
	return g->nitem >= KEYS_MAX || g->text.len >= TEXT_MAX ||
	    g->nowner >= SLOTS / 2;
}

static const char *sorting;	/* the text of the keys that are compared */

/* By bytes, as the index is. */
static int
by_key(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->front != y->front)
		return x->front < y->front ? -1 : 1;
	return strcmp(sorting + x->key, sorting + y->key);
}

int
gather_empty(struct gather *g, int (*put)(void *arg, const char *key,
    const char *form, const char *uid), void *arg)
{
	const struct owner *o;
	size_t i;
	int rc = 0;

	sorting = g->text.buf;
	if (g->nitem > 0)
		qsort(g->item, g->nitem, sizeof *g->item, by_key);
	for (i = 0; rc == 0 && i < g->nitem; i++) {
		o = &g->owner[g->item[i].record];
		rc = put(arg, g->text.buf + g->item[i].key, o->form, o->uid);
	}
	g->nitem = g->nowner = 0;
	str_clear(&g->text);
	memset(g->slot, 0, sizeof g->slot);
	return rc;
}
