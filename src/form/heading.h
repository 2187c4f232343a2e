/* What the columns of somebody's table mean: the header row found among
 * titles, its words held against a form's field names, labels and the usual
 * other names of data/columns.csv.
 *
 * Words are compared without blanks, colons, stars and differences of width
 * or case; a remark in brackets at the end may be missing.  A header of two
 * rows (监护人 over 姓名 and 电话) is read as 监护人姓名, 监护人电话. */
#ifndef TONGJI_HEADING_H
#define TONGJI_HEADING_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "model.h"
#include "sheet.h"

/* The words known for one form. */
struct heading_words;

/* `map` (may be NULL) is a CSV file of two columns, a word of the table and a
 * field's name or label (empty: leave the column out); it wins over all else.
 * NULL and `e` when it cannot be used. */
struct heading_words *heading_words(struct forms *fs, const struct form *f,
    const char *map, struct err *e);
void heading_words_free(struct heading_words *w);

enum {				/* besides fields' indexes */
	HEAD_UNKNOWN = -1,
	HEAD_IGNORE = -2,	/* known to mean nothing here (序号) */
	HEAD_UID = -3,
	HEAD_STATE = -4,
	HEAD_TWICE = -5		/* another column says it better */
};

struct heading {
	int *meaning;		/* per column */
	char **text;		/* per column, heap, as people know it */
	size_t n;
	size_t line;		/* of the header's last row */
	size_t skip;		/* rows (not empty) up to and with it */
	size_t known;		/* columns that mean something */
};
void heading_done(struct heading *h);

/* Look for the header among the first rows of the way chosen in `s`; leaves
 * `s` rewound.  0 with h->known == 0 when there is none. */
int heading_find(struct sheet *s, const struct heading_words *w,
    struct heading *h, struct err *e) MUST_CHECK;
/* Does this row say the header again (page by page in printed lists)? */
bool heading_repeats(const struct heading *h, const struct cells *r);
/* Two columns for one field, equally sure: E_FORMAT naming both. */
int heading_check(const struct heading *h, const struct form *f,
    struct err *e) MUST_CHECK;

/* The text of a header cell as it is compared, appended. */
void heading_fold(struct str *out, const char *text);

#endif
