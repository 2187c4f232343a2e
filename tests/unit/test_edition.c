/* Packages of forms and policy data: which are taken, and what differs. */
#include "bundle_help.h"

#include <stdio.h>

#include "edition.h"
#include "mem.h"
#include "str.h"

#define HEAD "{\"format\":\"tj1e\",\"version\":2,\"county\":\"370323\"," \
    "\"county_name\":\"沂源县\",\"created\":\"2026-11-28 10:00:00\"," \
    "\"doc\":\"\",\"note\":\"\",\"effective\":\"\",\"files\":["
#define FILE_OF(path, text) "{\"path\":\"" path "\",\"text\":\"" text "\"}"

static int
parse(const char *text, struct edition *ed)
{
	struct err e = ERR_INIT;

	return edition_parse(ed, text, strlen(text), &e);
}

static void
test_what_is_taken(void **state)
{
	static const char *const bad[] = {
		"", "{", "[]", "{}",
		HEAD "]}",
		HEAD FILE_OF("../evil.form", "x") "]}",
		HEAD FILE_OF("/etc/evil.form", "x") "]}",
		HEAD FILE_OF("forms/../evil.form", "x") "]}",
		HEAD FILE_OF("forms/.form", "x") "]}",
		HEAD FILE_OF("forms/a/b.form", "x") "]}",
		HEAD FILE_OF("forms/a.form.sh", "x") "]}",
		HEAD FILE_OF("forms/A.form", "x") "]}",
		HEAD FILE_OF("data/codes/a.ini", "x") "]}",
		HEAD FILE_OF("data/calendar/other.csv", "x") "]}",
		HEAD FILE_OF("data/pinyin/pinyin.txt", "x") "]}",
		HEAD FILE_OF("keys/site.age", "x") "]}",
		HEAD FILE_OF("forms/a.form", "x") ","
		    FILE_OF("forms/a.form", "y") "]}",
		HEAD FILE_OF("forms/b.form", "x") ","
		    FILE_OF("forms/a.form", "y") "]}",
		HEAD FILE_OF("forms/a.form", "x\\u0000y") "]}",
		HEAD FILE_OF("forms/a.form", "\xff") "]}",
		HEAD "{\"path\":\"forms/a.form\"}]}",
		HEAD FILE_OF("forms/a.form", "x") "]} x",
		"{\"format\":\"tj1e\",\"version\":0,\"files\":[]}"
	};
	struct edition ed;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(bad); i++)
		if (parse(bad[i], &ed) != E_FORMAT)
			fail_msg("taken: %s", bad[i]);
	assert_int_equal(parse(HEAD FILE_OF("data/calendar/workdays.csv", "x")
	    "," FILE_OF("data/columns.csv", "x") ","
	    FILE_OF("data/divisions/villages/370323.csv", "x") ","
	    FILE_OF("forms/a_2.form", "[form]") "]}", &ed), 0);
	assert_int_equal(ed.version, 2);
	assert_int_equal(ed.n, 4);
	assert_string_equal(ed.county_name, "沂源县");
	edition_done(&ed);
}

static void
test_too_large(void **state)
{
	struct str s = STR_INIT;
	struct edition ed;
	size_t i;

	(void)state;
	str_add(&s, HEAD "{\"path\":\"forms/a.form\",\"text\":\"");
	for (i = 0; i < (1 << 20) + 1; i++)
		str_addc(&s, 'x');
	str_add(&s, "\"}]}");
	assert_int_equal(parse(s.buf, &ed), E_FORMAT);
	str_done(&s);
}

static void
test_words(void **state)
{
	struct str s = STR_INIT;
	struct edition a, b;

	(void)state;
	assert_int_equal(parse(HEAD
	    FILE_OF("data/codes/risk.csv",
	    "# 名称：风险等级\\nname,label\\nhigh,高\\nlow,低\\n") ","
	    FILE_OF("data/rules/visits.csv", "rule,key,value,unit,doc,"
	    "effective_from,effective_to,source,note\\n"
	    "visit,high,7,day,,2022-01-01,,,高风险\\n") ","
	    FILE_OF("forms/child.form", "[form]\\nname = child\\ntitle ="
	    " 儿童台账\\n\\n[name]\\nlabel = 姓名\\n") "]}", &a), 0);
	assert_int_equal(parse(HEAD
	    FILE_OF("data/codes/risk.csv",
	    "# 名称：风险等级\\nname,label\\nhigh,很高\\nmost,最高\\n") ","
	    FILE_OF("data/rules/visits.csv", "rule,key,value,unit,doc,"
	    "effective_from,effective_to,source,note\\n"
	    "visit,high,7,day,,2022-01-01,,,高风险\\n"
	    "visit,high,1,week,民发1号,2026-12-01,,,高风险\\n") ","
	    FILE_OF("forms/child.form", "# 说明\\n[form]\\nname = child\\n"
	    "title = 儿童台账\\n\\n[name]\\nlabel = 姓名\\nhint = 全名\\n\\n"
	    "[nick]\\nlabel = 小名\\n") "]}", &b), 0);
	edition_changes(&a, &b, &s);
	assert_string_equal(s.buf,
	    "代码 风险等级：新增 最高；改动 很高；去掉 低\n"
	    "规则 visits：新增 高风险 1周（民发1号） 2026-12-01起\n"
	    "表单 儿童台账：新增 小名；改动 姓名\n");
	str_clear(&s);
	edition_changes(&b, &b, &s);
	assert_int_equal(s.len, 0);
	edition_done(&a);
	edition_done(&b);
	str_done(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_taken),
		cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
