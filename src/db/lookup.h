/* Find-as-you-type: `lookup(key, form, uid)` holds every name, reading,
 * initials, number suffix and telephone of a record, so that a keystroke is
 * an index range at any size. */
#ifndef TONGJI_LOOKUP_H
#define TONGJI_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

struct db;

/* Replace the keys of a record: gathers keys, then writes the difference.
 * Inside the save's transaction. */
struct lookup;		/* a set of keys under construction */
struct lookup *lookup_new(void);
void lookup_free(struct lookup *l);
void lookup_clear(struct lookup *l);
/* A name: itself, full pinyin and initials in every reading. */
void lookup_add_name(struct lookup *l, const char *name);
/* A number or telephone: itself and its useful suffixes. */
void lookup_add_number(struct lookup *l, const char *number);
void lookup_add_word(struct lookup *l, const char *word);
int lookup_store(struct db *db, const struct lookup *l, const char *form,
    const char *uid, struct err *e) MUST_CHECK;
int lookup_remove(struct db *db, const char *form, const char *uid,
    struct err *e) MUST_CHECK;

/* From now on, in the open transaction, keys of stored records wait and are
 * written in good order: for many records at once.  lookup_settle() writes
 * what waits and ends it; lookup_drop() ends it without (rolled back).  What
 * waits is not found. */
void lookup_gather(struct db *db);
int lookup_settle(struct db *db, struct err *e) MUST_CHECK;
void lookup_drop(struct db *db);

struct lookup_hit {
	char form[32], uid[37];
	bool draft;		/* typed but never saved: shown as 草稿 */
};
/* Up to `max` distinct records of `form` (NULL: any) with a key that starts
 * with `typed` (folded: case, full width), visible to the session, drafts of its
 * own (or, for the whole town, everybody's) included.  Returns the number or
 * < 0. */
int lookup_find(struct db *db, const char *form, const char *typed,
    struct lookup_hit *out, size_t max, struct err *e) MUST_CHECK;

#endif
