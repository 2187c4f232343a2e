/* Whole copies of the database while people work: VACUUM INTO, then the copy
 * is opened again and examined before it counts. */
#ifndef TONGJI_BACKUP_H
#define TONGJI_BACKUP_H

#include <stdbool.h>

#include "err.h"

struct db;

/* Copy to `path` (made under a temporary name beside it, fsynced, renamed;
 * mode 0600).  An existing `path` is replaced only when the copy is good. */
int backup_copy(struct db *db, const char *path, struct err *e) MUST_CHECK;

/* Is the file a sound database of ours: integrity, chain, rows?  Opens it
 * read-only. */
int backup_verify(const char *path, struct err *e) MUST_CHECK;

/* The daily copy HOME/backup/tongji-YYYY-MM-DD.db: made if today's is
 * missing, `keep` days are kept.  1: made now; 0: was there. */
int backup_daily(struct db *db, const char *home, int keep, struct err *e)
	MUST_CHECK;
/* The date of the newest daily copy, "" if none. */
void backup_last(const char *home, char out[11]);

#endif
