/* A change of village director (换届): the old one's term ends, the new one's
 * begins, and what is open goes over: cases in hand, the children's home, the
 * account.  Visits and assessments follow the village by themselves. */
#ifndef TONGJI_TURNOVER_H
#define TONGJI_TURNOVER_H

#include <stdbool.h>

#include "date.h"
#include "err.h"
#include "model.h"

struct turnover {
	const char *village;	/* uid */
	const char *old;	/* uid of the staff record, NULL: vacant */
	const char *left_on, *left_reason;	/* of the old one */
	const char *staff;	/* the new one, when in the register already */
	const char *name, *id_number, *phone;	/* else; the last two may be NULL */
	const char *appointed_on;
	const char *login;	/* account to open, NULL: none */
};

struct turned {
	char staff[37];		/* the new director */
	int cases, homes;	/* handed over */
	char disabled[64];	/* login that was stopped or narrowed, "" */
	char login[64];		/* account that was opened, "" */
	char password[16];	/* its first password; wipe it after showing */
};

/* All or nothing, in one transaction.  E_REFUSED with the reason: dates the
 * wrong way round or in the future, somebody who is director of another
 * village, a number that is already somebody's.  The old one's record ends
 * with all its posts.  Opening and stopping accounts takes an administrator;
 * for others the accounts stay as they are and `login` must be NULL. */
int turnover_do(struct forms *fs, const struct turnover *t,
    struct turned *out, struct err *e) MUST_CHECK;

/* A login nobody has, from the name's pinyin. Heap. */
char *turnover_login(struct forms *fs, const char *name);

#endif
