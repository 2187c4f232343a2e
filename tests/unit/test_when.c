/* Dates and times as people write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "date.h"
#include "mem.h"
#include "when.h"

static const struct {
	const char *s, *out;		/* NULL: refused */
	const char *words;
} dates[] = {
	{ "2015-3-1", "2015-03-01", NULL }, { "2015-03-01", "2015-03-01", NULL },
	{ "2015/03/01", "2015-03-01", NULL }, { "2015/3/1", "2015-03-01", NULL },
	{ "2015.3.1", "2015-03-01", NULL }, { "20150301", "2015-03-01", NULL },
	{ "2015年3月1日", "2015-03-01", NULL },
	{ "2015年03月01号", "2015-03-01", NULL },
	{ "2015 年 3 月 1 日", "2015-03-01", NULL },
	{ "２０１５年３月１日", "2015-03-01", NULL },
	{ "２０１５－３－１", "2015-03-01", NULL },
	{ "２０１５．３．１", "2015-03-01", NULL },
	{ "'2015-3-1", "2015-03-01", NULL }, { "　2015-3-1 ", "2015-03-01", NULL },
	{ "2015/3/1 0:00:00", "2015-03-01", NULL },
	{ "2015-03-01T00:00:00", "2015-03-01", NULL },
	{ "2015年3月1日 0:00", "2015-03-01", NULL },
	{ "2016-02-29", "2016-02-29", NULL },
	{ "1900-01-01", "1900-01-01", NULL }, { "2100-12-31", "2100-12-31", NULL },
	{ "", NULL, "空" }, { "2015-02-29", NULL, "不存在" },
	{ "2015-13-1", NULL, "不存在" }, { "2015-0-1", NULL, "不存在" },
	{ "20151301", NULL, "不存在" }, { "1899-12-31", NULL, "年份" },
	{ "2101-1-1", NULL, "年份" }, { "0015-3-1", NULL, "年份" },
	{ "15-3-1", NULL, "四位" }, { "15年3月1日", NULL, "四位" },
	{ "1/3/2015", NULL, "四位" }, { "03/01/15", NULL, "四位" },
	{ "42064", NULL, "序号" }, { "2015-3", NULL, "不完整" },
	{ "2015年3月", NULL, "不完整" }, { "2015", NULL, "不完整" },
	{ "201503", NULL, "不完整" }, { "2015-3/1", NULL, "不是日期" },
	{ "2015-3-1 14:05", NULL, "多了" }, { "2015-3-1x", NULL, "多了" },
	{ "2015-3-10:00", NULL, "多了" }, { "2015-3-001", NULL, "不是日期" },
	{ "去年", NULL, "不是日期" }, { "2015年3月1", NULL, "不是日期" },
	{ "2015-3-1;DROP", NULL, "多了" }, { "2.01503E+07", NULL, "四位" },
	{ "\033]0;x\a", NULL, "〓" },
	{ "2015-03-01                                                  "
	    "                                  x", NULL, "太长" }
};

static const struct {
	const char *s, *out;
} times[] = {
	{ "14:05", "14:05" }, { "9:05", "09:05" }, { "1405", "14:05" },
	{ "0905", "09:05" }, { "14：05", "14:05" }, { "１４：０５", "14:05" },
	{ "14:05:59", "14:05" }, { "14时5分", "14:05" }, { "14点05分", "14:05" },
	{ "14点05", "14:05" }, { "14点", "14:00" }, { "14点整", "14:00" },
	{ "0:00", "00:00" }, { "23:59", "23:59" }, { " 14 : 05 ", "14:05" },
	{ "24:00", NULL }, { "14:60", NULL }, { "2460", NULL }, { "14:5", NULL },
	{ "14:005", NULL }, { "145", NULL }, { "14", NULL }, { "", NULL },
	{ "下午2点", NULL }, { "14:05x", NULL }, { "14:05:", NULL },
	{ "14.05", NULL }, { "-1:00", NULL }, { "14点5分钟", NULL }
};

static const struct {
	const char *s, *out;
} moments[] = {
	{ "2026-11-22 14:05", "2026-11-22 14:05" },
	{ "2026/11/22 9:05:30", "2026-11-22 09:05" },
	{ "2026-11-22T14:05", "2026-11-22 14:05" },
	{ "2026年11月22日14时5分", "2026-11-22 14:05" },
	{ "2026年11月22日 14:05", "2026-11-22 14:05" },
	{ "20261122 1405", "2026-11-22 14:05" },
	{ "202611221405", "2026-11-22 14:05" }, { "202611221465", NULL },
	{ "２０２６－１１－２２　１４：０５", "2026-11-22 14:05" },
	{ "2026-11-22", NULL }, { "14:05", NULL }, { "2026-11-2214:05", NULL },
	{ "2026-11-22 25:00", NULL }, { "2026-02-30 10:00", NULL },
	{ "2026-11-22 14:05 x", NULL }, { "", NULL }, { "26-11-22 14:05", NULL }
};

static const struct {
	const char *s, *out;
} months[] = {
	{ "2015-03", "2015-03" }, { "2015-3", "2015-03" },
	{ "2015/3", "2015-03" }, { "2015.3", "2015-03" },
	{ "201503", "2015-03" }, { "2015年3月", "2015-03" },
	{ "２０１５年１２月", "2015-12" },
	{ "2015-13", NULL }, { "2015-0", NULL }, { "15-03", NULL },
	{ "2015", NULL }, { "2015-3-1", NULL }, { "201513", NULL },
	{ "2015年3", NULL }, { "", NULL }, { "1899-03", NULL }
};

static void
days(void **state)
{
	char out[DATE_SIZE];
	struct err e;
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < COUNT_OF(dates); i++) {
		e = (struct err)ERR_INIT;
		rc = when_date(dates[i].s, out, &e);
		if (dates[i].out != NULL) {
			if (rc != 0)
				fail_msg("%s: %s", dates[i].s, e.msg);
			assert_string_equal(out, dates[i].out);
			continue;
		}
		assert_int_equal(rc, E_FORMAT);
		assert_string_equal(out, "");
		if (strstr(e.msg, dates[i].words) == NULL)
			fail_msg("%s: %s", dates[i].s, e.msg);
	}
}

#define RUN(table, function, size) do {					\
	char out[size];							\
	struct err e;							\
	size_t i;							\
									\
	for (i = 0; i < COUNT_OF(table); i++) {				\
		int rc = function(table[i].s, out, &e);			\
									\
		if ((rc == 0) != (table[i].out != NULL))		\
			fail_msg("%s: %d", table[i].s, rc);		\
		assert_string_equal(out, rc == 0 ? table[i].out : "");	\
		if (rc != 0)						\
			assert_true(rc == E_FORMAT && e.msg[0] != '\0'); \
	}								\
} while (0)

static void
clock_times(void **state)
{
	(void)state;
	RUN(times, when_time, WHEN_TIME_SIZE);
}

static void
both(void **state)
{
	(void)state;
	RUN(moments, when_moment, WHEN_SIZE);
}

static void
only_months(void **state)
{
	(void)state;
	RUN(months, when_month, 8);
}

/* Days counted on; at the end of the calendar no date comes round again. */
static void
counted(void **state)
{
	static const struct {
		const char *from;
		int32_t days;
		const char *to;
	} rows[] = {
		{ "2026-11-22", 9, "2026-12-01" },
		{ "2024-02-28", 1, "2024-02-29" },
		{ "2023-12-31", 1, "2024-01-01" },
		{ "2024-03-01", -1, "2024-02-29" },
		{ "0009-01-09", 1, "0009-01-10" },
		{ "9999-12-31", 366, NULL },
	};
	char out[DATE_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(rows); i++) {
		date_add(rows[i].from, rows[i].days, out);
		if (rows[i].to == NULL)
			assert_true(strncmp(out, "9999-", 5) == 0);
		else
			assert_string_equal(out, rows[i].to);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days),
		cmocka_unit_test(clock_times),
		cmocka_unit_test(both),
		cmocka_unit_test(only_months),
		cmocka_unit_test(counted)
	};

	return cmocka_run_group_tests_name("when", tests, NULL, NULL);
}
