/* The linter of one expression (expr_lint of expr.h): first by its words, then
 * by SQLite. */
#include <string.h>
#include <strings.h>

#include "ddl_parts.h"
#include "exprin.h"
#include "modelling.h"
#include "rewrite.h"
#include "type.h"

/* One expression under the glass. */
struct look {
	struct forms *fs;
	const struct form *f;
	const struct expr *x;
	enum expr_kind kind;
	struct tokens t;
	struct messages *ms;
};

static void
say_at(struct look *l, enum msg id, size_t at, const char *a, const char *b)
{
	int line = l->x->line, col = l->x->col;

	if (at == TOKEN_NONE)
		at = 0;			/* inside a view or a built-in */
	ini_place(l->x->sql, at, &line, &col);
	messages_add(l->ms, id, l->f->file, line, col, a, b, NULL);
}

static const char *const clocks[] = {
	"date", "time", "datetime", "julianday", "strftime", NULL
};

/* Is token `i` an argument of a function of dates?  The time of day (strftime,
 * time) is welcome in defaults and in what a move sets. */
static bool
in_clock(const struct tokens *t, size_t i, enum expr_kind kind)
{
	char name[64];
	int depth = 0;

	while (i-- > 0) {
		if (token_is(t, i, ")"))
			depth++;
		else if (token_is(t, i, "(") && depth-- == 0)
			break;
	}
	if (i == (size_t)-1 || i == 0)
		return false;
	token_name(t, i - 1, name, sizeof name);
	if ((kind == X_DEFAULT || kind == X_SET) &&
	    (strcasecmp(name, "strftime") == 0 ||
	    strcasecmp(name, "time") == 0))
		return false;
	return expr_in(name, clocks);
}

/* The clock's own day or time: the day is never the business day, and either
 * is poison in a CHECK. */
static void
look_for_clock(struct look *l)
{
	static const char *const current[] = {
		"current_date", "current_time", "current_timestamp", NULL
	};
	const struct tokens *t = &l->t;
	char name[64];
	size_t i;
	bool bad;

	for (i = 0; i < t->n; i++) {
		if (t->v[i].kind == TOK_STRING)
			bad = token_is(t, i, "'now'") &&
			    in_clock(t, i, l->kind);
		else if (t->v[i].kind != TOK_WORD)
			continue;
		else {
			token_name(t, i, name, sizeof name);
			bad = expr_in(name, current) || (expr_in(name, clocks) &&
			    token_is(t, i + 1, "(") && token_is(t, i + 2, ")"));
		}
		if (bad)
			say_at(l, l->kind == X_CONSTRAINT ?
			    MSG_CONSTRAINT_TODAY : MSG_EXPR_TODAY, t->v[i].at,
			    NULL, NULL);
	}
}

/* An aggregate outside a sub-select would have one record to add up. */
static void
look_for_aggregate(struct look *l)
{
	static const char *const sums[] = {
		"avg", "count", "group_concat", "sum", "total", NULL
	};
	char name[64];
	size_t i;

	for (i = 0; i < l->t.n; i++) {
		token_name(&l->t, i, name, sizeof name);
		if (l->t.v[i].call && l->t.v[i].select == 0 &&
		    expr_in(name, sums))
			say_at(l, MSG_EXPR_AGGREGATE, l->t.v[i].at, name,
			    NULL);
	}
}

/* The literal that the field at token `i` (its last one) is compared with, or
 * TOKEN_NONE: behind an operator, first in an IN list, or in front of an operator. */
static size_t
compared_with(const struct tokens *t, size_t first, size_t last)
{
	static const char *const ops[] = {
		"=", "==", "<>", "!=", "<", "<=", ">", ">=", NULL
	};
	const char *const *op;
	size_t in = token_is(t, last + 1, "not") ? last + 2 : last + 1;

	if (token_is(t, in, "in") && token_is(t, in + 1, "("))
		return in + 2;
	for (op = ops; *op != NULL; op++) {
		if (token_is(t, last + 1, *op))
			return last + 2;
		if (first > 1 && token_is(t, first - 1, *op) &&
		    (first == 2 || token_is(t, first - 3, "(") ||
		    token_is(t, first - 3, "and") ||
		    token_is(t, first - 3, "or") ||
		    token_is(t, first - 3, "not")))
			return first - 2;
	}
	return TOKEN_NONE;
}

/* SQLite never takes the text '1' for the number 1 here: values come without
 * a column's affinity. */
static void
look_for_kinds(struct look *l)
{
	const struct tokens *t = &l->t;
	const struct field *fld;
	enum token_name_kind kind;
	char name[64], word[64];
	size_t i, last, with;
	bool text;

	for (i = 0; i < t->n; i++) {
		kind = token_classify(t, i, &last);
		if (kind != NAME_THIS && (kind != NAME_BARE ||
		    t->v[i].select > 0))
			continue;
		token_name(t, last, name, sizeof name);
		fld = form_field(l->f, name);
		with = fld == NULL ? TOKEN_NONE : compared_with(t, i, last);
		if (with >= t->n)
			continue;
		text = type_of(fld)->affinity == 't';
		token_name(t, with, word, sizeof word);
		if (text && t->v[with].kind == TOK_NUMBER)
			say_at(l, fld->type == T_CALCULATE ? MSG_EXPR_CAST :
			    MSG_EXPR_NOT_NUMBER, t->v[i].at, name, word);
		else if (!text && t->v[with].kind == TOK_STRING)
			say_at(l, MSG_EXPR_NOT_TEXT, t->v[i].at, name, word);
	}
}

/* row_access becomes part of a view, which has no parameters and must not look
 * at other views: those are cut to the session, too. */
static void
look_for_rows(struct look *l)
{
	const struct tokens *t = &l->t;
	char name[64];
	size_t i;

	for (i = 0; i < t->n; i++) {
		token_name(t, i, name, sizeof name);
		if (t->v[i].select > 0 || t->v[i].kind == TOK_PARAM) {
			say_at(l, MSG_ROW_ACCESS, t->v[i].at, name, NULL);
			return;
		}
	}
}

/* What may stand in the schema: row-local, built-ins only. */
static void
look_for_foreign(struct look *l)
{
	bool constraint = l->kind == X_CONSTRAINT;
	const struct tokens *t = &l->t;
	char name[64];
	size_t i;

	for (i = 0; i < t->n; i++) {
		token_name(t, i, name, sizeof name);
		if (constraint && t->v[i].select > 0) {
			say_at(l, MSG_CONSTRAINT_SELECT, t->v[i].at, NULL,
			    NULL);
			return;
		}
		if (t->v[i].kind == TOK_PARAM)
			say_at(l, constraint ? MSG_CONSTRAINT_PARAM :
			    MSG_TRIGGER_PARAM, t->v[i].at, name, NULL);
		else if (t->v[i].call && expr_is_ours(name))
			say_at(l, constraint ? MSG_CONSTRAINT_FUNCTION :
			    MSG_TRIGGER_FUNCTION, t->v[i].at, name, NULL);
	}
}

/* A bare name in a sub-select that two tables could mean: SQLite silently
 * takes the inner one. */
static void
look_for_capture(struct look *l)
{
	const char *const *names = forms_names(l->fs);
	const struct tokens *t = &l->t;
	const struct form *inner;
	char name[64];
	size_t i, j, k, last;

	for (i = 0; i < t->n; i++) {
		if (t->v[i].select == 0 ||
		    token_classify(t, i, &last) != NAME_BARE)
			continue;
		token_name(t, i, name, sizeof name);
		if (form_field(l->f, name) == NULL || (i > 0 &&
		    (token_is(t, i - 1, "from") || token_is(t, i - 1, "join"))))
			continue;
		for (j = 1; j < t->n; j++) {
			if (!token_is(t, j - 1, "from") &&
			    !token_is(t, j - 1, "join"))
				continue;
			for (k = 0; names[k] != NULL; k++)
				if (token_is(t, j, names[k]))
					break;
			inner = names[k] == NULL ? NULL :
			    forms_get(l->fs, names[k], NULL);
			if (inner != NULL && form_field(inner, name) != NULL) {
				say_at(l, MSG_CAPTURE, t->v[i].at, name,
				    names[k]);
				break;
			}
		}
	}
}

/* Compile it as it will be run. */
static void
look_by_sqlite(struct look *l, const struct codes *choices)
{
	static const char head[] = "SELECT ";
	struct dry d;
	struct rewrite r = {
		.form = l->f, .fs = l->fs, .style = REWRITE_PARAMS,
		.choices = choices
	};
	bool ok;

	str_init(&r.sql);
	str_add(&r.sql, head);
	rewrite_tokens(&r, &l->t);
	ok = expr_dry(l->fs, r.sql.buf, &d);
	if (!ok && d.denied[0] != '\0')
		say_at(l, d.function ? MSG_EXPR_FORBIDDEN_FUNCTION :
		    MSG_EXPR_DENIED, token_find(&l->t, d.denied), d.denied,
		    NULL);
	else if (!ok)
		expr_translate(l->fs, l->f, l->x, &l->t, &r, d.offset,
		    d.words, l->ms);
	else if (!r.uses_record && !r.has_select && (l->kind == X_CHECK ||
	    l->kind == X_CONSTRAINT))
		say_at(l, MSG_EXPR_CONSTANT, 0, NULL, NULL);
	rewrite_done(&r);
}

void
expr_check(struct forms *fs, const struct form *f, const struct field *fld,
    const struct expr *x, enum expr_kind kind, const struct codes *choices,
    struct messages *ms)
{
	struct look l = { .fs = fs, .f = f, .x = x, .kind = kind, .ms = ms };
	size_t before = ms->errors;

	(void)fld;
	if (x->sql == NULL)
		return;
	if (tokens_read(&l.t, x->sql) < 0)
		say_at(&l, l.t.wrong, l.t.wrong_at, l.t.a, l.t.b);
	else {
		look_for_clock(&l);
		look_for_aggregate(&l);
		look_for_kinds(&l);
		if (kind == X_CONSTRAINT || kind == X_CONDITION)
			look_for_foreign(&l);
		if (kind == X_ROW_ACCESS)
			look_for_rows(&l);
		look_for_capture(&l);
		if (ms->errors == before)
			look_by_sqlite(&l, choices);
	}
	tokens_done(&l.t);
}

static void
check_field(struct forms *fs, const struct field *fld, struct messages *ms)
{
	const struct form *f = fld->form;
	const struct codes *cs = fld->choice_filter.sql == NULL ? NULL :
	    forms_codes(fs, fld->list, NULL);
	size_t i;

	expr_check(fs, f, fld, &fld->required, X_REQUIRED, NULL, ms);
	expr_check(fs, f, fld, &fld->relevant, X_RELEVANT, NULL, ms);
	expr_check(fs, f, fld, &fld->readonly, X_READONLY, NULL, ms);
	expr_check(fs, f, fld, &fld->constraint, X_CONSTRAINT, NULL, ms);
	expr_check(fs, f, fld, &fld->calculation, X_CALCULATION, NULL, ms);
	expr_check(fs, f, fld, &fld->default_, X_DEFAULT, NULL, ms);
	if (cs != NULL)
		expr_check(fs, f, fld, &fld->choice_filter, X_CHOICE_FILTER,
		    cs, ms);
	for (i = 0; i < fld->nchecks; i++)
		expr_check(fs, f, fld, &fld->checks[i].expr, X_CHECK, NULL,
		    ms);
}

void
expr_check_form(struct forms *fs, const struct form *f, struct messages *ms)
{
	const struct workflow *w = f->workflow;
	size_t i, j;

	expr_check(fs, f, NULL, &f->display, X_DISPLAY, NULL, ms);
	expr_check(fs, f, NULL, &f->row_access, X_ROW_ACCESS, NULL, ms);
	expr_check(fs, f, NULL, &f->keep, X_RELEVANT, NULL, ms);
	for (i = 0; i < f->npages; i++)
		expr_check(fs, f, NULL, &f->pages[i].relevant, X_RELEVANT,
		    NULL, ms);
	for (i = 0; i < f->nfields; i++)
		check_field(fs, &f->fields[i], ms);
	for (i = 0; w != NULL && i < w->nmoves; i++) {
		expr_check(fs, f, NULL, &w->moves[i].condition, X_CONDITION,
		    NULL, ms);
		for (j = 0; j < w->moves[i].nsets; j++)
			expr_check(fs, f, NULL, &w->moves[i].sets[j].expr,
			    X_SET, NULL, ms);
	}
}

int
expr_lint(struct forms *fs, const struct form *f, const struct field *fld,
    const struct expr *x, enum expr_kind kind, struct err *e)
{
	const struct codes *cs = kind == X_CHOICE_FILTER && fld != NULL ?
	    forms_codes(fs, fld->list, NULL) : NULL;
	struct messages ms = MESSAGES_INIT;
	int rc;

	expr_check(fs, f, fld, x, kind, cs, &ms);
	rc = messages_first(&ms, e);
	messages_done(&ms);
	return rc;
}

bool
ddl_needs_us(const char *sql)
{
	struct tokens t;
	char name[64];
	bool found = tokens_read(&t, sql) < 0;
	size_t i;

	for (i = 0; i < t.n && !found; i++) {
		token_name(&t, i, name, sizeof name);
		found = t.v[i].call && expr_is_ours(name);
	}
	tokens_done(&t);
	return found;
}
