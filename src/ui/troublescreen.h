/* What a clerk needs who has never heard of a key: keys changed once a year, a
 * PC that died, a stick or a passphrase that is lost. */
#ifndef TONGJI_TROUBLESCREEN_H
#define TONGJI_TROUBLESCREEN_H

struct db;

void troublescreen_run(void);
/* This PC replaces a dead one: its records are to come back from the county. */
void troublescreen_await(struct db *db);
/* After a login, while they are awaited: the steps. */
void troublescreen_offer(void);

#endif
