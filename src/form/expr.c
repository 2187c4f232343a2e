/* The guard over expressions; see expr.h.  The linter of one expression is in
 * exprlint.c, what SQLite says about a wrong one is translated in exprmsg.c,
 * running them is plan.c's.
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
#include "exprin.h"
#include "mem.h"
#include "modelling.h"

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

bool
expr_in(const char *word, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcasecmp(word, *words) == 0)
			return true;
	return false;
}

bool
expr_is_ours(const char *function)
{
	return expr_in(function, expr_ours);
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
		if (expr_in(b, expr_builtins) || expr_in(b, expr_ours))
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
