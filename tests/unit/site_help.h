/* Shared by the tests of the database and of records: a township in a
 * throw-away folder (悦庄镇 370323104, the shipped forms), people, children.
 * Tests run from the top of the tree. */
#ifndef SITE_HELP_H
#define SITE_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "check.h"
#include "db.h"
#include "err.h"
#include "file.h"
#include "journal.h"
#include "mem.h"
#include "model.h"
#include "record.h"
#include "site.h"
#include "str.h"
#include "user.h"

#define HELPER __attribute__((unused)) static

#define TODAY "2026-11-22"
#define PASSWORD "Shan-Shui-27"

static struct site {
	char home[64];
	struct forms *fs;
	struct db *db;
} site;

/* Fail with the sentence a person would have read. */
#define ok(call) do { \
	if ((call) < 0) \
		fail_msg("%s: %d %s", #call, err.code, err.msg); \
} while (0)
#define refused(code_, call) do { \
	err = (struct err)ERR_INIT; \
	if ((call) >= 0) \
		fail_msg("%s was let through", #call); \
	assert_int_equal(err.code, code_); \
	assert_true(err.msg[0] != '\0'); \
} while (0)

static struct err err;

HELPER void
shell(const char *fmt, ...)
{
	char line[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	if (system(line) != 0)
		fail_msg("%s", line);
}

/* The same, giving the exit status. */
HELPER int
shell_status(const char *fmt, ...)
{
	char line[1024];
	va_list ap;
	int st;

	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	st = system(line);
	return WIFEXITED(st) ? WEXITSTATUS(st) : -1;
}

HELPER void
site_reopen(void)
{
	err = (struct err)ERR_INIT;
	site_close(site.fs);
	ok(site_open(site.home, &site.fs, NULL, &err));
	site.db = forms_db(site.fs);
}

/* A township with the session `cli`. */
HELPER int
site_setup(void **state)
{
	char top[512];

	(void)state;
	err = (struct err)ERR_INIT;
	setenv("TONGJI_TODAY", TODAY, 1);
	assert_non_null(getcwd(top, sizeof top));
	snprintf(site.home, sizeof site.home, "/tmp/tongji-unit-XXXXXX");
	assert_non_null(mkdtemp(site.home));
	shell("ln -s %s/forms %s/data %s/", top, top, site.home);
	ok(site_init(site.home, "370323104", &err));
	site.fs = NULL;
	site_reopen();
	ok(user_assume(site.db, NULL, &err));
	return 0;
}

HELPER int
site_teardown(void **state)
{
	(void)state;
	site_close(site.fs);
	site.fs = NULL;
	shell("rm -rf %s", site.home);
	return 0;
}

/* One value of the whole database, whoever is at the keyboard. */
HELPER int64_t
number(const char *sql)
{
	int64_t n;

	db_trust(site.db);
	n = db_int(site.db, -99, sql, "");
	db_untrust(site.db);
	return n;
}

HELPER char *
text(const char *sql)
{
	char *s;

	db_trust(site.db);
	s = db_str(site.db, sql, "");
	db_untrust(site.db);
	return s;
}

/* What somebody with the plain sqlite3 program could do. */
HELPER void
tamper(const char *sql)
{
	db_trust(site.db);
	err = (struct err)ERR_INIT;
	ok(db_exec(site.db, sql, &err));
	db_untrust(site.db);
}

/* uid of the n-th village, in code order. */
HELPER const char *
village(int n)
{
	static char uid[4][37];
	char sql[128], *v;

	snprintf(sql, sizeof sql, "SELECT uid FROM main.village ORDER BY code"
	    " LIMIT 1 OFFSET %d", n);
	v = text(sql);
	assert_non_null(v);
	snprintf(uid[n & 3], sizeof uid[0], "%s", v);
	free(v);
	return uid[n & 3];
}

HELPER const struct form *
form(const char *name)
{
	const struct form *f;

	err = (struct err)ERR_INIT;
	f = forms_get(site.fs, name, &err);
	if (f == NULL)
		fail_msg("%s: %s", name, err.msg);
	return f;
}

HELPER void
set(struct record *r, const char *field, const char *value)
{
	const struct field *f = form_field(r->form, field);

	if (f == NULL)
		fail_msg("no field %s", field);
	err = (struct err)ERR_INIT;
	ok(record_set(r, f, value, &err));
}

HELPER struct record *
blank(const char *name)
{
	struct record *r;

	err = (struct err)ERR_INIT;
	r = record_new(site.fs, form(name), &err);
	if (r == NULL)
		fail_msg("%s: %s", name, err.msg);
	return r;
}

HELPER struct record *
loaded(const char *name, const char *uid)
{
	struct record *r;

	err = (struct err)ERR_INIT;
	r = record_load(site.fs, form(name), uid, &err);
	if (r == NULL)
		fail_msg("%s %s: %s", name, uid, err.msg);
	return r;
}

HELPER void
save(struct record *r)
{
	err = (struct err)ERR_INIT;
	ok(record_save(r, NULL, &err));
}

/* A saved child; its uid in static storage (eight of them). */
HELPER const char *
child(const char *name, const char *birth, const char *village_uid)
{
	static char uid[8][37];
	static int next;
	struct record *r = blank("child");
	char *out = uid[next++ & 7];

	set(r, "name", name);
	set(r, "no_id_reason", "no_hukou");
	set(r, "sex", "1");
	set(r, "birth_date", birth);
	set(r, "village", village_uid);
	set(r, "category", "留守");
	save(r);
	memcpy(out, r->uid, 37);
	record_free(r);
	return out;
}

/* A boy's citizen number with a right check digit. */
HELPER const char *
id_of(const char *birth)
{
	static const int w[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5,
	    8, 4, 2 };
	static char id[19];
	int i, sum = 0;

	snprintf(id, sizeof id, "370323%s001", birth);
	for (i = 0; i < 17; i++)
		sum += (id[i] - '0') * w[i];
	id[17] = "10X98765432"[sum % 11];
	return id;
}

/* Log somebody in with a role and at most one village. */
HELPER void
as(const char *login, unsigned roles, const char *village_uid)
{
	struct user u;

	err = (struct err)ERR_INIT;
	ok(user_assume(site.db, NULL, &err));
	if (user_get(site.db, login, &u, NULL) < 0)
		ok(user_add(site.db, login, login, roles, &village_uid,
		    village_uid != NULL, PASSWORD, &err));
	ok(user_assume(site.db, login, &err));
}

HELPER void
count_bad(void *arg, const char *sentence)
{
	(void)sentence;
	++*(int *)arg;
}

/* Defects that `tongji check` would name. */
HELPER int64_t
defects(void)
{
	int told = 0;
	int64_t n;

	err = (struct err)ERR_INIT;
	n = check_all(site.fs, count_bad, &told, &err);
	if (n < 0)
		fail_msg("check: %s", err.msg);
	assert_int_equal(n > 0, told > 0);
	return n;
}

#endif
