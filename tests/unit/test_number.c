/* Numbers, money, phones, yes and no, damage by spreadsheets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "mem.h"
#include "number.h"

static const struct {
	const char *in, *out;
} folds[] = {
	{ "", "" }, { "１２３", "123" }, { "ＡｂＣ！～", "AbC!~" },
	{ "　12　", "12" }, { "'123", "123" }, { "’123", "123" },
	{ " ' 123 ", "123" }, { "''1", "'1" }, { "1\u200B2\uFEFF3", "123" },
	{ "\u202A12\u202C", "12" }, { "1\u00A02", "1 2" }, { "a　b", "a b" },
	{ "2015－3—1", "2015-3-1" }, { "\u22125", "-5" }, { "12。", "12。" },
	{ "12\r\n", "12" }, { "中，文", "中,文" }, { "\xFF" "1", "\xFF" "1" }
};

static void
folding(void **state)
{
	struct str out = STR_INIT;
	char buf[4];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(folds); i++) {
		str_clear(&out);
		number_fold(&out, folds[i].in);
		assert_string_equal(out.buf, folds[i].out);
	}
	number_fold(&out, " '7");		/* appends */
	assert_string_equal(out.buf, "\xFF" "17");
	str_done(&out);
	assert_int_equal(number_fold_buf("１２３", buf, sizeof buf), 0);
	assert_string_equal(buf, "123");
	assert_int_equal(number_fold_buf("1234", buf, sizeof buf), -1);
	assert_string_equal(buf, "");
}

static const struct {
	const char *s;
	int rc;
	int64_t value;
	const char *words;
} integers[] = {
	{ "0", 0, 0, NULL }, { "12", 0, 12, NULL }, { "-3", 0, -3, NULL },
	{ "+3", 0, 3, NULL }, { "　１２ ", 0, 12, NULL }, { "007", 0, 7, NULL },
	{ "1,234", 0, 1234, NULL }, { "1，234，567", 0, 1234567, NULL },
	{ "12.0", 0, 12, NULL }, { "12.00", 0, 12, NULL },
	{ "'15", 0, 15, NULL },
	{ "999999999999999999", 0, 999999999999999999, NULL },
	{ "1000000000000000000", E_FORMAT, 0, "太大" },
	{ "000000000000000000000001", 0, 1, NULL },
	{ "", E_FORMAT, 0, "空" }, { "  ", E_FORMAT, 0, "空" },
	{ "12.5", E_FORMAT, 0, "整数" }, { ".0", E_FORMAT, 0, "整数" },
	{ "1,23", E_FORMAT, 0, "逗号" }, { "1234,567", E_FORMAT, 0, "逗号" },
	{ ",123", E_FORMAT, 0, "逗号" }, { "12.", E_FORMAT, 0, "小数点" },
	{ "1 2", E_FORMAT, 0, "不是数字" }, { "三", E_FORMAT, 0, "不是数字" },
	{ "12人", E_FORMAT, 0, "不是数字" }, { "0x10", E_FORMAT, 0, "不是数字" },
	{ "-", E_FORMAT, 0, "不是数字" }, { "--1", E_FORMAT, 0, "不是数字" },
	{ "1e3", E_FORMAT, 0, "科学记数" }, { "=1+1", E_FORMAT, 0, "不是数字" },
	{ "nan", E_FORMAT, 0, "不是数字" }, { "inf", E_FORMAT, 0, "不是数字" },
	{ "\033[2J", E_FORMAT, 0, "〓[2J" }, { "1\xFF", E_FORMAT, 0, "1〓" }
};

static void
whole_numbers(void **state)
{
	struct err e;
	int64_t v;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(integers); i++) {
		e = (struct err)ERR_INIT;
		v = 77;
		assert_int_equal(number_integer(integers[i].s, &v, &e),
		    integers[i].rc);
		if (integers[i].rc == 0)
			assert_int_equal(v, integers[i].value);
		else if (strstr(e.msg, integers[i].words) == NULL)
			fail_msg("%s: %s", integers[i].s, e.msg);
	}
}

static void
decimals(void **state)
{
	struct err e;
	double v;

	(void)state;
	assert_int_equal(number_decimal("１２．５", &v, &e), 0);
	assert_true(v == 12.5);
	assert_int_equal(number_decimal("-0.25", &v, &e), 0);
	assert_true(v == -0.25);
	assert_int_equal(number_decimal(".5", &v, &e), 0);
	assert_true(v == 0.5);
	assert_int_equal(number_decimal("1,234.5", &v, &e), 0);
	assert_true(v == 1234.5);
	assert_int_equal(number_decimal("0.000000000000000000001", &v, &e), 0);
	assert_int_equal(number_decimal("123456789012345", &v, &e), 0);
	assert_true(v == 123456789012345.0);
	assert_int_equal(number_decimal("1234567890123456", &v, &e), E_FORMAT);
	assert_int_equal(number_decimal("1.5e3", &v, &e), E_FORMAT);
	assert_int_equal(number_decimal("1.2.3", &v, &e), E_FORMAT);
	assert_int_equal(number_decimal("", &v, &e), E_FORMAT);
}

static const struct {
	const char *s;
	int rc;
	int64_t fen;
} sums[] = {
	{ "0", 0, 0 }, { "1234", 0, 123400 }, { "1234.5", 0, 123450 },
	{ "1,234.50", 0, 123450 }, { "￥1234.5", 0, 123450 },
	{ "¥ 12", 0, 1200 }, { "1234.56元", 0, 123456 }, { "12 元", 0, 1200 },
	{ "-3.01", 0, -301 }, { "0.1", 0, 10 }, { ".05", 0, 5 },
	{ "12.300", 0, 1230 }, { "　１２．３４　", 0, 1234 },
	{ "0.29", 0, 29 }, { "1.15", 0, 115 },	/* not 114 */
	{ "9999999999999", 0, 999999999999900 },
	{ "99999999999999", E_FORMAT, 0 }, { "12.345", E_FORMAT, 0 },
	{ "元", E_FORMAT, 0 }, { "￥", E_FORMAT, 0 }, { "", E_FORMAT, 0 },
	{ "12元5角", E_FORMAT, 0 }, { "1万", E_FORMAT, 0 },
	{ "1e5", E_FORMAT, 0 }
};

static void
money(void **state)
{
	char text[NUMBER_MONEY_SIZE];
	struct err e;
	int64_t v, back;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(sums); i++) {
		if (number_money(sums[i].s, &v, &e) != sums[i].rc)
			fail_msg("%s", sums[i].s);
		if (sums[i].rc != 0)
			continue;
		assert_int_equal(v, sums[i].fen);
		number_money_text(v, text);
		assert_int_equal(number_money(text, &back, &e), 0);
		assert_int_equal(back, v);
	}
	number_money_text(-5, text);
	assert_string_equal(text, "-0.05");
	number_money_text(INT64_MIN, text);
	assert_string_equal(text, "-92233720368547758.08");
}

static const struct {
	const char *s, *out;		/* NULL: refused */
	const char *words;
} phones[] = {
	{ "13853331234", "13853331234", NULL },
	{ "１３８ ５３３３ １２３４", "13853331234", NULL },
	{ "138-5333-1234", "13853331234", NULL },
	{ "'13853331234", "13853331234", NULL },
	{ "+86 13853331234", "13853331234", NULL },
	{ "008613853331234", "13853331234", NULL },
	{ "8613853331234", "13853331234", NULL },
	{ "\u202A13853331234\u202C", "13853331234", NULL },
	{ "19912345678", "19912345678", NULL },
	{ "0533-3221234", "0533-3221234", NULL },
	{ "05333221234", "0533-3221234", NULL },
	{ "（0533）3221234", "0533-3221234", NULL },
	{ "010-88881234", "010-88881234", NULL },
	{ "+86-10-88881234", NULL, "不对" },
	{ "+86-010-88881234", "010-88881234", NULL },
	{ "0533-3221234-801", "0533-3221234-801", NULL },
	{ "0533-3221234转801", "0533-3221234-801", NULL },
	{ "028－8666 1234", "028-86661234", NULL },
	{ "3221234", "3221234", NULL }, { "86661234", "86661234", NULL },
	{ "110", "110", NULL }, { "12345", "12345", NULL },
	{ "95588", "95588", NULL }, { "400-820-1234", "4008201234", NULL },
	{ "+852 9123 4567", "+85291234567", NULL },
	{ "", NULL, "空" }, { "1385333123", NULL, "10 位" },
	{ "138533312345", NULL, "12 位" }, { "12053331234", NULL, "开头" },
	{ "0533-322123", NULL, "区号" }, { "0", NULL, "区号" },
	{ "13853331234/13953331234", NULL, "一个" },
	{ "13853331234 13953331234", NULL, "22 位" },
	{ "无", NULL, "数字" }, { "-", NULL, "没有数字" },
	{ "1.38533E+10", NULL, "数字" }, { "1-2-3-4-5-6", NULL, "横线" },
	{ "+1", NULL, "境外" }, { "12345678", NULL, "8 位" },
	{ "99999999999999999999999999999999999999999999", NULL, "太长" },
	{ "0533-3221234-1234567", NULL, "区号" },
	{ "13853331234转1", NULL, "12 位" }
};

static void
telephones(void **state)
{
	char out[NUMBER_PHONE_SIZE];
	struct err e;
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < COUNT_OF(phones); i++) {
		e = (struct err)ERR_INIT;
		rc = number_phone(phones[i].s, out, &e);
		if (phones[i].out != NULL) {
			if (rc != 0)
				fail_msg("%s: %s", phones[i].s, e.msg);
			assert_string_equal(out, phones[i].out);
			continue;
		}
		assert_int_equal(rc, E_FORMAT);
		assert_string_equal(out, "");
		if (strstr(e.msg, phones[i].words) == NULL)
			fail_msg("%s: %s", phones[i].s, e.msg);
	}
}

static void
yes_and_no(void **state)
{
	static const char *const yes[] = { "是", "有", "1", "true", "TRUE",
	    "Ｙ", "y", "Yes", " 是　", "√", "'1" };
	static const char *const no[] = { "否", "无", "0", "False", "n", "NO",
	    "没有", "×", "０" };
	static const char *const none[] = { "", "2", "是否", "ye", "-1", "01",
	    "不详", "是\xFF" };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(yes); i++)
		assert_int_equal(number_yes(yes[i]), 1);
	for (i = 0; i < COUNT_OF(no); i++)
		assert_int_equal(number_yes(no[i]), 0);
	for (i = 0; i < COUNT_OF(none); i++)
		assert_int_equal(number_yes(none[i]), -1);
}

static void
damage(void **state)
{
	static const struct {
		const char *s;
		bool text, numeric;	/* found in a text, a numeric cell */
	} cases[] = {
		{ "3.70323E+17", true, true }, { "3.70323e17", true, true },
		{ "３．７０３２３Ｅ＋１７", true, true }, { "4E+17", true, true },
		{ "'3.70323E+17", true, true },
		{ "990323201603150000", true, true },
		{ "990323201603150122", false, false },
		{ "990323201603150", false, false },	/* 15 are exact */
		{ "6222021001116000", false, true },	/* a 16-digit card */
		{ "990323197501010000", true, true },
		{ "99032319750101100X", false, false },
		{ "1.5", false, false }, { "", false, false },
		{ "E17", false, false }, { "3E", false, false },
		{ "王小明", false, false }, { "3.7E+1a", false, false }
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		if ((number_damage(cases[i].s, false) != NULL) != cases[i].text)
			fail_msg("%s as text", cases[i].s);
		if ((number_damage(cases[i].s, true) != NULL) !=
		    cases[i].numeric)
			fail_msg("%s as a number", cases[i].s);
	}
	assert_non_null(strstr(number_damage("3.7E+17", false), "科学记数"));
	/* A real number may end in 000: its check character tells. */
	assert_null(number_damage("990323201603154000", false));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folding),
		cmocka_unit_test(whole_numbers),
		cmocka_unit_test(decimals),
		cmocka_unit_test(money),
		cmocka_unit_test(telephones),
		cmocka_unit_test(yes_and_no),
		cmocka_unit_test(damage)
	};

	return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
