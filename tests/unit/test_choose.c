/* A digit in a choice field means the row that shows that digit. */
#include "site_help.h"

#include "choose.h"

static void
test_digits(void **state)
{
	static const struct {
		const char *form, *field;
		int digit;
		const char *name;	/* NULL: it looks for the digit */
		const char *hint;	/* how the hint line begins */
	} cases[] = {
		/* all codes are one digit: the code */
		{ "child", "sex", 2, "2", "1男  2女  0未知" },
		/* a short list and a long one: the row */
		{ "child", "risk", 2, "key", "1高风险" },
		{ "child", "left_reason", 3, NULL, "1" },
		{ "activity", "kind", 4, NULL, "1" },
		/* numbers of several digits, some rows without: the code */
		{ "child", "guardian_relation", 5, NULL, "51父亲  52母亲" },
		{ "child", "ethnicity", 1, NULL, "01汉" },
		/* 1 to 13: the code is the row */
		{ "mandatory_report", "situation", 4, "4", "1" },
		/* labels begin with digits: 12345热线 is typed, not row 1 */
		{ "case", "source", 1, NULL, "来访  村报  12345热线" },
	};
	const struct form *f;
	const struct code *k;
	struct choices ch;
	struct record *r;
	struct str hint = STR_INIT;
	size_t i, at;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		f = forms_get(site.fs, cases[i].form, &err);
		assert_non_null(f);
		r = record_new(site.fs, f, &err);
		ok(choices_open(&ch, r, form_field(f, cases[i].field), &err));
		k = choices_digit(&ch, cases[i].digit);
		at = (size_t)cases[i].digit - 1;
		if (!ch.by_name && !ch.numbered && !ch.spelt)
			assert_ptr_equal(k, &ch.codes->rows[at]);
		else if (cases[i].name == NULL)
			assert_null(k);
		if (cases[i].name != NULL)
			assert_string_equal(k->name, cases[i].name);
		str_clear(&hint);
		choices_hint(&ch, &hint);
		if (!str_starts(hint.buf, cases[i].hint))
			fail_msg("%s: %s", cases[i].field, hint.buf);
		choices_done(&ch);
		record_free(r);
	}
	str_done(&hint);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_digits, site_setup,
		    site_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
