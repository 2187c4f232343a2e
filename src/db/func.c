/* See func.h.  With TONGJI_EXTENSION this file is the loadable extension. */
#ifdef TONGJI_EXTENSION
#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT1
#else
#include <sqlite3.h>
#endif

#include <stdlib.h>

#include "date.h"
#include "func.h"
#include "idcard.h"
#include "mem.h"
#include "pinyin.h"

struct func_call {
	sqlite3_context *ctx;
};

struct func_def {
	func_body *fn;
	void *user;
};

enum { FUNC_ARGS = 8 };

void
func_text(struct func_call *c, const char *v)
{
	if (v == NULL)
		sqlite3_result_null(c->ctx);
	else
		sqlite3_result_text(c->ctx, v, -1, SQLITE_TRANSIENT);
}

void
func_int(struct func_call *c, long v)
{
	sqlite3_result_int64(c->ctx, v);
}

static void
call(sqlite3_context *ctx, int n, sqlite3_value **v)
{
	const struct func_def *d = sqlite3_user_data(ctx);
	const char *arg[FUNC_ARGS];
	struct func_call c = { ctx };
	int i;

	for (i = 0; i < n; i++)
		arg[i] = (const char *)sqlite3_value_text(v[i]);
	d->fn(&c, n, arg, d->user);
}

int
func_add(void *handle, const char *name, int nargs, func_body *fn, void *user)
{
	struct func_def *d = xmalloc(sizeof *d);

	d->fn = fn;
	d->user = user;
	return sqlite3_create_function_v2(handle, name, nargs, SQLITE_UTF8 |
	    SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, d, call, NULL, NULL,
	    free) == SQLITE_OK ? 0 : -1;
}

static void
fn_age(struct func_call *c, int n, const char *const *arg, void *user)
{
	int years = date_age(arg[0], arg[1]);

	(void)n;
	(void)user;
	if (years < 0)
		func_text(c, NULL);
	else
		func_int(c, years);
}

static void
fn_id_valid(struct func_call *c, int n, const char *const *arg, void *user)
{
	(void)n;
	(void)user;
	if (arg[0] == NULL)
		func_text(c, NULL);
	else
		func_int(c, id_valid(arg[0]));
}

static void
fn_id_birth(struct func_call *c, int n, const char *const *arg, void *user)
{
	char birth[DATE_SIZE];

	(void)n;
	(void)user;
	func_text(c, arg[0] != NULL && id_birth(arg[0], birth) ? birth : NULL);
}

static void
fn_id_sex(struct func_call *c, int n, const char *const *arg, void *user)
{
	char sex[2] = { 0, 0 };

	(void)n;
	(void)user;
	if (arg[0] != NULL)
		sex[0] = id_sex(arg[0]);
	func_text(c, sex[0] != '\0' ? sex : NULL);
}

static void
fn_pinyin(struct func_call *c, int n, const char *const *arg, void *user)
{
	struct pinyin_keys keys;

	(void)n;
	(void)user;
	if (arg[0] == NULL || pinyin_initials(arg[0], &keys) == 0)
		func_text(c, NULL);
	else
		func_text(c, keys.key[0]);
}

static const struct {
	const char *name;
	int nargs;
	func_body *fn;
} functions[] = {
	{ "age", 2, fn_age },
	{ "id_valid", 1, fn_id_valid },
	{ "id_birth", 1, fn_id_birth },
	{ "id_sex", 1, fn_id_sex },
	{ "pinyin", 1, fn_pinyin },
};

int
func_register(void *handle)
{
	size_t i;

	for (i = 0; i < COUNT_OF(functions); i++)
		if (func_add(handle, functions[i].name, functions[i].nargs,
		    functions[i].fn, NULL) < 0)
			return -1;
	return 0;
}
