/* The linter behind `tongji form check`: every form, expression and code
 * list, against each other and, with a database, against what it has applied.
 */
#ifndef TONGJI_LINT_H
#define TONGJI_LINT_H

#include <stddef.h>

#include "message.h"
#include "model.h"

/* Everything that is wrong; messages are not sorted. */
void lint_all(struct forms *fs, struct messages *ms);
/* One form and the lists it uses. */
void lint_form(struct forms *fs, const char *name, struct messages *ms);

/* More to lint than forms (indicators, rules): floors above add themselves.
 * `fn` appends to `ms`; at most LINT_MORE of them, a further one is a bug. */
enum { LINT_MORE = 8 };
typedef void lint_fn(struct forms *fs, struct messages *ms);
void lint_add(lint_fn *fn);

/* Lint one SQL query of a data file (an indicator, a rule) with the same
 * guard as expressions: one SELECT, forms' tables, known functions, and the
 * named parameters in `params` (":from", …; NULL-terminated).  `file` and
 * `line` say where the query starts. */
void lint_query(struct forms *fs, const char *file, int line,
    const char *sql, const char *const *params, struct messages *ms);

#endif
