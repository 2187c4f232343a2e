/* Running the compiled expressions of a form; see expr.h and plan.h. */
#include "plan.h"

#include <stdlib.h>
#include <string.h>

#include "code.h"
#include "date.h"
#include "rewrite.h"
#include "type.h"
#include "user.h"

enum { ROUNDS = 4 };

struct run {
	struct plan *p;
	const char *uid, *state;
	const char *const *value;	/* by field */
	const struct codes *choices;
	const struct code *choice;
};

static void
bind_choice(const struct run *r, struct stmt *q, int number)
{
	int i = number - rewrite_choice(r->p->f);

	if (i == 0)
		stmt_borrow(q, number, r->choice->name);
	else if (i == 1)
		stmt_borrow(q, number, r->choice->label);
	else
		stmt_borrow(q, number, *r->choice->extra[i - 2] == '\0' ?
		    NULL : r->choice->extra[i - 2]);
}

static void
bind_other(const struct run *r, struct stmt *q, int number)
{
	const struct session *s;
	int today = rewrite_today(r->p->f);

	if (number == PARAM_UID)
		stmt_borrow(q, number, r->uid);
	else if (number == PARAM_STATE)
		stmt_borrow(q, number, r->state);
	else if (number == today)
		stmt_borrow(q, number, date_today());
	else if (number == today + 1) {
		s = db_session(forms_db(r->p->fs));
		stmt_borrow(q, number, s != NULL ? s->login : "cli");
	} else if (number == today + 2)
		stmt_borrow(q, number, r->p->site);
	else
		bind_choice(r, q, number);
}

/* Values are borrowed until the statement is reset. */
static void
bind(const struct run *r, const struct program *pr)
{
	const struct form *f = r->p->f;
	size_t i, at;
	char affinity;
	int number;

	for (i = 0; i < pr->nparams; i++) {
		number = pr->params[i];
		if (number < PARAM_FIELD || number >= rewrite_today(f)) {
			bind_other(r, pr->q, number);
			continue;
		}
		at = (size_t)(number - PARAM_FIELD);
		affinity = type_of(&f->fields[at])->affinity;
		if (affinity == 't' || r->value[at] == NULL)
			stmt_borrow(pr->q, number, r->value[at]);
		else
			stmt_value(pr->q, number, affinity, r->value[at]);
	}
}

static int
step(const struct run *r, const struct program *pr, struct err *e)
{
	int rc;

	stmt_reset(pr->q);
	bind(r, pr);
	rc = stmt_step(pr->q, e);
	if (rc == 0)
		rc = err_set(e, E_SQL, "%s：表达式没有结果", r->p->f->file);
	return rc < 0 ? err_prefix(e, "%s", r->p->f->file) : 0;
}

void
verdicts_done(struct verdicts *v)
{
	size_t i;

	for (i = 0; v->calculated != NULL && i < v->nfields; i++)
		free(v->calculated[i]);
	free(v->calculated);
	free(v->relevant);
	free(v->required);
	free(v->readonly);
	free(v->findings);
	*v = (struct verdicts){ 0 };
}

/* Fresh verdicts, in the arrays of the last ones if they fit. */
static void
start(struct verdicts *v, const struct form *f)
{
	size_t n = f->nfields, i;

	if (v->calculated != NULL && v->nfields == n) {
		for (i = 0; i < n; i++) {
			free(v->calculated[i]);
			v->calculated[i] = NULL;
		}
		memset(v->required, 0, n * sizeof *v->required);
		memset(v->readonly, 0, n * sizeof *v->readonly);
		v->n = 0;
		return;
	}
	verdicts_done(v);
	v->nfields = n;
	v->relevant = xcalloc(n, sizeof *v->relevant);
	v->required = xcalloc(n, sizeof *v->required);
	v->readonly = xcalloc(n, sizeof *v->readonly);
	v->calculated = xcalloc(n, sizeof *v->calculated);
}

static void
find(struct verdicts *v, const struct field *f, enum severity severity,
    const char *message)
{
	v->findings = mem_grow(v->findings, v->n, &v->cap,
	    sizeof *v->findings);
	v->findings[v->n++] = (struct finding){ f, severity, message };
}

/* A value in force: borrowed from the caller, or computed and owned.  A row
 * that is still being read may point to the value it replaces, which is
 * therefore kept until the end. */
static bool
put(struct plan *p, size_t i, const char *value, bool owned)
{
	if (str_eq(p->now[i], value))
		return false;
	if (p->computed[i] != NULL) {
		p->grave = mem_grow(p->grave, p->ngrave, &p->grave_cap,
		    sizeof *p->grave);
		p->grave[p->ngrave++] = p->computed[i];
	}
	p->computed[i] = owned ? xstrdup(value) : NULL;
	p->now[i] = owned ? p->computed[i] : value;
	return true;
}

/* Forget the values of this evaluation. */
static void
clear(struct plan *p)
{
	size_t i;

	for (i = 0; i < p->f->nfields; i++)
		put(p, i, NULL, false);
	while (p->ngrave > 0)
		free(p->grave[--p->ngrave]);
}

/* Does the calculation decide the value, or what was typed?  People can only
 * fill what is not read-only. */
static bool
is_computed(const struct plan *p, const struct verdicts *v, size_t i,
    const char *typed)
{
	const struct field *f = &p->f->fields[i];

	return f->calculation.sql != NULL && (f->type == T_CALCULATE ||
	    typed == NULL || v->readonly[i] || p->readonly[i]);
}

/* Read one row of the live program into `v` and the values in force.  True
 * when a value changed. */
static bool
take(struct run *r, char *const *val, struct verdicts *v)
{
	struct plan *p = r->p;
	const struct field *fld;
	struct stmt *q = p->live.q;
	bool changed = false;
	size_t i, c;

	memset(p->page_off, 0, p->f->npages * sizeof *p->page_off);
	for (i = 0; i < p->f->nfields; i++)
		v->relevant[i] = true;
	for (c = 0; c < p->nlive; c++) {
		int at = p->live_cols[c].field;
		bool on = p->live_cols[c].kind != X_CALCULATION &&
		    stmt_col_int(q, (int)c) != 0;

		if (at < 0)
			p->page_off[-1 - at] = !on;
		else if (p->live_cols[c].kind == X_RELEVANT)
			v->relevant[at] = on;
		else if (p->live_cols[c].kind == X_REQUIRED)
			v->required[at] = on;
		else if (p->live_cols[c].kind == X_READONLY)
			v->readonly[at] = on;
	}
	for (i = 0; i < p->f->nfields; i++) {
		fld = &p->f->fields[i];
		if (p->page_off[fld->page])
			v->relevant[i] = false;
		if (!v->relevant[i])
			changed |= put(p, i, NULL, false);
		else if (!is_computed(p, v, i, val[i]))
			changed |= put(p, i, val[i], false);
	}
	for (c = 0; c < p->nlive; c++) {
		if (p->live_cols[c].kind != X_CALCULATION)
			continue;
		i = (size_t)p->live_cols[c].field;
		if (v->relevant[i] && is_computed(p, v, i, val[i]))
			changed |= put(p, i, stmt_col(q, (int)c), true);
	}
	return changed;
}

static int
settle(struct run *r, char *const *val, struct verdicts *v, struct err *e)
{
	struct plan *p = r->p;
	size_t i;
	int round, rc;
	bool changed = true;

	for (i = 0; i < p->f->nfields; i++) {
		v->relevant[i] = true;
		put(p, i, val[i], false);
	}
	for (round = 0; p->live.q != NULL && changed && round < ROUNDS;
	    round++) {
		rc = step(r, &p->live, e);
		if (rc < 0)
			return rc;
		changed = take(r, val, v);
	}
	for (i = 0; i < p->f->nfields; i++) {
		v->required[i] = (v->required[i] || p->required[i]) &&
		    v->relevant[i];
		v->readonly[i] = v->readonly[i] || p->readonly[i] ||
		    p->f->fields[i].type == T_CALCULATE;
		if (p->f->fields[i].calculation.sql != NULL)
			v->calculated[i] = xstrdup(p->now[i]);
	}
	return 0;
}

/* Exactly one of several parents. */
static void
check_parents(const struct plan *p, struct verdicts *v)
{
	const struct form *f = p->f;
	size_t i, filled = 0;

	if (f->of[0] == NULL || f->of[1] == NULL)
		return;
	for (i = 0; f->of[i] != NULL; i++)
		filled += p->now[form_field(f, f->of[i])->index] != NULL;
	if (filled != 1)
		find(v, form_field(f, f->of[0]), SEV_ERROR, filled == 0 ?
		    "所属的对象要选一个" : "所属的对象只能选一个");
}

static int
check(struct run *r, struct verdicts *v, struct err *e)
{
	struct plan *p = r->p;
	const struct field *fld;
	const char *message;
	size_t i, c;
	int rc;

	for (i = 0; i < p->f->nfields; i++)
		if (v->required[i] && p->now[i] == NULL)
			find(v, &p->f->fields[i], SEV_ERROR,
			    p->required_message[i]);
	check_parents(p, v);
	if (p->checks.q == NULL)
		return 0;
	rc = step(r, &p->checks, e);
	for (c = 0; rc == 0 && c < p->nchecks; c++) {
		const struct column *col = &p->check_cols[c];
		const struct check *k;

		fld = &p->f->fields[col->field];
		if (!v->relevant[col->field] ||
		    stmt_col_int(p->checks.q, (int)c) == 0)
			continue;
		k = col->kind == X_CHECK ? &fld->checks[col->check] : NULL;
		message = k != NULL ? k->message : fld->constraint_message;
		find(v, fld, k != NULL ? k->severity : SEV_ERROR,
		    message != NULL ? message : "填写的内容不符合要求");
	}
	return rc;
}

int
expr_evaluate(struct forms *fs, const struct form *f, const char *uid,
    const char *state, char *const *val, bool with_checks,
    struct verdicts *out, struct err *e)
{
	struct plan *p = plan_get(fs, f, e);
	struct run r = { .p = p, .uid = uid, .state = state };
	int rc;

	if (p == NULL)
		return e == NULL ? E_FORMAT : e->code;
	r.value = p->now;
	start(out, f);
	rc = settle(&r, val, out, e);
	if (rc == 0 && with_checks)
		rc = check(&r, out, e);
	if (p->live.q != NULL)
		stmt_reset(p->live.q);
	if (p->checks.q != NULL)
		stmt_reset(p->checks.q);
	clear(p);
	return rc;
}

int
expr_value(struct forms *fs, const struct form *f, const struct expr *x,
    enum expr_kind kind, const char *uid, const char *state,
    char *const *val, char **out, struct err *e)
{
	struct plan *p = plan_get(fs, f, e);
	struct run r = {
		.p = p, .uid = uid, .state = state,
		.value = (const char *const *)val
	};
	struct program *pr;
	int rc;

	*out = NULL;
	pr = p == NULL ? NULL : plan_single(p, x, kind, NULL, e);
	if (pr == NULL)
		return e == NULL ? E_FORMAT : e->code;
	rc = step(&r, pr, e);
	if (rc == 0)
		*out = xstrdup(stmt_col(pr->q, 0));
	stmt_reset(pr->q);
	return rc;
}

/* Is a code in use today?  Lists are append-only: a code that is no longer
 * given out has a `valid_to`, one that is yet to come a `valid_from`. */
static bool
is_current(const struct codes *cs, const struct code *c)
{
	const char *from = code_extra(cs, c, "valid_from");
	const char *to = code_extra(cs, c, "valid_to"), *today = date_today();

	return (from == NULL || strcmp(from, today) <= 0) &&
	    (to == NULL || strcmp(today, to) <= 0);
}

int
expr_choices(struct forms *fs, const struct field *f, const char *uid,
    char *const *val, bool *keep, struct err *e)
{
	const struct codes *cs = forms_codes(fs, f->list, e);
	struct plan *p = cs == NULL ? NULL : plan_get(fs, f->form, e);
	struct run r = {
		.p = p, .uid = uid, .choices = cs,
		.value = (const char *const *)val
	};
	struct program *pr;
	size_t i;
	int rc = 0;

	if (cs == NULL)
		return e == NULL ? E_NOTFOUND : e->code;
	for (i = 0; i < cs->n; i++)
		keep[i] = is_current(cs, &cs->rows[i]);
	if (f->choice_filter.sql == NULL)
		return 0;
	pr = p == NULL ? NULL : plan_single(p, &f->choice_filter,
	    X_CHOICE_FILTER, cs, e);
	if (pr == NULL)
		return e == NULL ? E_FORMAT : e->code;
	for (i = 0; rc == 0 && i < cs->n; i++) {
		r.choice = &cs->rows[i];
		rc = step(&r, pr, e);
		keep[i] = keep[i] && rc == 0 && stmt_col_int(pr->q, 0) != 0;
	}
	stmt_reset(pr->q);
	return rc;
}
