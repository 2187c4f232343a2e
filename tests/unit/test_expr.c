/* Expressions at work: what a record's values make of relevance, required,
 * calculations, checks, defaults and choices; and the traps of the design. */
#include "form_help.h"

#include "expr.h"
#include "user.h"
#include "views.h"

/* Values of a form by field name. */
struct sheet {
	const struct form *f;
	char *val[64];
};

static void
sheet_set(struct sheet *s, const char *name, char *value)
{
	const struct field *fld = form_field(s->f, name);

	assert_non_null(fld);
	s->val[fld->index] = value;
}

static struct sheet
sheet_of(struct town *t, const char *form)
{
	struct sheet s = { .f = forms_get(t->fs, form, &town_err) };

	if (s.f == NULL)
		fail_msg("%s", town_err.msg);
	return s;
}

static bool
found(const struct verdicts *v, const char *field, const char *words)
{
	size_t i;

	for (i = 0; i < v->n; i++)
		if (strcmp(v->findings[i].field->name, field) == 0 &&
		    strstr(v->findings[i].message, words) != NULL)
			return true;
	return false;
}

static void
begin(struct town *t)
{
	town_begin(t);
	OK(ddl_apply(t->fs, NULL, ER));
	setenv("TONGJI_TODAY", "2026-11-22", 1);
}

/* Replace the golden child form's `from` by `to`. */
static void
edit(struct town *t, const char *from, const char *to)
{
	char *text = town_golden("child"), *p = strstr(text, from);
	struct str s = STR_INIT;

	assert_non_null(p);
	str_addn(&s, text, (size_t)(p - text));
	str_add(&s, to);
	str_add(&s, p + strlen(from));
	town_put(t, "child", s.buf);
	str_done(&s);
	free(text);
	town_forms(t);
}

static void
test_evaluate(void **state)
{
	struct verdicts v = { 0 };
	struct sheet s;
	struct town t;
	int age, birth;

	(void)state;
	begin(&t);
	s = sheet_of(&t, "child");
	age = form_field(s.f, "age_now")->index;
	birth = form_field(s.f, "birth_date")->index;
	OK(expr_evaluate(t.fs, s.f, "u1", NULL, s.val, true, &v, ER));
	assert_int_equal(v.n, 2);
	assert_true(found(&v, "name", "“姓名”必须填写"));
	assert_true(found(&v, "village", "“村”必须填写"));
	assert_false(v.relevant[form_field(s.f, "story")->index]);
	assert_true(v.required[0]);
	assert_null(v.calculated[age]);

	sheet_set(&s, "name", " ");
	sheet_set(&s, "id_number", "11010519491231002X");
	OK(expr_evaluate(t.fs, s.f, "u1", NULL, s.val, true, &v, ER));
	assert_true(found(&v, "name", "不能只有空格"));
	/* The birth date opens the page, which gives the age. */
	assert_string_equal(v.calculated[birth], "1949-12-31");
	assert_string_equal(v.calculated[age], "76");
	assert_true(v.relevant[form_field(s.f, "story")->index]);
	assert_false(found(&v, "id_number", "校验位不对"));
	sheet_set(&s, "id_number", "110105194912310021");
	OK(expr_evaluate(t.fs, s.f, "u1", NULL, s.val, true, &v, ER));
	assert_true(found(&v, "id_number", "校验位不对"));
	assert_null(v.calculated[birth]);
	verdicts_done(&v);
	town_end(&t);
}

/* A value that is typed is kept, one that is empty is filled. */
static void
test_fill_when_empty(void **state)
{
	struct verdicts v = { 0 };
	struct sheet s;
	struct town t;
	int colour;

	(void)state;
	begin(&t);
	edit(&t, "label = 颜色\n", "label = 颜色\ncalculation = 'red'\n");
	s = sheet_of(&t, "child");
	colour = form_field(s.f, "colour")->index;
	sheet_set(&s, "birth_date", "2020-02-29");
	OK(expr_evaluate(t.fs, s.f, "u1", NULL, s.val, false, &v, ER));
	assert_string_equal(v.calculated[colour], "red");
	sheet_set(&s, "colour", "blue");
	OK(expr_evaluate(t.fs, s.f, "u1", NULL, s.val, false, &v, ER));
	assert_string_equal(v.calculated[colour], "blue");
	assert_string_equal(v.calculated[form_field(s.f, "age_now")->index],
	    "6");
	/* An irrelevant page empties what stands on it for the others. */
	sheet_set(&s, "birth_date", NULL);
	OK(expr_evaluate(t.fs, s.f, "u1", NULL, s.val, false, &v, ER));
	assert_null(v.calculated[colour]);
	verdicts_done(&v);
	town_end(&t);
}

/* Lists, also where something binds tighter than IN, and NULL in them. */
static void
test_lists(void **state)
{
	static const struct {
		const char *sql, *name, *out;
	} rows[] = {
		{ "name IN ('a', 'b', 'c')", "b", "1" },
		{ "name IN ('a', 'b', 'c')", "d", "0" },
		{ "name IN ('a', 'b', 'c')", NULL, NULL },
		{ "name NOT IN ('a', 'b', 'c')", "b", "0" },
		{ "NOT name IN ('a', 'b', 'c')", "d", "1" },
		{ "NOT name NOT IN ('a','b','c') AND 1", "b", "1" },
		{ "'x' || name IN ('xa', 'xb', 'xc')", "b", "1" },
		{ "name IN ('a', NULL, 'c')", "b", NULL },
		{ "1 BETWEEN 0 AND name IN ('a', 'b', 'c')", "b", "0" },
		{ "this.name IN ('it''s', 'b', 'c') OR 0", "it's", "1" },
		{ "CASE WHEN name IN ('a', 'b', 'c') THEN 7 END", "c", "7" },
		{ "height IN (1, 2, 30)", "d", "1" },
		{ "name IN (SELECT c.name FROM child c)", "b", "0" },
	};
	struct sheet s;
	struct town t;
	size_t i;
	char *out;

	(void)state;
	begin(&t);
	s = sheet_of(&t, "child");
	sheet_set(&s, "height", "30");
	for (i = 0; i < COUNT_OF(rows); i++) {
		struct expr x = { rows[i].sql, 1, 1 };
		char name[8];

		snprintf(name, sizeof name, "%s", rows[i].name == NULL ? "" :
		    rows[i].name);
		sheet_set(&s, "name", rows[i].name == NULL ? NULL : name);
		OK(expr_value(t.fs, s.f, &x, X_DEFAULT, "u1", NULL, s.val,
		    &out, ER));
		if (!str_eq(out, rows[i].out))
			fail_msg("%s: %s", rows[i].sql, out);
		free(out);
		expr_forget(s.f);	/* x is gone after this turn */
	}
	town_end(&t);
}

/* Calculations that feed one another stand still after a few rounds; ones
 * that never do are given up, not looped over. */
static void
test_rounds(void **state)
{
	struct verdicts v = { 0 };
	struct sheet s;
	struct town t;

	(void)state;
	begin(&t);
	edit(&t, "[story]", "[a]\ntype = calculate\nlabel = 甲\n"
	    "calculation = b || 'a'\n\n[b]\ntype = calculate\nlabel = 乙\n"
	    "calculation = c || 'b'\n\n[c]\ntype = calculate\nlabel = 丙\n"
	    "calculation = name\n\n[d]\ntype = calculate\nlabel = 丁\n"
	    "calculation = coalesce(d, '') || 'x'\n\n[story]");
	s = sheet_of(&t, "child");
	sheet_set(&s, "birth_date", "2020-02-29");
	sheet_set(&s, "name", "张");
	OK(expr_evaluate(t.fs, s.f, "u1", NULL, s.val, true, &v, ER));
	assert_string_equal(v.calculated[form_field(s.f, "a")->index], "张ba");
	assert_string_equal(v.calculated[form_field(s.f, "d")->index], "xxxx");
	verdicts_done(&v);
	town_end(&t);
}

static void
add_child(struct town *t, const char *uid, const char *number, int deleted)
{
	OK(db_run(t->db, ER, "INSERT INTO main.child(uid,rv,site,created_at,"
	    "created_by,updated_at,updated_by,name,id_number,deleted) VALUES"
	    "(?1,'0','s1','','','','','甲',?2,?3)", "ssi", uid, number,
	    (int64_t)deleted));
}

/* Checks see other live rows, not this one and not deleted ones. */
static void
test_other_rows(void **state)
{
	struct verdicts v = { 0 };
	struct sheet s;
	struct town t;

	(void)state;
	begin(&t);
	s = sheet_of(&t, "child");
	sheet_set(&s, "id_number", "11010519491231002X");
	add_child(&t, "u1", "11010519491231002X", 0);
	add_child(&t, "u2", "11010519491231002X", 1);
	OK(expr_evaluate(t.fs, s.f, "u1", NULL, s.val, true, &v, ER));
	assert_false(found(&v, "id_number", "已经登记过"));
	add_child(&t, "u3", "11010519491231002X", 0);
	OK(expr_evaluate(t.fs, s.f, "u1", NULL, s.val, true, &v, ER));
	assert_true(found(&v, "id_number", "已经登记过"));
	assert_false(found(&v, "id_number", "校验位不对"));
	verdicts_done(&v);
	town_end(&t);
}

/* A director's defaults and calculations see her village only; checks see the
 * whole township, but tell nothing of it. */
static void
test_scope(void **state)
{
	static const char *const villages[] = {
		"0193a5c0-0000-7000-8000-00000000000a"
	};
	struct expr count = { "(SELECT count(*) FROM child)", 1, 1 };
	struct verdicts v = { 0 };
	struct sheet s;
	struct town t;
	char *out;

	(void)state;
	begin(&t);
	views_install(t.fs);
	add_child(&t, "u1", "11010519491231002X", 0);
	add_child(&t, "u2", NULL, 0);
	OK(db_run(t.db, ER, "UPDATE main.child SET village=?1 WHERE uid='u2'",
	    "s", villages[0]));
	OK(user_add(t.db, "lina", "李娜", ROLE_DIRECTOR, villages, 1,
	    "Shan-Shui-27", ER));
	OK(user_assume(t.db, "lina", ER));
	s = sheet_of(&t, "child");
	OK(expr_value(t.fs, s.f, &count, X_DEFAULT, "n", NULL, s.val, &out,
	    ER));
	assert_string_equal(out, "1");
	free(out);
	sheet_set(&s, "id_number", "11010519491231002X");
	OK(expr_evaluate(t.fs, s.f, "n", NULL, s.val, true, &v, ER));
	assert_true(found(&v, "id_number", "已经登记过"));
	user_logout(t.db);
	OK(user_assume(t.db, NULL, ER));
	OK(expr_value(t.fs, s.f, &count, X_DEFAULT, "n", NULL, s.val, &out,
	    ER));
	assert_string_equal(out, "2");
	free(out);
	user_logout(t.db);
	verdicts_done(&v);
	town_end(&t);
}

static void
test_values(void **state)
{
	struct sheet s;
	struct town t;
	char *out;

	(void)state;
	begin(&t);
	s = sheet_of(&t, "note");
	OK(expr_value(t.fs, s.f, &form_field(s.f, "written_on")->default_,
	    X_DEFAULT, "n1", "open", s.val, &out, ER));
	assert_string_equal(out, "2026-11-22");
	free(out);
	OK(expr_value(t.fs, s.f, &s.f->workflow->moves[1].condition,
	    X_CONDITION, "n1", "open", s.val, &out, ER));
	assert_string_equal(out, "0");
	free(out);
	sheet_set(&s, "answer", "好");
	sheet_set(&s, "child", "c1");
	OK(expr_value(t.fs, s.f, &s.f->workflow->moves[1].condition,
	    X_CONDITION, "n1", "open", s.val, &out, ER));
	assert_string_equal(out, "1");
	free(out);
	s = sheet_of(&t, "child");
	sheet_set(&s, "name", "张三");
	OK(expr_value(t.fs, s.f, &s.f->display, X_DISPLAY, "u1", NULL, s.val,
	    &out, ER));
	assert_string_equal(out, "张三");
	free(out);
	town_end(&t);
}

static void
test_choices(void **state)
{
	struct sheet s;
	struct town t;
	bool keep[3];

	(void)state;
	begin(&t);
	s = sheet_of(&t, "child");
	OK(expr_choices(t.fs, form_field(s.f, "colour"), "u1", s.val, keep,
	    ER));
	assert_true(keep[0]);
	assert_false(keep[1]);
	sheet_set(&s, "birth_date", "2010-01-01");
	OK(expr_choices(t.fs, form_field(s.f, "colour"), "u1", s.val, keep,
	    ER));
	assert_true(keep[1] && keep[2]);
	OK(expr_choices(t.fs, form_field(s.f, "colours"), "u1", s.val, keep,
	    ER));
	assert_true(keep[0] && keep[1] && keep[2]);
	town_end(&t);
}

/* Codes whose time has passed or is to come are not offered. */
static void
test_valid_codes(void **state)
{
	struct sheet s;
	struct town t;
	bool keep[4];

	(void)state;
	begin(&t);
	edit(&t, "select_one colour", "select_one season");
	s = sheet_of(&t, "child");
	((struct field *)form_field(s.f, "colour"))->choice_filter.sql = NULL;
	OK(expr_choices(t.fs, form_field(s.f, "colour"), "u1", s.val, keep,
	    ER));
	assert_true(!keep[0] && keep[1] && !keep[2] && keep[3]);
	town_end(&t);
}

/* What passes the words still meets the guard: nothing but forms is read,
 * nothing is written, and a wrong expression never runs in part. */
static void
test_guard(void **state)
{
	static const struct {
		const char *check, *says;
	} rows[] = {
		{ "EXISTS (SELECT 1 FROM user)", "“user”" },
		{ "(SELECT count(*) FROM journal) > 0", "“journal”" },
		{ "EXISTS (SELECT 1 FROM meta WHERE value = name)", "“meta”" },
		{ "EXISTS (SELECT 1 FROM sqlite_schema)", "sqlite" },
		{ "EXISTS (SELECT 1 FROM pragma_table_info('user'))",
		    "sqlite_master" },
		{ "load_extension('x')", "load_extension" },
		{ "randomblob(10) > name", "randomblob" },
		{ "name = nmae", "是不是“name”" },
		{ "(DELETE FROM child)", "“DELETE”" },
	};
	struct verdicts v = { 0 };
	struct err e = ERR_INIT;
	struct sheet s;
	struct town t;
	size_t i;

	(void)state;
	begin(&t);
	for (i = 0; i < COUNT_OF(rows); i++) {
		char *check = xasprintf("check = %s\n", rows[i].check);

		edit(&t, "check = id_valid(id_number)\n", check);
		free(check);
		s = sheet_of(&t, "child");
		assert_true(expr_evaluate(t.fs, s.f, "u1", NULL, s.val, true,
		    &v, &e) < 0);
		if (strstr(e.msg, rows[i].says) == NULL)
			fail_msg("%s: %s", rows[i].check, e.msg);
		assert_non_null(strstr(e.msg, "child.form:25:"));
	}
	verdicts_done(&v);
	town_end(&t);
}

static void
test_lint_one(void **state)
{
	struct expr x = { "age > > 1", 7, 9 };
	struct err e = ERR_INIT;
	const struct form *f;
	struct town t;

	(void)state;
	begin(&t);
	f = forms_get(t.fs, "child", ER);
	assert_true(expr_lint(t.fs, f, NULL, &x, X_CHECK, &e) < 0);
	assert_non_null(strstr(e.msg, "child.form:7:15"));
	x.sql = "height\n  > 1 AND\n hight < 3";
	assert_true(expr_lint(t.fs, f, NULL, &x, X_CHECK, &e) < 0);
	assert_non_null(strstr(e.msg, "child.form:9:2"));
	x.sql = "height > 1";
	assert_int_equal(expr_lint(t.fs, f, NULL, &x, X_CHECK, &e), 0);
	assert_true(expr_keyword("order") && expr_keyword("CASE"));
	assert_false(expr_keyword("name"));
	town_end(&t);
}

/* Hostile values are values, whatever they look like. */
static void
test_hostile_values(void **state)
{
	static char *const values[] = {
		"'); DROP TABLE child; --", "\"name\"", "?1", ":today",
		"\033[31m红", "=cmd|' /C calc'!A0", "𠮷", "", "%s%n",
	};
	struct verdicts v = { 0 };
	struct sheet s;
	struct town t;
	size_t i;
	char *out;

	(void)state;
	begin(&t);
	s = sheet_of(&t, "child");
	for (i = 0; i < COUNT_OF(values); i++) {
		sheet_set(&s, "name", values[i]);
		sheet_set(&s, "height", "12' OR 1");
		OK(expr_evaluate(t.fs, s.f, values[i], values[i], s.val, true,
		    &v, ER));
		OK(expr_value(t.fs, s.f, &s.f->display, X_DISPLAY, "u1", NULL,
		    s.val, &out, ER));
		assert_string_equal(out, values[i]);
		free(out);
	}
	assert_int_equal(db_int(t.db, -1, "SELECT count(*) FROM child", ""),
	    0);
	verdicts_done(&v);
	town_end(&t);
}

/* All shipped forms' expressions run on an empty record. */
static void
test_shipped(void **state)
{
	char *dir = beside("../../forms"), *data = beside("../../data");
	struct verdicts v = { 0 };
	char *val[256] = { 0 };
	struct forms *fs;
	struct db *db;
	size_t i;

	(void)state;
	OK(db_open(&db, "", DB_MEMORY, ER));
	OK(schema_apply(db, ER));
	OK(db_set_meta(db, "site", "s1", ER));
	OK(forms_open(&fs, db, dir, data, ER));
	OK(ddl_apply(fs, NULL, ER));
	for (i = 0; forms_names(fs)[i] != NULL; i++) {
		const struct form *f = forms_get(fs, forms_names(fs)[i], ER);
		size_t j;
		char *out;

		assert_true(f->nfields < COUNT_OF(val));
		OK(expr_evaluate(fs, f, "u1", NULL, val, true, &v, ER));
		assert_true(v.n > 0 || strcmp(f->name, "village") != 0);
		for (j = 0; j < f->nfields; j++) {
			if (f->fields[j].default_.sql == NULL)
				continue;
			OK(expr_value(fs, f, &f->fields[j].default_,
			    X_DEFAULT, "u1", NULL, val, &out, ER));
			free(out);
		}
	}
	verdicts_done(&v);
	free(dir);
	free(data);
	forms_close(fs);
	db_close(db);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_evaluate),
		cmocka_unit_test(test_fill_when_empty),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_rounds),
		cmocka_unit_test(test_other_rows),
		cmocka_unit_test(test_scope),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_choices),
		cmocka_unit_test(test_valid_codes),
		cmocka_unit_test(test_guard),
		cmocka_unit_test(test_lint_one),
		cmocka_unit_test(test_hostile_values),
		cmocka_unit_test(test_shipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
