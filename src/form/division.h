/* Administrative divisions from data/divisions/: NBS codes of 2 (province), 6
 * (county), 9 (town) and 12 (village) digits. */
#ifndef TONGJI_DIVISION_H
#define TONGJI_DIVISION_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "str.h"

struct division {
	char code[13];
	char name[96];
};

/* The divisions directly below `code` ("" gives the provinces), in code
 * order; heap array, caller frees.  E_NOTFOUND when the data has none (for a
 * county's villages: with the command that fetches them). */
int division_children(const char *data, const char *code,
    struct division **out, size_t *n, struct err *e) MUST_CHECK;
/* All villages of a county (6) or town (9 digits). */
int division_villages(const char *data, const char *code,
    struct division **out, size_t *n, struct err *e) MUST_CHECK;
/* One division by its code; E_NOTFOUND. */
int division_find(const char *data, const char *code, struct division *out,
    struct err *e) MUST_CHECK;
/* A province, county or town (2, 6, 9 digits) by its name, alone or behind
 * the names of its province and city (山东省沂源县, 山东省淄博市沂源县).
 * E_NOTFOUND; E_EXISTS when several are called so. */
int division_named(const char *data, size_t digits, const char *name,
    struct division *out, struct err *e) MUST_CHECK;
/* A code in words, provinces in front: 山东省沂源县; counties of one name are
 * many.  Returns false (nothing appended) for an unknown code. */
bool division_words(const char *data, const char *code, struct str *out);

#endif
