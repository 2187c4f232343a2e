/* Tables made of forms, what they refuse, and how they change. */
#include "form_help.h"

#include "exprin.h"
#include "parse.h"
#include "scope.h"
#include "user.h"
#include "views.h"

/* The SQL of one form as it stands, beside the form's golden file. */
static void
test_golden(void **state)
{
	char *path = beside("../form/note.sql");
	struct str got = STR_INIT, want = STR_INIT;
	struct town t;

	(void)state;
	town_begin(&t);
	ddl_create(t.fs, forms_get(t.fs, "child", NULL), &got);
	ddl_create(t.fs, forms_get(t.fs, "note", NULL), &got);
	if (str_eq(getenv("TONGJI_GOLDEN"), "write"))
		OK(file_write(path, got.buf, got.len, 0644, ER));
	OK(file_read(&want, path, 1 << 20, ER));
	assert_string_equal(got.buf, want.buf);
	str_done(&got);
	str_done(&want);
	free(path);
	town_end(&t);
}

static void
apply(struct town *t)
{
	struct str notes = STR_INIT;

	OK(ddl_apply(t->fs, &notes, ER));
	str_done(&notes);
}

static int
insert(struct town *t, const char *table, const char *uid, const char *site,
    const char *columns, const char *values, struct err *e)
{
	struct str sql = STR_INIT;
	int rc;

	str_addf(&sql, "INSERT INTO %s(uid,rv,site,created_at,created_by,"
	    "updated_at,updated_by%s) VALUES('%s','0','%s','2026-01-01','a',"
	    "'2026-01-01','a'%s)", table, columns, uid, site, values);
	rc = db_exec(t->db, sql.buf, e);
	str_done(&sql);
	return rc;
}

static void
test_constraint(void **state)
{
	struct err e = ERR_INIT;
	struct town t;

	(void)state;
	town_begin(&t);
	apply(&t);
	assert_int_equal(insert(&t, "child", "c1", "s1", ",name", ",'张三'",
	    &e), 0);
	assert_int_equal(insert(&t, "child", "c2", "s1", ",name", ",'  '", &e),
	    E_REFUSED);
	/* NULL passes, and a deleted row may hold anything. */
	assert_int_equal(insert(&t, "child", "c3", "s1", "", "", &e), 0);
	assert_int_equal(insert(&t, "child", "c4", "s1", ",name,deleted",
	    ",' ',1", &e), 0);
	/* STRICT */
	assert_int_equal(insert(&t, "child", "c5", "s1", ",height", ",'高'",
	    &e), E_REFUSED);
	town_end(&t);
}

static int
move(struct town *t, const char *uid, const char *to, struct err *e)
{
	return db_run(t->db, e, "UPDATE note SET state=?2 WHERE uid=?1", "ss",
	    uid, to);
}

static void
test_workflow(void **state)
{
	struct err e = ERR_INIT;
	struct town t;

	(void)state;
	town_begin(&t);
	apply(&t);
	assert_int_equal(insert(&t, "note", "n1", "s1", ",child,state",
	    ",'c1','closed'", &e), E_REFUSED);
	assert_non_null(strstr(e.msg, "第一步"));
	assert_int_equal(insert(&t, "note", "n1", "s1", ",child,state",
	    ",'c1','open'", &e), 0);
	assert_int_equal(move(&t, "n1", "nowhere", &e), E_REFUSED);
	assert_non_null(strstr(e.msg, "流程里没有这一步"));
	assert_int_equal(move(&t, "n1", "closed", &e), E_REFUSED);
	assert_non_null(strstr(e.msg, "先写答复"));
	assert_int_equal(move(&t, "n1", "checked", &e), 0);
	assert_int_equal(move(&t, "n1", "open", &e), E_REFUSED);
	assert_int_equal(move(&t, "n1", NULL, &e), E_REFUSED);
	OK(db_exec(t.db, "UPDATE note SET answer='好' WHERE uid='n1'", ER));
	/* Another live note of the child that is secret stops it … */
	assert_int_equal(insert(&t, "note", "n2", "s1", ",child,state,secret",
	    ",'c1','open','yes'", &e), 0);
	assert_int_equal(move(&t, "n1", "closed", &e), E_REFUSED);
	/* … a deleted one does not; deleting is no move. */
	OK(db_exec(t.db, "UPDATE note SET deleted=1, state=state"
	    " WHERE uid='n2'", ER));
	assert_int_equal(move(&t, "n1", "closed", &e), 0);
	/* The county merges other sites' rows as they are. */
	assert_int_equal(insert(&t, "note", "n3", "s2", ",child,state",
	    ",'c1','closed'", &e), 0);
	assert_int_equal(move(&t, "n3", "open", &e), 0);
	town_end(&t);
}

static bool
has_column(struct town *t, const char *table, const char *column)
{
	return db_int(t->db, 0, "SELECT count(*) FROM pragma_table_info(?1)"
	    " WHERE name=?2", "ss", table, column) == 1;
}

/* Replace the golden form `name`, with `from` changed to `to`. */
static void
edit(struct town *t, const char *name, const char *from, const char *to)
{
	char *text = town_golden(name), *p = strstr(text, from);
	struct str s = STR_INIT;

	assert_non_null(p);
	str_addn(&s, text, (size_t)(p - text));
	str_add(&s, to);
	str_add(&s, p + strlen(from));
	town_put(t, name, s.buf);
	str_done(&s);
	free(text);
	town_forms(t);
}

static void
test_add_field(void **state)
{
	struct town t;

	(void)state;
	town_begin(&t);
	assert_true(ddl_stale(t.fs));
	apply(&t);
	assert_false(ddl_stale(t.fs));
	OK(insert(&t, "child", "c1", "s1", ",name", ",'张三'", ER));
	edit(&t, "child", "[story]", "[shoe]\ntype = integer\nlabel = 鞋码\n\n"
	    "[home]\ntype = ref village\nlabel = 老家\n\n[story]");
	assert_true(ddl_stale(t.fs));
	apply(&t);
	assert_false(ddl_stale(t.fs));
	assert_true(has_column(&t, "child", "shoe"));
	assert_int_equal(db_int(t.db, 0, "SELECT count(*) FROM sqlite_schema"
	    " WHERE name='child__home'", ""), 1);
	assert_int_equal(db_int(t.db, 0, "SELECT count(*) FROM child"
	    " WHERE name='张三'", ""), 1);
	apply(&t);			/* once more changes nothing */
	town_end(&t);
}

static void
test_tighten(void **state)
{
	struct str notes = STR_INIT;
	struct err e = ERR_INIT;
	struct town t;
	char *ok;

	(void)state;
	town_begin(&t);
	apply(&t);
	OK(insert(&t, "child", "c1", "s1", ",name", ",'张三'", ER));
	OK(insert(&t, "note", "n1", "s1", ",child,state", ",'c1','open'", ER));
	edit(&t, "child", "constraint = trim(name) <> ''",
	    "constraint = length(name) > 2");
	OK(ddl_apply(t.fs, &notes, ER));
	assert_non_null(strstr(notes.buf, "1 条旧记录不符合"));
	assert_non_null(strstr(notes.buf, "张三"));
	assert_non_null(strstr(notes.buf, "child.form:19:14"));
	/* It waits: the row is there, and another such one may come. */
	assert_int_equal(insert(&t, "child", "c2", "s1", ",name", ",'李四'",
	    &e), 0);
	assert_true(ddl_stale(t.fs));
	OK(db_exec(t.db, "UPDATE child SET name='张三丰'", ER));
	town_forms(&t);
	str_clear(&notes);
	OK(ddl_apply(t.fs, &notes, ER));
	assert_string_equal(notes.buf, "");
	assert_false(ddl_stale(t.fs));
	assert_int_equal(insert(&t, "child", "c3", "s1", ",name", ",'王五'",
	    &e), E_REFUSED);
	assert_int_equal(db_int(t.db, 0, "SELECT count(*) FROM child", ""), 2);
	/* The other form's triggers have survived the rebuild. */
	assert_int_equal(move(&t, "n1", "closed", &e), E_REFUSED);
	ok = db_str(t.db, "PRAGMA integrity_check", "");
	assert_string_equal(ok, "ok");
	free(ok);
	str_done(&notes);
	town_end(&t);
}

/* The same with somebody logged in, whose views look at the tables. */
static void
test_with_views(void **state)
{
	struct town t;

	(void)state;
	town_begin(&t);
	apply(&t);
	views_install(t.fs);
	OK(user_assume(t.db, NULL, ER));
	OK(db_run(t.db, ER, "SELECT count(*) FROM child", ""));
	edit(&t, "child", "constraint = trim(name) <> ''",
	    "constraint = length(name) > 1");
	apply(&t);
	views_install(t.fs);
	OK(scope_refresh(t.db, ER));
	assert_int_equal(db_int(t.db, -1, "SELECT count(*) FROM child", ""),
	    0);
	user_logout(t.db);
	town_end(&t);
}

/* Changes that would lose what people have entered. */
static void
test_refused(void **state)
{
	static const struct {
		const char *from, *to, *says;
	} rows[] = {
		{ "[colour]", "[color]", "“colour”已经在用，不能删掉" },
		{ "type  = integer 30..250", "type  = date",
		    "类型不能从 integer 改成 date" },
		{ "type  = select_one colour", "type  = select_one yes_no",
		    "不能从“colour”换到“yes_no”" },
		{ "type     = ref village", "type     = ref note",
		    "不能从“village”换到“note”" },
		{ "type  = select_multiple colour", "type  = select_one colour",
		    "类型不能从 select_multiple" },
	};
	struct err e = ERR_INIT;
	struct town t;
	size_t i;

	(void)state;
	town_begin(&t);
	apply(&t);
	for (i = 0; i < COUNT_OF(rows); i++) {
		edit(&t, "child", rows[i].from, rows[i].to);
		assert_int_equal(ddl_apply(t.fs, NULL, &e), E_REFUSED);
		assert_non_null(strstr(e.msg, rows[i].says));
		assert_non_null(strstr(e.msg, "child.form"));
		assert_true(ddl_stale(t.fs));
		assert_true(has_column(&t, "child", "colour"));
	}
	/* Free text stays free text. */
	edit(&t, "child", "type  = note 200", "type  = text 2..300");
	OK(ddl_apply(t.fs, NULL, ER));
	town_end(&t);
}

static void
test_removed_form(void **state)
{
	struct err e = ERR_INIT;
	struct town t;
	char *path;

	(void)state;
	town_begin(&t);
	apply(&t);
	path = xasprintf("%s/note.form", t.dir);
	assert_int_equal(unlink(path), 0);
	town_forms(&t);
	assert_int_equal(ddl_apply(t.fs, NULL, &e), E_REFUSED);
	assert_non_null(strstr(e.msg, "请把 note.form 放回来"));
	free(path);
	town_end(&t);
}

static void
test_removed_code(void **state)
{
	struct str notes = STR_INIT;
	struct err e = ERR_INIT;
	struct town t;

	(void)state;
	town_begin(&t);
	apply(&t);
	OK(db_exec(t.db, "INSERT INTO applied_code VALUES"
	    "('colour','old','老的')", ER));
	OK(db_exec(t.db, "DELETE FROM meta WHERE name='forms_seen'", ER));
	assert_int_equal(ddl_apply(t.fs, NULL, &e), E_REFUSED);
	assert_non_null(strstr(e.msg, "“old”已经在用"));
	OK(db_exec(t.db, "DELETE FROM applied_code WHERE name='old'", ER));
	OK(db_exec(t.db, "UPDATE applied_code SET label='红色'"
	    " WHERE name='red'", ER));
	OK(ddl_apply(t.fs, &notes, ER));
	assert_non_null(strstr(notes.buf, "原来是“红色”"));
	str_done(&notes);
	town_end(&t);
}

/* A small generator of its own (xorshift), so that every run is the same. */
static unsigned
next(unsigned long long *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (unsigned)(*seed >> 11);
}

/* Put a fragment somewhere into a text, or take some bytes out. */
static void
damage(struct str *text, unsigned long long *seed)
{
	static const char *const bits[] = {
		"=", "[", "]", "\n", " ", "'", "\"", "(", ")", ",", ";",
		"this.", "(SELECT 1 FROM child)", " IN ('a','b','c')", "\xe4",
		"：", "（", "check = ", "NOT ", "0", "..", "\t", ":today", "--",
	};
	struct str out = STR_INIT;
	size_t at = next(seed) % text->len, skip = 0;

	str_addn(&out, text->buf, at);
	if (next(seed) % 3 == 0)
		skip = next(seed) % 6;
	else
		str_add(&out, bits[next(seed) % COUNT_OF(bits)]);
	if (at + skip < text->len)
		str_add(&out, text->buf + at + skip);
	str_done(text);
	*text = out;
}

/* Whatever the linter lets pass makes tables that take rows; nothing else
 * does worse than a message. */
static void
test_damaged(void **state)
{
	unsigned long long seed = 88172645463325252ULL;
	struct messages ms = MESSAGES_INIT;
	struct arena a = ARENA_INIT;
	struct town t;
	size_t i, good = 0;

	(void)state;
	town_begin(&t);
	for (i = 0; i < 600; i++) {
		const char *name = i % 2 == 0 ? "child" : "note";
		char *golden = town_golden(name);
		struct str text = STR_INIT, sql = STR_INIT;
		const struct form *f;
		struct db *db;

		str_add(&text, golden);
		free(golden);
		damage(&text, &seed);
		if (i % 3 == 0)
			damage(&text, &seed);
		f = form_parse(text.buf, text.len,
		    i % 2 == 0 ? "child.form" : "note.form", &a, &ms);
		if (f != NULL)
			expr_check_form(t.fs, f, &ms);
		if (f != NULL && ms.errors == 0) {
			good++;
			OK(db_open(&db, "", DB_MEMORY, ER));
			OK(db_exec(db, "CREATE TABLE meta(name, value)", ER));
			ddl_create(t.fs, f, &sql);
			OK(db_exec(db, sql.buf, ER));
			db_close(db);
		} else
			assert_true(ms.n > 0);
		messages_done(&ms);
		str_done(&text);
		str_done(&sql);
	}
	assert_in_range(good, 50, 550);
	arena_done(&a);
	town_end(&t);
}

/* Every shipped form makes a table. */
static void
test_shipped(void **state)
{
	char *dir = beside("../../forms"), *data = beside("../../data");
	struct forms *fs;
	struct db *db;
	char *ok;
	size_t n = 0;

	(void)state;
	OK(db_open(&db, "", DB_MEMORY, ER));
	OK(schema_apply(db, ER));
	OK(forms_open(&fs, db, dir, data, ER));
	OK(ddl_apply(fs, NULL, ER));
	while (forms_names(fs)[n] != NULL)
		n++;
	assert_int_equal(db_int(db, 0, "SELECT count(*) FROM applied", ""), n);
	assert_false(ddl_stale(fs));
	ok = db_str(db, "PRAGMA integrity_check", "");
	assert_string_equal(ok, "ok");
	free(ok);
	free(dir);
	free(data);
	forms_close(fs);
	db_close(db);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_constraint),
		cmocka_unit_test(test_workflow),
		cmocka_unit_test(test_add_field),
		cmocka_unit_test(test_tighten),
		cmocka_unit_test(test_with_views),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_removed_form),
		cmocka_unit_test(test_removed_code),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_shipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
