/* Forms and code lists against what a database has applied: names are
 * append-only once deployed. */
#ifndef TONGJI_COMPARE_H
#define TONGJI_COMPARE_H

#include <stdbool.h>

#include "message.h"
#include "model.h"

/* Removed fields, changed types, lists and targets of `now` against `old`. */
void compare_forms(const struct form *old, const struct form *now,
    struct messages *ms);
/* Forms that the database has and the folder has not. */
void compare_missing(struct forms *fs, struct messages *ms);
/* Code lists of a form against table applied_code; `learn` writes what is
 * new.  Without a database nothing happens. */
void compare_codes(struct forms *fs, const struct form *f, bool learn,
    struct messages *ms);

#endif
