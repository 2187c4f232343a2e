/* Moves of a case, and the triggers that hold other programs to them. */
#include "site_help.h"

static int
setup(void **state)
{
	return site_setup(state);
}

static struct record *
new_case(void)
{
	struct record *r = blank("case");

	set(r, "child_note", "路人反映");
	set(r, "needs", "基本生活");
	save(r);
	return r;
}

static const struct move *
move_named(struct record *r, const char *name)
{
	const struct workflow *w = r->form->workflow;
	size_t i;

	for (i = 0; i < w->nmoves; i++)
		if (str_eq(w->moves[i].name, name))
			return &w->moves[i];
	fail_msg("no move %s", name);
	return NULL;
}

static void
go(struct record *r, const char *name, const char *to)
{
	err = (struct err)ERR_INIT;
	ok(record_move(r, move_named(r, name), &err));
	assert_string_equal(r->state, to);
}

static void
test_from_acceptance_to_archive(void **state)
{
	struct record *r = new_case();

	(void)state;
	assert_string_equal(r->state, "accepted");
	set(r, "first_assessment", "家里没有大人");
	go(r, "assess", "assessed");
	assert_string_equal(record_get(r, "assessed_on"), TODAY);
	set(r, "own_action", "送去米面");
	go(r, "refer", "referred");
	set(r, "feedback", "已安排");
	go(r, "reply", "replied");
	set(r, "told_on", TODAY);
	set(r, "told_how", "当面");
	go(r, "tell", "told");
	go(r, "close", "closed");
	assert_string_equal(record_get(r, "closed_on"), TODAY);
	set(r, "followup_on", TODAY);
	go(r, "follow_up", "followed_up");
	go(r, "archive", "archived");
	set(r, "reopen_reason", "又有情况");
	go(r, "reopen", "reopened");
	assert_null(record_get(r, "closed_on"));
	record_free(r);
	assert_int_equal(number("SELECT count(*) FROM main.journal WHERE"
	    " vals LIKE '%\"state\":%'"), 9);
	assert_int_equal(defects(), 0);
}

static void
test_a_condition_that_is_not_met(void **state)
{
	struct record *r = new_case();

	(void)state;
	refused(E_REFUSED, record_move(r, move_named(r, "assess"), &err));
	assert_non_null(strstr(err.msg, "先填初步评估"));
	assert_string_equal(r->state, "accepted");
	assert_null(record_get(r, "assessed_on"));
	record_free(r);
}

static void
test_a_move_from_another_state(void **state)
{
	struct record *r = new_case();

	(void)state;
	refused(E_REFUSED, record_move(r, move_named(r, "close"), &err));
	refused(E_REFUSED, record_move(r, move_named(r, "archive"), &err));
	assert_string_equal(r->state, "accepted");
	record_free(r);
}

static void
test_roles_decide(void **state)
{
	struct record *r = new_case();
	const struct move **m;
	size_t i, n;
	char *uid = xstrdup(r->uid);

	(void)state;
	set(r, "end_reason", "特批");
	set(r, "end_approved_by", "王局");
	save(r);
	record_free(r);
	as("chief", ROLE_SUPERVISOR, NULL);
	r = loaded("case", uid);
	refused(E_DENIED, record_move(r, move_named(r, "close_special"),
	    &err));
	err = (struct err)ERR_INIT;
	m = record_moves(r, &err);
	for (i = n = 0; m[i] != NULL; i++, n++)
		assert_string_not_equal(m[i]->name, "close_special");
	assert_true(n > 0);
	free(m);
	record_free(r);
	as("boss", ROLE_ADMIN, NULL);
	r = loaded("case", uid);
	go(r, "close_special", "closed");
	record_free(r);
	free(uid);
	err = (struct err)ERR_INIT;
	ok(user_assume(site.db, NULL, &err));
}

/* The plain sqlite3 program, as a clever neighbour would use it. */
static int
sqlite3(const char *sql)
{
	return shell_status("sqlite3 -batch -bail %s/tongji.db \"%s\""
	    " >/dev/null 2>&1", site.home, sql);
}

static void
test_another_program_cannot_jump_a_state(void **state)
{
	struct record *r = new_case();

	(void)state;
	record_free(r);
	/* it can open and write the file */
	assert_int_equal(sqlite3("SELECT count(*) FROM child"), 0);
	assert_int_equal(sqlite3("CREATE TEMP TABLE x(a)"), 0);
	assert_int_equal(sqlite3("PRAGMA integrity_check"), 0);
	assert_int_not_equal(sqlite3("UPDATE \\\"case\\\" SET state='closed'"
	    " WHERE state='accepted'"), 0);
	assert_int_not_equal(sqlite3("UPDATE \\\"case\\\" SET state='nonsense'"
	    " WHERE state='accepted'"), 0);
	assert_int_not_equal(sqlite3("UPDATE \\\"case\\\" SET state=NULL"
	    " WHERE state='accepted'"), 0);
	assert_int_not_equal(sqlite3("INSERT INTO \\\"case\\\"(uid,rv,site,"
	    "created_at,created_by,updated_at,updated_by,state,deleted) SELECT"
	    " 'x',rv,site,created_at,created_by,updated_at,updated_by,"
	    "'closed',0 FROM \\\"case\\\" LIMIT 1"), 0);
	assert_int_equal(number("SELECT count(*) FROM main.\"case\" WHERE"
	    " state IN ('nonsense') OR uid='x' OR state IS NULL"), 0);
	assert_int_equal(defects(), 0);
}

/* Rows of other sites come as they are: the county's merge is exempt. */
static void
test_other_sites_rows_come_as_they_are(void **state)
{
	(void)state;
	assert_int_equal(sqlite3("BEGIN; INSERT INTO \\\"case\\\"(uid,rv,site,"
	    "created_at,created_by,updated_at,updated_by,state,deleted) SELECT"
	    " 'y',rv,'370323105',created_at,created_by,updated_at,updated_by,"
	    "'closed',0 FROM \\\"case\\\" LIMIT 1; ROLLBACK"), 0);
}

static void
test_constraints_hold_for_other_programs(void **state)
{
	(void)state;
	child("张三", "2015-03-01", village(0));
	assert_int_not_equal(sqlite3("UPDATE child SET name='   '"), 0);
	assert_int_not_equal(sqlite3("UPDATE child SET birth_date=20150301"
	    " || 'x', deleted='no'"), 0);
	assert_int_equal(defects(), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_from_acceptance_to_archive),
		cmocka_unit_test(test_a_condition_that_is_not_met),
		cmocka_unit_test(test_a_move_from_another_state),
		cmocka_unit_test(test_roles_decide),
		cmocka_unit_test(test_another_program_cannot_jump_a_state),
		cmocka_unit_test(test_other_sites_rows_come_as_they_are),
		cmocka_unit_test(test_constraints_hold_for_other_programs),
	};

	return cmocka_run_group_tests(tests, setup, site_teardown);
}
