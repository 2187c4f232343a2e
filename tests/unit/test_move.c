/* Moves: what each closes, what it opens, and that history stays. */
#include "site_help.h"

#include "join.h"
#include "move.h"

static void
add(const char *form_name, const char *parent, const char *uid,
    const char *const *pairs)
{
	struct record *r = blank(form_name);
	size_t i;

	if (parent != NULL)
		record_put(r, form_field(r->form, parent), uid);
	for (i = 0; pairs[i] != NULL; i += 2)
		set(r, pairs[i], pairs[i + 1]);
	save(r);
	record_free(r);
}

static void
is(const char *want, const char *sql)
{
	char *got = text(sql);

	assert_string_equal(got != NULL ? got : "(null)", want);
	free(got);
}

static void
test_out_and_back(void **state)
{
	struct move_closed closed;
	struct record *r = blank("child");
	char c[37];

	(void)state;
	set(r, "name", "张晓明");
	set(r, "id_number", id_of("20160504"));
	set(r, "village", village(0));
	set(r, "category", "留守");
	set(r, "registered_on", "2025-09-01");
	ok(record_refresh(r, &err));
	save(r);
	memcpy(c, r->uid, sizeof c);
	record_free(r);
	add("benefit", "child", c, (const char *[]){ "kind", "dibao",
	    "starts_on", "2026-01-01", "amount", "300", NULL });
	add("benefit", "child", c, (const char *[]){ "kind", "orphan",
	    "status", "applied", NULL });
	ok(move_out(site.fs, c, "moved", "2026-11-10", "淄博", &closed, &err));
	assert_int_equal(closed.categories, 1);
	assert_int_equal(closed.benefits, 1);	/* not what was only asked for */
	is("2026-11-30", "SELECT ends_on FROM main.benefit WHERE kind='dibao'");
	is("moved", "SELECT end_reason FROM main.benefit WHERE kind='dibao'");
	is("2026-11-10 迁出本镇",
	    "SELECT ends_on || ' ' || end_ground FROM main.enrolment");
	refused(E_EXISTS, move_out(site.fs, c, "died", "2026-11-11", NULL,
	    &closed, &err));

	err = (struct err)ERR_INIT;
	ok(move_back(site.fs, c, "2026-11-20", "淄博", &err));
	r = loaded("child", c);
	assert_null(record_get(r, "left_on"));
	assert_string_equal(record_get(r, "came_from"), "淄博");
	record_free(r);
	assert_int_equal(number("SELECT count(*) FROM main.enrolment"), 2);
	is("2026-11-20", "SELECT starts_on FROM main.enrolment"
	    " WHERE ends_on IS NULL");
	/* the benefit does not come back by itself */
	assert_int_equal(number("SELECT count(*) FROM main.benefit WHERE"
	    " kind='dibao' AND ends_on IS NULL"), 0);
	refused(E_EXISTS, move_back(site.fs, c, "2026-11-21", NULL, &err));
	assert_int_equal(defects(), 0);
}

static void
test_settled(void **state)
{
	const char *c = child("李小龙", "2016-05-04", village(0));
	struct record *r;

	(void)state;
	refused(E_REFUSED, move_settled(site.fs, c, "370323201605040012",
	    &err));
	err = (struct err)ERR_INIT;
	ok(move_settled(site.fs, c, id_of("20160504"), &err));
	r = loaded("child", c);
	assert_null(record_get(r, "no_id_reason"));
	assert_string_equal(record_get(r, "hukou_state"), "registered");
	record_free(r);
}

static void
test_transfer_of_a_directors_child(void **state)
{
	const char *mine = child("甲儿", "2016-05-04", village(0));
	const char *other = child("乙儿", "2016-05-05", village(1));

	(void)state;
	as("director", ROLE_DIRECTOR, village(0));
	refused(E_NOTFOUND, move_village(site.fs, other, village(0), &err));
	as("super", ROLE_SUPERVISOR, NULL);
	ok(move_village(site.fs, mine, village(1), &err));
	assert_int_equal(number("SELECT count(*) FROM main.journal WHERE"
	    " form='child' AND op='update'"), 1);
	refused(E_EXISTS, move_village(site.fs, mine, village(1), &err));
}

static void
test_merge_twice(void **state)
{
	char a[37], b[37], c[37];
	struct move_merged m;
	int i;

	(void)state;
	memcpy(a, village(0), 37);
	memcpy(b, village(1), 37);
	memcpy(c, village(2), 37);
	for (i = 0; i < 3; i++)
		child((const char *[]){ "甲", "乙", "丙" }[i], "2016-05-04", a);
	child("丁", "2017-01-01", b);
	add("home", NULL, NULL, (const char *[]){ "village", a, "name",
	    "甲村之家", NULL });
	add("staff", NULL, NULL, (const char *[]){ "name", "王芳", "role",
	    "儿童主任", "village", a, NULL });
	as("wang", ROLE_DIRECTOR, a);
	refused(E_DENIED, move_merge(site.fs, a, b, TODAY, &m, &err));
	as("super", ROLE_SUPERVISOR, NULL);
	err = (struct err)ERR_INIT;
	ok(move_merge(site.fs, a, b, TODAY, &m, &err));
	assert_int_equal(m.children, 3);
	assert_int_equal(m.homes, 1);
	assert_int_equal(m.staff, 1);
	assert_int_equal(m.users, 1);
	refused(E_REFUSED, move_merge(site.fs, a, c, TODAY, &m, &err));
	refused(E_REFUSED, move_merge(site.fs, c, a, TODAY, &m, &err));
	refused(E_REFUSED, move_merge(site.fs, b, b, TODAY, &m, &err));
	err = (struct err)ERR_INIT;
	ok(move_merge(site.fs, b, c, TODAY, &m, &err));
	assert_int_equal(m.children, 4);
	/* the director follows her children twice */
	as("wang", ROLE_DIRECTOR, a);
	assert_int_equal(db_int(site.db, -1, "SELECT count(*) FROM child", ""),
	    4);
	ok(user_assume(site.db, NULL, &err));
	assert_int_equal(number("SELECT count(*) FROM main.village WHERE"
	    " valid_to IS NOT NULL"), 2);
	assert_int_equal(defects(), 0);
}

/* One girl, registered twice: her visits, guardians and sign-ins end up with
 * one record that lacks nothing either had. */
static void
test_join(void **state)
{
	char a[37], b[37], act[37];
	struct joined j;
	struct record *r;

	(void)state;
	memcpy(a, child("单春花", "2016-05-04", village(0)), 37);
	memcpy(b, child("单春华", "2016-05-04", village(1)), 37);
	r = loaded("child", b);
	set(r, "id_number", id_of("20160504"));
	set(r, "address", "村西头");
	save(r);
	record_free(r);
	add("guardian", "child", a, (const char *[]){ "name", "单大山",
	    "relation", "61", NULL });
	add("guardian", "child", b, (const char *[]){ "name", "单老太",
	    "relation", "62", NULL });
	add("visit", "child", a, (const char *[]){ "visit_date", "2026-11-01",
	    "seen_child", "yes", NULL });
	add("visit", "child", b, (const char *[]){ "visit_date", "2026-11-02",
	    "seen_child", "yes", NULL });
	r = blank("activity");
	set(r, "title", "六一");
	set(r, "village", village(0));
	save(r);
	memcpy(act, r->uid, 37);
	record_free(r);
	add("attendance", "activity", act, (const char *[]){ "child", a,
	    NULL });
	add("attendance", "activity", act, (const char *[]){ "child", b,
	    NULL });

	as("director", ROLE_DIRECTOR, village(0));
	refused(E_DENIED, join_records(site.fs, form("child"), a, b, &j, &err));
	as("super", ROLE_SUPERVISOR, NULL);
	refused(E_REFUSED, join_records(site.fs, form("child"), a, a, &j,
	    &err));
	err = (struct err)ERR_INIT;
	ok(join_records(site.fs, form("child"), a, b, &j, &err));
	assert_int_equal(j.moved, 2);		/* a guardian, a visit */
	assert_int_equal(j.dropped, 2);		/* a sign-in, a category */
	assert_int_equal(number("SELECT count(*) FROM main.child WHERE NOT"
	    " deleted"), 1);
	is("单春花", "SELECT name FROM main.child WHERE NOT deleted");
	is("村西头", "SELECT address FROM main.child WHERE NOT deleted");
	is("单大山", "SELECT guardian_name FROM main.child WHERE NOT deleted");
	assert_int_equal(number("SELECT count(*) FROM main.child WHERE NOT"
	    " deleted AND id_number IS NOT NULL AND no_id_reason IS NULL"), 1);
	assert_int_equal(number("SELECT count(*) FROM main.guardian g JOIN"
	    " main.child c ON c.uid=g.child WHERE NOT c.deleted"), 2);
	assert_int_equal(number("SELECT count(*) FROM main.guardian WHERE"
	    " is_current='yes' AND NOT deleted"), 1);
	assert_int_equal(number("SELECT count(DISTINCT child) FROM main.visit"
	    " WHERE NOT deleted"), 1);
	assert_int_equal(number("SELECT count(*) FROM main.attendance WHERE"
	    " NOT deleted"), 1);
	ok(user_assume(site.db, NULL, &err));
	assert_int_equal(defects(), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_out_and_back, site_setup,
		    site_teardown),
		cmocka_unit_test_setup_teardown(test_settled, site_setup,
		    site_teardown),
		cmocka_unit_test_setup_teardown(
		    test_transfer_of_a_directors_child, site_setup,
		    site_teardown),
		cmocka_unit_test_setup_teardown(test_merge_twice, site_setup,
		    site_teardown),
		cmocka_unit_test_setup_teardown(test_join, site_setup,
		    site_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
