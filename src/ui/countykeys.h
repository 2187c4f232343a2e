/* The county's keys on the screen: making them, the passphrase asked once a
 * session and changed, the public file written again. */
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
void countykeys_card(void);	/* county.key once more */
void countykeys_passphrase(void);	/* 改口令 */

#endif
