/* The field types: one row each of how a typed text becomes a stored value,
 * how a stored value is shown, and what column holds it.  Stored values are
 * UTF-8 text whatever the column's affinity; NULL is "not collected". */
#ifndef TONGJI_TYPE_H
#define TONGJI_TYPE_H

#include "err.h"
#include "model.h"
#include "str.h"

struct type {
	const char *name;	/* word in .form files */
	const char *label;	/* Chinese, for the dictionary */
	const char *column;	/* "TEXT", "INTEGER", "REAL" */
	char affinity;		/* 't', 'i', 'r' for stmt_value() */
};
const struct type *type_of(const struct field *f);
const struct type *type_by_name(const char *word);	/* NULL if unknown */
enum field_type type_number(const struct type *t);
/* The type word nearest to `word` for messages. */
const char *type_nearest(const char *word);

/* Turn what a person typed or a file held into the stored value.  `*out` is
 * a heap string or NULL for empty input.  Refuses (E_FORMAT/E_RANGE) with a
 * Chinese sentence that says what is wrong and what to do.  Folds full-width
 * digits, trims; codes are accepted by name or label; select_multiple
 * separated by ; ； 、 in any order, stored ;a;b; in list order.  A ref is
 * accepted only as uid here (record.h resolves keys and names). */
int type_parse(struct forms *fs, const struct field *f, const char *text,
    char **out, struct err *e) MUST_CHECK;
/* Append what a person sees: labels of codes, yuan of money, 年-月-日 of
 * dates.  Refs show the target's display words (looked up in the database).
 * `mask`: numbers of people and telephones with the middle hidden. */
void type_show(struct forms *fs, const struct field *f, const char *value,
    bool mask, struct str *out);

#endif
