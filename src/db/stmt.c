/* Statements: the cache, bindings, columns, one-value queries. */
#include "dbi.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

/* Texts differ near their ends; the middle of a long list of columns need not
 * be read for every row. */
static unsigned
hash_of(const char *s)
{
	size_t len = strlen(s), i, edge = len < 48 ? len : 48;
	unsigned h = 2166136261u + (unsigned)len;

	for (i = 0; i < edge; i++)
		h = (h ^ (unsigned char)s[i] ^
		    (unsigned)(unsigned char)s[len - 1 - i] << 8) * 16777619u;
	return (h ^ h >> 15) % DB_CACHE;
}

static struct stmt *
prepare(struct db *db, const char *sql, unsigned flags, struct err *e)
{
	struct stmt *q = xcalloc(1, sizeof *q);
	const char *tail = NULL;

	q->db = db;
	q->trusted = db_trusted(db);
	if (sqlite3_prepare_v3(db->h, sql, -1, flags, &q->p, &tail) !=
	    SQLITE_OK) {
		db_fail(db, e);
		free(q);
		return NULL;
	}
	if (q->p == NULL || (tail != NULL && tail[strspn(tail, " \n\t;")])) {
		err_set(e, E_SQL, "数据库出错：一次只能有一条语句");
		sqlite3_finalize(q->p);
		free(q);
		return NULL;
	}
	return q;
}

struct stmt *
db_get(struct db *db, const char *sql, struct err *e)
{
	unsigned h = hash_of(sql);
	bool trusted = db_trusted(db);
	struct stmt *q;

	for (q = db->cache[h]; q != NULL; q = q->next)
		if (q->trusted == trusted && strcmp(q->sql, sql) == 0 &&
		    !sqlite3_stmt_busy(q->p))
			break;
	if (q == NULL) {
		q = prepare(db, sql, SQLITE_PREPARE_PERSISTENT, e);
		if (q == NULL)
			return NULL;
		q->sql = xstrdup(sql);
		q->next = db->cache[h];
		db->cache[h] = q;
		return q;
	}
	sqlite3_reset(q->p);
	sqlite3_clear_bindings(q->p);
	return q;
}

void
db_shed(struct db *db)
{
	struct stmt **at, *q;
	size_t i;

	for (i = 0; i < DB_CACHE; i++)
		for (at = &db->cache[i]; (q = *at) != NULL;)
			if (sqlite3_stmt_busy(q->p)) {
				at = &q->next;
			} else {
				*at = q->next;
				stmt_free(q);
			}
	sqlite3_db_release_memory(db->h);
}

struct stmt *
db_new(struct db *db, const char *sql, struct err *e)
{
	return prepare(db, sql, 0, e);
}

void
stmt_free(struct stmt *q)
{
	if (q == NULL)
		return;
	sqlite3_finalize(q->p);
	free(q->sql);
	free(q);
}

void
stmt_text(struct stmt *q, int i, const char *v)
{
	sqlite3_bind_text(q->p, i, v, -1, SQLITE_TRANSIENT);
}

void
stmt_lend(struct stmt *q, int i, const char *v)
{
	sqlite3_bind_text(q->p, i, v, -1, SQLITE_STATIC);
}

void
stmt_textn(struct stmt *q, int i, const char *v, size_t len)
{
	sqlite3_bind_text64(q->p, i, v, len, SQLITE_TRANSIENT, SQLITE_UTF8);
}

void
stmt_borrow(struct stmt *q, int i, const char *v)
{
	sqlite3_bind_text(q->p, i, v, -1, SQLITE_STATIC);
}

void
stmt_int(struct stmt *q, int i, int64_t v)
{
	sqlite3_bind_int64(q->p, i, v);
}

void
stmt_real(struct stmt *q, int i, double v)
{
	sqlite3_bind_double(q->p, i, v);
}

void
stmt_blob(struct stmt *q, int i, const void *p, size_t len)
{
	sqlite3_bind_blob64(q->p, i, p, len, SQLITE_TRANSIENT);
}

void
stmt_null(struct stmt *q, int i)
{
	sqlite3_bind_null(q->p, i);
}

void
stmt_value(struct stmt *q, int i, char affinity, const char *v)
{
	if (v == NULL)
		sqlite3_bind_null(q->p, i);
	else if (affinity == 'i')
		sqlite3_bind_int64(q->p, i, strtoll(v, NULL, 10));
	else if (affinity == 'r')
		sqlite3_bind_double(q->p, i, strtod(v, NULL));
	else
		stmt_lend(q, i, v);
}

int
stmt_param(struct stmt *q, const char *name)
{
	return sqlite3_bind_parameter_index(q->p, name);
}

/* A schema change makes SQLite prepare again inside the step: the authorizer
 * must then see the trust that the statement was born with. */
int
stmt_step(struct stmt *q, struct err *e)
{
	struct db *db = q->db;
	int trust = db->trust, rc;

	db->trust = q->trusted ? 1 : 0;
	rc = sqlite3_step(q->p);
	db->trust = trust;
	if (rc == SQLITE_ROW)
		return 1;
	if (rc == SQLITE_DONE) {
		sqlite3_reset(q->p);
		return 0;
	}
	rc = db_fail(db, e);
	sqlite3_reset(q->p);
	return rc;
}

int
stmt_run(struct stmt *q, struct err *e)
{
	int rc;

	while ((rc = stmt_step(q, e)) > 0)
		;
	return rc;
}

void
stmt_reset(struct stmt *q)
{
	sqlite3_reset(q->p);
}

int
stmt_columns(struct stmt *q)
{
	return sqlite3_column_count(q->p);
}

const char *
stmt_name(struct stmt *q, int col)
{
	return sqlite3_column_name(q->p, col);
}

const char *
stmt_col(struct stmt *q, int col)
{
	return (const char *)sqlite3_column_text(q->p, col);
}

int64_t
stmt_col_int(struct stmt *q, int col)
{
	return sqlite3_column_int64(q->p, col);
}

double
stmt_col_real(struct stmt *q, int col)
{
	return sqlite3_column_double(q->p, col);
}

const void *
stmt_col_blob(struct stmt *q, int col, size_t *len)
{
	const void *p = sqlite3_column_blob(q->p, col);

	*len = (size_t)sqlite3_column_bytes(q->p, col);
	return p;
}

bool
stmt_is_null(struct stmt *q, int col)
{
	return sqlite3_column_type(q->p, col) == SQLITE_NULL;
}

static void
bind_list(struct stmt *q, const char *types, va_list ap)
{
	int i;

	for (i = 1; *types != '\0'; types++, i++)
		if (*types == 's')
			stmt_text(q, i, va_arg(ap, const char *));
		else
			stmt_int(q, i, va_arg(ap, int64_t));
}

int64_t
db_int(struct db *db, int64_t dflt, const char *sql, const char *types, ...)
{
	struct stmt *q = db_get(db, sql, NULL);
	va_list ap;

	if (q == NULL)
		return dflt;
	va_start(ap, types);
	bind_list(q, types, ap);
	va_end(ap);
	if (stmt_step(q, NULL) > 0) {
		if (!stmt_is_null(q, 0))
			dflt = stmt_col_int(q, 0);
		stmt_reset(q);
	}
	return dflt;
}

char *
db_str(struct db *db, const char *sql, const char *types, ...)
{
	struct stmt *q = db_get(db, sql, NULL);
	char *v = NULL;
	va_list ap;

	if (q == NULL)
		return NULL;
	va_start(ap, types);
	bind_list(q, types, ap);
	va_end(ap);
	if (stmt_step(q, NULL) > 0) {
		v = xstrdup(stmt_col(q, 0));
		stmt_reset(q);
	}
	return v;
}

int
db_run(struct db *db, struct err *e, const char *sql, const char *types, ...)
{
	struct stmt *q = db_get(db, sql, e);
	va_list ap;

	if (q == NULL)
		return e != NULL ? e->code : E_SQL;
	va_start(ap, types);
	bind_list(q, types, ap);
	va_end(ap);
	return stmt_run(q, e);
}
