/* Connections and statements: settings, transactions, what is refused. */
#include "site_help.h"

static char dir[64];

static int
setup(void **state)
{
	(void)state;
	snprintf(dir, sizeof dir, "/tmp/tongji-db-XXXXXX");
	assert_non_null(mkdtemp(dir));
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	shell("rm -rf %s", dir);
	return 0;
}

static struct db *
fresh(void)
{
	struct db *db;

	err = (struct err)ERR_INIT;
	ok(db_open(&db, "x", DB_MEMORY, &err));
	ok(db_exec(db, "CREATE TABLE t(a INTEGER, b TEXT) STRICT", &err));
	return db;
}

static char *
path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	return path;
}

static void
test_settings_of_a_file(void **state)
{
	struct db *db;
	char *mode;

	(void)state;
	err = (struct err)ERR_INIT;
	ok(db_open(&db, path_of("a.db"), DB_CREATE, &err));
	mode = db_str(db, "PRAGMA journal_mode", "");
	assert_string_equal(mode, "wal");
	free(mode);
	assert_int_equal(db_int(db, -1, "PRAGMA synchronous", ""), 2);
	assert_int_equal(db_int(db, -1, "PRAGMA foreign_keys", ""), 0);
	assert_int_equal(db_int(db, -1, "PRAGMA busy_timeout", ""), 15000);
	db_close(db);
}

/* "x" is a name and never silently a string. */
static void
test_double_quotes_are_names(void **state)
{
	struct db *db = fresh();

	(void)state;
	refused(E_SQL, db_exec(db, "SELECT \"nosuch\" FROM t", &err));
	refused(E_SQL, db_exec(db, "CREATE TABLE u(a CHECK(a<>\"x\"))", &err));
	db_close(db);
}

static void
test_statements_bind_and_are_kept(void **state)
{
	struct db *db = fresh();
	struct stmt *q, *again;
	size_t len;

	(void)state;
	ok(db_run(db, &err, "INSERT INTO t VALUES(?1,?2)", "is", (int64_t)7,
	    "七"));
	ok(db_run(db, &err, "INSERT INTO t VALUES(?1,?2)", "is", (int64_t)8,
	    (const char *)NULL));
	q = db_get(db, "SELECT a, b, x'0102' FROM t ORDER BY a", &err);
	assert_non_null(q);
	assert_int_equal(stmt_step(q, &err), 1);
	assert_int_equal(stmt_columns(q), 3);
	assert_string_equal(stmt_name(q, 0), "a");
	assert_int_equal(stmt_col_int(q, 0), 7);
	assert_string_equal(stmt_col(q, 1), "七");
	assert_memory_equal(stmt_col_blob(q, 2, &len), "\1\2", 2);
	assert_int_equal(len, 2);
	assert_int_equal(stmt_step(q, &err), 1);
	assert_true(stmt_is_null(q, 1));
	assert_null(stmt_col(q, 1));
	assert_int_equal(stmt_step(q, &err), 0);
	again = db_get(db, "SELECT a, b, x'0102' FROM t ORDER BY a", &err);
	assert_ptr_equal(q, again);
	db_close(db);
}

static void
test_wrong_sql_says_where(void **state)
{
	struct db *db = fresh();

	(void)state;
	err = (struct err)ERR_INIT;
	assert_null(db_get(db, "SELECT a, nosuch FROM t", &err));
	assert_int_equal(err.code, E_SQL);
	assert_int_equal(db_error_offset(db), 10);
	db_close(db);
}

static void
test_inner_rollbacks_undo_their_own(void **state)
{
	struct db *db = fresh();

	(void)state;
	ok(db_begin(db, &err));
	ok(db_exec(db, "INSERT INTO t VALUES(1,'a')", &err));
	ok(db_begin(db, &err));
	ok(db_exec(db, "INSERT INTO t VALUES(2,'b')", &err));
	db_rollback(db);
	assert_true(db_in_write(db));
	ok(db_begin(db, &err));
	ok(db_exec(db, "INSERT INTO t VALUES(3,'c')", &err));
	ok(db_commit(db, &err));
	ok(db_commit(db, &err));
	assert_false(db_in_write(db));
	assert_int_equal(db_int(db, 0, "SELECT sum(a) FROM t", ""), 4);
	db_close(db);
}

static void
test_the_outer_rollback_undoes_all(void **state)
{
	struct db *db = fresh();

	(void)state;
	ok(db_begin(db, &err));
	ok(db_begin(db, &err));
	ok(db_exec(db, "INSERT INTO t VALUES(2,'b')", &err));
	ok(db_commit(db, &err));
	db_rollback(db);
	assert_int_equal(db_int(db, 0, "SELECT count(*) FROM t", ""), 0);
	db_close(db);
}

static void
test_files_that_are_not_ours(void **state)
{
	struct db *db;

	(void)state;
	shell("echo 这不是数据库这不是数据库这不是数据库 > %s", path_of("text"));
	refused(E_CORRUPT, db_open(&db, path_of("text"), 0, &err));
	assert_non_null(strstr(err.msg, "text"));
	refused(E_IO, db_open(&db, path_of("none"), 0, &err));
	refused(E_IO, db_open(&db, path_of("no/such/x"), DB_CREATE, &err));
	refused(E_IO, db_open(&db, dir, 0, &err));
	shell("test ! -e %s", path_of("none"));
}

static void
test_a_readonly_connection_writes_nothing(void **state)
{
	struct db *db;

	(void)state;
	err = (struct err)ERR_INIT;
	ok(db_open(&db, path_of("r.db"), DB_CREATE, &err));
	ok(db_exec(db, "CREATE TABLE t(a)", &err));
	db_close(db);
	ok(db_open(&db, path_of("r.db"), DB_READONLY, &err));
	refused(E_IO, db_exec(db, "INSERT INTO t VALUES(1)", &err));
	assert_non_null(strstr(err.msg, "只读"));
	db_close(db);
}

static void
test_strict_tables_and_constraints_refuse(void **state)
{
	struct db *db = fresh();

	(void)state;
	refused(E_REFUSED, db_exec(db, "INSERT INTO t VALUES('x','y')", &err));
	ok(db_exec(db, "CREATE TABLE c(a CHECK(a < 3))", &err));
	refused(E_REFUSED, db_exec(db, "INSERT INTO c VALUES(5)", &err));
	db_close(db);
}

static void
test_extensions_cannot_be_loaded(void **state)
{
	struct db *db = fresh();

	(void)state;
	err = (struct err)ERR_INIT;
	assert_true(db_exec(db, "SELECT load_extension('/tmp/x')", &err) < 0);
	db_close(db);
}

static void
test_settings_table(void **state)
{
	char *v;

	site_setup(state);
	assert_null(db_meta(site.db, "nothing"));
	err = (struct err)ERR_INIT;
	ok(db_set_meta(site.db, "colour", "红", &err));
	ok(db_set_meta(site.db, "colour", "蓝", &err));
	site_reopen();
	v = db_meta(site.db, "colour");
	assert_string_equal(v, "蓝");
	free(v);
	site_teardown(state);
}

static void
test_our_functions_are_there(void **state)
{
	struct db *db = fresh();
	char *s;

	(void)state;
	assert_int_equal(db_int(db, -1, "SELECT age('2012-02-29','2026-02-28')",
	    ""), 13);
	assert_int_equal(db_int(db, -1, "SELECT age('2012-02-29','2026-03-01')",
	    ""), 14);
	assert_int_equal(db_int(db, -1, "SELECT id_valid('11010519491231002X')",
	    ""), 1);
	assert_int_equal(db_int(db, -1, "SELECT id_valid('110105194912310021')",
	    ""), 0);
	s = db_str(db, "SELECT id_birth('11010519491231002X')", "");
	assert_string_equal(s, "1949-12-31");
	free(s);
	db_close(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settings_of_a_file),
		cmocka_unit_test(test_double_quotes_are_names),
		cmocka_unit_test(test_statements_bind_and_are_kept),
		cmocka_unit_test(test_wrong_sql_says_where),
		cmocka_unit_test(test_inner_rollbacks_undo_their_own),
		cmocka_unit_test(test_the_outer_rollback_undoes_all),
		cmocka_unit_test(test_files_that_are_not_ours),
		cmocka_unit_test(test_a_readonly_connection_writes_nothing),
		cmocka_unit_test(test_strict_tables_and_constraints_refuse),
		cmocka_unit_test(test_extensions_cannot_be_loaded),
		cmocka_unit_test(test_settings_table),
		cmocka_unit_test(test_our_functions_are_there),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
