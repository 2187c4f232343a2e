/* Find-as-you-type: by name, reading, initials, number, telephone, village. */
#include "site_help.h"

#include "lookup.h"

static char li[37];

static int
setup(void **state)
{
	struct record *r;
	const char *uid;

	site_setup(state);
	uid = child("欧阳娜娜", "2015-03-01", village(0));
	memcpy(li, uid, sizeof li);
	r = loaded("child", li);
	set(r, "no_id_reason", NULL);
	set(r, "id_number", id_of("20150301"));
	set(r, "guardian_name", "阿·木");
	set(r, "guardian_phone", "13805331234");
	save(r);
	record_free(r);
	child("单小雪", "2015-03-02", village(1));
	child("单大雪", "2015-03-03", village(1));
	return 0;
}

static int
hits(const char *typed)
{
	struct lookup_hit h[16];
	struct err e = ERR_INIT;
	int n = lookup_find(site.db, "child", typed, h, 16, &e);

	if (n < 0)
		fail_msg("%s: %s", typed, e.msg);
	return n;
}

static void
test_what_finds_a_child(void **state)
{
	static const char *const typed[] = { "欧", "欧阳", "欧阳娜娜", "oynn",
	    "OYNN", "ｏｙｎｎ", "oy", "ouyangnana", "370323201503010012",
	    "20150301", "1380533", "13805331234", "1234", "阿木", "阿·木",
	    "am" };
	char id[19];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(typed); i++) {
		if (str_starts(typed[i], "3703232015")) {
			snprintf(id, sizeof id, "%s", id_of("20150301"));
			assert_int_equal(hits(id), 1);
			assert_int_equal(hits(id + 14), 1);	/* last four */
			assert_int_equal(hits(id + 12), 1);	/* last six */
		} else if (hits(typed[i]) != 1) {
			fail_msg("“%s” finds %d", typed[i], hits(typed[i]));
		}
	}
}

/* 单 is Shàn as a surname and dān otherwise: both find her. */
static void
test_every_reading_finds(void **state)
{
	(void)state;
	assert_int_equal(hits("sxx"), 1);
	assert_int_equal(hits("dxx"), 1);
	assert_int_equal(hits("shanxiaoxue"), 1);
	assert_int_equal(hits("单"), 2);
}

static void
test_what_finds_nothing(void **state)
{
	static const char *const typed[] = { "", " ", "zzz", "%", "_", "*",
	    "'", "欧阳娜娜娜", "\xff", "99999" };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(typed); i++)
		assert_int_equal(hits(typed[i]), 0);
}

static void
test_the_limit_and_distinct_records(void **state)
{
	struct lookup_hit h[16];
	struct err e = ERR_INIT;
	char *name = text("SELECT name FROM main.village WHERE uid=(SELECT"
	    " village FROM main.child WHERE name='单小雪')");

	(void)state;
	assert_int_equal(lookup_find(site.db, "child", name, h, 16, &e), 2);
	assert_int_equal(lookup_find(site.db, "child", name, h, 1, &e), 1);
	/* "s" starts several keys of one child: still one line */
	assert_int_equal(lookup_find(site.db, "child", "s", h, 16, &e), 2);
	free(name);
}

static void
test_a_changed_name_moves_the_keys(void **state)
{
	struct record *r = loaded("child", li);

	(void)state;
	set(r, "name", "欧阳静");
	save(r);
	assert_int_equal(hits("oynn"), 0);
	assert_int_equal(hits("oyj"), 1);
	set(r, "name", "欧阳娜娜");
	save(r);
	record_free(r);
	assert_int_equal(hits("oyj"), 0);
}

static void
test_a_deleted_record_is_not_found(void **state)
{
	struct record *r = blank("school");
	struct lookup_hit h[4];

	(void)state;
	set(r, "name", "朝阳小学");
	save(r);
	err = (struct err)ERR_INIT;
	assert_int_equal(lookup_find(site.db, "school", "zyxx", h, 4, &err), 1);
	ok(record_delete(r, "录错了", &err));
	assert_int_equal(lookup_find(site.db, "school", "zyxx", h, 4, &err), 0);
	record_free(r);
}

/* The keystroke is an index range, not a scan. */
static void
test_the_index_is_used(void **state)
{
	struct stmt *q;
	bool ranged = false;

	(void)state;
	db_trust(site.db);
	q = db_new(site.db, "EXPLAIN QUERY PLAN SELECT form, uid FROM"
	    " main.lookup WHERE key >= 'a' AND key < 'b'", &err);
	assert_non_null(q);
	while (stmt_step(q, &err) > 0)
		ranged |= strstr(stmt_col(q, 3), "SEARCH") != NULL;
	stmt_free(q);
	db_untrust(site.db);
	assert_true(ranged);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_finds_a_child),
		cmocka_unit_test(test_every_reading_finds),
		cmocka_unit_test(test_what_finds_nothing),
		cmocka_unit_test(test_the_limit_and_distinct_records),
		cmocka_unit_test(test_a_changed_name_moves_the_keys),
		cmocka_unit_test(test_a_deleted_record_is_not_found),
		cmocka_unit_test(test_the_index_is_used),
	};

	return cmocka_run_group_tests(tests, setup, site_teardown);
}
