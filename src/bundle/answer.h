/* The county's answer to a township: everything it must know, gathered from
 * the county's database and written as a receipt (receipt.h). */
#ifndef TONGJI_ANSWER_H
#define TONGJI_ANSWER_H

#include "err.h"
#include "keyring.h"
#include "merge.h"
#include "model.h"
#include "receipt.h"
#include "stick.h"

/* The parts of a receipt in memory and in unlinked files. */
struct answer {
	struct str json;
	int fd[RECEIPT_PARTS];		/* -1 for the JSON */
	int64_t rows[RECEIPT_PARTS];	/* lines in each */
	int64_t returns, proposals, twins;
	int64_t applied, serial;
	char chain[65];
};

/* Gather for one incarnation.  `status` and `reason` are of the bundle that
 * is answered.  Temporary files go to `spool`. */
int answer_build(struct forms *fs, const char *spool, const char *site,
    const char *inc, enum merge_status status, const char *reason,
    struct answer *a, struct err *e) MUST_CHECK;
void answer_done(struct answer *a);

/* Gather and write into the folder `dir`; `file` gets the name. */
int answer_deliver(struct forms *fs, const char *home, const char *site,
    const char *inc, enum merge_status status, const char *reason,
    const struct minisign_secret *signer, const char *dir,
    stick_progress_fn *progress, void *ctx, char file[160], struct err *e)
	MUST_CHECK;

#endif
