/* What apply.c and applyrow.c share: one receipt being applied, inside the
 * transaction, trusted. */
#ifndef TONGJI_APPLYI_H
#define TONGJI_APPLYI_H

#include "apply.h"

struct db;

struct applying {
	struct forms *fs;
	struct db *db;
	const struct receipt *receipt;
	struct apply_result *out;
	struct outcomes *lines;	/* or NULL */
	char *site;		/* this township */
};

/* Rows that the county holds and this incarnation lacks: taken where nothing
 * was done here since the paths parted, else into the tray. */
int applying_lacks(struct applying *a, struct incoming_part *p,
    struct incoming_part *conflicts, struct err *e) MUST_CHECK;
int applying_conflicts(struct applying *a, struct incoming_part *p,
    struct err *e) MUST_CHECK;
int applying_issued(struct applying *a, struct incoming_part *p,
    struct err *e) MUST_CHECK;
int applying_returns(struct applying *a, struct err *e) MUST_CHECK;
int applying_proposals(struct applying *a, struct err *e) MUST_CHECK;
int applying_twins(struct applying *a, struct err *e) MUST_CHECK;
int applying_transfers(struct applying *a, struct incoming_part *p,
    struct err *e) MUST_CHECK;

#endif
