/* Policy parameters: which row applies on a day, dates counted from them, the
 * mistakes in their files; and the shipped rules. */
#include "form_help.h"

#include "calendar.h"
#include "rules.h"

static const char header[] = "rule,key,value,unit,doc,effective_from,"
    "effective_to,source,note\n";

/* Rules of one file with these rows; NULL and ER when refused. */
static struct rules *
load(const char *rows)
{
	char dir[] = "/tmp/tongji-rules-XXXXXX", *path, *text;
	struct rules *rs = NULL;

	assert_non_null(mkdtemp(dir));
	path = xasprintf("%s/rules", dir);
	assert_int_equal(mkdir(path, 0755), 0);
	free(path);
	path = xasprintf("%s/rules/a.csv", dir);
	text = xasprintf("# 名称\n%s%s", header, rows);
	OK(file_write(path, text, strlen(text), 0644, ER));
	town_err = (struct err)ERR_INIT;
	if (rules_load(&rs, dir, ER) < 0)
		rs = NULL;
	assert_int_equal(unlink(path), 0);
	free(text);
	free(path);
	path = xasprintf("%s/rules", dir);
	rmdir(path);
	rmdir(dir);
	free(path);
	return rs;
}

static void
test_supersede(void **state)
{
	struct rules *rs = load(
	    "visit,high,7,day,,2022-01-01,,甲,\n"
	    "visit,high,3,day,某府〔2026〕1号,2026-07-01,,\"乙，丙,丁\",\n"
	    "visit,high,5,day,,2024-01-01,2024-12-31,一年试行,\n"
	    "visit,default,90,day,,2022-01-01,,,\n");

	(void)state;
	assert_non_null(rs);
	assert_null(rules_find(rs, "visit", "high", "2021-12-31"));
	assert_int_equal(rules_number(rs, "visit", "high", "2022-01-01", 0),
	    7);
	assert_int_equal(rules_number(rs, "visit", "high", "2024-06-01", 0),
	    5);
	assert_int_equal(rules_number(rs, "visit", "high", "2025-06-01", 0),
	    7);
	assert_int_equal(rules_number(rs, "visit", "high", "2026-06-30", 0),
	    7);
	assert_int_equal(rules_number(rs, "visit", "high", "2026-07-01", 0),
	    3);
	assert_string_equal(rules_find(rs, "visit", "high",
	    "2026-07-01")->source, "乙，丙,丁");
	assert_int_equal(rules_number(rs, "visit", "low", "2026-07-01", 0),
	    90);
	assert_int_equal(rules_number(rs, "other", "low", "2026-07-01", -1),
	    -1);
	rules_free(rs);
}

static void
test_dates(void **state)
{
	static const struct {
		const char *key, *from, *to;
	} rows[] = {
		{ "d", "2026-02-27", "2026-03-06" },
		{ "w", "2026-11-22", "2026-12-06" },
		{ "m", "2026-01-31", "2026-02-28" },
		{ "m", "2024-01-31", "2024-02-29" },
		{ "m", "2026-12-15", "2027-01-15" },
		{ "y", "2024-02-29", "2025-02-28" },
		/* 2026-09-30 is a Wednesday; the holiday is 10-01 to 10-07,
		 * Saturday 10-10 is worked. */
		{ "k", "2026-09-30", "2026-10-10" },
	};
	struct rules *rs = load(
	    "r,d,7,day,,2022-01-01,,,\n" "r,w,2,week,,2022-01-01,,,\n"
	    "r,m,1,month,,2022-01-01,,,\n" "r,y,1,year,,2022-01-01,,,\n"
	    "r,k,3,workday,,2022-01-01,,,\n" "r,h,2,hour,,2022-01-01,,,\n");
	char out[DATE_SIZE];
	size_t i;

	(void)state;
	assert_non_null(rs);
	for (i = 0; i < COUNT_OF(rows); i++) {
		assert_int_equal(rules_date(rs, "r", rows[i].key, rows[i].from,
		    "2026-11-22", out), 0);
		assert_string_equal(out, rows[i].to);
	}
	assert_int_equal(rules_date(rs, "r", "h", "2026-01-01", "2026-11-22",
	    out), -1);
	assert_int_equal(rules_date(rs, "r", "d", "2026-13-01", "2026-11-22",
	    out), -1);
	rules_free(rs);
}

static void
test_mistakes(void **state)
{
	static const struct {
		const char *rows, *says;
	} wrong[] = {
		{ "a,b,1,day,,2026-01-01,,\n", "应有 9 格" },
		{ "a,b,1,day,,2026-01-01,,,,\n", "实有 10 格" },
		{ "a,b,1,day,,2026-1-1,,,\n", "生效日期" },
		{ "a,b,1,day,,2026-01-01,2025-01-01,,\n", "失效日期" },
		{ "a,b,1,days,,2026-01-01,,,\n", "不认识这个单位" },
		{ "a,,1,day,,2026-01-01,,,\n", "都要写" },
		{ "a,b,1,day,\"x,2026-01-01,,,\n", "引号没有成对" },
		{ "a,b,1,day,,2026-01-01,,,\na,b,2,day,,2026-01-01,,,\n",
		  "已有一行" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(wrong); i++) {
		assert_null(load(wrong[i].rows));
		if (strstr(town_err.msg, wrong[i].says) == NULL ||
		    strncmp(town_err.msg, "rules/a.csv:", 12) != 0)
			fail_msg("%zu: %s", i, town_err.msg);
	}
}

/* Every rule that SQL and C ask for is there today. */
static void
test_shipped(void **state)
{
	static const struct {
		const char *name, *key;
	} asked[] = {
		{ "age", "left_behind" }, { "age", "difficulty" },
		{ "age", "never_alone" }, { "age", "school_from" },
		{ "age", "school_to" }, { "age", "school_senior_to" },
		{ "age", "rehab_to" }, { "age", "insured_to" },
		{ "visit", "high" }, { "visit", "key" },
		{ "visit", "ordinary" }, { "assessment", "good" },
		{ "assessment", "fair" }, { "assessment", "poor" },
		{ "assessment", "first" }, { "home", "children" },
		{ "home", "weekly" }, { "home", "family_education" },
		{ "training", "before_appointment" }, { "quality", "fresh" },
		{ "mandatory_report", "call" }, { "case", "warn" },
		{ "case", "urgent" }, { "case", "default" },
		{ "referral", "urgent" }, { "referral", "default" },
		{ "de_facto_case", "verify" }, { "orphan_case", "confirm" },
	};
	char *data = beside("../../data");
	struct rules *rs;
	size_t i;

	(void)state;
	OK(rules_load(&rs, data, ER));
	free(data);
	for (i = 0; i < COUNT_OF(asked); i++)
		if (rules_number(rs, asked[i].name, asked[i].key,
		    "2026-11-22", -1) < 0)
			fail_msg("%s %s", asked[i].name, asked[i].key);
	for (i = 0; i < rules_count(rs); i++)
		if (*rules_at(rs, i)->doc == '\0' &&
		    *rules_at(rs, i)->source == '\0')
			fail_msg("%s %s has no source", rules_at(rs, i)->name,
			    rules_at(rs, i)->key);
	rules_free(rs);
}

static void
test_case_due(void **state)
{
	static const struct {
		const char *sql, *due;
	} rows[] = {
		/* The latest need decides: 10 and 15 working days. */
		{ "case_due(';education;medical;', 'ordinary', NULL,"
		  " '2026-11-02', '2026-11-22')", "2026-11-23" },
		{ "case_due(';education;', 'urgent', NULL, '2026-11-02',"
		  " '2026-11-22')", "2026-11-03" },
		/* 15 working days in the town, 15 at the county. */
		{ "case_due(';living;', NULL, 'de_facto', '2026-11-02',"
		  " '2026-11-22')", "2026-12-14" },
		{ "case_due(NULL, NULL, NULL, '2026-11-02', '2026-11-22')",
		  "2026-11-23" },
	};
	char *data = beside("../../data"), *sql, *got;
	struct rules *rs;
	struct db *db;
	size_t i;

	(void)state;
	OK(rules_load(&rs, data, ER));
	OK(db_open(&db, "", DB_CREATE | DB_MEMORY, ER));
	assert_int_equal(rules_register(rs, db_handle(db)), 0);
	for (i = 0; i < COUNT_OF(rows); i++) {
		sql = xasprintf("SELECT %s", rows[i].sql);
		got = db_str(db, sql, "");
		assert_string_equal(got, rows[i].due);
		free(got);
		free(sql);
	}
	assert_null(db_str(db, "SELECT case_due(NULL, NULL, NULL, NULL,"
	    " '2026-11-22')", ""));
	assert_null(db_str(db, "SELECT rule('no', 'such', '2026-11-22')", ""));
	db_close(db);
	rules_free(rs);
	free(data);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_supersede),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_shipped),
		cmocka_unit_test(test_case_due),
	};
	char *data = beside("../../data");
	int rc;

	calendar_open(data);
	free(data);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	calendar_close();
	return rc;
}
