/* Copies of the database: whole, verified, and never half made. */
#include "site_help.h"

#include <sys/stat.h>

#include "backup.h"

static int
setup(void **state)
{
	site_setup(state);
	child("张三", "2015-03-01", village(0));
	return 0;
}

static char *
path_of(const char *name)
{
	static char path[2][160];
	static int i;

	i = !i;
	snprintf(path[i], sizeof path[i], "%s/%s", site.home, name);
	return path[i];
}

static void
test_a_copy_is_whole_and_private(void **state)
{
	struct stat st;
	struct db *db;

	(void)state;
	err = (struct err)ERR_INIT;
	ok(backup_copy(site.db, path_of("copy.db"), &err));
	ok(backup_verify(path_of("copy.db"), &err));
	assert_int_equal(stat(path_of("copy.db"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	ok(db_open(&db, path_of("copy.db"), DB_READONLY, &err));
	assert_int_equal(db_int(db, 0, "SELECT count(*) FROM child", ""), 1);
	assert_int_equal(db_int(db, 0, "SELECT max(seq) FROM journal", ""),
	    number("SELECT max(seq) FROM journal"));
	db_close(db);
	/* nothing else is left beside it */
	shell("test `ls %s | grep -c '^copy'` = 1", site.home);
}

/* A copy made while somebody else writes is one moment of the whole. */
static void
test_a_copy_during_a_write(void **state)
{
	struct db *other;

	(void)state;
	err = (struct err)ERR_INIT;
	ok(db_open(&other, db_path(site.db), 0, &err));
	ok(db_begin(other, &err));
	ok(db_exec(other, "UPDATE child SET name='半截'", &err));
	ok(backup_copy(site.db, path_of("during.db"), &err));
	db_rollback(other);
	db_close(other);
	ok(backup_verify(path_of("during.db"), &err));
}

static void
test_damage_is_found(void **state)
{
	(void)state;
	err = (struct err)ERR_INIT;
	ok(backup_copy(site.db, path_of("bad.db"), &err));
	shell("sqlite3 %s \"UPDATE child SET name='李四'\"", path_of("bad.db"));
	refused(E_CORRUPT, backup_verify(path_of("bad.db"), &err));
	shell("cp %s %s", path_of("copy.db"), path_of("cut.db"));
	shell("truncate -s 40000 %s", path_of("cut.db"));
	err = (struct err)ERR_INIT;
	assert_true(backup_verify(path_of("cut.db"), &err) < 0);
	assert_true(err.msg[0] != '\0');
	shell("echo 不是数据库 > %s", path_of("text.db"));
	err = (struct err)ERR_INIT;
	assert_true(backup_verify(path_of("text.db"), &err) < 0);
	shell(": > %s", path_of("empty.db"));
	err = (struct err)ERR_INIT;
	assert_true(backup_verify(path_of("empty.db"), &err) < 0);
	assert_true(backup_verify(path_of("none.db"), &err) < 0);
	shell("test ! -e %s", path_of("none.db"));
}

static void
test_a_place_that_cannot_be_written(void **state)
{
	(void)state;
	err = (struct err)ERR_INIT;
	assert_true(backup_copy(site.db, path_of("no/such/folder.db"), &err)
	    < 0);
	assert_true(err.msg[0] != '\0');
}

static void
test_the_daily_copy(void **state)
{
	char last[11];

	(void)state;
	backup_last(site.home, last);
	assert_string_equal(last, "");
	err = (struct err)ERR_INIT;
	assert_int_equal(backup_daily(site.db, site.home, 3, &err), 1);
	assert_int_equal(backup_daily(site.db, site.home, 3, &err), 0);
	backup_last(site.home, last);
	assert_string_equal(last, TODAY);
	ok(backup_verify(path_of("backup/tongji-" TODAY ".db"), &err));
	/* the fourth day drops the first */
	setenv("TONGJI_TODAY", "2026-11-23", 1);
	assert_int_equal(backup_daily(site.db, site.home, 3, &err), 1);
	setenv("TONGJI_TODAY", "2026-11-24", 1);
	assert_int_equal(backup_daily(site.db, site.home, 3, &err), 1);
	setenv("TONGJI_TODAY", "2026-11-25", 1);
	assert_int_equal(backup_daily(site.db, site.home, 3, &err), 1);
	setenv("TONGJI_TODAY", TODAY, 1);
	backup_last(site.home, last);
	assert_string_equal(last, "2026-11-25");
	shell("test `ls %s | wc -l` = 3", path_of("backup"));
	shell("test ! -e %s", path_of("backup/tongji-" TODAY ".db"));
	assert_int_equal(defects(), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_copy_is_whole_and_private),
		cmocka_unit_test(test_a_copy_during_a_write),
		cmocka_unit_test(test_damage_is_found),
		cmocka_unit_test(test_a_place_that_cannot_be_written),
		cmocka_unit_test(test_the_daily_copy),
	};

	return cmocka_run_group_tests(tests, setup, site_teardown);
}
