/* What a family may ask for: who is entitled, what papers, which office, how
 * long, by which document.  A section of data/handbook/NAME.ini for each kind
 * of help, named as the code of data/codes/need_kind.csv; a county edits it.
 *
 *	[medical]
 *	title  = 医疗救助
 *	who    = …
 *	papers = …
 *	office = …
 *	days   = …
 *	doc    = …
 *	note   = …	*/
#ifndef TONGJI_HANDBOOK_H
#define TONGJI_HANDBOOK_H

#include <stddef.h>

#include "err.h"
#include "str.h"

struct help_kind {
	const char *need, *title, *who, *papers, *office, *days, *doc, *note;
};

struct handbook;

/* Read `data`/handbook; a folder that is not there is an empty handbook.
 * E_FORMAT with place. */
int handbook_load(struct handbook **out, const char *data, struct err *e)
	MUST_CHECK;
void handbook_free(struct handbook *h);
size_t handbook_count(const struct handbook *h);
const struct help_kind *handbook_at(const struct handbook *h, size_t i);
/* NULL when the handbook says nothing of it. */
const struct help_kind *handbook_find(const struct handbook *h,
    const char *need);
/* Append an entry as lines. */
void handbook_write(const struct help_kind *k, struct str *out);

#endif
