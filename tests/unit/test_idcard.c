/* Identity numbers.  Those here belong to nobody: area 99, which does not
 * exist, or made up to the published patterns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "idcard.h"
#include "mem.h"

static const struct {
	const char *text;
	enum id_defect defect;
	enum id_kind kind;
	const char *number, *birth, *area;
	char sex;
	const char *words;		/* in the sentence of a defect */
} cases[] = {
	{ "99032320160315019X", ID_OK, ID_CITIZEN, "99032320160315019X",
	    "2016-03-15", "990323", '1', NULL },
	{ "990323201603150122", ID_OK, ID_CITIZEN, "990323201603150122",
	    "2016-03-15", "990323", '2', NULL },
	{ "990323200809010446", ID_OK, ID_CITIZEN, "990323200809010446",
	    "2008-09-01", "990323", '2', NULL },
	{ "99032320181231068x", ID_OK, ID_CITIZEN, "99032320181231068X",
	    "2018-12-31", "990323", '2', NULL },
	{ "11010519491231002X", ID_OK, ID_CITIZEN, "11010519491231002X",
	    "1949-12-31", "110105", '2', NULL },
	{ "'９９０３２３２０１６０３１５０１９ｘ", ID_OK, ID_CITIZEN,
	    "99032320160315019X", "2016-03-15", "990323", '1', NULL },
	{ "  990323 20160315 019X　", ID_OK, ID_CITIZEN, "99032320160315019X",
	    "2016-03-15", "990323", '1', NULL },
	{ "\u200E990323-20160315-019X\u202C", ID_OK, ID_CITIZEN,
	    "99032320160315019X", "2016-03-15", "990323", '1', NULL },
	{ "990323202002290016", ID_CHECK, ID_CITIZEN, "990323202002290016",
	    "2020-02-29", "990323", '1', "校验位" },
	{ "990323201902290016", ID_BIRTH, ID_CITIZEN, "990323201902290016",
	    "", "990323", 0, "2019 年 02 月 29 日" },
	{ "990323201613150122", ID_BIRTH, ID_CITIZEN, "990323201613150122",
	    "", "990323", 0, "13 月" },
	{ "990323201603150121", ID_CHECK, ID_CITIZEN, "990323201603150121",
	    "2016-03-15", "990323", '2', "校验位" },
	{ "990323201603510122", ID_BIRTH, ID_CITIZEN, "990323201603510122",
	    "", "990323", 0, "51 日" },
	{ "", ID_EMPTY, ID_UNKNOWN, "", "", "", 0, "空" },
	{ " 　'", ID_EMPTY, ID_UNKNOWN, "", "", "", 0, "空" },
	{ "99032320160315012", ID_LENGTH, ID_UNKNOWN, "99032320160315012", "",
	    "", 0, "17 位" },
	{ "9903232016031501222", ID_LENGTH, ID_UNKNOWN, "", "", "", 0, "太长" },
	{ "无", ID_LENGTH, ID_UNKNOWN, "无", "", "", 0, "1 位" },
	{ "9903232016O3150122", ID_CHARS, ID_UNKNOWN, "9903232016O3150122", "",
	    "", 0, "数字" },
	{ "99032320160315X122", ID_CHARS, ID_UNKNOWN, "99032320160315X122", "",
	    "", 0, "X" },
	{ "99032320160315012一", ID_LENGTH, ID_UNKNOWN, "", "", "", 0, "太长" },
	{ "3.70323E+17", ID_LENGTH, ID_UNKNOWN, "3.70323E+17", "", "", 0,
	    "11 位" },
	/* Residents of Hong Kong, Macao, Taiwan. */
	{ "810000199408230021", ID_OK, ID_HMT, "810000199408230021",
	    "1994-08-23", "810000", '2', NULL },
	{ "830000199201300022", ID_OK, ID_HMT, "830000199201300022",
	    "1992-01-30", "830000", '2', NULL },
	/* Foreigners: 9, province, country code, birth, sequence, check. */
	{ "937840199001010009", ID_OK, ID_FOREIGN, "937840199001010009",
	    "1990-01-01", "937840", '2', NULL },
	{ "937840199001010007", ID_CHECK, ID_FOREIGN, "937840199001010007",
	    "1990-01-01", "937840", '2', "校验位" },
	{ "CHN370390010112", ID_OK, ID_FOREIGN_OLD, "CHN370390010112", "", "",
	    0, NULL },
	{ "usa１１００００0229１２", ID_OK, ID_FOREIGN_OLD, "USA110000022912", "",
	    "", 0, NULL },
	{ "USA110090023012", ID_BIRTH, ID_FOREIGN_OLD, "USA110090023012", "",
	    "", 0, "出生日期" },
	{ "US1110090022012", ID_CHARS, ID_UNKNOWN, "US1110090022012", "", "",
	    0, "数字" },
	/* Fifteen digits. */
	{ "990323750101011", ID_OK, ID_OLD15, "990323750101011", "1975-01-01",
	    "990323", '1', NULL },
	{ "990323751301012", ID_BIRTH, ID_OLD15, "990323751301012", "",
	    "990323", 0, "出生日期" }
};

static void
checking(void **state)
{
	struct id_info info;
	struct err e;
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		e = (struct err)ERR_INIT;
		rc = id_check(cases[i].text, &info, &e);
		if (info.defect != cases[i].defect ||
		    info.kind != cases[i].kind)
			fail_msg("%s: defect %d, kind %d", cases[i].text,
			    info.defect, info.kind);
		assert_int_equal(rc, cases[i].defect == ID_OK ? 0 : E_FORMAT);
		assert_string_equal(info.number, cases[i].number);
		assert_string_equal(info.birth, cases[i].birth);
		assert_string_equal(info.area, cases[i].area);
		assert_int_equal(info.sex, cases[i].sex);
		if (rc == 0)
			assert_string_equal(e.msg, "");
		else if (strstr(e.msg, cases[i].words) == NULL)
			fail_msg("%s: %s", cases[i].text, e.msg);
	}
}

/* One wrong digit or two neighbours exchanged never pass, and the sentence
 * never tells the right check character. */
static void
slips(void **state)
{
	static const char good[] = "99032320160315019X";
	char s[ID_SIZE];
	struct id_info info;
	struct err e;
	size_t i;
	char c;

	(void)state;
	for (i = 0; i < 17; i++)
		for (c = '0'; c <= '9'; c++) {
			memcpy(s, good, sizeof s);
			s[i] = c;
			if (c == good[i])
				continue;
			assert_false(id_valid(s));
		}
	for (i = 0; i < 16; i++) {
		memcpy(s, good, sizeof s);
		s[i] = good[i + 1];
		s[i + 1] = good[i];
		if (s[i] != s[i + 1])
			assert_false(id_valid(s));
	}
	memcpy(s, good, sizeof s);
	for (c = '0'; c <= '9'; c++) {
		s[17] = c;
		assert_int_equal(id_check(s, &info, &e), E_FORMAT);
		assert_int_equal(info.defect, ID_CHECK);
		assert_null(strstr(e.msg, "019X"));
		assert_null(strstr(e.msg, "应为"));
	}
}

static void
shortcuts(void **state)
{
	char birth[DATE_SIZE] = "x";

	(void)state;
	assert_true(id_valid("99032320160315019x"));
	assert_false(id_valid("990323750101011"));	/* not 18 */
	assert_false(id_valid("CHN370390010112"));
	assert_true(id_birth("990323750101011", birth));
	assert_string_equal(birth, "1975-01-01");
	assert_false(id_birth("990323201603150121", birth));
	assert_false(id_birth("CHN370390010112", birth));
	assert_int_equal(id_sex("990323201603150122"), '2');
	assert_int_equal(id_sex("990323201603150121"), 0);
	assert_int_equal(id_sex(""), 0);
	assert_non_null(strstr(id_kind_text(ID_OLD15), "停用"));
	assert_string_equal(id_kind_text(ID_CITIZEN), "居民身份证");
}

static void
normalising(void **state)
{
	char out[ID_SIZE];

	(void)state;
	assert_int_equal(id_normalise("ab一x", out), 0);
	assert_string_equal(out, "AB一X");
	assert_int_equal(id_normalise("1234567890123456789", out), -1);
	assert_string_equal(out, "");
	/* Never half a character, never beyond the buffer. */
	assert_int_equal(id_normalise("一二三四五六七", out), -1);
	assert_string_equal(out, "");
	assert_int_equal(id_normalise("一二三四五六", out), 0);
}

static const struct {
	const char *text, *id, *phone;
} masks[] = {
	{ "99032320160315019X", "990323********019X", "990***********019X" },
	{ "990323750101011", "990323******011", "990********1011" },
	{ "13853331234", "13*******34", "138****1234" },
	{ "0533-3221234", "05********34", "053*****1234" },
	{ "32212345", "32****45", "32****45" },
	{ "1234567", "*******", "*******" },
	{ "", "", "" },
	{ "一二三四五六七八", "********", "********" },
	{ "1234567890123456789", "******************", "123************6789" },
	{ "12345678901234567890123456", "******************",
	    "***********************" },
	{ "12345\033[2J", "*********", "*********" }
};

static void
masking(void **state)
{
	char id[ID_SIZE], phone[ID_PHONE_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(masks); i++) {
		id_mask(masks[i].text, id);
		assert_string_equal(id, masks[i].id);
		id_mask_phone(masks[i].text, phone);
		assert_string_equal(phone, masks[i].phone);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checking),
		cmocka_unit_test(slips),
		cmocka_unit_test(shortcuts),
		cmocka_unit_test(normalising),
		cmocka_unit_test(masking)
	};

	return cmocka_run_group_tests_name("idcard", tests, NULL, NULL);
}
