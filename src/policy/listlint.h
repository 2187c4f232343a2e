/* The part of `tongji form check` that looks at data/lists/ and data/scales/:
 * every list is prepared against empty tables, what it names must exist, and
 * every scale of the code list must hold together. */
#ifndef TONGJI_LISTLINT_H
#define TONGJI_LISTLINT_H

#include "message.h"
#include "model.h"

struct db;

/* `db` has a table for every form, and the rules' functions. */
void listlint(struct forms *fs, struct db *db, struct messages *ms);

#endif
