/* Destruction when a retention period ends: the records of children who left
 * long enough ago, with everything that belongs to them, lose their content,
 * and the journal loses values and salts (its chain still verifies, see
 * db/journal.h).  What remains is a list: which records, when, by whom. */
#ifndef TONGJI_PURGE_H
#define TONGJI_PURGE_H

#include <stddef.h>

#include "err.h"
#include "model.h"
#include "str.h"

struct purge_plan {
	char cutoff[11];	/* left before this day */
	const char *doc;	/* 文号 of the rule, or its source */
	char **uid;		/* children */
	size_t n;
	size_t records;		/* with all that belongs to them */
};

/* Who is due on the business day by rule privacy/retention. */
int purge_plan(struct forms *fs, struct purge_plan *out, struct err *e)
	MUST_CHECK;
/* Destroy them, in one transaction.  `list` gets one line a record: form,
 * uid, day, operator. */
int purge_run(struct forms *fs, const struct purge_plan *p, struct str *list,
    struct err *e) MUST_CHECK;
void purge_done(struct purge_plan *p);

#endif
