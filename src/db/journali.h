/* What the journal's writer and its examiners share. */
#ifndef TONGJI_JOURNALI_H
#define TONGJI_JOURNALI_H

#include "dbi.h"

struct entry {
	int64_t seq;
	const char *at, *by, *form, *uid, *op;
	const void *vhash, *image;	/* image may be NULL */
};

/* SHA-256(salt ‖ p). */
void journal_salted(unsigned char out[HASH_SIZE], const void *salt,
    size_t salt_len, const void *p, size_t len);
/* The entry's hash after `prev`. */
void journal_link(unsigned char out[HASH_SIZE],
    const unsigned char prev[HASH_SIZE], const struct entry *n);

/* Let the next entry of this transaction be numbered after `floor`. */
int journal_after(struct db *db, int64_t floor, struct err *e) MUST_CHECK;

/* The columns of a walk along the chain, and what is wrong with the entry at
 * hand. */
#define JOURNAL_COLUMNS \
	"seq,at,by,form,uid,op,salt,vals,vhash,image,hash"

enum journal_fault {
	FAULT_GAP = 1,		/* entries before it are missing */
	FAULT_BROKEN = 2,	/* its hashes are no hashes */
	FAULT_ALTERED = 4,	/* its content is not what was hashed */
	FAULT_LOOSE = 8		/* it does not follow from the one before */
};

/* Judge the entry in `q`.  `*want` is the number that should come and `prev`
 * the hash before it; both move on, unless the entry is broken. */
unsigned journal_judge(struct stmt *q, unsigned char prev[HASH_SIZE],
    int64_t *want);

#endif
