/* The spans policy counts by, at their edges. */
#include "form_help.h"

#include "period.h"

static void
test_edges(void **state)
{
	static const struct {
		enum period_kind kind;
		const char *on, *from, *to, *label;
	} rows[] = {
		{ PERIOD_WEEK, "2026-11-22", "2026-11-16", "2026-11-22",
		  "2026-W47" },
		{ PERIOD_WEEK, "2026-11-23", "2026-11-23", "2026-11-29",
		  "2026-W48" },
		/* The week of Thursday 2026-01-01 begins in December. */
		{ PERIOD_WEEK, "2025-12-29", "2025-12-29", "2026-01-04",
		  "2026-W01" },
		{ PERIOD_WEEK, "2027-01-01", "2026-12-28", "2027-01-03",
		  "2026-W53" },
		{ PERIOD_MONTH, "2024-02-29", "2024-02-01", "2024-02-29",
		  "2024-02" },
		{ PERIOD_MONTH, "2026-12-31", "2026-12-01", "2026-12-31",
		  "2026-12" },
		{ PERIOD_QUARTER, "2026-09-30", "2026-07-01", "2026-09-30",
		  "2026Q3" },
		{ PERIOD_QUARTER, "2026-10-01", "2026-10-01", "2026-12-31",
		  "2026Q4" },
		{ PERIOD_HALF, "2026-06-30", "2026-01-01", "2026-06-30",
		  "2026H1" },
		{ PERIOD_HALF, "2026-07-01", "2026-07-01", "2026-12-31",
		  "2026H2" },
		{ PERIOD_YEAR, "2026-06-30", "2026-01-01", "2026-12-31",
		  "2026" },
		{ PERIOD_TWO_YEARS, "2028-02-29", "2026-03-01", "2028-02-29",
		  "2027-2028" },
		{ PERIOD_AS_OF, "2026-11-22", "0001-01-01", "2026-11-22",
		  "2026-11-22" },
	};
	struct period p;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(rows); i++) {
		period_of(&p, rows[i].kind, rows[i].on);
		if (strcmp(p.from, rows[i].from) != 0 ||
		    strcmp(p.to, rows[i].to) != 0 ||
		    strcmp(p.label, rows[i].label) != 0)
			fail_msg("%s %s: %s %s %s", rows[i].on,
			    period_name(rows[i].kind), p.from, p.to, p.label);
	}
}

/* The month closes on the 25th: reports follow, plans' half-years do not. */
static void
test_closing(void **state)
{
	static const struct {
		enum period_kind kind;
		const char *on, *from, *to, *label;
	} rows[] = {
		{ PERIOD_MONTH, "2026-11-25", "2026-10-26", "2026-11-25",
		  "2026-11" },
		{ PERIOD_MONTH, "2026-11-26", "2026-11-26", "2026-12-25",
		  "2026-12" },
		{ PERIOD_MONTH, "2026-12-31", "2026-12-26", "2027-01-25",
		  "2027-01" },
		{ PERIOD_QUARTER, "2026-09-26", "2026-09-26", "2026-12-25",
		  "2026Q4" },
		{ PERIOD_HALF, "2026-06-25", "2025-12-26", "2026-06-25",
		  "2026H1" },
		{ PERIOD_HALF, "2026-06-26", "2026-06-26", "2026-12-25",
		  "2026H2" },
		{ PERIOD_YEAR, "2025-12-26", "2025-12-26", "2026-12-25",
		  "2026" },
		{ PERIOD_AS_OF, "2026-11-26", "0001-01-01", "2026-11-26",
		  "2026-11-26" },
	};
	struct period p, before;
	size_t i;

	(void)state;
	period_set_closing(25);
	for (i = 0; i < COUNT_OF(rows); i++) {
		period_closed(&p, rows[i].kind, rows[i].on);
		if (strcmp(p.from, rows[i].from) != 0 ||
		    strcmp(p.to, rows[i].to) != 0 ||
		    strcmp(p.label, rows[i].label) != 0)
			fail_msg("%s %s: %s %s %s", rows[i].on,
			    period_name(rows[i].kind), p.from, p.to, p.label);
	}
	period_closed(&p, PERIOD_MONTH, "2026-01-03");
	period_before(&before, &p);
	assert_string_equal(before.from, "2025-11-26");
	assert_string_equal(before.label, "2025-12");
	period_span(&p, PERIOD_MONTH, "2026-11-26");
	assert_string_equal(p.label, "2026-12");
	period_span(&p, PERIOD_HALF, "2026-06-30");
	assert_string_equal(p.to, "2026-06-30");
	period_of(&p, PERIOD_MONTH, "2026-11-26");
	assert_string_equal(p.to, "2026-11-30");
	assert_int_equal(period_parse(&p, "2026-11", NULL), 0);
	assert_string_equal(p.to, "2026-11-25");
	assert_int_equal(period_parse(&p, "2026", NULL), 0);
	assert_string_equal(p.from, "2025-12-26");
	period_set_closing(29);
	assert_int_equal(period_closing(), 0);
}

static void
test_before(void **state)
{
	static const struct {
		enum period_kind kind;
		const char *on, *label;
	} rows[] = {
		{ PERIOD_MONTH, "2026-01-15", "2025-12" },
		{ PERIOD_QUARTER, "2026-02-01", "2025Q4" },
		{ PERIOD_HALF, "2026-07-01", "2026H1" },
		{ PERIOD_YEAR, "2026-07-01", "2025" },
		{ PERIOD_AS_OF, "2026-03-15", "2026-02-28" },
	};
	struct period p, before;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(rows); i++) {
		period_of(&p, rows[i].kind, rows[i].on);
		period_before(&before, &p);
		assert_string_equal(before.label, rows[i].label);
	}
}

static void
test_words(void **state)
{
	static const char *const wrong[] = { "", "26", "2026-13", "2026Q5",
	    "2026H3", "2026H0", "2026-02-30", "2026x1", "abcd" };
	struct period p;
	size_t i;

	(void)state;
	OK(period_parse(&p, "2026H2", ER));
	assert_string_equal(p.from, "2026-07-01");
	OK(period_parse(&p, "2026Q3", ER));
	assert_string_equal(p.to, "2026-09-30");
	OK(period_parse(&p, "2026-11", ER));
	assert_string_equal(p.words, "2026年11月");
	OK(period_parse(&p, "2026", ER));
	assert_int_equal(p.kind, PERIOD_YEAR);
	OK(period_parse(&p, "2026-11-22", ER));
	assert_int_equal(p.kind, PERIOD_AS_OF);
	for (i = 0; i < COUNT_OF(wrong); i++)
		if (period_parse(&p, wrong[i], ER) != E_USAGE)
			fail_msg("%s", wrong[i]);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_closing),
		cmocka_unit_test(test_before),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
