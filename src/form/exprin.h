/* What the files behind expr.h share. */
#ifndef TONGJI_EXPRIN_H
#define TONGJI_EXPRIN_H

#include <stdbool.h>

#include "expr.h"
#include "ini.h"
#include "message.h"
#include "model.h"
#include "token.h"

struct stmt;
struct db;

/* Prepare SQL that rewrite.h made of a form's expressions, under the guard
 * that allows only SELECT, reads of forms, and whitelisted functions.
 * `trusted`: see all rows, else what the session may see.  NULL and `e`. */
struct stmt *expr_prepare(struct forms *fs, const struct form *f,
    const char *sql, bool trusted, struct err *e);

/* All that is wrong with one expression, or with all of a form. */
void expr_check(struct forms *fs, const struct form *f,
    const struct field *fld, const struct expr *x, enum expr_kind kind,
    const struct codes *choices, struct messages *ms);
void expr_check_form(struct forms *fs, const struct form *f,
    struct messages *ms);

/* Register the functions of this floor (working days) on a connection. */
int expr_install(struct db *db, const char *data, struct err *e) MUST_CHECK;

/* The private in-memory database with the tables of all forms, without rows;
 * NULL and `e` when it cannot be made. */
struct db *expr_scratch(struct forms *fs, struct err *e);
/* Compile SQL there under the guard; false and what went wrong. */
struct dry {
	int offset;		/* byte in the SQL, -1 unknown */
	char denied[96];	/* what the guard refused, or "" */
	bool function;		/* it is a function */
	char words[256];	/* SQLite's own */
};
bool expr_dry(struct forms *fs, const char *sql, struct dry *out);

/* Is the word one of these, in any case? */
bool expr_in(const char *word, const char *const *words);
bool expr_is_ours(const char *function);

/* Functions that forms may call; NULL-terminated. */
extern const char *const expr_builtins[];
extern const char *const expr_ours[];

/* Translate SQLite's words about `x` (in `e`) into messages. */
struct rewrite;
void expr_translate(struct forms *fs, const struct form *f,
    const struct expr *x, const struct tokens *t, const struct rewrite *r,
    int offset, const char *words, struct messages *ms);

#endif
