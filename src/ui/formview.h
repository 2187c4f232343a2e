/* The entry screen of every form: pages, fields, hints, checks at the field,
 * drafts, saving with merge.  Nothing here knows a particular form. */
#ifndef TONGJI_FORMVIEW_H
#define TONGJI_FORMVIEW_H

#include "record.h"

enum form_result {
	FORM_BACK,		/* nothing was saved */
	FORM_SAVED
};

struct form_want {
	/* A parent that was chosen already: its field is not shown, its words
	 * stand in the title.  NULL: none. */
	const struct field *fixed;
	const struct field *at;	/* start here; NULL: the first field */
	bool drafted;		/* this record comes from a draft */
};

/* Edit `r` (borrowed) until it is saved or left. */
enum form_result formview_run(struct record *r, const struct form_want *want);

/* Evaluate the defaults that are still empty: some depend on the parent, which
 * is known only now. */
void formview_defaults(struct record *r);

#endif
