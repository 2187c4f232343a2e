/* What a county knows of a township's database: its incarnations (a copy or
 * a restored backup is another branch of history), how far each has been
 * applied, and the chains of its bundles.  BUNDLE.md, steps 2 to 5. */
#ifndef TONGJI_BRANCH_H
#define TONGJI_BRANCH_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "header.h"

struct db;

struct branch {
	int64_t id;		/* 0: not known yet */
	int64_t applied;
	char chain[65];		/* of the last applied bundle */
	int64_t parent;		/* incarnation it came from, 0 for none */
	int64_t parent_seq;
};

extern const char branch_zero[65];	/* the chain before any bundle */

/* 1: known and filled; 0: not known. */
int branch_find(struct db *db, const char *site, const char *inc,
    struct branch *b, struct err *e) MUST_CHECK;
/* The same, or found it: a township's first incarnation, or one whose parent
 * chain is known, is accepted (1); any other is not (0). */
int branch_open(struct db *db, const struct header *h, struct branch *b,
    struct err *e) MUST_CHECK;
/* Accept an incarnation without a known parent, because a person said so. */
int branch_accept(struct db *db, const char *site, const char *inc,
    struct err *e) MUST_CHECK;

/* Has the chain been applied, or been heard of in a later bundle? */
bool branch_knows(struct db *db, const struct branch *b, const char *chain);
/* Does the header tell another history than the one applied here? */
bool branch_forked(struct db *db, const struct branch *b,
    const struct header *h);
/* The bundle has been applied: it and its lineage are known from now on. */
int branch_advance(struct db *db, struct branch *b, const struct header *h,
    const char *chain, struct err *e) MUST_CHECK;

#endif
