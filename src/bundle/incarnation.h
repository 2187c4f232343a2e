/* A database's own incarnation: 128 random bits that are renewed whenever the
 * file may have a twin (restored from a backup, found on another machine).
 * The new one's parent is the last point that the county acknowledged. */
#ifndef TONGJI_INCARNATION_H
#define TONGJI_INCARNATION_H

#include "err.h"

struct db;

/* Begin a new incarnation; `op` is the journal's word ("restore", "fork").
 * In a transaction of its own when none is open. */
int incarnation_new(struct db *db, const char *op, struct err *e) MUST_CHECK;

#endif
