/* Working days against the shipped calendar: 2025's National Day holiday was
 * 1–8 October (Wednesday to Wednesday) with make-up days on Sunday 28
 * September and Saturday 11 October. */
#include "form_help.h"

#include "calendar.h"

static void
test_workday(void **state)
{
	static const struct {
		const char *date;
		bool works;
	} rows[] = {
		{ "2025-09-26", true }, { "2025-09-27", false },
		{ "2025-09-28", true }, { "2025-10-01", false },
		{ "2025-10-08", false }, { "2025-10-09", true },
		{ "2025-10-11", true }, { "2025-10-12", false },
		{ "2026-11-22", false }, { "2026-11-23", true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(rows); i++)
		if (calendar_is_workday(rows[i].date) != rows[i].works)
			fail_msg("%s", rows[i].date);
	assert_false(calendar_is_workday("2025-13-01"));
	assert_false(calendar_is_workday(NULL));
	assert_null(calendar_problem());
}

static void
test_after(void **state)
{
	static const struct {
		const char *date, *after;
		int n;
	} rows[] = {
		{ "2025-09-26", "2025-09-28", 1 },
		{ "2025-09-26", "2025-09-30", 3 },
		{ "2025-09-26", "2025-10-09", 4 },
		{ "2025-09-30", "2025-10-11", 3 },
		{ "2025-09-30", "2025-10-13", 4 },
		{ "2025-10-03", "2025-10-09", 0 },
		{ "2025-10-09", "2025-10-09", 0 },
		{ "2026-11-20", "2026-11-23", 1 },
	};
	char out[DATE_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(rows); i++) {
		assert_int_equal(calendar_after(rows[i].date, rows[i].n, out),
		    0);
		assert_string_equal(out, rows[i].after);
	}
	assert_int_equal(calendar_after("x", 1, out), -1);
	assert_string_equal(out, "");
	assert_int_equal(calendar_after("2025-01-01", -1, out), -1);
	assert_int_equal(calendar_after("2025-01-01", 2001, out), -1);
}

static void
test_between(void **state)
{
	int n;

	(void)state;
	assert_true(calendar_between("2025-09-26", "2025-10-13", &n));
	assert_int_equal(n, 7);
	assert_true(calendar_between("2025-10-13", "2025-09-26", &n));
	assert_int_equal(n, -7);
	assert_true(calendar_between("2025-10-13", "2025-10-13", &n));
	assert_int_equal(n, 0);
	assert_false(calendar_between("2025-10-13", NULL, &n));
	assert_false(calendar_between("1900-01-01", "2100-01-01", &n));
}

/* A year without calendar counts weekdays, and it shows. */
static void
test_unknown_year(void **state)
{
	char *data = beside("../../data");
	char out[DATE_SIZE];

	(void)state;
	calendar_open(data);
	free(data);
	assert_false(calendar_unknown("2025-05-01"));
	assert_true(calendar_unknown("2031-10-01"));
	assert_true(calendar_unknown("2005-10-01"));
	assert_int_equal(calendar_after("2025-09-26", 3, out), 0);
	assert_false(calendar_guessed());
	assert_int_equal(calendar_after("2031-09-30", 1, out), 0);
	assert_string_equal(out, "2031-10-01");
	assert_true(calendar_guessed());
}

static void
test_damaged(void **state)
{
	static const char *const texts[] = {
		"2025-10-01,holidy,国庆\n", "2025-10-01\n", "x\n",
		"2025-10-02,holiday,乙\n2025-10-01,holiday,甲\n",
	};
	char dir[] = "/tmp/tongji-calendar-XXXXXX", *path, *command;
	size_t i;

	(void)state;
	assert_non_null(mkdtemp(dir));
	calendar_open(dir);
	assert_non_null(strstr(calendar_problem(), "找不到"));
	path = xasprintf("%s/calendar", dir);
	assert_int_equal(mkdir(path, 0755), 0);
	free(path);
	path = xasprintf("%s/calendar/workdays.csv", dir);
	for (i = 0; i < COUNT_OF(texts); i++) {
		OK(file_write(path, texts[i], strlen(texts[i]), 0644, ER));
		calendar_open(dir);
		assert_non_null(strstr(calendar_problem(), "workdays.csv:"));
		assert_true(calendar_is_workday("2025-10-03"));
	}
	free(path);
	command = xasprintf("rm -rf %s", dir);
	assert_int_equal(system(command), 0);
	free(command);
}

static void
test_sql(void **state)
{
	char *data = beside("../../data"), *v;
	struct db *db;

	(void)state;
	calendar_open(data);
	OK(db_open(&db, "", DB_MEMORY, ER));
	assert_int_equal(calendar_register(db_handle(db), data), 0);
	free(data);
	v = db_str(db, "SELECT workdays_after('2025-09-26', 3) || '|' ||"
	    " workdays_between('2025-09-26', '2025-10-13') || '|' ||"
	    " coalesce(workdays_after(NULL, 3), 'null') || '|' ||"
	    " coalesce(workdays_after('2025-09-26', 'x'), 'null') || '|' ||"
	    " coalesce(workdays_between('a', 'b'), 'null')", "");
	assert_string_equal(v, "2025-09-30|7|null|null|null");
	free(v);
	db_close(db);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_workday),
		cmocka_unit_test(test_after),
		cmocka_unit_test(test_between),
		cmocka_unit_test(test_unknown_year),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_sql),
	};
	char *data = beside("../../data");
	int rc;

	calendar_open(data);
	free(data);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	calendar_close();
	return rc;
}
