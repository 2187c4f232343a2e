/* Headers, and an import that is stopped or fails half-way.  What files look
 * like and which rows are refused is tests/io's. */
#include "form_help.h"

#include "heading.h"
#include "import.h"
#include "journal.h"
#include "record.h"
#include "textmap.h"
#include "views.h"

static char *
file(struct town *t, const char *text)
{
	char *path = xasprintf("%s/roster.csv", t->dir);

	OK(file_write(path, text, strlen(text), 0600, ER));
	return path;
}

/* The meanings of a text's header, joined with blanks. */
static char *
meanings(struct town *t, const char *form, const char *text)
{
	const struct form *f = forms_get(t->fs, form, ER);
	struct heading_words *w;
	struct heading h;
	struct sheet *s;
	struct str out = STR_INIT;
	char *path = file(t, text);
	size_t i;

	assert_non_null(f);
	w = heading_words(t->fs, f, NULL, ER);
	assert_non_null(w);
	OK(sheet_open(&s, path, CODEC_AUTO, ER));
	OK(heading_find(s, w, &h, ER));
	str_addf(&out, "%zu:", h.known > 0 ? h.line : 0);
	for (i = 0; i < h.n; i++)
		str_addf(&out, " %s", h.meaning[i] >= 0 ?
		    f->fields[h.meaning[i]].name :
		    h.meaning[i] == HEAD_UID ? "UID" :
		    h.meaning[i] == HEAD_IGNORE ? "-" :
		    h.meaning[i] == HEAD_TWICE ? "twice" : "?");
	heading_done(&h);
	heading_words_free(w);
	sheet_close(s);
	free(path);
	return str_take(&out);
}

static void
test_heading(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "name,village\n", "1: name village" },
		{ "姓名,村\n", "1: name village" },
		{ " Name ,姓 名（必填）\n", "1: name twice" },
		{ "uid,created_at,姓名\n", "1: UID - name" },
		{ "＊姓名：,★村\n", "1: name village" },
		{ "身高,身高(厘米)\n", "1: height height" },
		{ "花名册\n填报单位：x\n姓名,血型\n张三,A\n", "3: name ?" },
		{ "张三,李四\n王五,赵六\n", "0:" },
		{ "姓名,村,补贴,\n,,补贴,情况\n", "2: name village money story" },
		{ "姓名,情况说明,\n,颜色,几种颜色\n",
		    "2: name colour colours" },
	};
	struct town t;
	char *got;
	size_t i;

	(void)state;
	town_begin(&t);
	for (i = 0; i < COUNT_OF(cases); i++) {
		got = meanings(&t, "child", cases[i].text);
		assert_string_equal(got, cases[i].want);
		free(got);
	}
	town_end(&t);
}

static void
test_textmap(void **state)
{
	struct textmap m = TEXTMAP_INIT;
	char key[32];
	size_t i;

	(void)state;
	assert_null(textmap_find(&m, "a"));
	for (i = 0; i < 5000; i++) {
		snprintf(key, sizeof key, "键%zu", i);
		textmap_put(&m, key, i % 2 != 0 ? key : NULL, i);
	}
	textmap_put(&m, "键7", "新", 70);
	for (i = 0; i < 5000; i++) {
		snprintf(key, sizeof key, "键%zu", i);
		assert_non_null(textmap_find(&m, key));
		if (i != 7)
			assert_int_equal(textmap_find(&m, key)->number, i);
	}
	assert_int_equal(textmap_find(&m, "键7")->number, 70);
	assert_string_equal(textmap_find(&m, "键7")->text, "新");
	assert_null(textmap_find(&m, "键"));
	textmap_done(&m);
}

/* Children in one village, `n` of them. */
static char *
roster(struct town *t, int n)
{
	struct str s = STR_INIT;
	char *path;
	int i;

	OK(db_exec(t->db, "INSERT INTO village(uid,rv,site,created_at,"
	    "created_by,updated_at,updated_by,code,name) VALUES('v1','1','s1',"
	    "'','','','','370323104201','悦庄村')", ER));
	str_add(&s, "name,village,birth_date,money\n");
	for (i = 0; i < n; i++)
		str_addf(&s, "孩子%d,悦庄,2015-3-1,%d.50元\n", i, i);
	path = file(t, s.buf);
	str_done(&s);
	return path;
}

static int64_t
count(struct town *t, const char *table)
{
	char sql[64];

	snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
	return db_int(t->db, -1, sql, "");
}

static bool
stop(void *arg, int permille)
{
	assert_true(permille >= 0 && permille <= 1000);
	return --*(int *)arg > 0;
}

static void
test_stopped(void **state)
{
	struct import_options o = { .codec = CODEC_AUTO, .tick = stop };
	struct import_result r;
	struct err e = ERR_INIT;
	struct town t;
	char *path;
	int ticks = 3;

	(void)state;
	town_begin(&t);
	OK(ddl_apply(t.fs, NULL, ER));
	path = roster(&t, 2000);
	o.file = path;
	o.arg = &ticks;
	assert_int_equal(import_run(t.fs, forms_get(t.fs, "child", ER), &o, &r,
	    &e), E_CANCEL);
	assert_int_equal(count(&t, "child"), 0);
	assert_int_equal(count(&t, "journal"), 0);
	assert_false(db_in_write(t.db));
	import_result_done(&r);
	ticks = 1000;
	OK(import_run(t.fs, forms_get(t.fs, "child", ER), &o, &r, ER));
	assert_int_equal(r.inserted, 2000);
	assert_int_equal(db_int(t.db, 0, "SELECT sum(money) FROM child", ""),
	    (int64_t)1999 * 2000 / 2 * 100 + 50 * 2000);
	import_result_done(&r);
	free(path);
	town_end(&t);
}

/* A row that fails after it began to write is taken back alone. */
static void
test_half_a_row(void **state)
{
	struct import_options o = { .codec = CODEC_AUTO };
	struct import_result r;
	struct err e = ERR_INIT;
	struct town t;
	char *path;

	(void)state;
	town_begin(&t);
	OK(ddl_apply(t.fs, NULL, ER));
	path = roster(&t, 50);
	o.file = path;
	OK(db_exec(t.db, "CREATE TRIGGER late AFTER INSERT ON journal WHEN"
	    " NEW.vals LIKE '%孩子7\"%' OR NEW.vals LIKE '%孩子30\"%' BEGIN"
	    " SELECT RAISE(ABORT, 'late'); END", ER));
	OK(import_run(t.fs, forms_get(t.fs, "child", ER), &o, &r, ER));
	assert_int_equal(r.inserted, 48);
	assert_int_equal(r.refused, 2);
	assert_int_equal(count(&t, "child"), 48);
	assert_int_equal(count(&t, "journal"), 49);	/* and the note */
	assert_int_equal(db_int(t.db, -1, "SELECT count(*) FROM lookup WHERE"
	    " uid NOT IN (SELECT uid FROM child)", ""), 0);
	assert_non_null(strstr(r.notes.buf, "第 9 行"));
	assert_non_null(strstr(r.notes.buf, "第 32 行"));
	assert_int_equal(journal_check(t.db, NULL, NULL, &e), 1); /* village */
	import_result_done(&r);
	OK(db_exec(t.db, "DROP TRIGGER late", ER));
	OK(import_run(t.fs, forms_get(t.fs, "child", ER), &o, &r, ER));
	assert_int_equal(r.refused, 0);
	import_result_done(&r);
	free(path);
	town_end(&t);
}

/* An error of the database ends the import and undoes it. */
static void
test_broken_database(void **state)
{
	struct import_options o = { .codec = CODEC_AUTO };
	struct import_result r;
	struct err e = ERR_INIT;
	struct town t;
	char *path;

	(void)state;
	town_begin(&t);
	OK(ddl_apply(t.fs, NULL, ER));
	path = roster(&t, 50);
	o.file = path;
	OK(db_exec(t.db, "DROP TABLE lookup", ER));
	assert_true(import_run(t.fs, forms_get(t.fs, "child", ER), &o, &r,
	    &e) < 0);
	assert_non_null(strstr(e.msg, "第 2 行"));
	assert_int_equal(count(&t, "child"), 0);
	assert_false(db_in_write(t.db));
	import_result_done(&r);
	free(path);
	town_end(&t);
}

static void
test_flat(void **state)
{
	struct err e = ERR_INIT;
	struct db *db;

	(void)state;
	OK(db_open(&db, "", DB_MEMORY, ER));
	OK(db_exec(db, "CREATE TABLE t(a)", ER));
	OK(db_begin(db, ER));
	db_flat(db, true);
	OK(db_begin(db, ER));
	db_rollback(db);			/* nothing was written */
	assert_false(db_spoiled(db));
	OK(db_begin(db, ER));
	OK(db_exec(db, "INSERT INTO t VALUES(1)", ER));
	OK(db_begin(db, ER));
	db_rollback(db);
	assert_false(db_spoiled(db));
	OK(db_commit(db, ER));
	assert_false(db_spoiled(db));
	OK(db_begin(db, ER));
	OK(db_exec(db, "INSERT INTO t VALUES(2)", ER));
	db_rollback(db);
	assert_true(db_spoiled(db));
	db_flat(db, false);
	db_rollback(db);
	assert_int_equal(db_int(db, -1, "SELECT count(*) FROM t", ""), 0);
	OK(db_begin(db, ER));
	assert_false(db_spoiled(db));
	OK(db_commit(db, &e));
	db_close(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_heading),
		cmocka_unit_test(test_textmap),
		cmocka_unit_test(test_flat),
		cmocka_unit_test(test_stopped),
		cmocka_unit_test(test_half_a_row),
		cmocka_unit_test(test_broken_database),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
