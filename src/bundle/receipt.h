/* 县回执: what it says, between the county that writes it (answer.h) and the
 * township that applies it (apply.h).
 *
 * The delivery is tj1r-SITE-INC8-APPLIED-SERIAL.age with its .minisig: a bag
 * in a tar, encrypted to the township, signed by the county.  Below data/:
 *
 *	receipt.json	    status, applied, chain, returns, proposals, …
 *	lacks.jsonl	    rows of the township that its database lacks
 *	conflicts.jsonl	    images that lost their place (两边都改过)
 *	issued.jsonl	    the county's own records for this township (下发)
 *	transfers.jsonl	    children that moved here, to be claimed (transfer.h)
 *	edition.json	    下发资料, until the township uses it (edition.h)
 *
 * All are repeated in every receipt until the township's rows supersede them,
 * so that a lost receipt needs nothing. */
#ifndef TONGJI_RECEIPT_H
#define TONGJI_RECEIPT_H

#include <stdint.h>

#include "err.h"
#include "str.h"

enum receipt_part {
	RECEIPT_JSON, RECEIPT_LACKS, RECEIPT_CONFLICTS, RECEIPT_ISSUED,
	RECEIPT_TRANSFERS, RECEIPT_EDITION, RECEIPT_PARTS
};
extern const char *const receipt_names[RECEIPT_PARTS];

enum receipt_status { RECEIPT_OK, RECEIPT_GAP, RECEIPT_FORK,
	RECEIPT_QUARANTINE };

/* A record that the county sends back, 退回, with the version it saw. */
struct receipt_return {
	const char *form, *uid, *rv, *reason;
};
/* field: [old, new]; old and new may be NULL (empty). */
struct receipt_proposal {
	const char *id, *form, *uid, *field, *old, *new, *reason;
};
struct receipt_twin {
	const char *form, *uid, *other, *why;	/* other: who and where */
};

struct receipt {
	void *json;		/* owns every text here */
	const char *site, *county, *county_name, *inc, *chain, *created,
	    *reason;
	enum receipt_status status;
	int64_t applied, number, serial;
	struct receipt_return *back;
	struct receipt_proposal *proposal;
	struct receipt_twin *twin;
	size_t nback, nproposals, ntwins;
};

/* Strict about what it uses; unknown members are passed over. */
int receipt_parse(struct receipt *r, const char *text, size_t len,
    struct err *e) MUST_CHECK;
void receipt_done(struct receipt *r);

/* The file name without ending. */
void receipt_name(const char *site, const char *inc, int64_t applied,
    int64_t serial, char *out, size_t size);

#endif
