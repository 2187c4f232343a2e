/* Asking who came: somebody of the register, or a name with a unit. */
#ifndef TONGJI_SIGNINADD_H
#define TONGJI_SIGNINADD_H

#include <stdbool.h>

struct newcomer {
	char *staff;		/* uid, or NULL: then name and unit */
	char *name, *unit;	/* unit may be NULL */
};

/* False when the person was not named; free a true one. */
bool signin_ask(const char *title, const char *typed, struct newcomer *out);
/* Put people of the register on the list of class `uid`, one after the other,
 * until Esc. */
void signinadd_invite(const char *uid);
void newcomer_done(struct newcomer *n);

#endif
