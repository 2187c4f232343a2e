/* The append-only, hash-chained journal: one row for every change to every
 * record and for every act that must be accounted for (unmasking, export,
 * printing names, logins, keys).
 *
 *   vhash = SHA-256(salt ‖ vals)           vals is JSON {"field":[old,new],…}
 *   image = SHA-256(salt ‖ row image)      what the row was after the change
 *   hash  = SHA-256(prev ‖ "seq␟at␟by␟form␟uid␟op" ‖ vhash ‖ image)
 *
 * The chain covers hashes only, so that purge can destroy salt and values and
 * the chain still verifies. */
#ifndef TONGJI_JOURNAL_H
#define TONGJI_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "str.h"

struct db;

enum { HASH_SIZE = 32, HASH_HEX = 65 };

struct journal_change {
	const char *field;
	const char *old, *now;	/* NULL: empty */
};

/* Append one entry inside the open write transaction (a bug otherwise).
 * `form`/`uid` may be NULL for acts without a record.  `image` is the row's
 * canonical image (journal_image_add), `image_len` 0 for none.  Writes are by
 * the session's login, or `cli`.  Returns the sequence number or < 0. */
int64_t journal_append(struct db *db, const char *form, const char *uid,
    const char *op, const struct journal_change *c, size_t n,
    const struct str *image, struct err *e) MUST_CHECK;
/* The same with a plain sentence instead of fields (op "export" etc.), in a
 * transaction of its own when none is open. */
int journal_note(struct db *db, const char *op, const char *form,
    const char *uid, const char *text, struct err *e) MUST_CHECK;

/* Canonical row image: name US value RS for every non-empty column in name
 * order given by the caller; added columns that are empty change nothing. */
void journal_image_add(struct str *image, const char *name, const char *value);

/* Walk the whole chain; also compares every row of every form table with its
 * last entry's image.  Calls `bad` (may be NULL) with a Chinese sentence for
 * each defect and returns their number, < 0 on error. */
int64_t journal_check(struct db *db, void (*bad)(void *arg, const char *text),
    void *arg, struct err *e) MUST_CHECK;
int64_t journal_head(struct db *db, char hash_hex[HASH_HEX]);	/* last seq */
/* Was this the record's image at some time, by the journal? */
bool journal_had(struct db *db, const char *uid, const struct str *image);

/* After a rescue (salvage.h), in its transaction: entries that are not what
 * was hashed go, and what is missing is put on record in an entry of its own,
 * numbered after `floor` at least, so that the check can tell it from a
 * deletion.  A chain without gaps stays as it is.  Gives the number of
 * entries lost; `*last` is the last one's number, 0 for none. */
int64_t journal_mend(struct db *db, int64_t floor, int64_t *last,
    struct err *e) MUST_CHECK;
/* The rows of a form that do not fit their last entry or have none. */
int journal_doubtful(struct db *db, const char *form,
    void (*row)(void *arg, const char *uid), void *arg, struct err *e)
	MUST_CHECK;

/* SHA-256 in pieces, for the floors that may not include sodium. */
struct sha {
	uint64_t opaque[16];
};
void sha_init(struct sha *s);
void sha_add(struct sha *s, const void *p, size_t len);
void sha_done(struct sha *s, unsigned char out[HASH_SIZE]);

#endif
