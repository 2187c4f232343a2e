/* Expressions of forms, evaluated by SQLite over the record at hand.
 *
 * One prepared SELECT per form evaluates every expression at once:
 *   SELECT e1, e2, … FROM (SELECT ?1 AS uid, ?2 AS state, ?3 AS f1, …) AS this
 * with :today :user :site bound where used. */
#ifndef TONGJI_EXPR_H
#define TONGJI_EXPR_H

#include "err.h"
#include "model.h"

struct record;

/* The outcome of evaluating a record, arrays indexed by field index. */
struct verdicts {
	bool *relevant, *required, *readonly;
	char **calculated;	/* heap text or NULL; meaningful where the field has a calculation */
	/* failed constraint/checks: */
	struct finding {
		const struct field *field;
		enum severity severity;
		const char *message;	/* borrowed from the form, or a fixed sentence */
	} *findings;
	size_t n, cap;
	size_t nfields;
};
void verdicts_done(struct verdicts *v);

/* `out` is zeroed or of an earlier call; free it with verdicts_done().
 *
 * Evaluate everything for values `val` (indexed by field, NULL empty) of
 * record `uid` in workflow `state`.  Irrelevant fields count as NULL for the
 * others.  Calculations are repeated until they stand still (at most four
 * rounds).  Required-but-empty is a finding of severity error
 * 「“X”必须填写」 when `with_checks`; without it only relevant, required,
 * readonly, calculated are made (cheap, on every field exit). */
int expr_evaluate(struct forms *fs, const struct form *f, const char *uid,
    const char *state, char *const *val, bool with_checks,
    struct verdicts *out, struct err *e) MUST_CHECK;

/* One expression of the form on these values (default, condition, set,
 * display…).  `*out` heap or NULL. */
int expr_value(struct forms *fs, const struct form *f, const struct expr *x,
    enum expr_kind kind, const char *uid, const char *state,
    char *const *val, char **out, struct err *e) MUST_CHECK;

/* Which codes of the field's list are in use today (columns valid_from and
 * valid_to of the list, if it has them) and left by its choice_filter, as
 * bools indexed like the codes' rows.  The filter sees the code's columns as `choice.name`,
 * `choice.label`, `choice.<extra>` and the record as `this`. */
int expr_choices(struct forms *fs, const struct field *f, const char *uid,
    char *const *val, bool *keep, struct err *e) MUST_CHECK;

/* Lint one expression under the authorizer: only SELECT, whitelisted
 * functions, columns of this record, known tables.  E_FORMAT with
 * `file:line:column` and the nearest known word. */
int expr_lint(struct forms *fs, const struct form *f, const struct field *fld,
    const struct expr *x, enum expr_kind kind, struct err *e) MUST_CHECK;

/* Is this an SQL keyword (any case), unfit for a bare column name? */
bool expr_keyword(const char *word);

/* Free the compiled statements of a form (f->plan). */
void expr_forget(const struct form *f);

#endif
