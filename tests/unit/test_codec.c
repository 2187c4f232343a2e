/* Encodings: the keyboard decoder, tables against iconv(3), whole files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <iconv.h>
#include <string.h>

#include "codec.h"
#include "mem.h"
#include "utf8.h"
#include "width.h"

static int
reset(void **state)
{
	(void)state;
	codec_set_session(CODEC_UTF8, false);
	return 0;
}

/* Push all bytes, then time out.  Code points go to `got` as UTF-8. */
static int
type(enum codec kind, const char *bytes, size_t len, struct str *got)
{
	struct codec_in in;
	uint32_t out[4];
	int bad, all = 0, n, i;
	size_t b;

	codec_in_init(&in, kind);
	for (b = 0; b <= len; b++) {
		n = b < len ? codec_push(&in, (unsigned char)bytes[b], out,
		    &bad) : codec_flush(&in, out, &bad);
		assert_in_range(n, 0, 4);
		all += bad;
		for (i = 0; i < n; i++)
			utf8_add(got, out[i]);
	}
	assert_false(codec_pending(&in));
	return all;
}

static const struct {
	enum codec kind;
	const char *bytes, *text;
	int bad;
} keys[] = {
	{ CODEC_UTF8, "abc", "abc", 0 },
	{ CODEC_UTF8, "义勇军", "义勇军", 0 },
	{ CODEC_UTF8, "𠮷\U00031350", "𠮷\U00031350", 0 },
	{ CODEC_UTF8, "\xFF" "a", "a", 1 },
	{ CODEC_UTF8, "\xE4" "a", "a", 1 },
	{ CODEC_UTF8, "\xE4\xB8" "ab", "ab", 2 },
	{ CODEC_UTF8, "\xE4\xB8\xE4\xB8\xAD", "中", 2 },
	{ CODEC_UTF8, "\xE4\xE4\xB8\xAD", "中", 1 },
	{ CODEC_UTF8, "\xF0\x9F\x98中", "中", 3 },
	{ CODEC_UTF8, "\xE0\x80\x80x", "x", 3 },
	{ CODEC_UTF8, "\xED\xA0\x80x", "x", 3 },
	{ CODEC_UTF8, "\xF4\x90x", "x", 2 },
	{ CODEC_UTF8, "\xE4\xB8", "", 2 },		/* only a time-out */
	{ CODEC_UTF8, "\xE4\xB8\033[A", "\033[A", 2 },
	{ CODEC_UTF8, "\xD6\xD0x", "x", 2 },		/* a GBK terminal */
	{ CODEC_GBK, "abc\n", "abc\n", 0 },
	{ CODEC_GBK, "\xD6\xD0\xCE\xC4", "中文", 0 },
	{ CODEC_GBK, "\x81\x40\xFE\x4F", "丂﨩", 0 },
	{ CODEC_GBK, "\xE3\x5C\xE3\x7B", "鉢銂", 0 },	/* tails \\ and { */
	{ CODEC_GBK, "\xA1\xA4", "·", 0 },
	{ CODEC_GBK, "\xD6\n", "\n", 1 },
	{ CODEC_GBK, "\xD6\033[A", "\033[A", 1 },
	{ CODEC_GBK, "\xFF\xD6\xD0", "中", 1 },
	{ CODEC_GBK, "\x80" "a", "a", 1 },
	{ CODEC_GBK, "\xD6\x7F", "\x7F", 1 },
	{ CODEC_GBK, "\xD6" "1", "1", 1 },		/* 4 bytes: not in GBK */
	{ CODEC_GBK, "\xD6", "", 1 },
	{ CODEC_GB18030, "\xD6\xD0", "中", 0 },
	{ CODEC_GB18030, "\x81\x39\xEE\x39", "㐀", 0 },	/* Ext A */
	{ CODEC_GB18030, "\x95\x34\xB2\x35", "\U00020BB7", 0 },
	{ CODEC_GB18030, "\x94\x39\xFC\x36", "😀", 0 },
	{ CODEC_GB18030, "\xFE\x51", "\U00020087", 0 },
	{ CODEC_GB18030, "\x81\x39 x", "9 x", 1 },
	{ CODEC_GB18030, "\x81\x39\xEE x", "9 x", 2 },
	{ CODEC_GB18030, "\x81\x39\xEE", "9", 2 },	/* 81 and EE */
	{ CODEC_GB18030, "\x81\x39\xD6\xD0", "9中", 1 },
	{ CODEC_GB18030, "\xE3\x32\x9A\x36x", "26x", 2 }	/* above U+10FFFF */
};

static void
keyboard(void **state)
{
	struct str got = STR_INIT;
	size_t i;
	int bad;

	(void)state;
	for (i = 0; i < COUNT_OF(keys); i++) {
		str_clear(&got);
		bad = type(keys[i].kind, keys[i].bytes, strlen(keys[i].bytes),
		    &got);
		if (bad != keys[i].bad || strcmp(got.buf, keys[i].text) != 0)
			fail_msg("case %zu: %d dropped, got \"%s\"", i, bad,
			    got.buf);
	}
	str_done(&got);
}

/* A complete character comes with its last byte, none waits longer. */
static void
at_once(void **state)
{
	static const char *const text[] = { "中", "\xD6\xD0",
	    "\x81\x39\xEE\x39" };
	static const enum codec kind[] = { CODEC_UTF8, CODEC_GBK,
	    CODEC_GB18030 };
	struct codec_in in;
	uint32_t out[4];
	size_t i, b, len;
	int bad;

	(void)state;
	for (i = 0; i < COUNT_OF(text); i++) {
		len = strlen(text[i]);
		codec_in_init(&in, kind[i]);
		for (b = 0; b + 1 < len; b++) {
			assert_int_equal(codec_push(&in,
			    (unsigned char)text[i][b], out, &bad), 0);
			assert_int_equal(bad, 0);
			assert_true(codec_pending(&in));
		}
		assert_int_equal(codec_push(&in, (unsigned char)text[i][b],
		    out, &bad), 1);
		assert_false(codec_pending(&in));
	}
}

/* Whatever comes in, good ASCII keys that follow are never lost, and what
 * comes out can be encoded again. */
static void
noise(void **state)
{
	static const enum codec kind[] = { CODEC_UTF8, CODEC_GBK,
	    CODEC_GB18030 };
	struct str got = STR_INIT;
	uint32_t seed = 20261122;
	char bytes[64];
	size_t i, k;
	int round;

	(void)state;
	for (round = 0; round < 20000; round++) {
		for (i = 0; i < sizeof bytes - 3; i++) {
			seed = seed * 1103515245 + 12345;
			bytes[i] = (char)(seed >> 16);
		}
		memcpy(bytes + sizeof bytes - 3, "\n\n!", 3);
		for (k = 0; k < COUNT_OF(kind); k++) {
			str_clear(&got);
			type(kind[k], bytes, sizeof bytes, &got);
			assert_int_equal(utf8_bad_at(got.buf, got.len),
			    got.len);
			assert_true(got.len >= 3);
			assert_string_equal(got.buf + got.len - 3, "\n\n!");
		}
	}
	str_done(&got);
}

/* Every code point against libc's own converter. */
static void
against_iconv(const char *charset, enum codec kind)
{
	iconv_t cd = iconv_open(charset, "UTF-8");
	struct codec_in in;
	char utf8[4], want[8], got[4], *ip, *op;
	uint32_t cp, back[4];
	size_t il, ol;
	int n, m, i, bad;

	assert_true(cd != (iconv_t)-1);
	for (cp = 1; cp <= 0x10FFFF; cp++) {
		n = utf8_encode(utf8, cp);
		if (n == 0)
			continue;
		ip = utf8;
		il = (size_t)n;
		op = want;
		ol = sizeof want;
		iconv(cd, NULL, NULL, NULL, NULL);
		m = iconv(cd, &ip, &il, &op, &ol) == 0 ? (int)(sizeof want -
		    ol) : 0;
		n = codec_encode(kind, cp, got);
		/* libc's GBK has the euro sign as the single byte 80, which is
		 * not GBK and no two cells. */
		if (kind == CODEC_GBK && cp == 0x20AC)
			continue;
		/* Six of Ext B have a two-byte code that libc prefers. */
		if (n == 4 && m == 2 && cp >= 0x20087 && cp <= 0x241FE)
			continue;
		if (n != m || memcmp(got, want, (size_t)n) != 0)
			fail_msg("%s U+%04X: %d bytes, libc %d", charset, cp,
			    n, m);
		if (n == 0)
			continue;
		codec_in_init(&in, kind);
		for (i = 0; i + 1 < n; i++)
			codec_push(&in, (unsigned char)got[i], back, &bad);
		if (codec_push(&in, (unsigned char)got[n - 1], back,
		    &bad) != 1 || back[0] != cp)
			fail_msg("%s U+%04X comes back as U+%04X", charset, cp,
			    back[0]);
	}
	iconv_close(cd);
}

static void
gbk_table(void **state)
{
	(void)state;
	against_iconv("GBK", CODEC_GBK);
}

static void
gb18030_table(void **state)
{
	(void)state;
	against_iconv("GB18030", CODEC_GB18030);
}

static void
sessions(void **state)
{
	(void)state;
	assert_true(codec_can_show(0x20BB7));
	assert_false(width_dbcs());
	codec_set_session(CODEC_GBK, true);
	assert_true(width_dbcs());
	assert_int_equal(codec_session(), CODEC_GBK);
	assert_true(codec_can_show('a'));
	assert_true(codec_can_show(0x4E2D));
	assert_true(codec_can_show(0x3013));
	assert_false(codec_can_show(0x20BB7));
	assert_false(codec_can_show(0x3400));
	codec_set_session(CODEC_GB18030, false);
	assert_false(codec_can_show(0x20BB7));
	codec_set_session(CODEC_GB18030, true);
	assert_true(codec_can_show(0x20BB7));
	assert_true(codec_can_show(0x3400));
	assert_true(codec_can_show(0x2EBF0));
	assert_false(codec_can_show(0xD800));
}

static void
names(void **state)
{
	static const struct {
		const char *name;
		int rc;
		enum codec kind;
	} cases[] = {
		{ "UTF-8", 0, CODEC_UTF8 }, { "utf8", 0, CODEC_UTF8 },
		{ "GBK", 0, CODEC_GBK }, { "gb2312", 0, CODEC_GBK },
		{ "EUC-CN", 0, CODEC_GBK }, { "cp936", 0, CODEC_GBK },
		{ "GB18030", 0, CODEC_GB18030 }, { "auto", 0, CODEC_AUTO },
		{ "ANSI_X3.4-1968", E_RANGE, 0 }, { "BIG5", E_RANGE, 0 },
		{ "ISO-8859-1-and-a-long-tail", E_RANGE, 0 },
		{ "", E_RANGE, 0 }
	};
	struct err e = ERR_INIT;
	enum codec kind;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		kind = CODEC_UTF8;
		assert_int_equal(codec_parse(cases[i].name, &kind, &e),
		    cases[i].rc);
		if (cases[i].rc == 0)
			assert_int_equal(kind, cases[i].kind);
	}
	assert_non_null(strstr(e.msg, "gb18030"));
	assert_string_equal(codec_name(CODEC_GBK), "GBK");
}

#define FILE_CASE(s) s, sizeof s - 1

static const struct {
	const char *bytes;
	size_t len;
	enum codec want, found;
	const char *text;		/* NULL: refused */
	const char *words;		/* in the message */
} files[] = {
	{ FILE_CASE(""), CODEC_AUTO, CODEC_UTF8, "", NULL },
	{ FILE_CASE("a,b\n"), CODEC_AUTO, CODEC_UTF8, "a,b\n", NULL },
	{ FILE_CASE("姓名\n𠮷\n"), CODEC_AUTO, CODEC_UTF8, "姓名\n𠮷\n", NULL },
	{ FILE_CASE("\xEF\xBB\xBF姓名"), CODEC_AUTO, CODEC_UTF8, "姓名", NULL },
	{ FILE_CASE("\xEF\xBB\xBF姓名"), CODEC_UTF8, CODEC_UTF8, "姓名", NULL },
	{ FILE_CASE("\xEF\xBB\xBF姓名"), CODEC_GB18030, CODEC_AUTO, NULL,
	    "UTF-8" },
	{ FILE_CASE("\xEF\xBB\xBF\xD0\xD5"), CODEC_AUTO, CODEC_AUTO, NULL,
	    "第 1 行" },
	{ FILE_CASE("\xD0\xD5\xC3\xFB,1\n"), CODEC_AUTO, CODEC_GB18030,
	    "姓名,1\n", NULL },
	{ FILE_CASE("\xD0\xD5\xC3\xFB"), CODEC_GBK, CODEC_GB18030, "姓名",
	    NULL },
	{ FILE_CASE("\x95\x34\xB2\x35\xD0\xD5"), CODEC_AUTO, CODEC_GB18030,
	    "𠮷姓", NULL },
	{ FILE_CASE("\xD0\xD5\xC3\xFB"), CODEC_UTF8, CODEC_AUTO, NULL,
	    "第 1 字节，0xD0" },
	{ FILE_CASE("a\nb\n\xD0\xD5,\xFF,\n"), CODEC_AUTO, CODEC_AUTO, NULL,
	    "第 3 行（第 8 字节，0xFF）不是 GB18030" },
	{ FILE_CASE("\xD0\xD5\xC3"), CODEC_AUTO, CODEC_AUTO, NULL,
	    "第 3 字节" },
	{ FILE_CASE("姓名性别\n王小明\xE6\x88,男\n"), CODEC_AUTO, CODEC_AUTO,
	    NULL, "第 2 行（第 23 字节，0xE6）不是 UTF-8" },
	{ FILE_CASE("\xFF\xFE\x59\x4F\x0D\x54\n\0"), CODEC_AUTO,
	    CODEC_UTF16LE, "余名\n", NULL },
	{ FILE_CASE("\xFE\xFF\x59\xD3\x54\x0D"), CODEC_AUTO, CODEC_UTF16BE,
	    "姓名", NULL },
	{ FILE_CASE("\xFF\xFE\x42\xD8\xB7\xDF"), CODEC_AUTO, CODEC_UTF16LE,
	    "𠮷", NULL },
	{ FILE_CASE("\xFF\xFE\x42\xD8" "a\0"), CODEC_AUTO, CODEC_AUTO, NULL,
	    "UTF-16LE" },
	{ FILE_CASE("\xFF\xFE" "a\0b"), CODEC_AUTO, CODEC_AUTO, NULL,
	    "UTF-16LE" },
	{ FILE_CASE("a\nb\0c"), CODEC_AUTO, CODEC_AUTO, NULL,
	    "第 2 行（第 4 字节）有空字节" },
	{ FILE_CASE("PK\003\004xxxx"), CODEC_AUTO, CODEC_AUTO, NULL, ".xlsx" },
	{ FILE_CASE("\xD0\xCF\x11\xE0\xA1\xB1"), CODEC_AUTO, CODEC_AUTO, NULL,
	    ".xls" },
	{ FILE_CASE("%PDF-1.7"), CODEC_AUTO, CODEC_AUTO, NULL, "PDF" }
};

static void
reading(void **state)
{
	struct str out = STR_INIT;
	struct err e;
	enum codec found;
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < COUNT_OF(files); i++) {
		str_clear(&out);
		str_add(&out, "前");
		e = (struct err)ERR_INIT;
		found = CODEC_AUTO;
		rc = codec_read(&out, files[i].bytes, files[i].len,
		    files[i].want, &found, &e);
		assert_int_equal(found, files[i].found);
		if (files[i].text != NULL) {
			assert_int_equal(rc, 0);
			assert_string_equal(out.buf + 3, files[i].text);
			continue;
		}
		assert_int_equal(rc, E_FORMAT);
		assert_string_equal(out.buf, "前");
		if (strstr(e.msg, files[i].words) == NULL)
			fail_msg("case %zu: %s", i, e.msg);
	}
	str_done(&out);
}

/* A long GBK file in one piece, and back. */
static void
big_file(void **state)
{
	struct str text = STR_INIT, gb = STR_INIT, back = STR_INIT;
	struct codec_loss loss = CODEC_LOSS_INIT;
	enum codec found;
	int i;

	(void)state;
	for (i = 0; i < 20000; i++)
		str_addf(&text, "%d,阿呷·日古莫,悦庄镇𬴂\r\n", i);
	codec_write(&gb, text.buf, text.len, CODEC_GB18030, &loss);
	assert_int_equal(loss.count, 0);
	assert_int_equal(codec_read(&back, gb.buf, gb.len, CODEC_AUTO, &found,
	    NULL), 0);
	assert_int_equal(found, CODEC_GB18030);
	assert_int_equal(back.len, text.len);
	assert_memory_equal(back.buf, text.buf, text.len);
	str_done(&text);
	str_done(&gb);
	str_done(&back);
}

static void
writing(void **state)
{
	struct codec_loss loss = CODEC_LOSS_INIT;
	struct str out = STR_INIT, words = STR_INIT;
	uint32_t cp;
	char one[4];
	int n;

	(void)state;
	codec_loss_text(&words, &loss, CODEC_GBK);
	assert_string_equal(words.buf, "");
	codec_write(&out, "a中", 4, CODEC_GBK, &loss);
	assert_string_equal(out.buf, "a\xD6\xD0");
	str_clear(&out);
	codec_write(&out, "𠮷𠮷😀\xFF!", 14, CODEC_GBK, &loss);
	assert_string_equal(out.buf, "\xA1\xFE\xA1\xFE\xA1\xFE\xA1\xFE!");
	assert_int_equal(loss.count, 4);
	assert_int_equal(loss.n, 3);
	assert_int_equal(loss.cp[0], 0x20BB7);
	assert_int_equal(loss.cp[2], UTF8_BAD);
	codec_loss_text(&words, &loss, CODEC_GBK);
	assert_string_equal(words.buf, "有 4 处文字 GBK 里没有，已写成〓："
	    "𠮷（U+20BB7）、😀（U+1F600）、坏字节。要完整保留请用 UTF-8");
	str_clear(&out);
	codec_write(&out, "中\xFF", 4, CODEC_UTF8, &loss);
	assert_string_equal(out.buf, "中〓");
	/* More kinds than are listed are still counted. */
	memset(&loss, 0, sizeof loss);
	for (cp = 0x1F600; cp < 0x1F640; cp++) {
		n = utf8_encode(one, cp);
		codec_write(&out, one, (size_t)n, CODEC_GBK, &loss);
	}
	assert_int_equal(loss.count, 64);
	assert_int_equal(loss.n, CODEC_LOSS_MAX);
	str_done(&out);
	str_done(&words);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(keyboard, reset, reset),
		cmocka_unit_test_setup_teardown(at_once, reset, reset),
		cmocka_unit_test_setup_teardown(noise, reset, reset),
		cmocka_unit_test_setup_teardown(gbk_table, reset, reset),
		cmocka_unit_test_setup_teardown(gb18030_table, reset, reset),
		cmocka_unit_test_setup_teardown(sessions, reset, reset),
		cmocka_unit_test_setup_teardown(names, reset, reset),
		cmocka_unit_test_setup_teardown(reading, reset, reset),
		cmocka_unit_test_setup_teardown(big_file, reset, reset),
		cmocka_unit_test_setup_teardown(writing, reset, reset)
	};

	return cmocka_run_group_tests_name("codec", tests, NULL, NULL);
}
