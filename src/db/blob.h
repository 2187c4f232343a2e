/* Whole files kept in the database, by their SHA-256: the photos, scans and
 * PDFs that evidence consists of.  In the database they are written in the
 * transaction of the record that names them, and every backup, restore and
 * salvage has them.  The digest is compared whenever one is read. */
#ifndef TONGJI_BLOB_H
#define TONGJI_BLOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "journal.h"
#include "str.h"

/* Keep `len` bytes; their digest into `hex`.  What is there stays. */
int blob_put(struct db *db, const void *p, size_t len, char hex[HASH_HEX],
    struct err *e) MUST_CHECK;
/* The bytes into `out` (replaced).  E_NOTFOUND; E_CORRUPT when they are not
 * what the digest says. */
int blob_get(struct db *db, const char *hex, struct str *out, struct err *e)
	MUST_CHECK;
bool blob_has(struct db *db, const char *hex);
int64_t blob_total(struct db *db);		/* bytes of all of them */
/* Compare every digest; one sentence per defect, their number or < 0. */
int64_t blob_check(struct db *db, void (*bad)(void *arg, const char *text),
    void *arg, struct err *e) MUST_CHECK;

#endif
