/* Has this database been here before, further on?  HOME/keys/highwater, which
 * no backup of the database contains, remembers for each incarnation how far
 * the journal had come, its hash there, and on which machine and file.  A
 * database that is behind that, or elsewhere, was restored or copied: it
 * continues as a new incarnation before the first wrong entry is made.
 *
 * The absence of the file, or of a line for the incarnation, is no alarm.
 * Only townships: nobody merges a county's database. */
#ifndef TONGJI_HIGHWATER_H
#define TONGJI_HIGHWATER_H

#include "err.h"
#include "str.h"

struct db;

/* At every start.  1: a new incarnation was begun, and `notes` (may be NULL)
 * says why; 0: all as it was left. */
int highwater_check(struct db *db, const char *home, struct str *notes,
    struct err *e) MUST_CHECK;

/* At every end: raise the mark.  What cannot be written is only lower. */
void highwater_raise(struct db *db);

#endif
