/* People: passwords, slow-down, the last administrator, the recovery code. */
#include "site_help.h"

#include "date.h"

static int
setup(void **state)
{
	const char *v = NULL;

	site_setup(state);
	v = village(0);
	ok(user_add(site.db, "wangfang", "王芳", ROLE_ADMIN | ROLE_SUPERVISOR,
	    NULL, 0, PASSWORD, &err));
	ok(user_add(site.db, "limei", "李梅", ROLE_DIRECTOR, &v, 1,
	    "春眠不觉晓", &err));
	user_logout(site.db);
	return 0;
}

static int
each(void **state)
{
	(void)state;
	err = (struct err)ERR_INIT;
	tamper("UPDATE user SET fails=0, failed_at=0, disabled=0");
	user_logout(site.db);
	return 0;
}

static void
test_login(void **state)
{
	struct session *s;

	(void)state;
	ok(user_login(site.db, "wangfang", PASSWORD, &err));
	s = db_session(site.db);
	assert_string_equal(s->login, "wangfang");
	assert_string_equal(s->name, "王芳");
	assert_true(s->all_villages);
	assert_int_equal(number("SELECT op='login' AND by='wangfang' FROM"
	    " journal ORDER BY seq DESC LIMIT 1"), 1);
	ok(user_login(site.db, "limei", "春眠不觉晓", &err));
	s = db_session(site.db);
	assert_false(s->all_villages);
	assert_int_equal(s->nvillages, 1);
	assert_string_equal(s->villages[0], village(0));
	user_logout(site.db);
	assert_null(db_session(site.db));
}

/* The sentence is the same for a wrong name and a wrong password. */
static void
test_wrong_words_say_the_same(void **state)
{
	char first[768];

	(void)state;
	refused(E_DENIED, user_login(site.db, "wangfang", "Wrong-One-1", &err));
	snprintf(first, sizeof first, "%s", err.msg);
	refused(E_DENIED, user_login(site.db, "nobody", "Wrong-One-1", &err));
	assert_string_equal(err.msg, first);
	refused(E_DENIED, user_login(site.db, "", "", &err));
	assert_string_equal(err.msg, first);
	tamper("UPDATE user SET disabled=1 WHERE login='limei'");
	refused(E_DENIED, user_login(site.db, "limei", "春眠不觉晓", &err));
	assert_string_equal(err.msg, first);
	assert_null(db_session(site.db));
}

static void
test_repeated_failures_slow_that_name_only(void **state)
{
	int i;
	char sql[128];

	(void)state;
	for (i = 0; i < 3; i++)
		refused(E_DENIED, user_login(site.db, "wangfang", "no", &err));
	/* as if tried just now: even the right password waits */
	snprintf(sql, sizeof sql, "UPDATE user SET fails=9, failed_at=%lld"
	    " WHERE login='wangfang'", (long long)(date_unix_ms() / 1000));
	tamper(sql);
	refused(E_BUSY, user_login(site.db, "wangfang", PASSWORD, &err));
	assert_non_null(strstr(err.msg, "秒"));
	refused(E_BUSY, user_verify(site.db, "wangfang", PASSWORD, &err));
	err = (struct err)ERR_INIT;
	ok(user_login(site.db, "limei", "春眠不觉晓", &err));
	/* a minute later it may be tried again, and success clears it */
	tamper("UPDATE user SET failed_at=failed_at-61");
	err = (struct err)ERR_INIT;
	ok(user_login(site.db, "wangfang", PASSWORD, &err));
	assert_int_equal(number("SELECT fails FROM main.user WHERE"
	    " login='wangfang'"), 0);
}

/* The longest wait is a minute, whatever the count, and a clock that was set
 * back does not lock anybody out. */
static void
test_the_wait_is_bounded(void **state)
{
	char sql[128];

	(void)state;
	tamper("UPDATE user SET fails=1000000, failed_at=0");
	ok(user_login(site.db, "wangfang", PASSWORD, &err));
	snprintf(sql, sizeof sql, "UPDATE user SET fails=50, failed_at=%lld",
	    (long long)(date_unix_ms() / 1000 + 86400));
	tamper(sql);
	ok(user_login(site.db, "wangfang", PASSWORD, &err));
}

static void
test_the_idle_lock_keeps_the_session(void **state)
{
	(void)state;
	ok(user_login(site.db, "limei", "春眠不觉晓", &err));
	refused(E_DENIED, user_verify(site.db, "limei", "wrong-wrong", &err));
	assert_string_equal(db_session(site.db)->login, "limei");
	err = (struct err)ERR_INIT;
	ok(user_verify(site.db, "limei", "春眠不觉晓", &err));
	assert_string_equal(db_session(site.db)->login, "limei");
}

static void
test_passwords_that_are_refused(void **state)
{
	static const char *const bad[] = { "", "1234567", "abc", "春眠",
	    "newcomer" };
	char longest[300];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(bad); i++)
		refused(E_RANGE, user_add(site.db, "newcomer", NULL,
		    ROLE_READER, NULL, 0, bad[i], &err));
	memset(longest, 'x', sizeof longest);
	longest[299] = '\0';
	refused(E_RANGE, user_add(site.db, "newcomer", NULL, ROLE_READER, NULL,
	    0, longest, &err));
	assert_int_equal(number("SELECT count(*) FROM main.user"), 2);
}

static void
test_logins_that_are_refused(void **state)
{
	static const char *const bad[] = { "", "a b", "a;b", "a\"b", "a'b",
	    "a\x1b[2J", "a\tb", "\xff\xfe",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(bad); i++)
		refused(E_FORMAT, user_add(site.db, bad[i], NULL, ROLE_READER,
		    NULL, 0, PASSWORD, &err));
	refused(E_FORMAT, user_add(site.db, "x", NULL, 0, NULL, 0, PASSWORD,
	    &err));
	refused(E_FORMAT, user_add(site.db, "x", NULL, ROLE_DIRECTOR, NULL, 0,
	    PASSWORD, &err));
	refused(E_EXISTS, user_add(site.db, "limei", NULL, ROLE_READER, NULL,
	    0, PASSWORD, &err));
}

static void
test_the_last_administrator_stays(void **state)
{
	(void)state;
	refused(E_REFUSED, user_disable(site.db, "wangfang", true, &err));
	err = (struct err)ERR_INIT;
	ok(user_disable(site.db, "limei", true, &err));
	ok(user_disable(site.db, "limei", false, &err));
	refused(E_NOTFOUND, user_disable(site.db, "nobody", true, &err));
}

static void
test_the_register_is_an_administrators(void **state)
{
	const char *v = village(0);

	(void)state;
	ok(user_login(site.db, "limei", "春眠不觉晓", &err));
	refused(E_DENIED, user_add(site.db, "evil", NULL, ROLE_ADMIN, NULL, 0,
	    PASSWORD, &err));
	refused(E_DENIED, user_passwd(site.db, "wangfang", PASSWORD, &err));
	refused(E_DENIED, user_disable(site.db, "wangfang", true, &err));
	refused(E_DENIED, user_scope(site.db, "limei", &v, 1, &err));
	err = (struct err)ERR_INIT;
	ok(user_passwd(site.db, "limei", "处处闻啼鸟", &err));
	ok(user_login(site.db, "limei", "处处闻啼鸟", &err));
	ok(user_passwd(site.db, "limei", "春眠不觉晓", &err));
}

static void
test_a_disabled_login_cannot_be_assumed(void **state)
{
	(void)state;
	tamper("UPDATE user SET disabled=1 WHERE login='limei'");
	refused(E_DENIED, user_assume(site.db, "limei", &err));
	refused(E_NOTFOUND, user_assume(site.db, "nobody", &err));
}

static void
test_villages_can_be_changed(void **state)
{
	const char *v[2];
	struct user u;

	(void)state;
	v[0] = village(2);
	v[1] = village(3);
	ok(user_scope(site.db, "limei", v, 2, &err));
	ok(user_get(site.db, "limei", &u, &err));
	assert_non_null(strstr(u.villages, "、"));
	ok(user_login(site.db, "limei", "春眠不觉晓", &err));
	assert_int_equal(db_session(site.db)->nvillages, 2);
	user_logout(site.db);
	v[0] = village(0);
	ok(user_scope(site.db, "limei", v, 1, &err));
}

static void
test_roles_have_names(void **state)
{
	char words[128];

	(void)state;
	assert_int_equal(role_from_name("儿童主任"), ROLE_DIRECTOR);
	assert_int_equal(role_from_name("director"), ROLE_DIRECTOR);
	assert_int_equal(role_from_name("王"), 0);
	assert_int_equal(role_from_name(""), 0);
	role_words(ROLE_SUPERVISOR | ROLE_SPECIAL, words, sizeof words);
	assert_string_equal(words, "supervisor;special");
	assert_string_equal(role_label(ROLE_READER), "只读");
}

static void
test_the_recovery_code(void **state)
{
	char code[32], wrong[32], *p;

	(void)state;
	ok(user_make_recovery(site.db, code, &err));
	assert_int_equal(strlen(code), 29);
	assert_int_equal(strspn(code, "23456789ABCDEFGHJKMNPQRSTUVWXYZ-"), 29);
	snprintf(wrong, sizeof wrong, "%s", code);
	wrong[0] = wrong[0] == '2' ? '3' : '2';
	refused(E_DENIED, user_recover(site.db, wrong, "wangfang",
	    "New-Password-1", &err));
	refused(E_DENIED, user_recover(site.db, "", "wangfang",
	    "New-Password-1", &err));
	err = (struct err)ERR_INIT;
	ok(user_recover(site.db, code, "wangfang", "New-Password-1", &err));
	/* in small letters, with blanks for dashes */
	for (p = code; *p != '\0'; p++)
		*p = *p == '-' ? ' ' : *p >= 'A' ? (char)(*p + 32) : *p;
	ok(user_recover(site.db, code, "wangfang", "New-Password-1", &err));
	ok(user_login(site.db, "wangfang", "New-Password-1", &err));
	user_logout(site.db);
	ok(user_passwd(site.db, "wangfang", PASSWORD, &err));
}

static void
test_hashes_are_argon2id_and_salted(void **state)
{
	char *a, *b;
	const char *v = village(0);

	(void)state;
	ok(user_add(site.db, "twin", NULL, ROLE_DIRECTOR, &v, 1, PASSWORD,
	    &err));
	a = text("SELECT password FROM main.user WHERE login='twin'");
	b = text("SELECT password FROM main.user WHERE login='wangfang'");
	assert_true(str_starts(a, "$argon2id$v=19$"));
	assert_string_not_equal(a, b);
	/* a 128 MB PC can still compute it */
	assert_true(atoi(strstr(a, "m=") + 2) <= 16384);
	free(a);
	free(b);
	assert_int_equal(defects(), 0);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup(f, each)
	const struct CMUnitTest tests[] = {
		T(test_login),
		T(test_wrong_words_say_the_same),
		T(test_repeated_failures_slow_that_name_only),
		T(test_the_wait_is_bounded),
		T(test_the_idle_lock_keeps_the_session),
		T(test_passwords_that_are_refused),
		T(test_logins_that_are_refused),
		T(test_the_last_administrator_stays),
		T(test_the_register_is_an_administrators),
		T(test_a_disabled_login_cannot_be_assumed),
		T(test_villages_can_be_changed),
		T(test_roles_have_names),
		T(test_the_recovery_code),
		T(test_hashes_are_argon2id_and_salted),
	};

	return cmocka_run_group_tests(tests, setup, site_teardown);
}
