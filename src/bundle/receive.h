/* The county receives: a stick, a folder or single deliveries, each verified,
 * previewed or merged, and answered with a receipt beside it.
 *
 * The passphrase is typed once: receive_open() unlocks the county's keys for
 * the whole run (a session of the screens, or one command over many sticks),
 * and they are wiped by receive_close(). */
#ifndef TONGJI_RECEIVE_H
#define TONGJI_RECEIVE_H

#include <stdbool.h>

#include "agekey.h"
#include "err.h"
#include "merge.h"
#include "minikey.h"
#include "model.h"
#include "stick.h"

struct receiver {
	struct forms *fs;
	const char *home;
	struct age_keys keys;
	struct minisign_secret signer;
};

/* E_REFUSED in a township's database; E_DENIED for a wrong passphrase. */
int receive_open(struct receiver *r, struct forms *fs, const char *home,
    const char *passphrase, struct err *e) MUST_CHECK;
void receive_close(struct receiver *r);

/* The deliveries at `path`: itself, or those in the folder that are complete,
 * each township's in the order they were made.  Heap array of heap paths.
 * `halves` counts those without a marker. */
int receive_list(const char *path, char ***out, size_t *n, size_t *halves,
    struct err *e) MUST_CHECK;

struct receive_item {
	char site[13], name[96], inc[33];
	struct merge_result result;
	struct str sentence;	/* the preview or the outcome */
	bool stranger;		/* refused: its key is not enrolled */
};
void receive_item_done(struct receive_item *it);

/* Verify one delivery and merge it (`dry`: only judge).  Negative when it
 * could not be taken at all: not enrolled, not whole, not for us; then
 * nothing was changed and `e` says why.  A gap is parked below HOME/parked
 * and tried again after every merge. */
int receive_one(struct receiver *r, const char *path, bool dry,
    merge_progress_fn *progress, void *ctx, struct receive_item *it,
    struct err *e) MUST_CHECK;

/* Several bundles of one database were received, `it` after `before`: what
 * the one receipt must tell.  A fork is never lost; a gap or an unknown
 * database is of the past once a later bundle was taken. */
void receive_fold(struct receive_item *it, const struct receive_item *before);

/* Write the receipt for what was received into `dir`. */
int receive_answer(struct receiver *r, const struct receive_item *it,
    const char *dir, stick_progress_fn *progress, void *ctx, char file[160],
    struct err *e) MUST_CHECK;

#endif
