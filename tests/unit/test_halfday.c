/* Half-days of one person: what the fields say, marks and late arrivals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "halfday.h"

static struct halfdays
read(struct halfday_text t)
{
	struct halfdays h;

	halfdays_read(&h, &t);
	return h;
}

static void
test_read(void **state)
{
	struct halfdays h;

	(void)state;
	h = read((struct halfday_text){ .sessions = ";1;2;" });
	assert_int_equal(h.came, 0);	/* not present */
	h = read((struct halfday_text){ .present = "yes" });
	assert_int_equal(h.came, 1);
	h = read((struct halfday_text){ .present = "yes",
	    .sessions = ";1;10;", .late = ";2;10;", .early = ";1;",
	    .times = "第1场 2026-03-20 08:25；第10场 2026-03-24 13:58" });
	assert_int_equal(h.came, 1 | 1 << 9);
	assert_int_equal(h.late, 1 << 9);	/* not where she was not */
	assert_int_equal(h.early, 1);
	assert_string_equal(h.at[0], "2026-03-20 08:25");
	assert_string_equal(h.at[9], "2026-03-24 13:58");
	assert_string_equal(h.at[1], "");
	/* of other makers: cut short, no such half-day */
	h = read((struct halfday_text){ .present = "yes",
	    .times = "第1场 2026；第11场 2026-03-20 08:25；第" });
	assert_string_equal(h.at[0], "");
}

/* Rows that know only `punctuality` and the first time. */
static void
test_read_old(void **state)
{
	struct halfdays h;

	(void)state;
	h = read((struct halfday_text){ .present = "yes",
	    .sessions = ";2;3;", .punctuality = "both",
	    .signed_at = "2026-03-20 14:00" });
	assert_int_equal(h.late, 2);
	assert_int_equal(h.early, 4);
	assert_string_equal(h.at[1], "2026-03-20 14:00");
	assert_string_equal(halfday_punctual(&h, 1), "late");
	assert_string_equal(halfday_punctual(&h, 2), "early");
	assert_string_equal(halfdays_punctual(&h), "both");
	h = read((struct halfday_text){ .present = "yes",
	    .punctuality = "on_time" });
	assert_string_equal(halfdays_punctual(&h), "on_time");
}

static void
test_mark(void **state)
{
	struct halfdays h = { .came = 0 };

	(void)state;
	halfday_mark(&h, 1, true, "2026-03-20 14:05");
	halfday_set(&h, 1, "late");
	halfday_mark(&h, 0, true, NULL);
	assert_int_equal(halfdays_count(&h), 2);
	assert_string_equal(halfday_punctual(&h, 0), "on_time");
	assert_string_equal(halfday_punctual(&h, 1), "late");
	assert_string_equal(halfdays_punctual(&h), "late");
	/* once more keeps the first time */
	halfday_mark(&h, 1, true, "2026-03-20 15:00");
	assert_string_equal(h.at[1], "2026-03-20 14:05");
	halfday_mark(&h, 1, false, NULL);
	assert_int_equal(h.came, 1);
	assert_string_equal(h.at[1], "");
	assert_string_equal(halfdays_punctual(&h), "on_time");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_read_old),
		cmocka_unit_test(test_mark),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
