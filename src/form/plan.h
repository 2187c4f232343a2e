/* The compiled statements of a form (form->plan).  expr.h is the interface;
 * plan_build.c makes a plan, plan.c runs it. */
#ifndef TONGJI_PLAN_H
#define TONGJI_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "db.h"
#include "expr.h"
#include "mem.h"
#include "model.h"

/* One prepared statement and the parameters that occur in it. */
struct program {
	struct stmt *q;		/* NULL: nothing to evaluate */
	int *params;		/* numbers that occur, ascending */
	size_t nparams;
};

/* What a column of a program says. */
struct column {
	enum expr_kind kind;
	int field;		/* index, or -1 - page for a page's relevance */
	int check;		/* X_CHECK: index in the field's checks */
};

/* An expression by itself (default, condition, set, display, filter). */
struct single {
	struct single *next;
	const struct expr *x;
	enum expr_kind kind;
	struct program p;
};

struct plan {
	struct forms *fs;
	const struct form *f;
	struct arena arena;
	bool with_views;	/* made for a session (scope.h) */

	struct program live;	/* relevance, required, readonly, calculations */
	struct column *live_cols;
	size_t nlive;
	struct program checks;	/* constraints and checks; 1 = fails */
	struct column *check_cols;
	size_t nchecks;

	/* What is always so needs no SQL. */
	bool *required, *readonly;
	char **required_message;	/* 「“X”必须填写」 */
	struct single *singles;
	char *site;

	/* Work space of one evaluation, by field. */
	const char **now;	/* values in force */
	char **computed;	/* owned results behind `now` */
	bool *page_off;		/* by page */
	char **grave;		/* results replaced, freed at the end */
	size_t ngrave, grave_cap;
};

/* The plan of a form, made or made anew when needed; NULL and `e` when an
 * expression does not compile. */
struct plan *plan_get(struct forms *fs, const struct form *f, struct err *e);
/* One expression's statement; NULL and `e`. */
struct program *plan_single(struct plan *p, const struct expr *x,
    enum expr_kind kind, const struct codes *choices, struct err *e);
void plan_free(struct plan *p);

#endif
