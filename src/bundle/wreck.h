/* A damaged database, turned into a sound one with what it still holds. */
#ifndef TONGJI_WRECK_H
#define TONGJI_WRECK_H

#include "err.h"
#include "model.h"
#include "str.h"

/* Read what can be read of the database file `path` (NULL: the site's own)
 * into a new one and put that in its place; the damaged file stays beside it
 * and is not touched.  `told` gets a line for each form: how many records were
 * kept, rebuilt from the journal, or are lost.  `kept` gets the former
 * database's new name (heap or NULL).  1: everything was there; 0: something
 * is lost or to be looked at. */
int wreck_salvage(const char *home, const char *path, struct str *told,
    char **kept, struct err *e) MUST_CHECK;

/* What a person can do about the damaged database of `home`, as a sentence. */
void wreck_advice(const char *home, struct str *out);
/* Put that after the reason why the database did not open. */
void wreck_explain(const char *home, struct err *e);

/* Where the tables begin, written beside the database for the day it is
 * damaged, unless it is there; a site works without.  After tables were made
 * or moved it is stale. */
void wreck_map(struct db *db, const char *home);
void wreck_map_stale(const char *home);

#endif
