/* What the columns of one table mean, for a person to look over and to be
 * remembered: the header found by heading.h, with the rows above it, and the
 * words kept in a map file that an import takes (--map). */
#ifndef TONGJI_MAPPING_H
#define TONGJI_MAPPING_H

#include <stddef.h>

#include "err.h"
#include "heading.h"
#include "model.h"

struct str;

struct mapping {
	const struct form *f;
	char *path;
	char *way;		/* the sheet's name, "" for texts */
	struct heading head;
	char **sample;		/* per column: the first value below, or NULL */
	char **title;		/* rows above the header, their first text */
	size_t ntitles;
	size_t below;		/* rows under the header */
};

/* Look into a table.  `map` as for heading_words(), or NULL; a file that is
 * not there counts as NULL.  Where no word is known, the first row with the
 * most texts is taken for the header. */
int mapping_open(struct forms *fs, const struct form *f, const char *path,
    const char *map, struct mapping *out, struct err *e) MUST_CHECK;
void mapping_done(struct mapping *m);

/* Add the columns' words to the file `map` (made if missing; a word that is
 * there already is replaced). */
int mapping_save(const struct mapping *m, const char *map, struct err *e)
	MUST_CHECK;
/* The column that means field index `meaning`, or -1. */
long mapping_column(const struct mapping *m, int meaning);
/* The labels, with 、, of what a new record must have and no column gives;
 * nothing for a table of known records (uid). */
void mapping_lacks(const struct mapping *m, struct str *out);

#endif
