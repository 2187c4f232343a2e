/* The county's keys on the screen: making them, the passphrase asked once a
 * session, and townships enrolled with the 核对码 read out by telephone. */
#ifndef TONGJI_COUNTYKEYS_H
#define TONGJI_COUNTYKEYS_H

#include <stdbool.h>

#include "receive.h"

/* Is this a county's database? */
bool countykeys_here(void);

/* The county's keys, unlocked; asks for the passphrase the first time in a
 * session.  NULL when the person went back.  Borrowed. */
struct receiver *countykeys_open(void);
/* Wipe them: at the end of a session. */
void countykeys_forget(void);

void countykeys_make(void);	/* 建县级密钥 */
/* Enrol a township from `path` (an enrol-CODE.txt), or from a place that is
 * typed when NULL.  True when it was done. */
bool countykeys_enrol(const char *path);
void countykeys_enrol_any(void);
/* Is the card at `path` the one that is enrolled for its township? */
bool countykeys_enrolled(const char *path);

#endif
