/* Display width: Unicode, the ambiguous switch, double-byte sessions, and
 * that ncurses really asks our wcwidth(). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <curses.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "codec.h"
#include "mem.h"
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

static const struct {
	uint32_t cp;
	int narrow, wide;		/* with the switch at 1 and 2 */
} cases[] = {
	{ 0, -1, -1 }, { 0x1B, -1, -1 }, { 0x7F, -1, -1 }, { 0x9B, -1, -1 },
	{ ' ', 1, 1 }, { '~', 1, 1 }, { 0xA0, 1, 1 }, { 0xAD, 1, 1 },
	{ 0xE9, 1, 2 }, { 0xB7, 1, 2 }, { 0x2014, 1, 2 }, { 0x2026, 1, 2 },
	{ 0x2460, 1, 2 }, { 0x2500, 1, 2 }, { 0x0410, 1, 2 },
	{ 0x0300, 0, 0 }, { 0x20DD, 0, 0 }, { 0x302A, 0, 0 }, { 0xFE0F, 0, 0 },
	{ 0xE0100, 0, 0 },		/* a variant of the Han before it */
	{ 0x1160, 0, 0 }, { 0x1100, 2, 2 }, { 0xAC00, 2, 2 },
	{ 0x3000, 2, 2 }, { 0x3013, 2, 2 }, { 0xFF01, 2, 2 }, { 0xFF61, 1, 1 },
	{ 0x4E00, 2, 2 }, { 0x9FFF, 2, 2 }, { 0x3400, 2, 2 }, { 0x4DBF, 2, 2 },
	{ 0x20000, 2, 2 }, { 0x20BB7, 2, 2 }, { 0x2A6DF, 2, 2 },
	{ 0x2A700, 2, 2 }, { 0x2B820, 2, 2 }, { 0x2CEB0, 2, 2 },
	{ 0x2EBF0, 2, 2 }, { 0x30000, 2, 2 }, { 0x31350, 2, 2 },
	{ 0x323B0, 2, 2 },		/* not yet assigned, but Han */
	{ 0xA000, 2, 2 }, { 0xA4C6, 2, 2 },			/* Yi */
	{ 0x0F40, 1, 1 }, { 0x0F7C, 0, 0 }, { 0x0F72, 0, 0 },	/* Tibetan */
	{ 0x1F600, 2, 2 }, { 0x1F1E8, 1, 1 },
	{ 0x05D0, 1, 1 }, { 0x0627, 1, 1 },
	{ 0x202E, -1, -1 }, { 0x200D, -1, -1 }, { 0xFEFF, -1, -1 },
	{ 0x2028, -1, -1 }, { 0xE0041, -1, -1 }, { 0xE000, -1, -1 },
	{ 0x10FFFD, -1, -1 }, { 0xFFFE, -1, -1 }, { 0xD800, -1, -1 },
	{ 0x0378, -1, -1 }, { 0x2FE0, -1, -1 }, { UTF8_BAD, -1, -1 }
};

static void
code_points(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		width_set_ambiguous(1);
		if (width_cp(cases[i].cp) != cases[i].narrow)
			fail_msg("U+%04X is %d", cases[i].cp,
			    width_cp(cases[i].cp));
		width_set_ambiguous(2);
		if (width_cp(cases[i].cp) != cases[i].wide)
			fail_msg("U+%04X is %d when wide", cases[i].cp,
			    width_cp(cases[i].cp));
	}
	assert_int_equal(width_ambiguous_cols(), 2);
	width_set_ambiguous(7);
	assert_int_equal(width_ambiguous_cols(), 1);
}

static const struct {
	const char *s;
	int cols, gbk;			/* in UTF-8, in GBK */
} strings[] = {
	{ "", 0, 0 },
	{ "abc", 3, 3 },
	{ "童记 tongji", 11, 11 },
	{ "阿呷·日古", 9, 10 },
	{ "𠮷", 2, 2 },			/* 〓 in GBK */
	{ "e\xCC\x81", 1, 3 },		/* 〓 for the mark in GBK */
	{ "ꀀ", 2, 2 },
	{ "à", 1, 2 },			/* pinyin à is A8A4 in GBK */
	{ "a\tb\nc", 5, 5 },
	{ "\x1B[2J", 5, 5 },
	{ "x\xFFy", 4, 4 },
	{ "\u202E文", 4, 4 }
};

static void
strings_add_up(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(strings); i++)
		assert_int_equal(width_str(strings[i].s), strings[i].cols);
	codec_set_session(CODEC_GBK, false);
	for (i = 0; i < COUNT_OF(strings); i++)
		assert_int_equal(width_str(strings[i].s), strings[i].gbk);
	assert_int_equal(width_strn("中文", 4), 4);	/* 文 cut: one bad */
	assert_int_equal(width_strn("ab\0cd", 5), 2);
}

/* PITFALLS 4: in a GBK session 446 code points that Unicode has narrow are
 * two cells; every two-byte character is. */
static void
double_byte(void **state)
{
	unsigned changed = 0;
	uint32_t cp;
	char out[4];
	int before;

	(void)state;
	for (cp = 0x80; cp <= 0xFFFF; cp++) {
		codec_set_session(CODEC_UTF8, false);
		before = width_cp(cp);
		codec_set_session(CODEC_GBK, false);
		if (before < 0) {
			assert_int_equal(width_cp(cp), -1);
			continue;
		}
		if (codec_encode(CODEC_GBK, cp, out) == 2) {
			assert_int_equal(width_cp(cp), 2);
			changed += before == 1;
		} else {
			assert_int_equal(width_cp(cp), -1);
		}
	}
	assert_int_equal(changed, 446);
	codec_set_session(CODEC_GB18030, true);
	assert_int_equal(width_cp(0x20BB7), 2);		/* four bytes */
	assert_int_equal(width_cp(0x0F40), 1);
	assert_int_equal(width_cp(0x1F600), 2);
	codec_set_session(CODEC_GB18030, false);
	assert_int_equal(width_cp(0x20BB7), -1);
	assert_int_equal(width_cp(0xB7), 2);
}

/* One blank screen on /dev/null; where is the cursor behind the character?
 * libc says -1 for these, and ncurses would put one blank. */
static void
ncurses_asks_us(void **state)
{
	static const wchar_t han_h[] = { 0x31350, 0 }, han_i[] = { 0x2EBF0, 0 },
	    dot[] = { 0xB7, 0 };
	FILE *in, *out;
	SCREEN *screen;

	(void)state;
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		setlocale(LC_CTYPE, "zh_CN.UTF-8");
	in = fopen("/dev/null", "r");
	out = fopen("/dev/null", "w");
	assert_true(in != NULL && out != NULL);
	screen = newterm("vt100", out, in);
	assert_non_null(screen);
	mvaddwstr(0, 0, han_h);
	assert_int_equal(getcurx(stdscr), 2);
	mvaddwstr(1, 0, han_i);
	assert_int_equal(getcurx(stdscr), 2);
	mvaddwstr(2, 0, dot);
	assert_int_equal(getcurx(stdscr), 1);
	width_set_ambiguous(2);
	mvaddwstr(3, 0, dot);
	assert_int_equal(getcurx(stdscr), 2);
	endwin();
	delscreen(screen);
	fclose(in);
	fclose(out);
	assert_int_equal(wcwidth(0), 0);
	assert_int_equal(wcwidth(0x202E), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(code_points, reset, reset),
		cmocka_unit_test_setup_teardown(strings_add_up, reset, reset),
		cmocka_unit_test_setup_teardown(double_byte, reset, reset),
		cmocka_unit_test_setup_teardown(ncurses_asks_us, reset, reset)
	};

	return cmocka_run_group_tests_name("width", tests, NULL, NULL);
}
