/* A damaged database, read as far as it can be read.
 *
 * Only what SQLite still finds on whole pages is given; nothing is guessed.
 * Rows are looked for by number from both ends of a table, then in ever
 * smaller pieces in between, so that a damaged page costs its own rows only.
 * The table of tables is made anew first (pagefix.h). */
#ifndef TONGJI_SALVAGE_H
#define TONGJI_SALVAGE_H

#include <stdint.h>

#include "err.h"

struct db;
struct salvage;

/* Beside the database: where its tables begin. */
#define SALVAGE_MAP "tongji.tables"

/* Open the damaged file `path`, a private copy that may be written to, with
 * its `-wal` beside it if there was one.  `map` is what salvage_map() wrote
 * (may be missing).  `to` is an empty database with all our tables. */
int salvage_open(struct salvage **out, const char *path, const char *map,
    struct db *to, struct err *e) MUST_CHECK;
void salvage_close(struct salvage *s);

/* Copy what can be read of all tables into `to`; in a transaction. */
int salvage_copy(struct salvage *s, struct err *e) MUST_CHECK;

/* Write down where the tables begin in a sound database: a damaged first page
 * forgets it. */
int salvage_map(struct db *db, const char *path, struct err *e) MUST_CHECK;

#endif
