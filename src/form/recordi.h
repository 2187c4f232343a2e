/* What the files behind record.h share. */
#ifndef TONGJI_RECORDI_H
#define TONGJI_RECORDI_H

#include "record.h"

struct journal_change;

/* The whole row, whoever looks; also deleted ones. */
struct record *record_load_main(struct forms *fs, const struct form *f,
    const char *uid, struct err *e);

/* A reference from what a person or a file wrote: uid, key, or unambiguous
 * name.  `*out` heap or NULL for empty text. */
int resolve_ref(struct forms *fs, const struct field *f, const char *text,
    char **out, struct err *e) MUST_CHECK;

/* Add a finding once. */
void verdict_add(struct verdicts *v, const struct field *f,
    enum severity sev, const char *message);

/* Rows that follow from a saved record: mirror and history forms.  `r` has
 * its new values in val and the row's former ones in `old` (NULL when new). */
int effect_apply(struct record *r, char *const *old, struct err *e) MUST_CHECK;

/* Does this ref belong to a form whose rows follow from `parent`'s? */
bool effect_owns(const struct form *parent, const struct field *ref);
/* Rows that followed from a record go with it. */
int effect_delete(struct record *r, const char *reason, struct err *e)
	MUST_CHECK;

/* The look-up keys of a record. */
int record_index(struct record *r, struct err *e) MUST_CHECK;

/* Write the record's row and journal, without checks and effects (inside a
 * transaction).  op is "insert", "update", "delete" or a move's name; `old`
 * the row before or NULL. */
int record_write(struct record *r, const struct record *old, const char *op,
    const char *reason, struct err *e) MUST_CHECK;

/* The row as it stands and its journal entry: no new version, no superseded
 * one, no number minted.  For rows that another site wrote.  `gone`: a
 * tombstone. */
int record_store(struct record *r, const struct record *old, const char *op,
    const char *reason, bool gone, struct err *e) MUST_CHECK;

#endif
