/* See plan.h. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "exprin.h"
#include "plan.h"
#include "rewrite.h"

/* `true` and `false` as written need no evaluation. */
static bool
is_word(const struct expr *x, const char *word)
{
	return x->sql != NULL && strcasecmp(x->sql, word) == 0;
}

static bool
is_constant(const struct expr *x)
{
	return x->sql == NULL || is_word(x, "true") || is_word(x, "false") ||
	    is_word(x, "1") || is_word(x, "0");
}

/* A program under construction. */
struct build {
	struct plan *p;
	struct rewrite r;
	size_t params;		/* length of r.used */
	struct column *cols;
	size_t n, cap;
};

static void
begin(struct build *b, struct plan *p, enum rewrite_tables tables,
    const struct codes *choices)
{
	*b = (struct build){ .p = p };
	b->params = rewrite_params(p->f, choices);
	b->r = (struct rewrite){
		.form = p->f, .fs = p->fs, .style = REWRITE_PARAMS,
		.tables = tables, .choices = choices,
		.used = xcalloc(b->params, sizeof *b->r.used)
	};
	str_init(&b->r.sql);
	str_add(&b->r.sql, "SELECT ");
}

static int
add(struct build *b, const struct expr *x, enum expr_kind kind, int field,
    int check, const char *test)
{
	if (b->n > 0)
		str_add(&b->r.sql, ",\n");
	b->cols = mem_grow(b->cols, b->n, &b->cap, sizeof *b->cols);
	b->cols[b->n++] = (struct column){ kind, field, check };
	if (rewrite_expr(&b->r, x->sql) < 0)
		return -1;
	str_add(&b->r.sql, test);
	return 0;
}

static void
end(struct build *b, struct column **cols, size_t *n)
{
	if (cols != NULL) {
		*cols = arena_alloc(&b->p->arena, (b->n + 1) * sizeof **cols);
		if (b->n > 0)
			memcpy(*cols, b->cols, b->n * sizeof **cols);
		*n = b->n;
	}
	free(b->cols);
	free(b->r.used);
	rewrite_done(&b->r);
}

static int
prepare(struct build *b, struct program *pr, struct err *e)
{
	struct plan *p = b->p;
	size_t i;

	pr->q = expr_prepare(p->fs, p->f, b->r.sql.buf,
	    b->r.tables == TABLES_LIVE, e);
	if (pr->q == NULL)
		return -1;
	pr->params = arena_alloc(&p->arena, b->params * sizeof *pr->params);
	for (i = 1; i < b->params; i++)
		if (b->r.used[i])
			pr->params[pr->nparams++] = (int)i;
	return 0;
}

/* Where a table's name stands for the session's view, or, without a session,
 * for all live rows. */
static enum rewrite_tables
views_or_live(const struct plan *p)
{
	return p->with_views ? TABLES_AS_WRITTEN : TABLES_LIVE;
}

static int
add_field(struct build *b, const struct field *fld)
{
	int i = fld->index, rc = 0;

	if (!is_constant(&fld->relevant) || is_word(&fld->relevant, "0") ||
	    is_word(&fld->relevant, "false"))
		rc |= add(b, &fld->relevant, X_RELEVANT, i, 0, " IS TRUE");
	if (!is_constant(&fld->required))
		rc |= add(b, &fld->required, X_REQUIRED, i, 0, " IS TRUE");
	if (!is_constant(&fld->readonly))
		rc |= add(b, &fld->readonly, X_READONLY, i, 0, " IS TRUE");
	if (fld->calculation.sql != NULL)
		rc |= add(b, &fld->calculation, X_CALCULATION, i, 0, "");
	return rc;
}

static int
build_live(struct plan *p, struct err *e)
{
	struct build b;
	size_t i;
	int rc = 0;

	begin(&b, p, views_or_live(p), NULL);
	for (i = 0; i < p->f->npages; i++)
		if (p->f->pages[i].relevant.sql != NULL)
			rc |= add(&b, &p->f->pages[i].relevant, X_RELEVANT,
			    -1 - (int)i, 0, " IS TRUE");
	for (i = 0; i < p->f->nfields; i++)
		rc |= add_field(&b, &p->f->fields[i]);
	if (rc == 0 && b.n > 0)
		rc = prepare(&b, &p->live, e);
	end(&b, &p->live_cols, &p->nlive);
	return rc;
}

/* Checks see the whole township, whoever is at the keyboard: a director must
 * not register a child of another village twice.  They only answer yes or
 * no. */
static int
build_checks(struct plan *p, struct err *e)
{
	const struct field *fld;
	struct build b;
	size_t i, j;
	int rc = 0;

	begin(&b, p, TABLES_LIVE, NULL);
	for (i = 0; i < p->f->nfields; i++) {
		fld = &p->f->fields[i];
		if (fld->constraint.sql != NULL)
			rc |= add(&b, &fld->constraint, X_CONSTRAINT, (int)i,
			    0, " IS FALSE");
		for (j = 0; j < fld->nchecks; j++)
			rc |= add(&b, &fld->checks[j].expr, X_CHECK, (int)i,
			    (int)j, " IS FALSE");
	}
	if (rc == 0 && b.n > 0)
		rc = prepare(&b, &p->checks, e);
	end(&b, &p->check_cols, &p->nchecks);
	return rc;
}

static void
constants(struct plan *p)
{
	const struct field *fld;
	size_t n = p->f->nfields, i;

	p->required = arena_alloc(&p->arena, n * sizeof *p->required);
	p->readonly = arena_alloc(&p->arena, n * sizeof *p->readonly);
	p->now = arena_alloc(&p->arena, n * sizeof *p->now);
	p->computed = arena_alloc(&p->arena, n * sizeof *p->computed);
	p->page_off = arena_alloc(&p->arena,
	    p->f->npages * sizeof *p->page_off);
	p->required_message = arena_alloc(&p->arena,
	    n * sizeof *p->required_message);
	for (i = 0; i < n; i++) {
		struct str s = STR_INIT;

		fld = &p->f->fields[i];
		p->required[i] = is_word(&fld->required, "true") ||
		    is_word(&fld->required, "1");
		p->readonly[i] = is_word(&fld->readonly, "true") ||
		    is_word(&fld->readonly, "1");
		str_addf(&s, "“%s”必须填写", fld->label);
		p->required_message[i] = arena_str(&p->arena, s.buf);
		str_done(&s);
	}
}

/* What an expression of the form is refused for, or the statement's own
 * error. */
static void
explain(struct plan *p, struct err *e)
{
	struct messages ms = MESSAGES_INIT;

	expr_check_form(p->fs, p->f, &ms);
	if (messages_first(&ms, e) == 0)
		err_prefix(e, "%s", p->f->file);
	messages_done(&ms);
}

void
plan_free(struct plan *p)
{
	struct single *s, *next;
	size_t i;

	if (p == NULL)
		return;
	stmt_free(p->live.q);
	stmt_free(p->checks.q);
	for (s = p->singles; s != NULL; s = next) {
		next = s->next;
		stmt_free(s->p.q);
		free(s);
	}
	for (i = 0; i < p->f->nfields; i++)
		free(p->computed[i]);
	free(p->grave);
	free(p->site);
	arena_done(&p->arena);
	free(p);
}

struct plan *
plan_get(struct forms *fs, const struct form *f, struct err *e)
{
	struct form *owner = (struct form *)f;	/* plan is the lazy part */
	struct db *db = forms_db(fs);
	struct plan *p = f->plan;
	bool with_views;

	if (db == NULL) {
		err_set(e, E_USAGE, "没有打开数据库，不能计算表达式");
		return NULL;
	}
	with_views = db_session(db) != NULL;
	if (p != NULL && p->with_views == with_views)
		return p;
	plan_free(p);
	owner->plan = NULL;
	p = xcalloc(1, sizeof *p);
	p->fs = fs;
	p->f = f;
	p->with_views = with_views;
	constants(p);
	if (build_live(p, e) < 0 || build_checks(p, e) < 0) {
		explain(p, e);
		plan_free(p);
		return NULL;
	}
	db_trust(db);
	p->site = db_meta(db, "site");
	db_untrust(db);
	owner->plan = p;
	return p;
}

void
expr_forget(const struct form *f)
{
	plan_free(f->plan);
	((struct form *)f)->plan = NULL;
}

struct program *
plan_single(struct plan *p, const struct expr *x, enum expr_kind kind,
    const struct codes *choices, struct err *e)
{
	bool check = kind == X_CHECK || kind == X_CONSTRAINT;
	struct messages ms = MESSAGES_INIT;
	struct single *s;
	struct build b;
	int rc;

	for (s = p->singles; s != NULL; s = s->next)
		if (s->x == x && s->kind == kind)
			return &s->p;
	s = xcalloc(1, sizeof *s);
	s->x = x;
	s->kind = kind;
	begin(&b, p, check ? TABLES_LIVE : views_or_live(p), choices);
	rc = add(&b, x, kind, 0, 0, "");
	if (rc == 0)
		rc = prepare(&b, &s->p, e);
	end(&b, NULL, NULL);
	if (rc < 0) {
		expr_check(p->fs, p->f, NULL, x, kind, choices, &ms);
		messages_first(&ms, e);
		messages_done(&ms);
		free(s);
		return NULL;
	}
	s->next = p->singles;
	p->singles = s;
	return &s->p;
}
