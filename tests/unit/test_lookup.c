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

/* Keys of the record `uid` are these two names. */
static void
keys(const char *uid, const char *a, const char *b)
{
	struct lookup *l = lookup_new();

	lookup_add_name(l, a);
	lookup_add_name(l, b);
	ok(lookup_store(site.db, l, "child", uid, &err));
	lookup_free(l);
}

/* What waits is written with the rest, in whatever order it came; a record
 * that comes twice keeps the keys of the second time. */
static void
test_gathered_keys(void **state)
{
	char other[37];
	int i;

	(void)state;
	memcpy(other, child("马小跳", "2015-03-04", village(2)), 37);
	ok(db_begin(site.db, &err));
	lookup_gather(site.db);
	keys(li, "欧阳娜娜", "诸葛亮");
	keys(other, "马小跳", "诸葛瑾");
	assert_int_equal(hits("zg"), 0);
	keys(li, "欧阳娜娜", "司马懿");	/* what waited came first */
	assert_int_equal(hits("zgj"), 1);
	ok(lookup_settle(site.db, &err));
	assert_int_equal(hits("zgl"), 0);
	assert_int_equal(hits("smy"), 1);
	lookup_gather(site.db);
	keys(other, "马小跳", "诸葛瑾");	/* nothing new */
	keys(li, "欧阳娜娜", "诸葛亮");
	ok(lookup_remove(site.db, "child", li, &err));
	ok(lookup_settle(site.db, &err));
	assert_int_equal(hits("oynn"), 0);
	assert_int_equal(hits("zgj"), 1);
	lookup_gather(site.db);
	for (i = 0; i < 20000; i++) {		/* more than it holds */
		char uid[37], name[32];

		snprintf(uid, sizeof uid, "00000000-0000-7000-8000-%012d", i);
		snprintf(name, sizeof name, "q%dq%d", i, i % 7);
		keys(uid, name, "赵子龙");
	}
	lookup_drop(site.db);
	assert_true(db_int(site.db, 0, "SELECT count(*) FROM main.lookup"
	    " WHERE key='zzl'", "") > 1000);
	db_rollback(site.db);
	assert_int_equal(hits("oynn"), 1);
	assert_int_equal(hits("smy"), 0);
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
		cmocka_unit_test(test_gathered_keys),
		cmocka_unit_test(test_the_index_is_used),
	};

	return cmocka_run_group_tests(tests, setup, site_teardown);
}
