/* The tables that are not forms. */
#ifndef TONGJI_SCHEMA_H
#define TONGJI_SCHEMA_H

#include "err.h"

struct db;

/* Create the program's own tables in an empty database, or bring an older
 * one up to date.  Refuses a database that a newer program wrote, or that is
 * not ours. */
int schema_apply(struct db *db, struct err *e) MUST_CHECK;

#endif
