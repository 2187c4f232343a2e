/* Choosing from a list in a box: digits, arrows, or a few letters that filter
 * it.  Where the rows come from is the caller's business. */
#ifndef TONGJI_PICKER_H
#define TONGJI_PICKER_H

#include <stdbool.h>
#include <stddef.h>

#include "edit.h"
#include "screen.h"
#include "str.h"

struct pick {
	struct screen base;
	const char *title;
	const char *hint;	/* under the filter, or NULL */
	const char *none;	/* what to say when nothing fits */
	void *arg;
	/* Rows that fit what was typed ("" all); returns how many. */
	size_t (*load)(void *arg, const char *typed);
	void (*row)(void *arg, size_t i, struct str *out);
	/* Several may be marked: both set, Space toggles, Enter closes. */
	bool (*marked)(void *arg, size_t i);
	void (*toggle)(void *arg, size_t i);
	bool digits;		/* 1..9 choose while nothing is typed */
	const char *fresh;	/* words for "none of these: make a new one"
				 * (F2, or Enter when nothing fits), or NULL */
	struct edit filter;	/* pick_init(); may be preset */
	size_t n, at, top;
};

enum { PICK_BACK = -1, PICK_NEW = -2 };

void pick_init(struct pick *p);
/* The chosen row of the last load, PICK_BACK or PICK_NEW.  With toggle: 0 when
 * closed by Enter. */
long pick_run(struct pick *p);
void pick_done(struct pick *p);

/* Does `label` (or its pinyin, initials, or `code`) begin with or contain what
 * was typed? */
bool pick_matches(const char *label, const char *code, const char *typed);

#endif
