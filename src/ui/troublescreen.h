/* What a clerk needs who has never heard of a key: keys changed once a year, a
 * PC that died, a stick or a passphrase that is lost. */
#ifndef TONGJI_TROUBLESCREEN_H
#define TONGJI_TROUBLESCREEN_H

void troublescreen_run(void);

#endif
