/* The data dictionary and the blank paper form, and the lint of queries. */
#include "form_help.h"

#include "blank.h"
#include "dictionary.h"
#include "lint.h"
#include "width.h"

static void
golden(const char *name, const struct str *got)
{
	char *what = xasprintf("../form/%s", name), *path = beside(what);
	struct str want = STR_INIT;

	if (str_eq(getenv("TONGJI_GOLDEN"), "write"))
		OK(file_write(path, got->buf, got->len, 0644, ER));
	OK(file_read(&want, path, 1 << 20, ER));
	assert_string_equal(got->buf, want.buf);
	str_done(&want);
	free(path);
	free(what);
}

static void
test_golden(void **state)
{
	struct str s = STR_INIT;
	struct town t;

	(void)state;
	town_begin(&t);
	OK(blank_text(t.fs, "child", &s, ER));
	golden("child.blank", &s);
	str_clear(&s);
	OK(dictionary_text(t.fs, NULL, &s, ER));
	golden("dictionary.txt", &s);
	str_clear(&s);
	OK(dictionary_csv(t.fs, "child", &s, ER));
	golden("child.csv", &s);
	assert_true(blank_text(t.fs, "chlid", &s, ER) < 0);
	assert_true(dictionary_csv(t.fs, "chlid", &s, ER) < 0);
	str_done(&s);
	town_end(&t);
}

/* No sheet of any shipped form is wider than paper, and none names a
 * category in its heading. */
static void
test_shipped(void **state)
{
	char *dir = beside("../../forms"), *data = beside("../../data");
	struct str s = STR_INIT;
	struct forms *fs;
	size_t i;

	(void)state;
	OK(forms_open(&fs, NULL, dir, data, ER));
	for (i = 0; forms_names(fs)[i] != NULL; i++) {
		char *line, *save = NULL;

		str_clear(&s);
		OK(blank_text(fs, forms_names(fs)[i], &s, ER));
		for (line = strtok_r(s.buf, "\n", &save); line != NULL;
		    line = strtok_r(NULL, "\n", &save)) {
			if (line == s.buf)
				assert_null(strstr(line, "困境"));
			if (width_str(line) > BLANK_COLS)
				fail_msg("%s: %s", forms_names(fs)[i], line);
		}
	}
	str_done(&s);
	forms_close(fs);
	free(dir);
	free(data);
}

static void
test_query(void **state)
{
	static const char *const params[] = { ":from", ":until", NULL };
	static const struct {
		const char *sql, *says;
	} rows[] = {
		{ "SELECT count(*) FROM child", NULL },
		{ "WITH c AS (SELECT * FROM child WHERE name > :from)"
		    " SELECT count(*), ':x' FROM c", NULL },
		{ "SELECT count(*) FROM chld", "q.sql:5:1: 没有“chld”这张表，"
		    "是不是“child”" },
		{ "SELECT 1\nFROM child\nWHERE nmae = 1",
		    "q.sql:7:7: 没有“nmae”这个字段" },
		{ "SELECT count(*) FROM child WHERE name > :form",
		    "q.sql:5:41: “:form”不能用，是不是“:from”" },
		{ "DELETE FROM child", "只能查询" },
		{ "SELECT * FROM user", "没有“user”这张表" },
		{ "SELECT 1; SELECT 2", "一次只能有一条语句" },
		{ "SELECT FROM", "附近写得不对" },
		{ "SELECT load_extension('x')", "load_extension" },
		{ "PRAGMA user_version", "只能查询" },
		{ "ATTACH 'x' AS y", "只能查询" },
	};
	struct messages ms = MESSAGES_INIT;
	struct str s = STR_INIT;
	struct town t;
	size_t i, j;

	(void)state;
	town_begin(&t);
	for (i = 0; i < COUNT_OF(rows); i++) {
		lint_query(t.fs, "q.sql", 5, rows[i].sql, params, &ms);
		str_clear(&s);
		for (j = 0; j < ms.n; j++)
			message_format(&ms.v[j], &s);
		if (rows[i].says == NULL ? s.len > 0 :
		    strstr(s.buf, rows[i].says) == NULL)
			fail_msg("%s: %s", rows[i].sql, s.buf);
		messages_done(&ms);
	}
	str_done(&s);
	town_end(&t);
}

static void
more(struct forms *fs, struct messages *ms)
{
	(void)fs;
	messages_add(ms, MSG_READ, "indicators", 0, 0, "来自上层", NULL, NULL);
}

/* Floors above add their own; a database adds what it has applied. */
static void
test_more(void **state)
{
	struct messages ms = MESSAGES_INIT;
	struct str s = STR_INIT;
	struct town t;
	char *path;
	size_t i;

	(void)state;
	town_begin(&t);
	OK(ddl_apply(t.fs, NULL, ER));
	path = xasprintf("%s/note.form", t.dir);
	assert_int_equal(unlink(path), 0);
	free(path);
	town_forms(&t);
	lint_add(more);
	lint_add(more);
	lint_all(t.fs, &ms);
	for (i = 0; i < ms.n; i++)
		message_format(&ms.v[i], &s);
	assert_non_null(strstr(s.buf, "indicators: 来自上层"));
	assert_non_null(strstr(s.buf, "表单“note”已经在用"));
	assert_non_null(strstr(s.buf, "broken.csv:4"));
	messages_done(&ms);
	str_done(&s);
	town_end(&t);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_shipped),
		cmocka_unit_test(test_query),
		cmocka_unit_test(test_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
