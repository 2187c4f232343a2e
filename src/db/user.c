/* See user.h. */
#include "user.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "db.h"
#include "journal.h"
#include "mem.h"
#include "scope.h"
#include "str.h"
#include "utf8.h"

/* Argon2id at 8 MiB and three passes: a tenth of a second or so on a current
 * machine, and it fits a PC with 128 MB (OWASP's floor for low memory is
 * 7 MiB, t=5 or 9 MiB, t=4; logins here are also slowed after failures). */
enum { PW_MEM = 8 << 20, PW_OPS = 4 };

static const struct {
	unsigned role;
	const char *name, *label;
} roles[] = {
	{ ROLE_ADMIN, "admin", "管理员" },
	{ ROLE_SUPERVISOR, "supervisor", "督导员" },
	{ ROLE_SPECIAL, "special", "专办人员" },
	{ ROLE_COUNTY, "county", "县级" },
	{ ROLE_DIRECTOR, "director", "儿童主任" },
	{ ROLE_READER, "reader", "只读" },
};

unsigned
role_from_name(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT_OF(roles); i++)
		if (str_eq(name, roles[i].name) || str_eq(name, roles[i].label))
			return roles[i].role;
	return 0;
}

const char *
role_label(unsigned set)
{
	static const struct { unsigned roles; const char *label; } more[] = {
		{ ROLE_ADMIN | ROLE_SPECIAL, "管理员兼专办" },
		{ ROLE_SPECIAL | ROLE_SUPERVISOR, "专办人员" }
	};
	size_t i;

	for (i = 0; i < COUNT_OF(more); i++)
		if ((set & more[i].roles) == more[i].roles)
			return more[i].label;
	for (i = 0; i < COUNT_OF(roles); i++)
		if ((set & roles[i].role) != 0)
			return roles[i].label;
	return "";
}

const char *
role_name(unsigned role)
{
	size_t i;

	for (i = 0; i < COUNT_OF(roles); i++)
		if ((role & roles[i].role) != 0)
			return roles[i].name;
	return "";
}

void
role_words(unsigned set, char *out, size_t size)
{
	struct str s = STR_INIT;
	size_t i;

	for (i = 0; i < COUNT_OF(roles); i++)
		if ((set & roles[i].role) != 0)
			str_addf(&s, "%s%s", s.len > 0 ? ";" : "",
			    roles[i].name);
	snprintf(out, size, "%s", s.buf);
	str_done(&s);
}

int
user_require(struct db *db, unsigned set, struct err *e)
{
	const struct session *s = db_session(db);
	struct str words = STR_INIT;
	size_t i;

	if (s == NULL || (s->roles & set) != 0)
		return 0;
	for (i = 0; i < COUNT_OF(roles); i++)
		if ((set & roles[i].role) != 0)
			str_addf(&words, "%s%s", words.len > 0 ? "或" : "",
			    roles[i].label);
	err_set(e, E_DENIED, "用户“%s”不能做这件事，要由%s来做", s->login,
	    words.buf);
	str_done(&words);
	return E_DENIED;
}

/* ---- passwords ---------------------------------------------------------- */

static int
password_ok(const char *login, const char *password, struct err *e)
{
	size_t len = strlen(password), cps = utf8_count(password);
	bool chinese = len > cps;

	if (len > 256)
		return err_set(e, E_RANGE, "密码太长，最多256个字节");
	if (cps < 8 && !(chinese && cps >= 3))
		return err_set(e, E_RANGE, "密码太短：至少8个字符，"
		    "或至少3个汉字");
	if (strcmp(login, password) == 0)
		return err_set(e, E_RANGE, "密码不能与用户名相同");
	return 0;
}

static int
hash_password(char out[crypto_pwhash_STRBYTES], const char *password,
    struct err *e)
{
	if (crypto_pwhash_str_alg(out, password, strlen(password), PW_OPS,
	    PW_MEM, crypto_pwhash_ALG_ARGON2ID13) != 0)
		return err_set(e, E_CRYPTO, "内存不足，算不了密码");
	return 0;
}

static bool
login_ok(const char *login)
{
	const char *p = login;

	for (; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || *p == ';' || *p == 0x7f ||
		    *p == '"' || *p == '\'')
			return false;
	return p != login && p - login < 48 && utf8_valid(login);
}

/* ---- the register ------------------------------------------------------- */

static char *
join(const char *const *v, size_t n)
{
	struct str s = STR_INIT;
	size_t i;

	for (i = 0; i < n; i++)
		str_addf(&s, "%s%s;", i == 0 ? ";" : "", v[i]);
	return n > 0 ? str_take(&s) : NULL;
}

/* Run one change of the register with its journal entry. */
static int
change(struct db *db, const char *op, const char *login, const char *text,
    struct err *e, const char *sql, const char *a, const char *b, int64_t n)
{
	struct journal_change c = { "user", NULL, text };
	int64_t rc;

	db_trust(db);
	rc = db_begin(db, e);
	if (rc == 0) {
		rc = db_run(db, e, sql, "sssi", login, a, b, n);
		if (rc == 0 && db_changes(db) == 0)
			rc = err_set(e, E_NOTFOUND, "没有用户“%s”", login);
		if (rc == 0)
			rc = journal_append(db, NULL, login, op, &c, 1, NULL, e);
		if (rc < 0)
			db_rollback(db);
		else
			rc = db_commit(db, e);
	}
	db_untrust(db);
	return (int)rc;
}

int
user_add(struct db *db, const char *login, const char *name, unsigned set,
    const char *const *villages, size_t n, const char *password,
    struct err *e)
{
	char hash[crypto_pwhash_STRBYTES], stamp[STAMP_SIZE], words[128];
	char *v;
	int rc = user_require(db, ROLE_ADMIN, e);

	if (rc < 0)
		return rc;
	if (!login_ok(login))
		return err_set(e, E_FORMAT, "用户名“%s”不合适：用字母、数字或"
		    "汉字，不含空格和引号", login);
	if (set == 0)
		return err_set(e, E_FORMAT, "请给用户“%s”选一个角色", login);
	if ((set & ROLE_DIRECTOR) != 0 && n == 0 &&
	    (set & (ROLE_ADMIN | ROLE_SUPERVISOR)) == 0)
		return err_set(e, E_FORMAT, "儿童主任必须指定负责的村");
	if ((rc = password_ok(login, password, e)) < 0)
		return rc;
	db_trust(db);
	rc = db_int(db, 0, "SELECT 1 FROM main.user WHERE login=?1", "s",
	    login) != 0;
	db_untrust(db);
	if (rc)
		return err_set(e, E_EXISTS, "用户“%s”已存在", login);
	if ((rc = hash_password(hash, password, e)) < 0)
		return rc;
	date_stamp(stamp);
	role_words(set, words, sizeof words);
	v = join(villages, n);
	db_trust(db);
	if ((rc = db_begin(db, e)) == 0) {
		rc = db_run(db, e, "INSERT INTO main.user(login,name,roles,"
		    "villages,password,created_at) VALUES(?1,?2,?3,?4,?5,?6)",
		    "ssisss", login, str_blank(name) ? login : name,
		    (int64_t)set, v, hash, stamp);
		if (rc == 0)
			rc = journal_note(db, "user_add", NULL, login, words, e);
		if (rc < 0)
			db_rollback(db);
		else
			rc = db_commit(db, e);
	}
	db_untrust(db);
	free(v);
	return rc;
}

int
user_passwd(struct db *db, const char *login, const char *password,
    struct err *e)
{
	char hash[crypto_pwhash_STRBYTES];
	const struct session *s = db_session(db);
	int rc = 0;

	if (s == NULL || strcmp(s->login, login) != 0)
		rc = user_require(db, ROLE_ADMIN, e);
	if (rc == 0)
		rc = password_ok(login, password, e);
	if (rc == 0)
		rc = hash_password(hash, password, e);
	if (rc == 0)
		rc = change(db, "passwd", login, "改密码", e,
		    "UPDATE main.user SET password=?2, fails=0"
		    " WHERE login=?1 AND (?3 IS NULL OR ?4=0)", hash, NULL, 0);
	return rc;
}

/* An administrator, and not the last one who would go. */
static int
may_take_away(struct db *db, const char *login, bool away, struct err *e)
{
	int64_t others;
	int rc = user_require(db, ROLE_ADMIN, e);

	if (rc < 0)
		return rc;
	db_trust(db);
	others = db_int(db, 0, "SELECT count(*) FROM main.user WHERE"
	    " login<>?1 AND NOT disabled AND roles & 1", "s", login);
	db_untrust(db);
	return away && others == 0 ? err_set(e, E_REFUSED,
	    "至少要留一个能用的管理员") : 0;
}

int
user_roles(struct db *db, const char *login, unsigned set, struct err *e)
{
	char words[128];
	int rc = may_take_away(db, login, (set & ROLE_ADMIN) == 0, e);

	if (rc < 0)
		return rc;
	role_words(set, words, sizeof words);
	return change(db, "user_roles", login, words, e, "UPDATE main.user"
	    " SET roles=?4 WHERE login=?1 AND ?2 IS NULL AND ?3 IS NULL", NULL,
	    NULL, (int64_t)set);
}

bool
user_any_special(struct db *db)
{
	bool yes;

	db_trust(db);
	yes = db_int(db, 0, "SELECT 1 FROM main.user WHERE NOT disabled AND"
	    " roles & ?1 LIMIT 1", "i", (int64_t)ROLE_SPECIAL) != 0;
	db_untrust(db);
	return yes;
}

int
user_disable(struct db *db, const char *login, bool disabled, struct err *e)
{
	int rc = may_take_away(db, login, disabled, e);

	if (rc < 0)
		return rc;
	return change(db, disabled ? "disable" : "enable", login,
	    disabled ? "停用" : "启用", e, "UPDATE main.user SET disabled=?4,"
	    " fails=0 WHERE login=?1 AND ?2 IS NULL AND ?3 IS NULL", NULL,
	    NULL, disabled);
}

int
user_scope(struct db *db, const char *login, const char *const *villages,
    size_t n, struct err *e)
{
	char *v = join(villages, n);
	int rc = user_require(db, ROLE_ADMIN, e);

	if (rc == 0)
		rc = change(db, "user_scope", login, v, e, "UPDATE main.user"
		    " SET villages=?2 WHERE login=?1 AND ?3 IS NULL AND ?4=0",
		    v, NULL, 0);

	free(v);
	return rc;
}

/* The names of the villages in a ;uid;uid; list, joined. */
static void
village_names(struct db *db, const char *list, char *out, size_t size)
{
	char *names = db_str(db, "SELECT group_concat(name,'、') FROM"
	    " main.village WHERE instr(?1, ';'||uid||';')", "s", list);

	snprintf(out, size, "%s", names != NULL ? names : "");
	free(names);
}

static void
take_user(struct stmt *q, struct user *u)
{
	memset(u, 0, sizeof *u);
	snprintf(u->login, sizeof u->login, "%s", stmt_col(q, 0));
	snprintf(u->name, sizeof u->name, "%s", stmt_col(q, 1));
	u->roles = (unsigned)stmt_col_int(q, 2);
	u->disabled = stmt_col_int(q, 3) != 0;
}

int
user_list(struct db *db, struct user **out, size_t *n, struct err *e)
{
	struct stmt *q;
	size_t cap = 0;
	int rc = 0;

	*out = NULL;
	*n = 0;
	db_trust(db);
	q = db_get(db, "SELECT login,name,roles,disabled,villages FROM"
	    " main.user ORDER BY login", e);
	if (q == NULL)
		rc = E_SQL;
	while (q != NULL && (rc = stmt_step(q, e)) > 0) {
		*out = mem_grow(*out, *n, &cap, sizeof **out);
		take_user(q, &(*out)[*n]);
		if (!stmt_is_null(q, 4))
			village_names(db, stmt_col(q, 4), (*out)[*n].villages,
			    sizeof (*out)[*n].villages);
		(*n)++;
	}
	db_untrust(db);
	return rc;
}

int
user_get(struct db *db, const char *login, struct user *out, struct err *e)
{
	struct user *all;
	size_t i, n;
	int rc = user_list(db, &all, &n, e), found = 0;

	for (i = 0; rc == 0 && i < n && !found; i++)
		if (strcmp(all[i].login, login) == 0) {
			*out = all[i];
			found = 1;
		}
	free(all);
	if (rc == 0 && !found)
		return err_set(e, E_NOTFOUND, "没有用户“%s”", login);
	return rc;
}

/* ---- sessions ----------------------------------------------------------- */

/* Villages of a ;a;b; list into the session, which owns one block. */
static struct session *
session_new(const struct user *u, const char *villages)
{
	struct session *s;
	size_t n = 0;
	const char *p;

	for (p = villages; p != NULL && (p = strchr(p, ';')) != NULL; p++)
		n++;
	s = xcalloc(1, sizeof *s + n * sizeof *s->villages);
	snprintf(s->login, sizeof s->login, "%s", u->login);
	snprintf(s->name, sizeof s->name, "%s", u->name);
	s->roles = u->roles;
	s->all_villages = (u->roles & (ROLE_ADMIN | ROLE_SUPERVISOR |
	    ROLE_SPECIAL | ROLE_COUNTY)) != 0 ||
	    ((u->roles & ROLE_READER) != 0 && n == 0);
	s->villages = (void *)(s + 1);
	for (p = villages; p != NULL && *p == ';' && strlen(p) > 36;
	    p += 37) {
		memcpy(s->villages[s->nvillages], p + 1, 36);
		s->nvillages++;
	}
	return s;
}

static int
open_session(struct db *db, const char *login, struct err *e)
{
	struct user u;
	char *villages;
	int rc = user_get(db, login, &u, e);

	if (rc < 0)
		return rc;
	if (u.disabled)
		return err_set(e, E_DENIED, "用户“%s”已停用", login);
	db_trust(db);
	villages = db_str(db, "SELECT villages FROM main.user WHERE login=?1",
	    "s", login);
	db_untrust(db);
	scope_close(db);
	db_set_session(db, session_new(&u, villages));
	free(villages);
	return scope_open(db, e);
}

static int
wait_of(int64_t fails, int64_t failed_at)
{
	int64_t wait, gone = date_unix_ms() / 1000 - failed_at;

	if (fails < 3)
		return 0;
	wait = fails > 9 ? 60 : (int64_t)1 << (fails - 3);
	wait = wait > 60 ? 60 : wait;
	return gone < 0 || gone >= wait ? 0 : (int)(wait - gone);
}

/* A hash to burn the same time on for unknown names. */
static const char *
dummy_hash(void)
{
	static char hash[crypto_pwhash_STRBYTES];

	if (hash[0] == '\0')
		hash_password(hash, "tongji", NULL);
	return hash;
}

static int
remember(struct db *db, const char *login, bool good, struct err *e)
{
	return db_run(db, e, good ?
	    "UPDATE main.user SET fails=0, failed_at=?2 WHERE login=?1" :
	    "UPDATE main.user SET fails=fails+1, failed_at=?2 WHERE login=?1",
	    "si", login, date_unix_ms() / 1000);
}

int
user_verify(struct db *db, const char *login, const char *password,
    struct err *e)
{
	char hash[crypto_pwhash_STRBYTES] = "";
	struct stmt *q;
	int wait = 0, known = 0, good, rc = 0;

	db_trust(db);
	q = db_get(db, "SELECT password,disabled,fails,failed_at FROM main.user"
	    " WHERE login=?1", e);
	if (q == NULL) {
		db_untrust(db);
		return E_SQL;
	}
	stmt_text(q, 1, login);
	if (stmt_step(q, e) > 0) {
		known = stmt_col_int(q, 1) == 0;
		wait = wait_of(stmt_col_int(q, 2), stmt_col_int(q, 3));
		snprintf(hash, sizeof hash, "%s", stmt_col(q, 0));
		stmt_reset(q);
	}
	if (wait > 0)
		rc = err_set(e, E_BUSY, "输错次数较多，请等 %d 秒再试", wait);
	if (rc == 0) {
		good = crypto_pwhash_str_verify(known ? hash : dummy_hash(),
		    password, strlen(password)) == 0 && known;
		rc = remember(db, login, good, e);
		if (rc == 0 && !good)
			rc = err_set(e, E_DENIED, "用户名或密码不对");
	}
	db_untrust(db);
	return rc;
}

int
user_login(struct db *db, const char *login, const char *password,
    struct err *e)
{
	int rc = user_verify(db, login, password, e);

	if (rc < 0)
		return rc;
	if ((rc = open_session(db, login, e)) < 0)
		return rc;
	db_trust(db);
	rc = journal_note(db, "login", NULL, NULL, NULL, e);
	db_untrust(db);
	return rc;
}

int
user_assume(struct db *db, const char *login, struct err *e)
{
	struct user cli = { .login = "cli", .name = "命令行",
	    .roles = ROLE_ADMIN | ROLE_SUPERVISOR | ROLE_SPECIAL };

	if (login != NULL)
		return open_session(db, login, e);
	scope_close(db);
	db_set_session(db, session_new(&cli, NULL));
	return scope_open(db, e);
}

void
user_logout(struct db *db)
{
	scope_close(db);
	db_set_session(db, NULL);
}

/* ---- the recovery code -------------------------------------------------- */

int
user_make_recovery(struct db *db, char code[32], struct err *e)
{
	/* no 0 O 1 I L: read aloud and copied by hand */
	static const char letters[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
	char hash[crypto_pwhash_STRBYTES], *p = code;
	int i, rc;

	for (i = 0; i < 25; i++) {
		if (i > 0 && i % 5 == 0)
			*p++ = '-';
		*p++ = letters[randombytes_uniform(sizeof letters - 1)];
	}
	*p = '\0';
	if ((rc = hash_password(hash, code, e)) < 0)
		return rc;
	return db_set_meta(db, "recovery", hash, e);
}

/* As it was printed, however it is typed: small letters, blanks, no dashes. */
static void
tidy_code(const char *typed, char out[32])
{
	size_t n = 0;

	for (; *typed != '\0' && n < 29; typed++) {
		if (*typed == '-' || *typed == ' ')
			continue;
		if (n % 6 == 5)
			out[n++] = '-';
		out[n++] = *typed >= 'a' && *typed <= 'z' ?
		    (char)(*typed - 32) : *typed;
	}
	out[n] = '\0';
}

int
user_recover(struct db *db, const char *code, const char *login,
    const char *password, struct err *e)
{
	char *hash = db_meta(db, "recovery"), tidy[32];
	int good;

	tidy_code(code, tidy);
	good = hash != NULL && crypto_pwhash_str_verify(hash, tidy,
	    strlen(tidy)) == 0;
	free(hash);
	if (!good)
		return err_set(e, E_DENIED, "恢复码不对");
	return user_passwd(db, login, password, e);
}
