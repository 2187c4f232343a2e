/* Choosing the value of a field from its codes, records or days. */
#ifndef TONGJI_CHOOSE_H
#define TONGJI_CHOOSE_H

#include <stdbool.h>

#include "err.h"
#include "record.h"
#include "str.h"

/* The codes of a select field that its filter leaves. */
struct choices {
	const struct codes *codes;
	bool *keep;		/* per row; heap */
	size_t n;		/* kept */
	/* A digit chooses the row so numbered, and that number is shown … */
	bool by_name;		/* all names are one digit: the number is it */
	bool numbered;		/* … but here names are numbers of several
				 * digits: they are shown and looked for */
	bool spelt;		/* … and here labels begin with digits (12345热
				 * 线): nothing is numbered, they are looked
				 * for */
};
int choices_open(struct choices *c, const struct record *r,
    const struct field *f, struct err *e) MUST_CHECK;
void choices_done(struct choices *c);
/* The code that a digit key means, NULL if none. */
const struct code *choices_digit(const struct choices *c, int digit);
/* "1男 2女 9未说明" for the hint line. */
void choices_hint(const struct choices *c, struct str *out);

/* Is a code in the stored value of a select_multiple? */
bool choices_has(const char *value, const char *name);
/* Put a code in or take it out, keeping the list's order. */
void choices_toggle(struct record *r, const struct field *f,
    const struct codes *cs, const char *name);

/* Open the picker for a select, a ref or a date; `typed` presets its filter.
 * 1: the value was set; 0: left as it was; < 0: error. */
int choose_value(struct record *r, const struct field *f, const char *typed,
    struct err *e) MUST_CHECK;

/* Choose a record of `target`.  Heap uid, or NULL.  `fresh` (may be NULL):
 * offer a new one with these words; *is_new says that it was taken, *words
 * (heap) what had been typed. */
char *choose_record(struct forms *fs, const struct form *target,
    const char *title, const char *typed, const char *fresh, bool *is_new,
    char **words);

#endif
