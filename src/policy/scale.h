/* Scales of assessment: data/scales/NAME.csv, a list of items with scores and
 * the levels of their sum.  NAME is a code of assessment_scale; a county adds
 * a file and a code.
 *
 *	item,NAME,WORDS,MIN,MAX		an item; more is worse
 *	level,,WORDS,FROM,TO,LEVEL,LEVEL4,RISK	what a sum means
 *	veto,ITEM,WORDS,SCORE,,LEVEL,LEVEL4,RISK	at least this, whatever
 *						the sum, from that score on
 *
 * Levels stand from best to worst. */
#ifndef TONGJI_SCALE_H
#define TONGJI_SCALE_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

enum { SCALE_ITEMS = 40, SCALE_LEVELS = 12 };

struct scale {
	char *text;		/* the file; all strings point into it */
	char *title;
	struct scale_item {
		const char *name, *label;
		int min, max;
	} item[SCALE_ITEMS];
	size_t nitems;
	struct scale_level {
		const char *item;	/* NULL: of the sum */
		const char *label;
		int min, max;
		const char *level, *level4, *risk;	/* codes; level4 "" */
	} level[SCALE_LEVELS], veto[SCALE_LEVELS];
	size_t nlevels, nvetoes;
};

int scale_load(struct scale *s, const char *data, const char *name,
    struct err *e) MUST_CHECK;
void scale_done(struct scale *s);

/* The sum and the level of `score` (nitems of them; < 0 counts as not
 * answered).  NULL while an item is open.  *why names the veto that decided,
 * or NULL. */
const struct scale_level *scale_judge(const struct scale *s, const int *score,
    int *sum, const char **why);

#endif
