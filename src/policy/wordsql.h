/* SQL functions with which lists (listing.h) speak to people: words of codes,
 * masked numbers, readings of names. */
#ifndef TONGJI_WORDSQL_H
#define TONGJI_WORDSQL_H

#include "err.h"
#include "model.h"

struct db;

/* Register them on `db`, with the code lists of `fs`; repeating it is
 * harmless. */
int wordsql_register(struct forms *fs, struct db *db, struct err *e)
	MUST_CHECK;

#endif
