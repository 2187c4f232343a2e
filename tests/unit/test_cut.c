/* Cutting, padding and wrapping. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "codec.h"
#include "cut.h"
#include "mem.h"
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
graphemes(void **state)
{
	/* e + two marks, 中, क + vowel sign, \n, mark on its own, x */
	const char *s = "e\xCC\x81\xCC\xA7中བོ\n\xCC\x81x";
	static const size_t at[] = { 0, 5, 8, 14, 15, 17, 18 };
	size_t i;

	(void)state;
	for (i = 0; i + 1 < COUNT_OF(at); i++) {
		assert_int_equal(cut_next(s, at[i]), at[i + 1]);
		assert_int_equal(cut_prev(s, at[i + 1]), at[i]);
	}
	assert_int_equal(cut_next(s, 18), 18);
	assert_int_equal(cut_prev(s, 0), 0);
	/* An ideographic variation sequence is one. */
	assert_int_equal(cut_next("葛\U000E0100x", 0), 7);
	assert_int_equal(cut_prev("葛\U000E0100", 7), 0);
	/* A mark at the very start stands alone. */
	assert_int_equal(cut_prev("\xCC\x81", 2), 0);
	/* Bad bytes go one by one. */
	assert_int_equal(cut_next("\xFF\xFE", 0), 1);
	assert_int_equal(cut_prev("\xFF\xFE", 2), 1);
}

static const struct {
	const char *s;
	int cols;
	size_t bytes;
	int used;
	const char *cut;		/* with ~ */
	const char *left, *right;	/* padded */
} cuts[] = {
	{ "", 3, 0, 0, "", "   ", "   " },
	{ "abc", 3, 3, 3, "abc", "abc", "abc" },
	{ "abcd", 3, 3, 3, "ab~", "ab~", "ab~" },
	{ "儿童台账", 8, 12, 8, "儿童台账", "儿童台账", "儿童台账" },
	{ "儿童台账", 7, 9, 6, "儿童台~", "儿童台~", "儿童台~" },
	{ "儿童台账", 6, 9, 6, "儿童~", "儿童~ ", " 儿童~" },
	{ "儿童台账", 1, 0, 0, "~", "~", "~" },
	{ "儿", 1, 0, 0, "~", "~", "~" },
	{ "儿", 0, 0, 0, "", "", "" },
	{ "a儿b", 3, 4, 3, "a~", "a~ ", " a~" },
	{ "e\xCC\x81" "e\xCC\x81", 1, 3, 1, "~", "~", "~" },
	{ "e\xCC\x81", 1, 3, 1, "e\xCC\x81", "e\xCC\x81", "e\xCC\x81" },
	{ "𠮷野家", 4, 7, 4, "𠮷~", "𠮷~ ", " 𠮷~" },
	{ "a\x1B[2J", 9, 5, 6, "a〓[2J", "a〓[2J   ", "   a〓[2J" },
	{ "\xCC\x81x", 2, 3, 1, "x", "x ", " x" },
	{ "中\nb", 5, 5, 4, "中 b", "中 b ", " 中 b" }
};

static void
cutting(void **state)
{
	struct str out = STR_INIT;
	size_t i;
	int used;

	(void)state;
	for (i = 0; i < COUNT_OF(cuts); i++) {
		assert_int_equal(cut_fit(cuts[i].s, cuts[i].cols, &used),
		    cuts[i].bytes);
		assert_int_equal(used, cuts[i].used);
		str_clear(&out);
		used = cut_add(&out, cuts[i].s, cuts[i].cols, true);
		assert_string_equal(out.buf, cuts[i].cut);
		assert_int_equal(used, width_str(out.buf));
		str_clear(&out);
		cut_pad(&out, cuts[i].s, cuts[i].cols, CUT_LEFT);
		assert_string_equal(out.buf, cuts[i].left);
		assert_int_equal(width_str(out.buf), cuts[i].cols);
		str_clear(&out);
		cut_pad(&out, cuts[i].s, cuts[i].cols, CUT_RIGHT);
		assert_string_equal(out.buf, cuts[i].right);
	}
	str_clear(&out);
	cut_pad(&out, "中", 5, CUT_CENTRE);
	assert_string_equal(out.buf, " 中  ");
	str_clear(&out);
	assert_int_equal(cut_add(&out, "儿童台账", 7, false), 6);
	assert_string_equal(out.buf, "儿童台");
	str_done(&out);
}

/* In a GBK session the dot is two cells, and what GBK lacks is 〓. */
static void
by_session(void **state)
{
	struct str out = STR_INIT;

	(void)state;
	assert_int_equal(cut_fit("阿·日", 5, NULL), 8);
	codec_set_session(CODEC_GBK, false);
	assert_int_equal(cut_fit("阿·日", 5, NULL), 5);
	cut_pad(&out, "𠮷·", 5, CUT_LEFT);
	assert_string_equal(out.buf, "〓· ");
	str_done(&out);
}

static const struct {
	const char *s;
	int cols;
	const char *lines;		/* joined by | */
} wraps[] = {
	{ "", 10, "" },
	{ "一二三四五", 4, "一二|三四|五" },
	{ "一二三四五", 5, "一二|三四|五" },
	{ "一二三四五", 1, "一|二|三|四|五" },
	{ "一\n\n二\n", 10, "一||二|" },
	{ "\n", 10, "|" },
	{ "一二三，四五", 6, "一二|三，四|五" },	/* ， begins no line */
	{ "一二三。”四", 6, "一二|三。”|四" },
	{ "一二（三四）", 6, "一二|（三|四）" },	/* （ ends no line */
	{ "他说：“好”。", 8, "他说：|“好”。" },
	{ "。。。。。。", 4, "。。|。。|。。" },	/* nothing better */
	{ "编号SL2026号", 8, "编号|SL2026号" },
	{ "abcdefghij", 4, "abcd|efgh|ij" },
	{ "于2026-11-22走访", 12, "于2026-11-22|走访" },
	{ "见2026-11-22走访", 11, "见2026-11-2|2走访" },	/* over half */
	{ "定于下周一也就是2026-11-23走访", 24,
	    "定于下周一也就是|2026-11-23走访" },
	{ "ab cd ef", 5, "ab cd| ef" },
	{ "ab cd ef", 4, "ab |cd |ef" },
	{ "e\xCC\x81" "e\xCC\x81" "e\xCC\x81", 2,
	    "e\xCC\x81" "e\xCC\x81|e\xCC\x81" },
	{ "\xFF\xFF\xFF", 4, "\xFF\xFF|\xFF" }
};

static void
wrapping(void **state)
{
	struct str out = STR_INIT;
	size_t i, at, next, end;
	int n;

	(void)state;
	for (i = 0; i < COUNT_OF(wraps); i++) {
		str_clear(&out);
		for (at = 0, n = 0; at != CUT_END; at = next, n++) {
			next = cut_line(wraps[i].s, at, wraps[i].cols, &end);
			if (n > 0)
				str_addc(&out, '|');
			str_addn(&out, wraps[i].s + at, end - at);
			if (wraps[i].cols >= 2)
				assert_true(width_strn(wraps[i].s + at,
				    end - at) <= wraps[i].cols);
			/* Nothing is lost between two lines. */
			if (next != CUT_END && next != end)
				assert_int_equal(wraps[i].s[end], '\n');
		}
		assert_string_equal(out.buf, wraps[i].lines);
		assert_int_equal(cut_count(wraps[i].s, wraps[i].cols), n);
	}
	str_done(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(graphemes, reset, reset),
		cmocka_unit_test_setup_teardown(cutting, reset, reset),
		cmocka_unit_test_setup_teardown(by_session, reset, reset),
		cmocka_unit_test_setup_teardown(wrapping, reset, reset)
	};

	return cmocka_run_group_tests_name("cut", tests, NULL, NULL);
}
