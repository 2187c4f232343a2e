/* See nearest.h.  Optimal string alignment distance over three rows. */
#include "nearest.h"

#include <stdbool.h>
#include <string.h>

enum { WORD_MAX = 63 };

static int
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

static size_t
least(size_t a, size_t b, size_t c)
{
	if (b < a)
		a = b;
	return c < a ? c : a;
}

size_t
nearest_distance(const char *a, const char *b)
{
	size_t rows[3][WORD_MAX + 1];
	size_t *two = rows[0], *one = rows[1], *now = rows[2], *swap;
	size_t la = strlen(a), lb = strlen(b), i, j, differ;

	if (la > WORD_MAX || lb > WORD_MAX)
		return WORD_MAX + 1;
	for (j = 0; j <= lb; j++)
		one[j] = two[j] = j;
	for (i = 1; i <= la; i++) {
		now[0] = i;
		for (j = 1; j <= lb; j++) {
			differ = lower(a[i - 1]) != lower(b[j - 1]);
			now[j] = least(one[j] + 1, now[j - 1] + 1,
			    one[j - 1] + differ);
			if (i > 1 && j > 1 &&
			    lower(a[i - 1]) == lower(b[j - 2]) &&
			    lower(a[i - 2]) == lower(b[j - 1]) &&
			    two[j - 2] + 1 < now[j])
				now[j] = two[j - 2] + 1;
		}
		swap = two;
		two = one;
		one = now;
		now = swap;
	}
	return one[lb];
}

/* Of two words equally near, the one that begins as typed, then the first in
 * order: the answer must not depend on the order of offers. */
static bool
is_better(const struct nearest *n, const char *word)
{
	bool a = *word == *n->typed, b = *n->word == *n->typed;

	return a != b ? a : strcmp(word, n->word) < 0;
}

void
nearest_offer(struct nearest *n, const char *word)
{
	size_t limit = (strlen(n->typed) + 2) / 3, d;

	d = nearest_distance(n->typed, word);
	if (d > limit || (n->word != NULL && (d > n->distance ||
	    (d == n->distance && !is_better(n, word)))))
		return;
	n->word = word;
	n->distance = d;
}

const char *
nearest_of(const char *typed, const char *const *words)
{
	struct nearest n = NEAREST_INIT(typed);
	size_t i;

	for (i = 0; words[i] != NULL; i++)
		nearest_offer(&n, words[i]);
	return n.word;
}
