/* The data dictionary that `tongji form dictionary` gives: every field of
 * every form, with its type, limits, codes and rules. */
#ifndef TONGJI_DICTIONARY_H
#define TONGJI_DICTIONARY_H

#include "err.h"
#include "model.h"
#include "str.h"

/* As CSV (RFC 4180, UTF-8, names in the header), one row per field.  `form`
 * NULL: all forms. */
int dictionary_csv(struct forms *fs, const char *form, struct str *out,
    struct err *e) MUST_CHECK;
/* The same for reading, at most 80 columns wide. */
int dictionary_text(struct forms *fs, const char *form, struct str *out,
    struct err *e) MUST_CHECK;

/* Append a field's type in words: 「文字 1–20字」「单选（颜色）」. */
void dictionary_type(struct forms *fs, const struct field *f,
    struct str *out);

#endif
