/* 下发资料: the forms and policy data of a county as one numbered edition that
 * travels with the receipts to every township.
 *
 * The package is one JSON text: number, day, 文号, a note, and the whole of
 * each file.  Only files of known kinds and plain names are taken, so that a
 * package can write nowhere else; what the files say is judged by the linter
 * and by a trial on a copy of the database (editions.h). */
#ifndef TONGJI_EDITION_H
#define TONGJI_EDITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "str.h"

enum { EDITION_LIMIT = 16 << 20 };	/* bytes of a package */

/* A kind of file that travels: forms/NAME.form, data/codes/NAME.csv, … */
struct edition_kind {
	const char *dir, *ext;	/* "data/codes", ".csv" */
	const char *name;	/* the one file there is, or NULL for any */
	const char *title;	/* 代码 */
	int key;		/* CSV: the first cells that name a row */
};
extern const struct edition_kind edition_kinds[];	/* dir NULL ends */
/* The kind of a path, or NULL: it may not travel. */
const struct edition_kind *edition_kind(const char *path);

struct edition_file {
	const char *path, *text;
};

struct edition {
	void *json;		/* owns every text here */
	const char *county, *county_name, *created, *doc, *note, *effective;
	int64_t version;
	struct edition_file *file;	/* in order of the paths */
	size_t n;
};

/* E_FORMAT for anything that is not wholly right: an unknown kind or a twice
 * named file, too many or too large ones, no UTF-8. */
int edition_parse(struct edition *ed, const char *text, size_t len,
    struct err *e) MUST_CHECK;
void edition_done(struct edition *ed);

/* What is new in a package: head.  The texts may be NULL. */
struct edition_head {
	const char *county, *county_name, *created, *doc, *note, *effective;
	int64_t version;
};
/* The package of the files in two folders; of the villages only those of
 * `county`. */
int edition_gather(const struct edition_head *h, const char *forms,
    const char *data, struct str *out, struct err *e) MUST_CHECK;
/* Write its files into the new folders DIR/forms and DIR/data; what does not
 * travel (readings, divisions, …) is copied from the folder `data`. */
int edition_lay(const struct edition *ed, const char *data, const char *dir,
    struct err *e) MUST_CHECK;

/* What differs, in words, a line a file: 「规则 走访频次：新增 …；改动 …」. */
void edition_changes(const struct edition *old, const struct edition *now,
    struct str *out);

#endif
