/* One line of rows.jsonl read back: taken apart, held against the forms, and
 * stored as another site wrote it.  Nothing here decides whether a row may
 * replace another: merge.c (county) and apply.c (township) do. */
#ifndef TONGJI_ROW_H
#define TONGJI_ROW_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "recordi.h"
#include "rowtext.h"

struct row {
	struct rowtext text;	/* owns the texts below */
	const char *form_name, *uid, *rv, *site;
	bool deleted;
	const struct form *form;	/* NULL: no such form here */
	struct record *rec;	/* after row_values() */
};

/* Take a line apart.  E_FORMAT when it is no row at all; then nothing is
 * filled.  row_done() in any case. */
int row_parse(struct row *r, struct forms *fs, const char *line, size_t len,
    struct err *e) MUST_CHECK;
void row_done(struct row *r);

/* Does the row know version `rv`: its own, or one it superseded? */
bool row_knows(const struct row *r, const char *rv);
/* Call `fn` for every superseded version. */
void row_each_superseded(const struct row *r,
    void (*fn)(void *arg, const char *rv), void *arg);

/* Fill r->rec: every value parsed as its type wants.  Refuses with the reason
 * what this site's forms do not know or allow. */
int row_values(struct row *r, struct forms *fs, struct err *e) MUST_CHECK;
/* The record as it is here (also a tombstone); NULL when there is none. */
struct record *row_present(const struct row *r, struct forms *fs,
    bool *deleted);
/* Is the stored record a tombstone? */
bool row_deleted(struct forms *fs, const struct form *f, const char *uid);
/* Does the stored record say the same? */
bool row_same(const struct row *r, const struct record *old, bool deleted);

/* Store r->rec over `old` (NULL: none) with a journal entry `op` and the
 * look-up keys, inside a transaction.  `own`: a row of this very site, past
 * the triggers that would let it only begin at its workflow's first state. */
int row_store(struct row *r, struct forms *fs, const struct record *old,
    const char *op, bool own, struct err *e) MUST_CHECK;

/* A new version of this site's own row over `old`: with the line's values
 * (`theirs`) or the present ones, as a tombstone if `gone`.  The version it
 * replaces is remembered; the line's own version is the caller's to add. */
int row_renew(struct row *r, struct forms *fs, const struct record *old,
    bool theirs, bool gone, struct err *e) MUST_CHECK;

/* Review of a record: 待审 已审 已上报 退回.  Inside a transaction. */
int row_review(struct forms *fs, const char *form, const char *uid,
    const char *status, const char *by, const char *reason, struct err *e)
	MUST_CHECK;

#endif
