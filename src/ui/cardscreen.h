/* Public keys on the screen: one's own 核对码 to read out, and somebody
 * else's key taken after the telephone (bundle/cardtake.h). */
#ifndef TONGJI_CARDSCREEN_H
#define TONGJI_CARDSCREEN_H

#include <stdbool.h>

void cardscreen_own(void);	/* 核对码 */
void cardscreen_county(void);	/* a township: 导入县里的公钥 */
void cardscreen_enrol_any(void);	/* a county: 登记乡镇的公钥 */
/* Enrol a township from `path` (an enrol-CODE.txt); NULL asks where it is.
 * True when it was done. */
bool cardscreen_enrol(const char *path);
/* Is the card at `path` the one that is enrolled for its township? */
bool cardscreen_enrolled(const char *path);
/* The county's new key in this folder, when the known one vouches for it: offer
 * to take it, as its receipts open with nothing else. */
void cardscreen_offer(const char *dir);

#endif
