/* Backups that leave the machine, and coming back from them.
 *
 * A copy on the database's own medium is a plain database; on another medium
 * it is an age file, encrypted to this site, to the office's recovery code
 * and to the county (with its archive), so that a lost stick shows nothing
 * and a dead PC loses nothing. */
#ifndef TONGJI_VAULT_H
#define TONGJI_VAULT_H

#include <stdbool.h>

#include "err.h"
#include "model.h"

/* The office safe's recovery code: 25 characters, shown once.  It resets an
 * administrator's password and opens encrypted backups. */
int vault_recovery(struct forms *fs, const char *home, char code[32],
    struct err *e) MUST_CHECK;

struct vault_result {
	bool sealed;		/* encrypted */
	bool recoverable;	/* somebody besides this PC can open it */
};
/* Back up to `path`; it must not exist. */
int vault_backup(struct forms *fs, const char *home, const char *path,
    struct vault_result *out, struct err *e) MUST_CHECK;

/* The daily verified copy below HOME/backup/, a week of them kept: made now
 * when there is none of the business day.  1: made, 0: was there. */
int vault_daily(struct forms *fs, const char *home, struct err *e) MUST_CHECK;

/* Put a backup in place of the database (which is kept beside it under
 * another name).  `code` is the recovery code or NULL (then the site's own
 * key is tried).  The database continues as a new incarnation.  `kept` gets
 * the former database's new name (heap or NULL). */
int vault_restore(const char *home, const char *path, const char *code,
    char **kept, struct err *e) MUST_CHECK;

/* For wreck.c.  A plain copy, private and synced. */
int vault_copy(const char *path, const char *tmp, struct err *e) MUST_CHECK;
/* Put the sound database `tmp` in place of the present one, as above. */
int vault_install(const char *home, const char *tmp, char **kept,
    struct err *e) MUST_CHECK;

#endif
