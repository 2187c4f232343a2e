/* See norm.h. */
#include "norm.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "norm_table.h"
#include "str.h"
#include "utf8.h"

enum {
	S_BASE = 0xAC00, L_BASE = 0x1100, V_BASE = 0x1161, T_BASE = 0x11A7,
	V_COUNT = 21, T_COUNT = 28, S_COUNT = 11172
};

/* Decomposed code points, invalid bytes as UTF8_BAD + the byte. */
struct run {
	uint32_t *v;
	size_t n, cap;
};

static void
run_add(struct run *r, uint32_t cp)
{
	r->v = mem_grow(r->v, r->n, &r->cap, sizeof *r->v);
	r->v[r->n++] = cp;
}

static const uint32_t *
find_pair(uint32_t cp)
{
	size_t lo = 0, hi = COUNT_OF(norm_pairs), mid;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		if (norm_pairs[mid][0] == cp)
			return norm_pairs[mid];
		if (norm_pairs[mid][0] < cp)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

static uint32_t
class_of(uint32_t cp)
{
	size_t lo = 0, hi = COUNT_OF(norm_classes), mid;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		if (cp < norm_classes[mid][0])
			hi = mid;
		else if (cp > norm_classes[mid][1])
			lo = mid + 1;
		else
			return norm_classes[mid][2];
	}
	return 0;
}

/* The depth is that of the table: at most four steps. */
static void
decompose(struct run *r, uint32_t cp)
{
	const uint32_t *pair;
	uint32_t s = cp - S_BASE;

	if (cp >= S_BASE && s < S_COUNT) {
		run_add(r, L_BASE + s / (V_COUNT * T_COUNT));
		run_add(r, V_BASE + s % (V_COUNT * T_COUNT) / T_COUNT);
		if (s % T_COUNT != 0)
			run_add(r, T_BASE + s % T_COUNT);
		return;
	}
	pair = find_pair(cp);
	if (pair == NULL) {
		run_add(r, cp);
		return;
	}
	decompose(r, pair[1]);
	if (pair[2] != 0)
		decompose(r, pair[2]);
}

/* Combining marks of one base in the order of their classes, stably. */
static void
reorder(struct run *r)
{
	size_t i, j;
	uint32_t cp, c;

	for (i = 1; i < r->n; i++) {
		cp = r->v[i];
		c = class_of(cp);
		for (j = i; c != 0 && j > 0 && class_of(r->v[j - 1]) > c; j--)
			r->v[j] = r->v[j - 1];
		r->v[j] = cp;
	}
}

char *
norm_key(const char *s)
{
	struct run r = { NULL, 0, 0 };
	struct str out = STR_INIT;
	const char *next;
	uint32_t cp;
	size_t i;

	for (; *s != '\0'; s = next) {
		next = utf8_next(s, &cp);
		if (cp == UTF8_BAD)
			run_add(&r, UTF8_BAD + (unsigned char)*s);
		else
			decompose(&r, cp);
	}
	reorder(&r);
	for (i = 0; i < r.n; i++) {
		if (r.v[i] >= UTF8_BAD)
			str_addc(&out, (char)(r.v[i] - UTF8_BAD));
		else
			utf8_add(&out, r.v[i]);
	}
	free(r.v);
	return str_take(&out);
}
