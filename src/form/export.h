/* Records out: what the session may see of one form, row by row, as text that
 * an import takes back unchanged.  Codes are written as their names,
 * select_multiple as `a;b`, money in yuan, references as the target's own key
 * (a child's or staff member's ID number, a village's code) or else its uid.
 * The first column is the uid, so that a re-import finds every row. */
#ifndef TONGJI_EXPORT_H
#define TONGJI_EXPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "codec.h"
#include "err.h"
#include "model.h"

struct export;

/* NULL and `e` when the form cannot be read. */
struct export *export_new(struct forms *fs, const struct form *f,
    struct err *e);
void export_free(struct export *x);		/* NULL is fine */
size_t export_columns(const struct export *x);
const char *export_name(const struct export *x, size_t col);
/* For people; the names of uid and state too. */
const char *export_label(const struct export *x, size_t col);
/* 1 with the next row, 0 at the end. */
int export_next(struct export *x, struct err *e) MUST_CHECK;
/* Text of a cell, NULL when empty; borrowed until the next cell or row. */
const char *export_cell(struct export *x, size_t col);
size_t export_rows(const struct export *x);	/* so far */

/* Where text goes. */
typedef int export_sink(void *arg, const char *p, size_t len, struct err *e);

/* All rows as CSV (RFC 4180, CR LF, formulas guarded), in UTF-8 (with a BOM
 * if wanted) or GB18030; *loss counts what that could not carry. */
int export_csv(struct export *x, enum codec c, bool bom, export_sink *sink,
    void *arg, struct codec_loss *loss, struct err *e) MUST_CHECK;
/* All rows as a JSON array of objects (RFC 8259): numbers as numbers,
 * select_multiple as arrays, empty fields as null. */
int export_json(struct export *x, export_sink *sink, void *arg,
    struct err *e) MUST_CHECK;

#endif
