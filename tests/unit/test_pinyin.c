/* Pinyin: the shipped table, surnames, keys of names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"
#include "pinyin.h"
#include "str.h"
#include "utf8.h"

/* The table lies in the source tree, two folders up from this file. */
static void
table_path(char *out, size_t size)
{
	const char *slash = strrchr(__FILE__, '/');

	snprintf(out, size, "%.*s../../data/pinyin/pinyin.txt",
	    slash == NULL ? 0 : (int)(slash - __FILE__) + 1, __FILE__);
}

static int
open_table(void **state)
{
	char path[512];
	struct err e = ERR_INIT;

	(void)state;
	table_path(path, sizeof path);
	if (pinyin_open(path, true, &e) < 0) {
		print_error("%s\n", e.msg);
		return -1;
	}
	return 0;
}

static int
close_table(void **state)
{
	(void)state;
	pinyin_close();
	return 0;
}

static const struct {
	const char *s;
	const char *first;		/* the commonest; NULL: none at all */
	const char *also;		/* among the others, or NULL */
} readings[] = {
	{ "中", "zhong", NULL }, { "女", "nv", NULL }, { "略", "lve", NULL },
	{ "单", "dan", "shan" }, { "仇", "chou", "qiu" }, { "解", "jie", "xie" },
	{ "尉", "wei", "yu" }, { "曾", NULL, "zeng" }, { "区", "qu", "ou" },
	{ "查", "cha", "zha" }, { "任", "ren", NULL }, { "朴", "pu", "piao" },
	{ "乐", "le", "yue" }, { "盖", "gai", "ge" }, { "黑", "hei", "he" },
	{ "覃", NULL, "qin" }, { "长", NULL, "chang" }, { "重", NULL, "chong" },
	{ "〇", "ling", NULL }, { "𠮷", "ji", NULL }, { "㐀", "qiu", NULL },
	{ "一", "yi", NULL }, { "龥", "yu", NULL }
};

static bool
has(char list[][PINYIN_SIZE], int n, const char *what)
{
	while (n-- > 0)
		if (strcmp(list[n], what) == 0)
			return true;
	return false;
}

static void
characters(void **state)
{
	char got[PINYIN_READINGS][PINYIN_SIZE];
	uint32_t cp;
	size_t i;
	int n;

	(void)state;
	for (i = 0; i < COUNT_OF(readings); i++) {
		utf8_next(readings[i].s, &cp);
		n = pinyin_readings(cp, got, PINYIN_READINGS);
		assert_true(n > 0);
		if (readings[i].first != NULL)
			assert_string_equal(got[0], readings[i].first);
		if (readings[i].also != NULL &&
		    !has(got, n, readings[i].also))
			fail_msg("%s is not read %s", readings[i].s,
			    readings[i].also);
	}
	assert_int_equal(pinyin_readings(0x4E2D, got, 0), 0);
	assert_int_equal(pinyin_readings(0x5355, got, 1), 1);
}

/* None for what is no Han character, and no crash anywhere. */
static void
every_code_point(void **state)
{
	char got[PINYIN_READINGS][PINYIN_SIZE];
	uint32_t cp;
	int n, i, han = 0;

	(void)state;
	for (cp = 0; cp <= 0x110000; cp++) {
		n = pinyin_readings(cp, got, PINYIN_READINGS);
		assert_in_range(n, 0, PINYIN_READINGS);
		han += n > 0;
		for (i = 0; i < n; i++) {
			size_t len = strlen(got[i]);

			assert_in_range(len, 1, PINYIN_SIZE - 1);
			assert_int_equal(strspn(got[i],
			    "abcdefghijklmnopqrstuvwxyz"), len);
		}
		if (n > 0 && !utf8_is_han(cp))
			assert_in_range(cp, 0x2E80, 0x2FDF);	/* radicals */
	}
	assert_true(han > 40000);
}

static const struct {
	const char *name;
	const char *initials, *full;	/* all keys */
} names[] = {
	{ "", "", "" },
	{ "王小明", "wxm", "wangxiaoming" },
	{ "吕布", "lb", "lvbu" },
	{ "Ａ班 3 号", "ab3h", "aban3hao" },
	{ "ABC", "abc", "abc" },
	{ "·（）", "", "" },
	{ "བོད", "", "" },
	{ "ꀀꀁ", "", "" },
	{ "王\xFF明", "wm", "wangming" }
};

static void
join(struct str *out, const struct pinyin_keys *k)
{
	int i;

	str_clear(out);
	for (i = 0; i < k->n; i++)
		str_addf(out, "%s%s", i > 0 ? " " : "", k->key[i]);
}

static void
keys_of_names(void **state)
{
	struct str got = STR_INIT;
	struct pinyin_keys k;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(names); i++) {
		pinyin_initials(names[i].name, &k);
		join(&got, &k);
		assert_string_equal(got.buf, names[i].initials);
		pinyin_full(names[i].name, &k);
		join(&got, &k);
		assert_string_equal(got.buf, names[i].full);
	}
	str_done(&got);
}

static bool
in_keys(const struct pinyin_keys *k, const char *key)
{
	int i;

	for (i = 0; i < k->n; i++)
		if (strcmp(k->key[i], key) == 0)
			return true;
	return false;
}

static void
several_readings(void **state)
{
	struct pinyin_keys k;
	int i, j;

	(void)state;
	pinyin_initials("单雄信", &k);
	assert_string_equal(k.key[0], "dxx");
	assert_true(in_keys(&k, "sxx"));
	assert_true(in_keys(&k, "cxx"));
	pinyin_full("单雄信", &k);
	assert_string_equal(k.key[0], "danxiongxin");
	assert_true(in_keys(&k, "shanxiongxin"));
	pinyin_initials("曾乐", &k);
	assert_true(in_keys(&k, "zy"));
	assert_true(in_keys(&k, "cl"));
	/* Many readings: capped, without duplicates, the surname's first. */
	pinyin_full("解乐解乐解乐", &k);
	assert_int_equal(k.n, PINYIN_KEYS);
	assert_true(in_keys(&k, "xielejielejiele"));
	for (i = 0; i < k.n; i++)
		for (j = 0; j < i; j++)
			assert_string_not_equal(k.key[i], k.key[j]);
	/* Initials of one letter give one key. */
	assert_int_equal(pinyin_initials("王王", &k), 1);
}

static void
long_names(void **state)
{
	struct str name = STR_INIT;
	struct pinyin_keys k;
	int i;

	(void)state;
	for (i = 0; i < 200; i++)
		str_add(&name, "双");
	pinyin_full(name.buf, &k);
	assert_int_equal(k.n, 1);
	assert_int_equal(strlen(k.key[0]), 60);		/* ten whole syllables */
	pinyin_initials(name.buf, &k);
	assert_int_equal(strlen(k.key[0]), PINYIN_KEY - 1);
	for (i = 0; i < 200; i++)
		str_add(&name, "单");
	assert_int_equal(pinyin_initials(name.buf, &k), 1);
	str_done(&name);
}

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

/* A missing or cut table is refused with a sentence, and names then simply
 * have no keys. */
static void
bad_tables(void **state)
{
	static const char *const text[] = {
		"", "x", "tongji-pinyin 2 1 1 33 1 1 11\n",
		"tongji-pinyin 1 0 1 33 34 1 11\nyi\n",
		"tongji-pinyin 1 0 0 33 30 1 11\n12345 0000\n",
		"tongji-pinyin 1 99999999999999999999 1 33 1 1 11\n",
		"tongji-pinyin 1 0 18446744073709551615 33 31 1 11\nabc\n"
	};
	char path[] = "/tmp/tongji-pinyin-XXXXXX";
	char got[2][PINYIN_SIZE];
	struct err e;
	size_t i;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	for (i = 0; i < COUNT_OF(text); i++) {
		write_file(path, text[i]);
		e = (struct err)ERR_INIT;
		assert_true(pinyin_open(path, true, &e) < 0);
		assert_non_null(strstr(e.msg, "拼音表"));
		assert_false(pinyin_ready());
		assert_int_equal(pinyin_readings(0x4E2D, got, 2), 0);
	}
	unlink(path);
	assert_true(pinyin_open(path, true, &e) < 0);
	assert_int_equal(e.code, E_NOTFOUND);
	assert_int_equal(pinyin_open(path, false, &e), 0);
	assert_false(pinyin_ready());
	/* Later opening works after that. */
	assert_int_equal(open_table(NULL), 0);
	assert_true(pinyin_ready());
	pinyin_close();
	assert_false(pinyin_ready());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters),
		cmocka_unit_test(every_code_point),
		cmocka_unit_test(keys_of_names),
		cmocka_unit_test(several_readings),
		cmocka_unit_test(long_names),
		cmocka_unit_test(bad_tables)
	};

	return cmocka_run_group_tests_name("pinyin", tests, open_table,
	    close_table);
}
