/* A township applies the county's answer (receipt.h). */
#ifndef TONGJI_APPLY_H
#define TONGJI_APPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "incoming.h"
#include "model.h"
#include "outcome.h"
#include "receipt.h"

enum apply_outcome {
	APPLY_OK,
	APPLY_OTHER,	/* for an earlier incarnation of this database */
	APPLY_FORK,	/* the county saw another history: new incarnation */
	APPLY_RESTORED,	/* the county holds more than this database ever made:
			 * it was restored from a backup; new incarnation */
	APPLY_GAP,	/* the county lacks earlier bundles: the next one
			 * carries them again */
	APPLY_QUARANTINE	/* the county does not know this database */
};

struct apply_result {
	enum apply_outcome outcome;
	char reason[256];	/* the county's words */
	int64_t number;		/* 第几包 it acknowledges, 0: none */
	int64_t acked;		/* journal number, after this receipt */
	int64_t returns, taken, proposals_taken, tray, issued;
	char county[96], created[20];
};

/* The parts of a receipt, as incoming_read() leaves them.  `lines` (NULL: not
 * wanted) gets a line for each record that something became of. */
int apply_parts(struct forms *fs, const struct receipt *r,
    struct incoming_part part[RECEIPT_PARTS], struct outcomes *lines,
    struct apply_result *out, struct err *e) MUST_CHECK;

/* Verify with the county's key, decrypt, apply in one transaction.  `dry`:
 * judge all, keep nothing. */
int apply_receipt(struct forms *fs, const char *home, const char *path,
    bool dry, struct outcomes *lines, struct apply_result *out,
    struct err *e) MUST_CHECK;

/* The package of forms and policy data (edition.h) that a receipt brings,
 * verified like the receipt: 1 and its text, or 0 when there is none. */
int apply_edition(const char *home, const char *path, struct str *out,
    struct err *e) MUST_CHECK;

/* The newest finished receipt for this site in a folder (heap); only where
 * there is none, one that was not finished, which is then refused; or NULL. */
char *apply_find(struct forms *fs, const char *dir);

#endif
