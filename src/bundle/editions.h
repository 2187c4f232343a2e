/* 下发资料 in a database: the county publishes numbered editions, which every
 * receipt carries until the township has them; a township keeps the one it
 * uses.
 *
 * A township's edition lies whole in the database and, laid out, in the folder
 * HOME/edition/; it is used from the next opening on.  Folders of its own,
 * HOME/forms and HOME/data, go before it. */
#ifndef TONGJI_EDITIONS_H
#define TONGJI_EDITIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "edition.h"
#include "err.h"
#include "model.h"
#include "str.h"

struct db;

/* The newest edition of this database; 0 when there is none. */
int64_t editions_newest(struct db *db);
/* 「第2版 2026-11-28 …」 and its changes, for reading; false: there is none. */
bool editions_words(struct forms *fs, struct str *out);

/* ---- the county */

struct editions_new {
	const char *doc, *note, *effective;	/* may be NULL */
};
/* Publish the forms and data that this county uses as the next edition.  They
 * are linted first; `words` gets what changes.  `dry`: only look. E_REFUSED
 * when nothing changed or the linter found errors. */
int editions_publish(struct forms *fs, const char *home,
    const struct editions_new *by, bool dry, struct str *words,
    int64_t *version, struct err *e) MUST_CHECK;
/* The package that a township still lacks is appended; nothing else. */
int editions_due(struct forms *fs, const char *site, struct str *out,
    struct err *e) MUST_CHECK;
/* A township's bundle said which edition it uses. */
int editions_seen(struct db *db, const char *site, int64_t version,
    struct err *e) MUST_CHECK;
/* Which edition a township uses, as last heard of. */
int64_t editions_of(struct db *db, const char *site);

/* ---- the township */

/* Look at a package: 1 when it is newer than what is used, 0 when it is the
 * same, E_STALE when it is older.  `words` gets its number, 文号 and changes. */
int editions_look(struct forms *fs, const char *package, size_t len,
    struct str *words, struct err *e) MUST_CHECK;
/* Take it, whole or not at all: it is linted and tried on a copy of the
 * database first.  It is in use after the next site_open(). */
int editions_take(struct forms *fs, const char *home, const char *package,
    size_t len, struct err *e) MUST_CHECK;

/* The folder of the edition in use, laid out anew when it is missing (after a
 * restore).  1 and a heap path, or 0 when there is none. */
int editions_folder(struct db *db, const char *home, char **out,
    struct err *e) MUST_CHECK;

#endif
