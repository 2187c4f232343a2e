/* The journal's chain: whole after honest work, and every way of going round
 * the program is noticed. */
#include "site_help.h"

static const char *who;

static int
setup(void **state)
{
	struct record *r;

	site_setup(state);
	who = child("张三", "2015-03-01", village(0));
	child("李四", "2014-05-06", village(1));
	r = loaded("child", who);
	set(r, "name", "张三丰");
	save(r);
	record_free(r);
	return 0;
}

static void
test_honest_work_is_whole(void **state)
{
	char hash[HASH_HEX], again[HASH_HEX];
	int64_t seq = journal_head(site.db, hash);

	(void)state;
	assert_int_equal(defects(), 0);
	assert_int_equal(seq, number("SELECT count(*) FROM journal"));
	assert_int_equal(seq, number("SELECT max(seq) FROM journal"));
	assert_int_equal(strspn(hash, "0123456789abcdef"), 64);
	site_reopen();
	assert_int_equal(journal_head(site.db, again), seq);
	assert_string_equal(hash, again);
}

/* Each of these, alone, is found. */
static const char *const tampering[] = {
	"UPDATE journal SET vals=replace(vals,'张三丰','李三丰')"
	    " WHERE vals LIKE '%张三丰%'",
	"UPDATE journal SET salt=zeroblob(16) WHERE seq=5",
	"UPDATE journal SET by='nobody' WHERE seq=5",
	"UPDATE journal SET at='2020-01-01 00:00:00' WHERE seq=5",
	"UPDATE journal SET op='delete' WHERE seq=5",
	"UPDATE journal SET uid='x' WHERE seq=5",
	"UPDATE journal SET form='visit' WHERE seq=5",
	"UPDATE journal SET vhash=zeroblob(32) WHERE seq=5",
	"UPDATE journal SET image=zeroblob(32) WHERE seq=5",
	"UPDATE journal SET image=NULL WHERE seq=5",
	"UPDATE journal SET hash=zeroblob(32) WHERE seq=5",
	"UPDATE journal SET hash=zeroblob(31) WHERE seq=5",
	"DELETE FROM journal WHERE seq=5",
	"DELETE FROM journal WHERE seq=1",
	"DELETE FROM journal WHERE seq=(SELECT max(seq) FROM journal)",
	"DELETE FROM journal",
	"UPDATE journal SET seq=seq+1 WHERE seq=(SELECT max(seq) FROM journal)",
	"INSERT INTO journal SELECT max(seq)+1,at,by,form,uid,op,salt,vals,"
	    "vhash,image,hash FROM journal",
	"UPDATE child SET name='王五' WHERE name='李四'",
	"UPDATE child SET birth_date='2010-01-01' WHERE name='李四'",
	"UPDATE child SET birth_date=NULL WHERE name='李四'",
	"UPDATE child SET deleted=1 WHERE name='李四'",
	"UPDATE child SET rv='0000000000000000' WHERE name='李四'",
	"UPDATE child SET uid='01890000-0000-7000-8000-000000000000'"
	    " WHERE name='李四'",
	"DELETE FROM child WHERE name='李四'",
	"DELETE FROM enrolment WHERE rowid=(SELECT max(rowid) FROM enrolment)",
	"INSERT INTO export(inc,base,upto,chain,rows,at,file) SELECT 'a',0,"
	    "max(seq)+1,'b',1,'" TODAY "','c' FROM journal",
	"INSERT INTO child(uid,rv,site,created_at,created_by,updated_at,"
	    "updated_by,deleted,name) SELECT '01890000-0000-7000-8000-00000000"
	    "0001',rv,site,created_at,created_by,updated_at,updated_by,0,name"
	    " FROM child WHERE name='李四'",
	"UPDATE child SET village='01890000-0000-7000-8000-000000000009'"
	    " WHERE name='李四'",
};

static void
test_every_tampering_is_found(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(tampering); i++) {
		tamper("BEGIN");
		tamper(tampering[i]);
		if (number("SELECT changes()") <= 0)	/* of the tampering */
			fail_msg("nothing tampered with: %s", tampering[i]);
		if (defects() == 0)
			fail_msg("not found: %s", tampering[i]);
		tamper("ROLLBACK");
	}
	assert_int_equal(defects(), 0);
}

static void
test_what_is_in_an_entry(void **state)
{
	char *s;

	(void)state;
	s = text("SELECT form || ' ' || op || ' ' || by || ' ' || vals FROM"
	    " journal WHERE seq=(SELECT max(seq) FROM journal"
	    " WHERE form='child')");
	assert_string_equal(s, "child update cli"
	    " {\"name\":[\"张三\",\"张三丰\"]}");
	free(s);
	s = text("SELECT at FROM journal ORDER BY seq DESC LIMIT 1");
	assert_true(str_starts(s, TODAY " "));
	free(s);
	/* a random salt each */
	assert_int_equal(number("SELECT count(DISTINCT salt) - count(*)"
	    " FROM journal"), 0);
}

static void
test_salt_and_values_can_be_destroyed(void **state)
{
	(void)state;
	tamper("BEGIN");
	tamper("UPDATE journal SET salt=NULL, vals=NULL WHERE seq<=10");
	assert_int_equal(defects(), 0);
	tamper("ROLLBACK");
}

static void
test_a_rolled_back_save_leaves_no_entry(void **state)
{
	struct record *r = loaded("child", who);
	int64_t before = number("SELECT max(seq) FROM journal");

	(void)state;
	set(r, "birth_date", "2099-01-01");
	refused(E_REFUSED, record_save(r, NULL, &err));
	record_free(r);
	assert_int_equal(number("SELECT max(seq) FROM journal"), before);
	r = loaded("child", who);
	save(r);			/* nothing changed: nothing to tell */
	record_free(r);
	assert_int_equal(number("SELECT max(seq) FROM journal"), before);
}

static void
test_notes(void **state)
{
	int64_t before = number("SELECT max(seq) FROM journal");

	(void)state;
	err = (struct err)ERR_INIT;
	ok(journal_note(site.db, "export", "child", NULL, "儿童台账 2 条",
	    &err));
	assert_int_equal(number("SELECT max(seq) FROM journal"), before + 1);
	assert_int_equal(defects(), 0);
	tamper("BEGIN");
	tamper("UPDATE journal SET vals=replace(vals,'2 条','1 条')"
	    " WHERE op='export'");
	assert_true(defects() > 0);
	tamper("ROLLBACK");
}

/* Two processes append in turn: one chain. */
static void
test_two_processes_share_one_chain(void **state)
{
	struct err e = ERR_INIT;
	struct db *other;
	int i;

	(void)state;
	if (db_open(&other, db_path(site.db), 0, &e) < 0)
		fail_msg("%s", e.msg);
	for (i = 0; i < 6; i++)
		assert_int_equal(journal_note(i % 2 == 0 ? site.db : other,
		    "print", NULL, NULL, "走访名单", &e), 0);
	db_close(other);
	assert_int_equal(defects(), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_honest_work_is_whole),
		cmocka_unit_test(test_every_tampering_is_found),
		cmocka_unit_test(test_what_is_in_an_entry),
		cmocka_unit_test(test_salt_and_values_can_be_destroyed),
		cmocka_unit_test(test_a_rolled_back_save_leaves_no_entry),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_two_processes_share_one_chain),
	};

	return cmocka_run_group_tests(tests, setup, site_teardown);
}
