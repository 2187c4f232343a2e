/* The first page of a damaged database file and the table of tables that
 * hangs on it, made anew: every table that is still named, or that a list
 * made in better days names, under its own name and column names, without
 * indexes, checks and triggers that could stand in a reader's way. */
#ifndef TONGJI_PAGEFIX_H
#define TONGJI_PAGEFIX_H

#include "err.h"

struct db;

/* Repair the file in place, after folding its log in.  `map` may be missing;
 * `like` has the tables that the file ought to have. */
int pagefix(const char *path, const char *map, struct db *like, struct err *e)
	MUST_CHECK;

#endif
