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
	bool leaves_all;	/* the old one's other posts end, too */
	const char *staff;	/* the new one, when in the register already */
	const char *name, *id_number, *phone;	/* else; the last two may be NULL */
	const char *appointed_on;
	const char *login;	/* account to open, NULL: none */
};

struct turned {
	char staff[37];		/* the new director */
	int cases, homes;	/* handed over */
	bool stays;		/* the old one stays with other posts */
	char disabled[64];	/* login that was stopped or narrowed, "" */
	char login[64];		/* account that was opened, "" */
	char password[16];	/* its first password; wipe it after showing */
};

/* All or nothing, in one transaction.  E_REFUSED with the reason: dates the
 * wrong way round or in the future, somebody who is director of another
 * village, a number that is already somebody's.  An old one with other posts
 * (一肩挑) keeps them unless `leaves_all`: the record stays, its director's term
 * becomes a row of 任职经历.  A new one of the register whose posts began on
 * other days, or had ended, gets rows of 任职经历 for them.  Opening and
 * stopping accounts takes an administrator; for others the accounts stay as
 * they are and `login` must be NULL. */
int turnover_do(struct forms *fs, const struct turnover *t,
    struct turned *out, struct err *e) MUST_CHECK;

/* The posts that a director has besides, in words; NULL when none.  Heap. */
char *turnover_others(struct forms *fs, const char *staff);

/* A login nobody has, from the name's pinyin. Heap. */
char *turnover_login(struct forms *fs, const char *name);

#endif
