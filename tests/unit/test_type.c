/* Every field type against right, wrong, empty, huge and hostile input. */
#include "form_help.h"

#include "idcard.h"
#include "type.h"

static struct forms *fs;

struct row {
	const char *in;
	const char *out;	/* stored value; NULL: empty */
	const char *says;	/* part of the refusal, or NULL */
};

static struct field
field_of(enum field_type type, const char *list)
{
	return (struct field){ .name = "x", .type = type, .list = list };
}

static void
run(const struct field *f, const struct row *rows, size_t n)
{
	struct err e = ERR_INIT;
	size_t i;
	char *out;
	int rc;

	for (i = 0; i < n; i++) {
		e.msg[0] = '\0';
		rc = type_parse(fs, f, rows[i].in, &out, &e);
		if (rows[i].says != NULL) {
			if (rc >= 0 || strstr(e.msg, rows[i].says) == NULL)
				fail_msg("%s “%s”: %d %s", type_of(f)->name,
				    rows[i].in, rc, e.msg);
			assert_null(out);
			continue;
		}
		if (rc < 0 || !str_eq(out, rows[i].out))
			fail_msg("%s “%s”: %s, not %s (%s)", type_of(f)->name,
			    rows[i].in, out == NULL ? "NULL" : out,
			    rows[i].out, e.msg);
		free(out);
	}
}

#define RUN(f, rows) run(&(f), (rows), COUNT_OF(rows))

/* What no type takes, and what is empty for all. */
static void
test_all(void **state)
{
	static const char *const hostile[] = {
		"\xff\xfe", "中\xe4\xb8", "a\033[31mb", "1\0012", "\x7f",
		"\u202e甲", "\xc2\x85",
	};
	static const char *const empty[] = {
		"", " ", "　", "\t", " 　\r\n",
	};
	struct str huge = STR_INIT;
	struct err e = ERR_INIT;
	size_t i, t;
	char *out;

	(void)state;
	while (huge.len < 300000)
		str_add(&huge, "九");
	for (t = 0; t < T_COUNT; t++) {
		struct field f = field_of((enum field_type)t,
		    t == T_DIVISION ? "town" : "colour");

		for (i = 0; i < COUNT_OF(hostile); i++) {
			e.msg[0] = '\0';
			if (type_parse(fs, &f, hostile[i], &out, &e) >= 0)
				fail_msg("%s took hostile %zu: %s",
				    type_of(&f)->name, i, out);
			assert_true(strlen(e.msg) > 0);
		}
		for (i = 0; i < COUNT_OF(empty); i++) {
			assert_int_equal(type_parse(fs, &f, empty[i], &out,
			    &e), 0);
			assert_null(out);
		}
		assert_true(type_parse(fs, &f, huge.buf, &out, &e) < 0);
		assert_int_equal(type_parse(fs, &f, NULL, &out, &e), 0);
	}
	str_done(&huge);
}

static void
test_text(void **state)
{
	static const struct row rows[] = {
		{ " 张 三 ", "张 三", NULL },
		{ "一二三四五六", NULL, "太长了：有6个字，最多5个字" },
		{ "一", NULL, "太短了：有1个字，至少要2个字" },
		{ "𠮷𠮷𠮷𠮷𠮷", "𠮷𠮷𠮷𠮷𠮷", NULL },
		{ "a\tb", NULL, "" }, { "a\nb", NULL, "" },
		{ "=1+1", "=1+1", NULL }, { "'; --", "'; --", NULL },
	};
	static const struct row names[] = {
		{ "张　三", "张三", NULL }, { "阿依•古丽", "阿依·古丽", NULL },
		{ "Anna Li", "Anna Li", NULL },
	};
	struct field f = field_of(T_TEXT, NULL);

	(void)state;
	f.min = 2;
	f.max = 5;
	f.has_min = f.has_max = true;
	RUN(f, rows);
	f = field_of(T_TEXT, NULL);
	f.name = "guardian_name";
	RUN(f, names);
}

static void
test_note(void **state)
{
	static const struct row rows[] = {
		{ "一\r\n二  \n", "一\n二", NULL },
		{ "\n\n  一\n\n二", "  一\n\n二", NULL },
		{ "一\t二", "一 二", NULL },
		{ "一二三四五六七八九十一", NULL, "最多10个字" },
	};
	struct field f = field_of(T_NOTE, NULL);

	(void)state;
	f.max = 10;
	f.has_max = true;
	RUN(f, rows);
}

static void
test_numbers(void **state)
{
	static const struct row integers[] = {
		{ "12", "12", NULL }, { "１２", "12", NULL },
		{ " -3 ", "-3", NULL }, { "1,234", NULL, "不能大于 100" },
		{ "-11", NULL, "不能小于 -10" }, { "12.5", NULL, "" },
		{ "十二", NULL, "" }, { "1e3", NULL, "" },
		{ "99999999999999999999", NULL, "" },
	};
	static const struct row decimals[] = {
		{ "3", "3.0", NULL }, { "3.50", "3.5", NULL },
		{ "-0", "0.0", NULL }, { "０．２５", "0.25", NULL },
		{ "1/2", NULL, "" }, { "nan", NULL, "" },
	};
	static const struct row moneys[] = {
		{ "1,234.50", "123450", NULL }, { "￥12", "1200", NULL },
		{ "0.01元", "1", NULL }, { "1.005", NULL, "" },
		{ "一百", NULL, "" },
	};
	struct field f = field_of(T_INTEGER, NULL);

	(void)state;
	f.min = -10;
	f.max = 100;
	f.has_min = f.has_max = true;
	RUN(f, integers);
	f = field_of(T_DECIMAL, NULL);
	RUN(f, decimals);
	f = field_of(T_MONEY, NULL);
	RUN(f, moneys);
}

static void
test_times(void **state)
{
	static const struct row dates[] = {
		{ "2015-3-1", "2015-03-01", NULL },
		{ "2015/03/01", "2015-03-01", NULL },
		{ "20150301", "2015-03-01", NULL },
		{ "2015年3月1日", "2015-03-01", NULL },
		{ "'2015-03-01", "2015-03-01", NULL },
		{ "2015-02-29", NULL, "" }, { "15-3-1", NULL, "" },
		{ "42064", NULL, "" },
	};
	static const struct row moments[] = {
		{ "2026-11-22 14:05", "2026-11-22 14:05", NULL },
		{ "2026-11-22 25:00", NULL, "" },
	};
	static const struct row times[] = {
		{ "9:05", "09:05", NULL }, { "1405", "14:05", NULL },
		{ "24:30", NULL, "" },
	};
	struct field f = field_of(T_DATE, NULL);

	(void)state;
	RUN(f, dates);
	f = field_of(T_DATETIME, NULL);
	RUN(f, moments);
	f = field_of(T_TIME, NULL);
	RUN(f, times);
}

static void
test_selects(void **state)
{
	static const struct row ones[] = {
		{ "red", "red", NULL }, { "红", "red", NULL },
		{ " 红 ", "red", NULL }, { "ＲＥＤ", "red", NULL },
		{ "朱", "red", NULL }, { "青、碧", "green_blue", NULL },
		{ "黄", NULL, "“黄”不在“颜色”的选项里，可填：红、蓝、青、碧" },
		{ "red;blue", NULL, "不在" },
	};
	static const struct row yes[] = {
		{ "是", "yes", NULL }, { "否", "no", NULL },
		{ "1", "yes", NULL }, { "０", "no", NULL },
		{ "true", "yes", NULL }, { "FALSE", "no", NULL },
		{ "也许", NULL, "可填：是、否" },
	};
	static const struct row many[] = {
		{ "blue;red", ";red;blue;", NULL },
		{ "蓝、红", ";red;blue;", NULL },
		{ "红；蓝；", ";red;blue;", NULL },
		{ ";red;blue;", ";red;blue;", NULL },
		{ "青、碧", ";green_blue;", NULL },
		{ "红、青、碧", ";red;green_blue;", NULL },
		{ "青、碧、红", ";red;green_blue;", NULL },
		{ "红;红", ";red;", NULL }, { ";;", NULL, NULL },
		{ "红、黄", NULL, "“黄”不在" }, { "、红、", ";red;", NULL },
		{ "红 、 蓝 ;", ";red;blue;", NULL },
		{ "黄、红", NULL, "“黄”不在" },
	};
	struct field f = field_of(T_SELECT_ONE, "colour");

	(void)state;
	RUN(f, ones);
	f = field_of(T_SELECT_ONE, "yes_no");
	RUN(f, yes);
	f = field_of(T_SELECT_MULTIPLE, "colour");
	RUN(f, many);
}

static void
test_keys(void **state)
{
	static const struct row refs[] = {
		{ "0193a5c0-0000-7000-8000-000000000001",
		    "0193a5c0-0000-7000-8000-000000000001", NULL },
		{ "张三", NULL, "不是记录的编号" },
	};
	static const struct row towns[] = {
		{ "370323104", "370323104", NULL },
		{ "370323104000", "370323104", NULL },
		{ "３７０３２３１０４", "370323104", NULL },
		{ "370323", NULL, "应为9位数字" },
		{ "370323104201", NULL, "应为9位数字" },
		{ "悦庄镇", "370323104", NULL },
		{ "山东省悦庄镇", "370323104", NULL },
		{ "广东省悦庄镇", NULL, "没有这个名称" },
		{ "城关镇", NULL, "请在前面写上省名" },
		{ "037032310", NULL, "" },
	};
	static const struct row counties[] = {
		{ "沂源县", "370323", NULL },
		{ "山东省沂源县", "370323", NULL },
		{ "370323", "370323", NULL },
		{ "370323104", NULL, "应为6位数字" },
		{ "鼓楼区", NULL, "全国有" },
		{ "江苏省南京市鼓楼区", "320106", NULL },
	};
	static const struct row ids[] = {
		{ "11010519491231002x", "11010519491231002X", NULL },
		{ "'１１０１０５ 19491231 002X", "11010519491231002X", NULL },
		{ "3.70323E+17", NULL, "" },
		{ "110105194912310020000", NULL, "最多18位" },
		{ "一一〇", NULL, "只能是数字和字母" },
	};
	static const struct row phones[] = {
		{ "138 0013 8000", "13800138000", NULL },
		{ "+86 13800138000", "13800138000", NULL },
		{ "0533-3241234", "0533-3241234", NULL },
		{ "1.38E+10", NULL, "" }, { "12", NULL, "" },
	};
	static const struct row serials[] = {
		{ " SL2026-0001 ", "SL2026-0001", NULL },
		{ "ＳＬ２０２６", "SL2026", NULL },
	};
	struct field f = field_of(T_REF, "child");

	(void)state;
	RUN(f, refs);
	f = field_of(T_DIVISION, "town");
	RUN(f, towns);
	f = field_of(T_DIVISION, "county");
	RUN(f, counties);
	f = field_of(T_ID_CARD, NULL);
	RUN(f, ids);
	f = field_of(T_PHONE, NULL);
	RUN(f, phones);
	f = field_of(T_SERIAL, "SL{year}-{seq4}");
	RUN(f, serials);
}

static void
test_show(void **state)
{
	static const struct {
		enum field_type type;
		const char *list, *value, *shown, *masked;
	} rows[] = {
		{ T_SELECT_ONE, "colour", "red", "红", "红" },
		{ T_SELECT_ONE, "colour", "old", "old", "old" },
		{ T_SELECT_MULTIPLE, "colour", ";red;blue;", "红、蓝",
		    "红、蓝" },
		{ T_MONEY, NULL, "123450", "1234.50", "1234.50" },
		{ T_DECIMAL, NULL, "3.0", "3", "3" },
		{ T_DECIMAL, NULL, "3.25", "3.25", "3.25" },
		{ T_DATE, NULL, "2015-03-01", "2015-03-01", "2015-03-01" },
		{ T_ID_CARD, NULL, "11010519491231002X",
		    "11010519491231002X", "110105********002X" },
		{ T_PHONE, NULL, "13800138000", "13800138000",
		    "138****8000" },
		{ T_DIVISION, "county", "370323", "山东省沂源县",
		    "山东省沂源县" },
		{ T_DIVISION, "county", "999999", "999999", "999999" },
		{ T_TEXT, NULL, NULL, "", "" },
	};
	struct str s = STR_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(rows); i++) {
		struct field f = field_of(rows[i].type, rows[i].list);

		str_clear(&s);
		type_show(fs, &f, rows[i].value, false, &s);
		assert_string_equal(s.buf, rows[i].shown);
		str_clear(&s);
		type_show(fs, &f, rows[i].value, true, &s);
		assert_string_equal(s.buf, rows[i].masked);
	}
	str_done(&s);
}

static void
test_table(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < T_COUNT; i++) {
		struct field f = field_of((enum field_type)i, NULL);
		const struct type *t = type_of(&f);

		assert_ptr_equal(type_by_name(t->name), t);
		assert_int_equal(type_number(t), i);
		assert_true(strchr("tir", t->affinity) != NULL);
	}
	assert_null(type_by_name("group"));
	assert_string_equal(type_nearest("select_on"), "select_one");
	assert_null(type_nearest("qqqqqqqqqq"));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_note),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_selects),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_show),
		cmocka_unit_test(test_table),
	};
	char *dir = beside("../form"), *data = beside("../form/data");
	struct err e = ERR_INIT;
	int rc;

	if (forms_open(&fs, NULL, dir, data, &e) < 0)
		return 1;
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	forms_close(fs);
	free(dir);
	free(data);
	return rc;
}
