/* The sanitiser: nothing from data reaches a terminal, a sheet or XML raw. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "codec.h"
#include "mem.h"
#include "safe.h"
#include "utf8.h"
#include "width.h"

static int
reset(void **state)
{
	(void)state;
	width_set_ambiguous(1);
	codec_set_session(CODEC_UTF8, false);
	return 0;
}

static void
which(void **state)
{
	static const uint32_t no[] = { 0, 7, 8, 9, 10, 13, 0x1B, 0x1F, 0x7F,
	    0x80, 0x85, 0x9B, 0x9F, 0x061C, 0x180E, 0x200B, 0x200C, 0x200D,
	    0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202B, 0x202C, 0x202D,
	    0x202E, 0x2060, 0x2066, 0x2067, 0x2068, 0x2069, 0x206F, 0xFEFF,
	    0xFFF9, 0xFFFB, 0xFFFE, 0xFFFF, 0xFDD0, 0x1FFFF, 0x2FFFE, 0x3FFFF,
	    0xE000, 0xF8FF, 0xE0001, 0xE007F, 0xF0000, 0x10FFFF, 0xD800,
	    0xDFFF, 0x0378, 0x40000, UTF8_BAD };
	static const uint32_t yes[] = { ' ', '~', 0xA0, 0xAD, 0xB7, 0x0300,
	    0x0410, 0x05D0, 0x0F40, 0x2014, 0x3000, 0x3013, 0x303F, 0x3400,
	    0x9FFF, 0xA000, 0xAC00, 0xFA0E, 0xFE0F, 0xFF01, 0x1F600, 0x20000,
	    0x2A6DF, 0x2CEB0, 0x2EBF0, 0x31350, 0xE0100, 0xE01EF };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(no); i++)
		if (safe_cp(no[i]))
			fail_msg("U+%04X passes", no[i]);
	for (i = 0; i < COUNT_OF(yes); i++)
		if (!safe_cp(yes[i]))
			fail_msg("U+%04X is refused", yes[i]);
}

static const struct {
	const char *s, *line, *text;
} draws[] = {
	{ "", "", "" },
	{ "王小明", "王小明", "王小明" },
	{ "\033[2J清屏", "〓[2J清屏", "〓[2J清屏" },
	{ "\033]0;pwn\a", "〓]0;pwn〓", "〓]0;pwn〓" },
	{ "\xC2\x9B" "31m", "〓31m", "〓31m" },		/* C1 CSI */
	{ "\x9B" "31m", "〓31m", "〓31m" },		/* the same, raw */
	{ "a\tb\nc", "a b c", "a b\nc" },
	{ "a\r\nb\rc", "a  b c", "a\nb c" },
	{ "a\u2028b\xC2\x85" "c", "a b c", "a b c" },
	{ "\u202E明小王\u202C", "〓明小王〓", "〓明小王〓" },
	{ "a\u200Bb\uFEFF", "a〓b〓", "a〓b〓" },
	{ "中\xE4\xB8", "中〓〓", "中〓〓" },
	{ "\uE000", "〓", "〓" },
	{ "é", "é", "é" },
	{ "\u0301a", "a", "a" },	/* a mark with nothing under it */
	{ "葛\U000E0100", "葛\U000E0100", "葛\U000E0100" },
	{ "𠮷ꀀབོད😀", "𠮷ꀀབོད😀", "𠮷ꀀབོད😀" }
};

static void
terminal(void **state)
{
	struct str out = STR_INIT, again = STR_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(draws); i++) {
		str_clear(&out);
		safe_line(&out, draws[i].s);
		assert_string_equal(out.buf, draws[i].line);
		assert_int_equal(width_str(out.buf), width_str(draws[i].s));
		/* Safe text stays as it is. */
		str_clear(&again);
		safe_line(&again, out.buf);
		assert_string_equal(again.buf, out.buf);
		str_clear(&out);
		safe_text(&out, draws[i].s);
		assert_string_equal(out.buf, draws[i].text);
	}
	str_clear(&out);
	safe_linen(&out, "ab\0c", 4);
	assert_string_equal(out.buf, "ab〓c");
	str_done(&out);
	str_done(&again);
}

static void
session(void **state)
{
	struct str out = STR_INIT;

	(void)state;
	codec_set_session(CODEC_GBK, false);
	safe_line(&out, "𠮷吉·é😀ꀀ");
	assert_string_equal(out.buf, "〓吉·é〓〓");
	codec_set_session(CODEC_GB18030, false);
	str_clear(&out);
	safe_line(&out, "𠮷㐀吉");
	assert_string_equal(out.buf, "〓〓吉");
	codec_set_session(CODEC_GB18030, true);
	str_clear(&out);
	safe_line(&out, "𠮷㐀吉");
	assert_string_equal(out.buf, "𠮷㐀吉");
	str_done(&out);
}

/* Random bytes: the result is valid, has no control and the promised width. */
static void
noise(void **state)
{
	struct str out = STR_INIT;
	uint32_t seed = 370323, cp;
	char bytes[48];
	const char *p;
	size_t i;
	int round;

	(void)state;
	for (round = 0; round < 20000; round++) {
		for (i = 0; i + 1 < sizeof bytes; i++) {
			seed = seed * 1103515245 + 12345;
			bytes[i] = (char)(seed >> 16);
			if (round % 2 == 0 && i % 3 == 0)
				bytes[i] = (char)0xE2;	/* more sequences */
			if (bytes[i] == '\0')
				bytes[i] = '\033';
		}
		bytes[i] = '\0';
		str_clear(&out);
		safe_line(&out, bytes);
		assert_true(utf8_valid(out.buf));
		assert_int_equal(width_str(out.buf), width_str(bytes));
		for (p = out.buf; *p != '\0';) {
			p = utf8_next(p, &cp);
			assert_true(safe_cp(cp));
		}
	}
	str_done(&out);
}

static void
brief(void **state)
{
	char buf[SAFE_BRIEF], big[4096];
	size_t i;

	(void)state;
	assert_string_equal(safe_brief("王\033小明", buf), "王〓小明");
	memset(big, 'x', sizeof big - 1);
	big[sizeof big - 1] = '\0';
	assert_int_equal(width_str(safe_brief(big, buf)), 40);
	assert_int_equal(buf[39], '~');
	/* A base with hundreds of marks does not overrun. */
	big[0] = 'e';
	for (i = 1; i + 2 < sizeof big; i += 2)
		memcpy(big + i, "\xCC\x81", 2);
	big[i] = '\0';
	safe_brief(big, buf);
	assert_true(utf8_valid(buf));
	assert_true(strlen(buf) < SAFE_BRIEF);
}

static const struct {
	const char *s, *cell;
} cells[] = {
	{ "", "" }, { "王小明", "王小明" }, { "a,b", "\"a,b\"" },
	{ "说\"好\"", "\"说\"\"好\"\"\"" }, { "两\n行", "\"两\n行\"" },
	{ " 前", "\" 前\"" }, { "后 ", "\"后 \"" },
	{ "=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0" },
	{ "=1+1,2", "\"'=1+1,2\"" },
	{ "+86", "'+86" }, { "-5", "'-5" }, { "@SUM", "'@SUM" },
	{ "\t=1", "'\t=1" }, { "\r=1", "\"'\r=1\"" },
	{ "＝1", "'＝1" }, { "＋1", "'＋1" }, { "－1", "'－1" }, { "＠a", "'＠a" },
	{ " =1", "\"' =1\"" }, { "　=1", "'　=1" }, { "'=1", "''=1" },
	{ "''=1", "'''=1" }, { "'abc", "'abc" }, { "1-1", "1-1" },
	{ "—", "—" }
};

static void
csv(void **state)
{
	struct str out = STR_INIT, raw = STR_INIT;
	size_t i, k;

	(void)state;
	for (i = 0; i < COUNT_OF(cells); i++) {
		str_clear(&out);
		safe_csv(&out, cells[i].s);
		assert_string_equal(out.buf, cells[i].cell);
		/* Take the quotes off and read back. */
		str_clear(&raw);
		if (out.len > 0 && out.buf[0] == '"') {
			for (k = 1; k + 1 < out.len; k++) {
				if (out.buf[k] == '"')
					k++;
				str_addc(&raw, out.buf[k]);
			}
		} else {
			str_add(&raw, out.buf);
		}
		assert_string_equal(safe_unguard(raw.buf), cells[i].s);
	}
	assert_string_equal(safe_unguard("'370323"), "'370323");
	str_done(&out);
	str_done(&raw);
}

static void
xml(void **state)
{
	struct str out = STR_INIT;

	(void)state;
	safe_xml(&out, "<a href=\"x\">&'中\n\r\t\033\xFF\uFFFE\x7F😀");
	assert_string_equal(out.buf, "&lt;a href=&quot;x&quot;&gt;&amp;&#39;中"
	    "\n&#13;\t〓〓〓\x7F😀");
	str_done(&out);
}

static const struct {
	const char *s;
	bool one, lines;		/* accepted in one line, in several */
	const char *words;
} inputs[] = {
	{ "", true, true, NULL }, { "王小明 abc", true, true, NULL },
	{ "阿呷·日古 𠮷 ꀀ བོད 😀", true, true, NULL },
	{ "葛\U000E0100", true, true, NULL },
	{ "\uE000", true, true, NULL },	/* an old roster's own character */
	{ "a\nb", false, true, "换行" }, { "a\rb", false, false, "换行" },
	{ "a\tb", false, false, "制表符" },
	{ "中\033[A", false, false, "第 2 个字（U+001B）是控制字符" },
	{ "a\x7F", false, false, "U+007F" },
	{ "\xC2\x9B", false, false, "U+009B" },
	{ "中文\xFF", false, false, "第 3 个字处有不能识别的字节（0xFF）" },
	{ "\xED\xA0\x80", false, false, "0xED" },
	{ "a\u202Eb", false, false, "看不见" },
	{ "a\u200Bb", false, false, "U+200B" },
	{ "\uFEFFa", false, false, "U+FEFF" },
	{ "\U000E0041", false, false, "看不见" },
	{ "\uFFFE", false, false, "不是文字" },
	{ "\uFDD0", false, false, "不是文字" },
	{ "王〓", false, false, "第 2 个字（U+3013）是代替符号" },
	{ "\uFFFD", false, false, "丢失" }
};

static void
input(void **state)
{
	struct err e;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(inputs); i++) {
		e = (struct err)ERR_INIT;
		assert_int_equal(safe_input_ok(inputs[i].s, true, &e),
		    inputs[i].lines ? 0 : E_FORMAT);
		assert_int_equal(safe_input_ok(inputs[i].s, false, &e),
		    inputs[i].one ? 0 : E_FORMAT);
		if (!inputs[i].one && strstr(e.msg, inputs[i].words) == NULL)
			fail_msg("case %zu: %s", i, e.msg);
	}
}

static const struct {
	const char *s, *name, *trim;
} tidies[] = {
	{ "", "", "" }, { " 　\t", "", "" },
	{ "张　三", "张三", "张 三" }, { " 张 三 ", "张三", "张 三" },
	{ "张  三  丰", "张三丰", "张 三 丰" },
	{ "John  Smith", "John Smith", "John Smith" },
	{ "李 John", "李 John", "李 John" },
	{ "\u00A0王\u00A0", "王", "王" },
	{ "阿呷•日古", "阿呷·日古", "阿呷•日古" },
	{ "阿呷‧日古", "阿呷·日古", "阿呷‧日古" },
	{ "阿呷・日古", "阿呷·日古", "阿呷・日古" },
	{ "阿呷.日古", "阿呷·日古", "阿呷.日古" },
	{ "阿呷．日古", "阿呷·日古", "阿呷．日古" },
	{ "阿呷·日古", "阿呷·日古", "阿呷·日古" },
	{ "J.R. Smith", "J.R. Smith", "J.R. Smith" },
	{ "王\u200B小明\uFEFF", "王小明", "王\u200B小明\uFEFF" },
	{ "𠮷 三", "𠮷三", "𠮷 三" }
};

static void
names(void **state)
{
	struct str out = STR_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(tidies); i++) {
		str_clear(&out);
		safe_name(&out, tidies[i].s);
		assert_string_equal(out.buf, tidies[i].name);
		str_clear(&out);
		safe_name(&out, tidies[i].name);	/* stays */
		assert_string_equal(out.buf, tidies[i].name);
		str_clear(&out);
		safe_trim(&out, tidies[i].s);
		assert_string_equal(out.buf, tidies[i].trim);
	}
	str_done(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(which, reset, reset),
		cmocka_unit_test_setup_teardown(terminal, reset, reset),
		cmocka_unit_test_setup_teardown(session, reset, reset),
		cmocka_unit_test_setup_teardown(noise, reset, reset),
		cmocka_unit_test_setup_teardown(brief, reset, reset),
		cmocka_unit_test_setup_teardown(csv, reset, reset),
		cmocka_unit_test_setup_teardown(xml, reset, reset),
		cmocka_unit_test_setup_teardown(input, reset, reset),
		cmocka_unit_test_setup_teardown(names, reset, reset)
	};

	return cmocka_run_group_tests_name("safe", tests, NULL, NULL);
}
