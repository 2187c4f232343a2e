/* Cross tables: the records of a form counted by one field or two.  Any field
 * that sorts records into kinds will do: selects, references, yes and no,
 * whole numbers, dates (by month), and the age where there is a birth date.
 * A record with several codes of a select_multiple counts under each; what is
 * empty counts as 未采集. */
#ifndef TONGJI_CROSS_H
#define TONGJI_CROSS_H

#include <stdbool.h>

#include "err.h"
#include "model.h"
#include "paper.h"

struct cross_want {
	const char *form;
	const char *rows, *cols;	/* fields, or "age"; cols may be NULL */
	const char *const *where;	/* "field=value", NULL-terminated, or
					 * NULL; codes by name or label */
	bool left_too;		/* also those who have left (left_on) */
};

/* Can records be sorted by this field? */
bool cross_fits(const struct field *f);
/* Is there an age to sort by? */
bool cross_has_age(const struct form *f);

/* Count what the session sees and add the tables: counts with totals, then
 * shares of each row in % (two fields), then a chart of the rows.  Counted by
 * children or workers it is a personal paper. */
int cross_add(struct forms *fs, const struct cross_want *w, struct paper *p,
    struct err *e) MUST_CHECK;

#endif
