/* What a session may see, held against the database and not the menus. */
#include "site_help.h"

#include "lookup.h"
#include "scope.h"
#include "views.h"

static const char *mine, *other;	/* children in village 0 and 1 */
static char open_case[37], secret_case[37];

static void
make_case(char uid[37], const char *child_uid, const char *confidential)
{
	struct record *r = blank("case");

	set(r, "child", child_uid);
	set(r, "needs", "基本生活");
	set(r, "request", "诉求一二三");
	set(r, "reporter_name", "赵举报");
	if (confidential != NULL)
		set(r, "confidential", confidential);
	save(r);
	memcpy(uid, r->uid, 37);
	record_free(r);
}

static int
setup(void **state)
{
	struct record *r;

	site_setup(state);
	mine = child("张本村", "2015-03-01", village(0));
	other = child("李外村", "2014-05-06", village(1));
	make_case(open_case, mine, NULL);
	make_case(secret_case, mine, "yes");
	r = loaded("child", other);
	set(r, "guardian_name", "李大山");
	set(r, "guardian_relation", "61");
	save(r);
	record_free(r);
	return 0;
}

static int64_t
seen(const char *sql)
{
	return db_int(site.db, -1, sql, "");
}

static void
test_a_director_sees_her_village_only(void **state)
{
	(void)state;
	as("director", ROLE_DIRECTOR, village(0));
	assert_int_equal(seen("SELECT count(*) FROM child"), 1);
	assert_int_equal(seen("SELECT count(*) FROM child WHERE name='李外村'"),
	    0);
	assert_int_equal(seen("SELECT count(*) FROM guardian"), 0);
	assert_int_equal(seen("SELECT count(*) FROM enrolment"), 1);
	err = (struct err)ERR_INIT;
	assert_null(record_load(site.fs, form("child"), other, &err));
	assert_int_equal(err.code, E_NOTFOUND);
	assert_null(strstr(err.msg, "李外村"));
}

/* Every form with a scope shows a director of another village nothing. */
static void
test_every_scoped_form_is_narrowed(void **state)
{
	const char *const *name;
	char sql[128];
	int scoped = 0;

	(void)state;
	as("stranger", ROLE_DIRECTOR, village(2));
	for (name = forms_names(site.fs); *name != NULL; name++) {
		const struct form *f = form(*name);

		if (f->scope == NULL)
			continue;
		scoped++;
		snprintf(sql, sizeof sql, "SELECT count(*) FROM \"%s\"",
		    *name);
		if (seen(sql) != 0)
			fail_msg("%s shows other villages' rows", *name);
	}
	assert_true(scoped >= 15);
}

static const char *const forbidden[] = {
	"SELECT count(*) FROM main.child",
	"SELECT name FROM main.\"child\" LIMIT 1",
	"WITH x AS (SELECT * FROM main.child) SELECT count(*) FROM x",
	"SELECT (SELECT name FROM main.child LIMIT 1)",
	"SELECT count(*) FROM journal",
	"SELECT count(*) FROM main.journal",
	/* a common table expression is no view, whatever its name */
	"WITH x AS (SELECT name FROM main.child) SELECT name FROM x",
	"WITH child AS (SELECT password AS p FROM main.user) SELECT p FROM child",
	"WITH x AS (SELECT value FROM main.meta) SELECT count(*) FROM x",
	"SELECT count(*) FROM user",
	"SELECT count(*) FROM draft",
	"SELECT count(*) FROM meta",
	"SELECT count(*) FROM sqlite_master",
	"SELECT count(*) FROM main.sqlite_schema",
	"UPDATE main.child SET name='x'",
	"UPDATE child SET name='x'",
	"INSERT INTO main.meta VALUES('a','b')",
	"INSERT INTO temp.my_village VALUES('x')",
	"DELETE FROM main.child",
	"DELETE FROM temp.my_village",
	"DROP VIEW temp.child",
	"DROP TABLE main.child",
	"CREATE TABLE x(a)",
	"CREATE TEMP VIEW y AS SELECT * FROM main.child",
	"ATTACH '/tmp/x.db' AS x",
	"PRAGMA writable_schema=ON",
	"PRAGMA table_info(child)",
	"SELECT count(*) FROM pragma_table_info('child')",
	"SELECT load_extension('x')",
	"VACUUM INTO '/tmp/tongji-never.db'",
};

static void
test_what_a_session_is_denied(void **state)
{
	size_t i;

	(void)state;
	as("director", ROLE_DIRECTOR, village(0));
	for (i = 0; i < COUNT_OF(forbidden); i++) {
		struct err e = ERR_INIT;
		struct stmt *q = db_new(site.db, forbidden[i], &e);

		if (q != NULL && stmt_step(q, &e) >= 0)
			fail_msg("let through: %s", forbidden[i]);
		stmt_free(q);
		if (!str_starts(e.msg, "没有权限") && e.code != E_SQL)
			fail_msg("%s: %d %s", forbidden[i], e.code, e.msg);
	}
	assert_int_equal(number("SELECT count(*) FROM main.child WHERE"
	    " name='x'"), 0);
}

static void
test_columns_without_access_are_empty(void **state)
{
	struct record *r;

	(void)state;
	as("director", ROLE_DIRECTOR, village(0));
	r = loaded("case", open_case);
	assert_null(record_get(r, "reporter_name"));
	assert_string_equal(record_get(r, "request"), "诉求一二三");
	assert_false(record_may_read(site.fs, form_field(r->form,
	    "reporter_name")));
	record_free(r);
	as("reader", ROLE_READER, NULL);
	r = loaded("case", open_case);
	assert_null(record_get(r, "request"));
	assert_null(record_get(r, "reporter_name"));
	record_free(r);
	assert_int_equal(seen("SELECT count(risk) FROM child"), 0);
	assert_int_equal(seen("SELECT count(*) FROM child"), 2);
	as("chief", ROLE_SUPERVISOR, NULL);
	r = loaded("case", open_case);
	assert_string_equal(record_get(r, "reporter_name"), "赵举报");
	record_free(r);
}

/* Saving without seeing a field keeps what is in it, and typing into it does
 * not get round that. */
static void
test_hidden_fields_survive_a_save(void **state)
{
	struct record *r;

	(void)state;
	as("director", ROLE_DIRECTOR, village(0));
	r = loaded("case", open_case);
	set(r, "request", "诉求改了");
	set(r, "reporter_name", "冒名顶替");
	refused(E_DENIED, record_save(r, NULL, &err));
	record_free(r);
	r = loaded("case", open_case);
	set(r, "request", "诉求改了");
	save(r);
	record_free(r);
	as("chief", ROLE_SUPERVISOR, NULL);
	r = loaded("case", open_case);
	assert_string_equal(record_get(r, "reporter_name"), "赵举报");
	record_free(r);
	assert_int_equal(defects(), 0);
}

static void
test_rows_of_their_own_class_are_hidden(void **state)
{
	unsigned roles[] = { ROLE_DIRECTOR, ROLE_READER, ROLE_SUPERVISOR,
	    ROLE_COUNTY, ROLE_ADMIN };
	char login[16];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(roles); i++) {
		snprintf(login, sizeof login, "role%zu", i);
		as(login, roles[i], roles[i] == ROLE_DIRECTOR ? village(0) :
		    NULL);
		assert_int_equal(seen("SELECT count(*) FROM \"case\""), 1);
		err = (struct err)ERR_INIT;
		assert_null(record_load(site.fs, form("case"), secret_case,
		    &err));
	}
	as("special", ROLE_SPECIAL, NULL);
	assert_int_equal(seen("SELECT count(*) FROM \"case\""), 2);
}

static void
test_history_of_a_hidden_row_is_hidden(void **state)
{
	char **lines;
	size_t n;

	(void)state;
	as("chief", ROLE_SUPERVISOR, NULL);
	refused(E_NOTFOUND, record_history(site.fs, form("case"), secret_case,
	    &lines, &n, &err));
	as("director", ROLE_DIRECTOR, village(0));
	refused(E_NOTFOUND, record_history(site.fs, form("child"), other,
	    &lines, &n, &err));
}

static void
test_history_hides_fields_without_access(void **state)
{
	char **lines;
	size_t i, n;

	(void)state;
	as("director", ROLE_DIRECTOR, village(0));
	err = (struct err)ERR_INIT;
	ok(record_history(site.fs, form("case"), open_case, &lines, &n, &err));
	assert_true(n > 0);
	for (i = 0; i < n; i++) {
		assert_null(strstr(lines[i], "赵举报"));
		free(lines[i]);
	}
	free(lines);
}

static void
test_look_up_respects_the_scope(void **state)
{
	struct lookup_hit hit[8];

	(void)state;
	err = (struct err)ERR_INIT;
	as("director", ROLE_DIRECTOR, village(0));
	assert_int_equal(lookup_find(site.db, "child", "lwc", hit, 8, &err), 0);
	assert_int_equal(lookup_find(site.db, NULL, "李外", hit, 8, &err), 0);
	assert_int_equal(lookup_find(site.db, "child", "zbc", hit, 8, &err), 1);
	assert_string_equal(hit[0].uid, mine);
	as("chief", ROLE_SUPERVISOR, NULL);
	assert_int_equal(lookup_find(site.db, "child", "lwc", hit, 8, &err), 1);
	assert_string_equal(hit[0].uid, other);
}

static void
test_writing_outside_the_village_is_refused(void **state)
{
	struct record *r;

	(void)state;
	as("director", ROLE_DIRECTOR, village(0));
	r = blank("child");
	set(r, "name", "王五");
	set(r, "no_id_reason", "no_hukou");
	set(r, "sex", "2");
	set(r, "birth_date", "2016-06-06");
	set(r, "category", "留守");
	record_put(r, form_field(r->form, "village"), village(1));
	refused(E_DENIED, record_save(r, NULL, &err));
	record_put(r, form_field(r->form, "village"), village(0));
	save(r);
	/* and moving a child out of her village */
	record_put(r, form_field(r->form, "village"), village(1));
	refused(E_DENIED, record_save(r, NULL, &err));
	record_free(r);
	assert_int_equal(number("SELECT count(*) FROM main.child WHERE"
	    " name='王五'"), 1);
	assert_int_equal(defects(), 0);
}

/* A row under a uid that belongs to another village is not taken over. */
static void
test_a_known_uid_does_not_open_a_record(void **state)
{
	struct record *r;

	(void)state;
	as("director", ROLE_DIRECTOR, village(0));
	r = blank("child");
	memcpy(r->uid, other, 37);
	set(r, "name", "夺舍");
	set(r, "no_id_reason", "no_hukou");
	set(r, "sex", "2");
	set(r, "birth_date", "2016-06-06");
	set(r, "category", "留守");
	record_put(r, form_field(r->form, "village"), village(0));
	err = (struct err)ERR_INIT;
	assert_true(record_save(r, NULL, &err) < 0);
	record_free(r);
	assert_int_equal(number("SELECT count(*) FROM main.child WHERE"
	    " name='李外村'"), 1);
}

static void
test_a_number_elsewhere_says_only_that(void **state)
{
	struct record *r;
	const struct form *f;
	size_t i;
	int told = 0;

	(void)state;
	as("chief", ROLE_SUPERVISOR, NULL);
	r = loaded("child", other);
	set(r, "no_id_reason", NULL);
	set(r, "id_number", id_of("20140506"));
	save(r);
	record_free(r);
	as("director", ROLE_DIRECTOR, village(0));
	f = form("child");
	r = record_new(site.fs, f, &err);
	set(r, "name", "新来的");
	set(r, "id_number", id_of("20140506"));
	record_put(r, form_field(f, "village"), village(0));
	set(r, "category", "留守");
	refused(E_REFUSED, record_save(r, NULL, &err));
	for (i = 0; i < r->v.n; i++) {
		told |= strstr(r->v.findings[i].message,
		    "该证件号已在本镇登记，请联系督导员") != NULL;
		assert_null(strstr(r->v.findings[i].message, "李外村"));
	}
	assert_true(told);
	record_free(r);
}

static void
test_readers_write_nothing(void **state)
{
	struct record *r;

	(void)state;
	as("reader", ROLE_READER, NULL);
	r = loaded("child", mine);
	set(r, "name", "改名");
	refused(E_DENIED, record_save(r, NULL, &err));
	refused(E_DENIED, record_delete(r, "不要了", &err));
	record_free(r);
	r = blank("meeting");
	set(r, "held_on", TODAY);
	set(r, "title", "会议");
	refused(E_DENIED, record_save(r, NULL, &err));
	record_free(r);
}

static void
test_changing_person_leaves_nothing_open(void **state)
{
	(void)state;
	as("special", ROLE_SPECIAL, NULL);
	assert_int_equal(seen("SELECT count(*) FROM \"case\""), 2);
	as("director1", ROLE_DIRECTOR, village(1));
	assert_int_equal(seen("SELECT count(*) FROM \"case\""), 0);
	assert_int_equal(seen("SELECT count(*) FROM child"), 1);
	as("director", ROLE_DIRECTOR, village(0));
	assert_int_equal(seen("SELECT count(*) FROM child WHERE name='李外村'"),
	    0);
}

static void
test_deleted_rows_are_gone(void **state)
{
	const char *uid;
	struct record *r;

	(void)state;
	as("chief", ROLE_SUPERVISOR, NULL);
	r = blank("meeting");
	set(r, "held_on", TODAY);
	set(r, "title", "误登");
	save(r);
	uid = r->uid;
	err = (struct err)ERR_INIT;
	ok(record_delete(r, "重复登记", &err));
	assert_null(record_load(site.fs, form("meeting"), uid, &err));
	record_free(r);
	assert_int_equal(seen("SELECT count(*) FROM meeting"), 0);
	assert_int_equal(number("SELECT count(*) FROM main.meeting"), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_director_sees_her_village_only),
		cmocka_unit_test(test_every_scoped_form_is_narrowed),
		cmocka_unit_test(test_what_a_session_is_denied),
		cmocka_unit_test(test_columns_without_access_are_empty),
		cmocka_unit_test(test_hidden_fields_survive_a_save),
		cmocka_unit_test(test_rows_of_their_own_class_are_hidden),
		cmocka_unit_test(test_history_of_a_hidden_row_is_hidden),
		cmocka_unit_test(test_history_hides_fields_without_access),
		cmocka_unit_test(test_look_up_respects_the_scope),
		cmocka_unit_test(test_writing_outside_the_village_is_refused),
		cmocka_unit_test(test_a_known_uid_does_not_open_a_record),
		cmocka_unit_test(test_a_number_elsewhere_says_only_that),
		cmocka_unit_test(test_readers_write_nothing),
		cmocka_unit_test(test_changing_person_leaves_nothing_open),
		cmocka_unit_test(test_deleted_rows_are_gone),
	};

	return cmocka_run_group_tests(tests, setup, site_teardown);
}
