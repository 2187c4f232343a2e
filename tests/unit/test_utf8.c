/* UTF-8: every code point there and back, every wrong form refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "mem.h"
#include "utf8.h"

static void
every_code_point(void **state)
{
	char buf[UTF8_MAX];
	uint32_t cp, back;
	int n;

	(void)state;
	for (cp = 0; cp <= 0x10FFFF; cp++) {
		n = utf8_encode(buf, cp);
		if (cp >= 0xD800 && cp <= 0xDFFF) {
			assert_int_equal(n, 0);
			continue;
		}
		assert_int_equal(n, cp < 0x80 ? 1 : cp < 0x800 ? 2 :
		    cp < 0x10000 ? 3 : 4);
		assert_int_equal(utf8_decode(&back, buf, (size_t)n), n);
		assert_int_equal(back, cp);
		/* Cut short, nothing decodes. */
		if (n > 1)
			assert_int_equal(utf8_decode(&back, buf,
			    (size_t)n - 1), -1);
	}
	assert_int_equal(utf8_encode(buf, 0x110000), 0);
	assert_int_equal(utf8_encode(buf, UTF8_BAD), 0);
	assert_int_equal(utf8_decode(&back, "", 0), 0);
}

/* Exhaustive over the first two bytes, against the table of RFC 3629. */
static void
every_second_byte(void **state)
{
	unsigned a, b;
	uint32_t cp;

	(void)state;
	for (a = 0x80; a <= 0xFF; a++)
		for (b = 0; b <= 0xFF; b++) {
			char s[4] = { (char)a, (char)b, '\x80', '\x80' };
			unsigned lo = a == 0xE0 ? 0xA0 : a == 0xF0 ? 0x90 : 0x80;
			unsigned hi = a == 0xED ? 0x9F : a == 0xF4 ? 0x8F : 0xBF;
			int want = a < 0xC2 || a > 0xF4 || b < lo || b > hi ?
			    -1 : a < 0xE0 ? 2 : a < 0xF0 ? 3 : 4;

			assert_int_equal(utf8_decode(&cp, s, 4), want);
		}
}

static const struct {
	const char *s;
	size_t len, bad_at, count;
} texts[] = {
	{ "", 0, 0, 0 },
	{ "abc", 3, 3, 3 },
	{ "义勇军", 9, 9, 3 },
	{ "𠮷野家", 10, 10, 3 },
	{ "\U00030000\U00031350\U0002EBF0", 12, 12, 3 },
	{ "ꀀꀁ བོད", 16, 16, 6 },
	{ "e\xCC\x81", 3, 3, 2 },
	{ "中\xFF文", 7, 3, 3 },
	{ "\xE4\xB8", 2, 0, 2 },		/* cut */
	{ "中\xE4\xB8", 5, 3, 3 },
	{ "\xC0\xAF", 2, 0, 2 },		/* overlong / */
	{ "\xC1\xBF", 2, 0, 2 },
	{ "\xE0\x80\xAF", 3, 0, 3 },
	{ "\xF0\x80\x80\xAF", 4, 0, 4 },
	{ "\xED\xA0\x80", 3, 0, 3 },		/* surrogate */
	{ "\xED\xA0\x81\xED\xB0\x80", 6, 0, 6 },	/* CESU-8 */
	{ "\xF4\x90\x80\x80", 4, 0, 4 },	/* above 10FFFF */
	{ "\xF8\x88\x80\x80\x80", 5, 0, 5 },
	{ "a\x80", 2, 1, 2 },
	{ "\xBF", 1, 0, 1 }
};

static void
walk(void **state)
{
	size_t i, at, n, back;
	const char *p;
	uint32_t cp;

	(void)state;
	for (i = 0; i < COUNT_OF(texts); i++) {
		assert_int_equal(strlen(texts[i].s), texts[i].len);
		assert_int_equal(utf8_bad_at(texts[i].s, texts[i].len),
		    texts[i].bad_at);
		assert_int_equal(utf8_valid(texts[i].s),
		    texts[i].bad_at == texts[i].len);
		assert_int_equal(utf8_count(texts[i].s), texts[i].count);
		for (n = 0, p = texts[i].s; *p != '\0'; n++)
			p = utf8_next(p, &cp);
		assert_int_equal(n, texts[i].count);
		assert_int_equal(utf8_skip(texts[i].s, n), texts[i].len);
		assert_int_equal(utf8_skip(texts[i].s, n + 9), texts[i].len);
		/* Backwards stops at the same places. */
		for (at = texts[i].len; at > 0; at = back) {
			back = utf8_prev(texts[i].s, at);
			assert_true(back < at);
			utf8_next(texts[i].s + back, &cp);
			assert_ptr_equal(utf8_next(texts[i].s + back, &cp),
			    texts[i].s + at);
			n--;
		}
		assert_int_equal(n, 0);
	}
	assert_int_equal(utf8_prev("a", 0), 0);
}

static void
next_stops_at_nul(void **state)
{
	uint32_t cp = 1;
	const char *s = "";

	(void)state;
	assert_ptr_equal(utf8_next(s, &cp), s);
	assert_int_equal(cp, 0);
	s = "\xF0\x9F";			/* the NUL is not eaten */
	assert_ptr_equal(utf8_next(s, &cp), s + 1);
	assert_int_equal(cp, UTF8_BAD);
}

static void
nul_inside(void **state)
{
	uint32_t cp = 1;

	(void)state;
	assert_int_equal(utf8_decode(&cp, "\0a", 2), 1);
	assert_int_equal(cp, 0);
	assert_int_equal(utf8_count_n("a\0中", 5), 3);
	assert_int_equal(utf8_bad_at("a\0\xFF", 3), 2);
}

static void
repair(void **state)
{
	struct str s = STR_INIT;

	(void)state;
	utf8_repair(&s, "中\xFF" "a\xE4\xB8", 7);
	assert_string_equal(s.buf, "中〓a〓〓");
	str_clear(&s);
	utf8_repair(&s, "", 0);
	assert_string_equal(s.buf, "");
	utf8_add(&s, 0x2EBF0);
	utf8_add(&s, 0xD800);
	assert_string_equal(s.buf, "\U0002EBF0");
	str_done(&s);
}

static void
han(void **state)
{
	static const uint32_t yes[] = { 0x4E00, 0x9FFF, 0x3400, 0x4DBF, 0x3007,
	    0x20000, 0x2A6DF, 0x2CEB0, 0x30000, 0x31350, 0x2EBF0, 0xF900,
	    0x2F800 };
	static const uint32_t no[] = { 'a', 0xB7, 0x3001, 0x3105, 0xA000,
	    0xAC00, 0xFF21, 0x1F600, 0x2FF0, UTF8_BAD };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(yes); i++)
		assert_true(utf8_is_han(yes[i]));
	for (i = 0; i < COUNT_OF(no); i++)
		assert_false(utf8_is_han(no[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_point),
		cmocka_unit_test(every_second_byte),
		cmocka_unit_test(walk),
		cmocka_unit_test(next_stops_at_nul),
		cmocka_unit_test(nul_inside),
		cmocka_unit_test(repair),
		cmocka_unit_test(han)
	};

	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
