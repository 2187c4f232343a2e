/* SQLite, wrapped once: connections, statements that are prepared once and
 * kept, one-value queries, write transactions that start IMMEDIATE.
 *
 *	struct stmt *q = db_get(db, "SELECT name FROM child WHERE uid=?1", e);
 *	if (q == NULL) return e->code;
 *	stmt_text(q, 1, uid);
 *	while ((rc = stmt_step(q, e)) > 0)
 *		use(stmt_col(q, 0));
 *	stmt_reset(q);
 *
 * Statements are either trusted (the program's own machinery: may read and
 * write `main.` tables) or scoped (what a session may see; see scope.h).  A
 * database without a session is trusted throughout. */
#ifndef TONGJI_DB_H
#define TONGJI_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct db;
struct stmt;
struct session;

enum db_flags {
	DB_CREATE = 1,		/* make the file if it is missing */
	DB_READONLY = 2,
	DB_MEMORY = 4,		/* tests: path is ignored */
	DB_ANYWHERE = 8		/* skip the file system check (backups) */
};

/* Open a database file: WAL, synchronous=FULL, DQS off, foreign_keys off,
 * busy timeout 15 s, our SQL functions registered.  Refuses file systems on
 * which SQLite is not safe. */
int db_open(struct db **out, const char *path, unsigned flags, struct err *e)
	MUST_CHECK;
void db_close(struct db *db);			/* NULL is fine */
const char *db_path(const struct db *db);	/* borrowed */

/* A statement kept by the database and reused for the same text; borrowed,
 * ready to bind (it is reset and its bindings cleared here).  NULL and `e`
 * when the SQL is wrong.  Do not nest two uses of one text. */
struct stmt *db_get(struct db *db, const char *sql, struct err *e);
/* Give back what idle statements and pages hold, at a moment when nobody has a
 * borrowed statement in hand (before waiting for a person). */
void db_shed(struct db *db);
/* A statement of your own: stmt_free() it. */
struct stmt *db_new(struct db *db, const char *sql, struct err *e);
void stmt_free(struct stmt *q);

/* Bindings, `i` from 1.  Text is copied; NULL binds NULL.  stmt_lend() does not
 * copy: `v` must live until the last stmt_step().  Integers that are kept as
 * text in records: stmt_value() binds text as the column's affinity wants
 * ('i' integer, 'r' real, 't' text, lent). */
void stmt_text(struct stmt *q, int i, const char *v);
void stmt_lend(struct stmt *q, int i, const char *v);
void stmt_textn(struct stmt *q, int i, const char *v, size_t len);
/* The same without a copy: `v` stays until the statement is bound anew. */
void stmt_borrow(struct stmt *q, int i, const char *v);
void stmt_int(struct stmt *q, int i, int64_t v);
void stmt_real(struct stmt *q, int i, double v);
void stmt_blob(struct stmt *q, int i, const void *p, size_t len);
void stmt_null(struct stmt *q, int i);
void stmt_value(struct stmt *q, int i, char affinity, const char *v);
/* Index of a named parameter (":today"), 0 if the statement has none. */
int stmt_param(struct stmt *q, const char *name);

/* 1: a row is there; 0: done (and reset); negative: error (and reset). */
int stmt_step(struct stmt *q, struct err *e) MUST_CHECK;
/* Step to the end and reset. */
int stmt_run(struct stmt *q, struct err *e) MUST_CHECK;
void stmt_reset(struct stmt *q);

int stmt_columns(struct stmt *q);
const char *stmt_name(struct stmt *q, int col);	/* borrowed */
const char *stmt_col(struct stmt *q, int col);	/* NULL if NULL; borrowed until the next step */
int64_t stmt_col_int(struct stmt *q, int col);
double stmt_col_real(struct stmt *q, int col);
const void *stmt_col_blob(struct stmt *q, int col, size_t *len);
bool stmt_is_null(struct stmt *q, int col);

/* Several statements without parameters. */
int db_exec(struct db *db, const char *sql, struct err *e) MUST_CHECK;
/* One value; `types` names the arguments: s text, i int64_t.  A missing row
 * or an SQL error gives `dflt` / NULL (db_str: heap, caller frees). */
int64_t db_int(struct db *db, int64_t dflt, const char *sql,
    const char *types, ...);
char *db_str(struct db *db, const char *sql, const char *types, ...);
/* Run one statement with arguments as above. */
int db_run(struct db *db, struct err *e, const char *sql,
    const char *types, ...) MUST_CHECK;
int64_t db_changes(struct db *db);

/* Write transactions: BEGIN IMMEDIATE outside, savepoints inside: a rollback
 * undoes its own depth only. */
int db_begin(struct db *db, struct err *e) MUST_CHECK;
int db_commit(struct db *db, struct err *e) MUST_CHECK;
void db_rollback(struct db *db);
bool db_in_write(const struct db *db);
/* For bulk work inside one open transaction: while on, inner transactions are
 * not savepoints (SQLite copies every page that is touched in one).  An inner
 * rollback is then only possible before anything was written in it; after
 * that the whole transaction is spoiled: db_spoiled() says so, and its owner
 * must roll it back and do the work again without this. */
void db_flat(struct db *db, bool on);
bool db_spoiled(const struct db *db);

/* Trusted brackets nest.  See scope.h. */
void db_trust(struct db *db);
void db_untrust(struct db *db);
bool db_trusted(const struct db *db);

/* The session this connection works for, NULL before login. */
struct session *db_session(struct db *db);
void db_set_session(struct db *db, struct session *s);

/* The settings table `meta(name, value)`. */
char *db_meta(struct db *db, const char *name);	/* heap or NULL */
int db_set_meta(struct db *db, const char *name, const char *value,
    struct err *e) MUST_CHECK;

/* A second look at every statement that is being prepared (expressions of
 * forms): the sqlite3_set_authorizer() arguments; return SQLITE_OK or
 * SQLITE_DENY.  NULL removes it.  Never call sqlite3_set_authorizer(). */
typedef int db_guard(void *arg, int action, const char *a, const char *b,
    const char *dbname, const char *view);
void db_set_guard(struct db *db, db_guard *guard, void *arg);
/* Byte offset of the last prepare's error in its SQL, -1 if unknown. */
int db_error_offset(const struct db *db);
/* SQLite's own words for the last error; borrowed until the next call. */
const char *db_error_text(const struct db *db);

/* The sqlite3 handle, for func.c, backup.c and form/expr.c only. */
void *db_handle(struct db *db);

/* "name" as an SQL identifier in double quotes into `out` (names of forms
 * and fields are [a-z0-9_]; anything else is a bug). */
struct str;
void db_quote(struct str *out, const char *name);

#endif
