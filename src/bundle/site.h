/* A site: the data folder with its database, keys, forms and policy data. */
#ifndef TONGJI_SITE_H
#define TONGJI_SITE_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "model.h"
#include "str.h"

/* The data folder: `given`, $TONGJI_HOME, $XDG_DATA_HOME/tongji or
 * ~/.local/share/tongji.  Heap. */
char *site_home(const char *given);
bool site_exists(const char *home);

/* Make a township's (9 digits) or county's (6) database: forms applied,
 * villages loaded, keys made.  Nothing is left behind on failure.  1 (with a
 * sentence in `e`) when all is made but the data has no villages there. */
int site_init(const char *home, const char *division, struct err *e)
	MUST_CHECK;

/* Open the database: schema and forms brought up to date, functions and views
 * installed, no session yet.  `notes` (may be NULL) gets sentences for the
 * person about what changed. */
int site_open(const char *home, struct forms **out, struct str *notes,
    struct err *e) MUST_CHECK;
/* An empty database at `path` with all tables, for `home`'s forms; nobody's
 * yet. */
int site_blank(const char *home, const char *path, struct forms **out,
    struct err *e) MUST_CHECK;
/* The forms alone, to lint or describe them: from `dir` (NULL: the site's or
 * the shipped ones), held against the site's database if there is one, which
 * is opened read-only and not brought up to date. */
int site_forms(const char *home, const char *dir, struct forms **out,
    struct err *e) MUST_CHECK;
/* May the clock rightly show this day (date_days())?  Not before this program
 * or the journal's last entry, nor a month after that. */
bool site_day_plausible(struct db *db, int32_t day);
/* Add the villages that the data folder knows and this database does not, by
 * code or name; those that are here stay as they are.  In a transaction of its
 * own. */
int site_new_villages(struct forms *fs, struct err *e) MUST_CHECK;
/* Close forms and database. */
void site_close(struct forms *fs);

#endif
