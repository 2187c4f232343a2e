/* The guard over expressions, and the linter of one expression; see expr.h.
 * What SQLite says about a wrong one is translated in exprmsg.c; running them
 * is plan.c's.
 *
 * Three sieves: the words (token.h) see to it that it is one expression; the
 * guard, asked by SQLite for everything that a statement would touch, lets
 * only SELECT, reads of forms and known functions pass; SQLite itself finds
 * the rest. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "calendar.h"
#include "db.h"
#include "ddl.h"
#include "ddl_parts.h"
#include "exprin.h"
#include "mem.h"
#include "modelling.h"
#include "rewrite.h"

/* Built-ins that read nothing but their arguments. */
const char *const expr_builtins[] = {
	"abs", "avg", "char", "coalesce", "count", "date", "datetime",
	"format", "glob", "group_concat", "hex", "ifnull", "iif", "instr",
	"julianday", "length", "like", "lower", "ltrim", "max", "min",
	"nullif", "printf", "quote", "replace", "round", "rtrim", "sign",
	"strftime", "substr", "substring", "sum", "time", "total", "trim",
	"typeof", "unicode", "upper", NULL
};

/* Ours (db/func.h, calendar.h). */
const char *const expr_ours[] = {
	"age", "id_valid", "id_birth", "id_sex", "pinyin", "workdays_after",
	"workdays_between", NULL
};

bool
expr_keyword(const char *word)
{
	return sqlite3_keyword_check(word, (int)strlen(word)) != 0;
}

static bool
is_in(const char *word, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcasecmp(word, *words) == 0)
			return true;
	return false;
}

bool
expr_is_ours(const char *function)
{
	return is_in(function, expr_ours);
}

struct guard {
	struct forms *fs;
	char denied[96];	/* what was refused, for the message */
	bool function;
};

static int
deny(struct guard *g, bool function, const char *what)
{
	if (g->denied[0] == '\0') {
		g->function = function;
		strncpy(g->denied, what == NULL ? "" : what,
		    sizeof g->denied - 1);
	}
	return SQLITE_DENY;
}

/* A db_guard.  Reads inside a view are the view's business: the session's
 * views are made by the program. */
static int
guard(void *arg, int action, const char *a, const char *b,
    const char *dbname, const char *view)
{
	struct guard *g = arg;

	(void)dbname;
	switch (action) {
	case SQLITE_SELECT:
		return SQLITE_OK;
	case SQLITE_READ:
		if (view != NULL || a == NULL || *a == '\0' ||
		    forms_exist(g->fs, a))
			return SQLITE_OK;
		return deny(g, false, a);
	case SQLITE_FUNCTION:
		if (is_in(b, expr_builtins) || is_in(b, expr_ours))
			return SQLITE_OK;
		return deny(g, true, b);
	default:
		return deny(g, false, a != NULL ? a : "");
	}
}

int
expr_install(struct db *db, const char *data, struct err *e)
{
	if (calendar_register(db_handle(db), data) < 0)
		return err_set(e, E_SQL, "SQL 函数注册失败");
	return 0;
}

struct stmt *
expr_prepare(struct forms *fs, const struct form *f, const char *sql,
    bool trusted, struct err *e)
{
	struct db *db = forms_db(fs);
	struct guard g = { .fs = fs };
	struct stmt *q;

	db_set_guard(db, guard, &g);
	if (trusted)
		db_trust(db);
	q = db_new(db, sql, e);
	if (trusted)
		db_untrust(db);
	db_set_guard(db, NULL, NULL);
	if (q == NULL)
		err_prefix(e, "%s", f->file);
	return q;
}

/* Tables with the columns that expressions may use; forms with mistakes are
 * left out. */
static int
scratch_tables(struct forms *fs, struct db *db, struct err *e)
{
	const char *const *names = forms_names(fs);
	struct str sql = STR_INIT;
	const struct form *f;
	size_t i, j;
	int rc;

	for (i = 0; names[i] != NULL; i++) {
		f = forms_get(fs, names[i], NULL);
		if (f == NULL)
			continue;
		str_addf(&sql, "CREATE TABLE \"%s\"(uid TEXT PRIMARY KEY",
		    f->name);
		for (j = 1; j + 1 < DDL_FIXED; j++)
			str_addf(&sql, ",%s TEXT", ddl_fixed[j]);
		for (j = 0; j < f->nfields; j++)
			str_addf(&sql, ",\"%s\"", f->fields[j].name);
		str_add(&sql, ");\n");
	}
	rc = db_exec(db, sql.buf, e);
	str_done(&sql);
	return rc;
}

struct db *
expr_scratch(struct forms *fs, struct err *e)
{
	struct db **slot = forms_scratch(fs);

	if (*slot != NULL)
		return *slot;
	if (db_open(slot, "", DB_MEMORY, e) < 0)
		return NULL;
	if (expr_install(*slot, forms_data(fs), e) < 0 ||
	    scratch_tables(fs, *slot, e) < 0) {
		db_close(*slot);
		*slot = NULL;
	}
	return *slot;
}

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
	return is_in(name, clocks);
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
			bad = is_in(name, current) || (is_in(name, clocks) &&
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
		    is_in(name, sums))
			say_at(l, MSG_EXPR_AGGREGATE, l->t.v[i].at, name,
			    NULL);
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

bool
expr_dry(struct forms *fs, const char *sql, struct dry *out)
{
	struct guard g = { .fs = fs };
	struct err e = ERR_INIT;
	struct db *db = expr_scratch(fs, &e);
	struct stmt *q = NULL;

	*out = (struct dry){ .offset = -1 };
	if (db != NULL) {
		db_set_guard(db, guard, &g);
		q = db_new(db, sql, &e);
		db_set_guard(db, NULL, NULL);
	}
	if (q != NULL) {
		stmt_free(q);
		return true;
	}
	out->offset = db == NULL ? -1 : db_error_offset(db);
	out->function = g.function;
	snprintf(out->denied, sizeof out->denied, "%s", g.denied);
	snprintf(out->words, sizeof out->words, "%.250s", e.msg);
	return false;
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
