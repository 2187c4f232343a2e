/* CSV as people and spreadsheets write it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "mem.h"
#include "safe.h"

/* All rows as text: cells joined with |, rows with / and their line. */
static char *
read_all(const char *text, char delimiter, int *rc)
{
	struct cells r = CELLS_INIT;
	struct str out = STR_INIT;
	struct err e = ERR_INIT;
	struct csv c;
	size_t i;

	csv_init(&c, text, strlen(text), delimiter);
	while ((*rc = csv_next(&c, &r, &e)) > 0) {
		str_addf(&out, "%s%zu:", out.len > 0 ? "/" : "", r.line);
		for (i = 0; i < r.n; i++) {
			assert_int_equal(r.kind[i], CELL_TEXT);
			str_addf(&out, "%s%s", i > 0 ? "|" : "", r.cell[i]);
		}
	}
	if (*rc < 0)
		assert_non_null(strstr(e.msg, "行"));
	cells_done(&r);
	return str_take(&out);
}

static const struct {
	const char *text;
	char delimiter;
	const char *want;
} good[] = {
	{ "", ',', "" },
	{ "a", ',', "1:a" },
	{ "a,b\n", ',', "1:a|b" },
	{ "a,b\nc,d", ',', "1:a|b/2:c|d" },
	{ "a,b\r\nc,d\r\n", ',', "1:a|b/2:c|d" },
	{ "a,b\rc,d\r", ',', "1:a|b/2:c|d" },
	{ ",\n", ',', "1:|" },
	{ "\n\na\n", ',', "1:/2:/3:a" },
	{ "姓名;村\n张三;悦庄\n", ';', "1:姓名|村/2:张三|悦庄" },
	{ "a\tb,c\td\n", '\t', "1:a|b,c|d" },
	{ "\"a,b\",c\n", ',', "1:a,b|c" },
	{ "\"a\"\"b\"\n", ',', "1:a\"b" },
	{ "\"\",\"\"\"\"\n", ',', "1:|\"" },
	{ "\"两\n行\",b\nc\n", ',', "1:两\n行|b/3:c" },
	{ "\"两\r\n行\"\r\nc\r\n", ',', "1:两\r\n行/3:c" },
	{ "\"a\"b,c\n", ',', "1:ab|c" },
	{ "a\"b\",c\n", ',', "1:a\"b\"|c" },
	{ " \"a\" ,b\n", ',', "1: \"a\" |b" },
	{ "\"a\"", ',', "1:a" },
	{ "a,\"b\"\n\"c\n\nd\",e\nf\n", ',', "1:a|b/2:c\n\nd|e/5:f" },
};

static void
test_rows(void **state)
{
	char *got;
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < COUNT_OF(good); i++) {
		got = read_all(good[i].text, good[i].delimiter, &rc);
		assert_int_equal(rc, 0);
		assert_string_equal(got, good[i].want);
		free(got);
	}
}

static void
test_open_quote(void **state)
{
	struct cells r = CELLS_INIT;
	struct err e = ERR_INIT;
	struct csv c;
	static const char text[] = "a,b\nc,\"d\ne,f\ng\n";

	(void)state;
	csv_init(&c, text, sizeof text - 1, ',');
	assert_int_equal(csv_next(&c, &r, &e), 1);
	assert_int_equal(csv_next(&c, &r, &e), E_FORMAT);
	assert_non_null(strstr(e.msg, "第 2 行"));
	cells_done(&r);
}

static void
test_too_wide(void **state)
{
	struct cells r = CELLS_INIT;
	struct err e = ERR_INIT;
	struct csv c;
	char *wide = xmalloc(CSV_COLUMNS + 1);

	(void)state;
	memset(wide, ',', CSV_COLUMNS);
	csv_init(&c, wide, CSV_COLUMNS - 1, ',');
	assert_int_equal(csv_next(&c, &r, &e), 1);
	assert_int_equal(r.n, CSV_COLUMNS);
	csv_init(&c, wide, CSV_COLUMNS, ',');
	assert_int_equal(csv_next(&c, &r, &e), E_FORMAT);
	cells_done(&r);
	free(wide);
}

static void
test_empty(void **state)
{
	static const struct {
		const char *text;
		bool empty;
	} cases[] = {
		{ "\n", true }, { ",,\n", true }, { " , \t,　\n", true },
		{ "\"\n\r\n\"\n", true }, { ",,x\n", false },
		{ ",0,\n", false },
	};
	struct cells r = CELLS_INIT;
	struct err e = ERR_INIT;
	struct csv c;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		csv_init(&c, cases[i].text, strlen(cases[i].text), ',');
		assert_int_equal(csv_next(&c, &r, &e), 1);
		assert_int_equal(cells_empty(&r), cases[i].empty);
	}
	cells_done(&r);
}

/* What safe_csv() writes, this reads: every text is its own again. */
static void
test_round_trip(void **state)
{
	static const char *const texts[] = {
		"", "张三", "a,b", "\"", "\"\"", "\n", "a\r\nb", " x ", "=1+1",
		"'=1+1", "''", "'", "-5", "＝cmd", "@x", "\t", "+86", ";", "|",
		"第一行\n“二”,\"三\"", "0533-3221234",
	};
	struct cells r = CELLS_INIT;
	struct str line = STR_INIT;
	struct err e = ERR_INIT;
	struct csv c;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(texts); i++) {
		if (i > 0)
			str_addc(&line, ',');
		safe_csv(&line, texts[i]);
	}
	csv_init(&c, line.buf, line.len, ',');
	assert_int_equal(csv_next(&c, &r, &e), 1);
	assert_int_equal(r.n, COUNT_OF(texts));
	for (i = 0; i < COUNT_OF(texts); i++)
		assert_string_equal(safe_unguard(r.cell[i]), texts[i]);
	cells_done(&r);
	str_done(&line);
}

/* No bytes make it read past the end or go on for ever. */
static void
test_noise(void **state)
{
	static const char from[] = "a,\"\n\r;\t\"\",张 ";
	struct cells r = CELLS_INIT;
	struct err e = ERR_INIT;
	struct csv c;
	unsigned seed = 20261122;
	char *text;
	size_t len, i, rows;
	int n, rc;

	(void)state;
	for (n = 0; n < 20000; n++) {
		len = (size_t)(n % 40);
		text = xmalloc(len + 1);
		for (i = 0; i < len; i++) {
			seed = seed * 1103515245 + 12345;
			text[i] = from[seed / 65536 % (sizeof from - 1)];
		}
		csv_init(&c, text, len, ",;\t"[n % 3]);
		for (rows = 0; (rc = csv_next(&c, &r, &e)) > 0; rows++)
			assert_true(rows <= len);
		free(text);
	}
	cells_done(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_open_quote),
		cmocka_unit_test(test_too_wide),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
