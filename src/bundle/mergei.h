/* What merge.c and mergerow.c share. */
#ifndef TONGJI_MERGEI_H
#define TONGJI_MERGEI_H

#include "branch.h"
#include "merge.h"
#include "row.h"

struct merging {
	struct forms *fs;
	struct db *db;
	const char *site;
	char county[13];	/* this database's own site */
	char own[64][37];	/* uids that rows of the site may name */
	int64_t branch, upto;
	struct merge_result *out;
	bool conflicts, quarantine, proposals;	/* are any open? */
	struct merge_late {	/* rows whose look-up keys need a later row */
		const struct form *form;
		char uid[37];
	} *late;
	size_t nlate, late_cap;
};

/* What of this site is open, and which forms follow from others. */
int merging_start(struct merging *m, struct err *e) MUST_CHECK;
/* Judge and store one line. Negative only when the database failed. */
int merging_row(struct merging *m, const char *line, size_t len,
    struct err *e) MUST_CHECK;
/* Try the site's quarantined rows again; the number taken. */
int64_t merging_retry(struct merging *m, struct err *e) MUST_CHECK;
/* Keys that had to wait. */
int merging_finish(struct merging *m, struct err *e) MUST_CHECK;
void merging_done(struct merging *m);

#endif
