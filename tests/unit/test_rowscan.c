/* The quick look at a line of rows.jsonl: what rows_write() puts down needs no
 * parser, and nothing is taken that the parser would refuse. */
#include "bundle_help.h"

#include "rowscan.h"
#include "rowshape.h"
#include "rowtext.h"
#include "utf8.h"

#define UID_ "01a22030-3f9a-77de-b7c7-21ddb769941a"
#define HEAD "{\"form\":\"child\",\"uid\":\"" UID_ "\",\"rv\":\"0badcafe\"," \
	"\"sup\":[\"1bad\",\"2bad\"],\"site\":\"370323104\""
#define MADE HEAD ",\"created\":[\"2026-11-22 15:04:00\",\"cli\"]," \
	"\"updated\":[\"2026-11-22 15:04:00\",null],\"state\":null"

static const char *const plain[] = {
	HEAD ",\"deleted\":true}",
	MADE ",\"v\":{}}",
	MADE ",\"v\":{\"name\":\"张三\",\"sex\":\"1\"}}",
	MADE ",\"v\":{\"name\":\"a \\\"b\\\\\\\" \\n 12345678901\"}}",
	MADE ",\"v\":{\"all\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t|\\\\n\"}}",
	MADE ",\"v\":{\"n1\":\"𠮷\",\"n2\":\"\",\"n\":\"n1\"}}",
};

/* Good rows that are written in another way: the parser's work. */
static const char *const other[] = {
	HEAD ",\"deleted\":true} ",
	"{ " "\"form\":\"child\",\"uid\":\"" UID_ "\",\"rv\":\"0\",\"sup\":[],"
	    "\"site\":\"3\",\"v\":{}}",
	MADE ",\"v\":{\"name\":\"\\u5f20\"}}",
	MADE ",\"more\":1,\"v\":{\"na\\u006de\":\"1\"}}",
};

static const char *const bad[] = {
	"", "{", "{}", HEAD, HEAD "}", MADE "}", MADE ",\"v\":{}",
	MADE ",\"v\":{}}x", MADE ",\"v\":[]}", MADE ",\"v\":{\"a\":1}}",
	MADE ",\"v\":{\"a\":null}}", MADE ",\"v\":{\"a\":\"1\",}}",
	MADE ",\"v\":{\"a\":\"1\",\"b\":\"2\",\"a\":\"1\"}}",
	MADE ",\"v\":{\"a\":\"1\",\"\\u0061\":\"1\"}}",
	MADE ",\"v\":{\"a\":\"\x01 1234567\"}}",
	MADE ",\"v\":{\"a\":\"1234567\t90123456\"}}",
	MADE ",\"v\":{\"a\":\"\\x\"}}", MADE ",\"v\":{\"a\":\"\\",
	MADE ",\"v\":{\"a\":\"\\u0000\"}}",
	MADE ",\"v\":{\"a\":\"\xC3(\"}}", MADE ",\"v\":{\"a\":\"\xED\xA0\x80\"}}",
	MADE ",\"v\":{\"a\":\"\xC0\x80\"}}", MADE ",\"deleted\":true,\"v\":{}}",
	"{\"form\":\"child\",\"uid\":\"01A22030-3f9a-77de-b7c7-21ddb769941a\","
	    "\"rv\":\"0\",\"sup\":[],\"site\":\"3\",\"deleted\":true}",
	"{\"form\":\"child\",\"uid\":\"01a22030/3f9a-77de-b7c7-21ddb769941g\","
	    "\"rv\":\"0\",\"sup\":[],\"site\":\"3\",\"deleted\":true}",
};

static void
test_lines(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(plain); i++) {
		if (!rowscan_plain(plain[i], strlen(plain[i])))
			fail_msg("not plain: %s", plain[i]);
		assert_int_equal(rows_check_line(plain[i], strlen(plain[i]),
		    NULL), 0);
	}
	for (i = 0; i < COUNT_OF(other); i++) {
		assert_false(rowscan_plain(other[i], strlen(other[i])));
		if (rows_check_line(other[i], strlen(other[i]), NULL) != 0)
			fail_msg("refused: %s", other[i]);
	}
	for (i = 0; i < COUNT_OF(bad); i++)
		if (rowscan_plain(bad[i], strlen(bad[i])) ||
		    rows_check_line(bad[i], strlen(bad[i]), NULL) == 0)
			fail_msg("taken: %s", bad[i]);
}

static void
same(const char *a, const char *b)
{
	if (!str_eq(a, b))
		fail_msg("“%s” is not “%s”", a != NULL ? a : "NULL",
		    b != NULL ? b : "NULL");
}

/* The quick way gives the texts that the parser gives: a blank in front sends
 * the same line to the parser. */
static void
test_texts(void **state)
{
	struct rowtext a, b;
	struct str line = STR_INIT;
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT_OF(plain); i++) {
		str_clear(&line);
		str_addf(&line, " %s", plain[i]);
		assert_int_equal(rowtext_read(&a, plain[i],
		    strlen(plain[i]), NULL), 0);
		assert_int_equal(rowtext_read(&b, line.buf, line.len,
		    NULL), 0);
		assert_null(a.json);
		assert_non_null(b.json);
		same(a.form, b.form);
		same(a.uid, b.uid);
		same(a.rv, b.rv);
		same(a.site, b.site);
		same(a.state, b.state);
		assert_int_equal(a.deleted, b.deleted);
		for (j = 0; j < 2; j++) {
			same(a.created[j], b.created[j]);
			same(a.updated[j], b.updated[j]);
		}
		assert_int_equal(a.nsup, b.nsup);
		for (j = 0; j < a.nsup; j++)
			same(a.sup[j], b.sup[j]);
		assert_int_equal(a.nv, b.nv);
		for (j = 0; j < a.nv; j++) {
			same(a.v[j].name, b.v[j].name);
			same(a.v[j].text, b.v[j].text);
		}
		rowtext_done(&a);
		rowtext_done(&b);
	}
	for (i = 0; i < COUNT_OF(bad); i++) {	/* and nothing is left over */
		assert_int_equal(rowtext_read(&a, bad[i], strlen(bad[i]),
		    NULL), E_FORMAT);
		assert_null(a.copy);
		assert_null(a.json);
	}
	str_done(&line);
}

/* A NUL is a control character too, and a shorter line is never a row. */
static void
test_cut(void **state)
{
	char copy[512];
	size_t len = strlen(plain[2]), i;

	(void)state;
	for (i = 0; i < len; i++) {
		assert_false(rowscan_plain(plain[2], i));
		memcpy(copy, plain[2], len);
		copy[i] = '\0';
		assert_false(rowscan_plain(copy, len));
	}
}

/* A row of more names than are kept goes to the parser. */
static void
test_many(void **state)
{
	struct str s = STR_INIT;
	int i;

	(void)state;
	str_add(&s, MADE ",\"v\":{\"a\":\"1\"");
	for (i = 0; i < 300; i++)
		str_addf(&s, ",\"n%d\":\"%d\"", i, i);
	str_add(&s, "}}");
	assert_false(rowscan_plain(s.buf, s.len));
	assert_int_equal(rows_check_line(s.buf, s.len, NULL), 0);
	str_done(&s);
}

/* One bad byte is found wherever it stands among eight. */
static void
test_bad_at(void **state)
{
	char line[40];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof line; i++) {
		memset(line, 'a', sizeof line);
		assert_int_equal(utf8_bad_at(line, sizeof line), sizeof line);
		line[i] = (char)0x80;
		assert_int_equal(utf8_bad_at(line, sizeof line), i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_bad_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
