/* Who may log in, and who is at the keyboard.
 *
 * Passwords are Argon2id with parameters for a 128 MB PC (8 MiB, 3 passes).
 * Wrong passwords slow the next try of that name down; they never lock the
 * other users. */
#ifndef TONGJI_USER_H
#define TONGJI_USER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct db;

/* Role bits; names as in data/codes/role.csv. */
enum role {
	ROLE_ADMIN = 1, ROLE_SUPERVISOR = 2, ROLE_DIRECTOR = 4,
	ROLE_SPECIAL = 8, ROLE_COUNTY = 16, ROLE_READER = 32
};
unsigned role_from_name(const char *name);	/* English or Chinese word; 0 unknown */
const char *role_label(unsigned roles);		/* what a person is called */
const char *role_name(unsigned role);
void role_words(unsigned roles, char *out, size_t size);	/* "supervisor;special" */

/* The person at the keyboard (or the command line). */
struct session {
	char login[64];		/* "cli" for commands without --as */
	char name[128];		/* what the screen shows */
	unsigned roles;
	char (*villages)[37];	/* uids a director may see; NULL: whole town */
	size_t nvillages;
	bool all_villages;
};

/* May the session do what takes one of these roles?  E_DENIED with a sentence
 * if not; before any session (first run, recovery) everything may. */
int user_require(struct db *db, unsigned set, struct err *e) MUST_CHECK;

struct user {
	char login[64], name[128];
	unsigned roles;
	bool disabled;
	char villages[512];	/* names, joined with 、 for the screen */
};

/* The register is an administrator's: add, disable, scope and somebody else's
 * password are E_DENIED to the others.
 * `villages`: uids, for directors.  The password is checked for length (≥ 8
 * bytes, or 3 Chinese characters) and refused if it equals the login. */
int user_add(struct db *db, const char *login, const char *name,
    unsigned roles, const char *const *villages, size_t n,
    const char *password, struct err *e) MUST_CHECK;
int user_passwd(struct db *db, const char *login, const char *password,
    struct err *e) MUST_CHECK;
int user_disable(struct db *db, const char *login, bool disabled,
    struct err *e) MUST_CHECK;
/* E_REFUSED for the last administrator.  Holds from the next login. */
int user_roles(struct db *db, const char *login, unsigned roles,
    struct err *e) MUST_CHECK;
/* Is there anybody in use who sees the restricted class? */
bool user_any_special(struct db *db);
int user_scope(struct db *db, const char *login, const char *const *villages,
    size_t n, struct err *e) MUST_CHECK;
/* Every user, in login order; heap array, caller frees. */
int user_list(struct db *db, struct user **out, size_t *n, struct err *e)
	MUST_CHECK;
int user_get(struct db *db, const char *login, struct user *out,
    struct err *e) MUST_CHECK;

/* Verify a password.  E_DENIED with a sentence (never saying which of name
 * and password was wrong); E_BUSY with the seconds to wait after repeated
 * failures (1, 2, 4 … 60 s).  On success opens a session on the database
 * (scope.h) and journals the login. */
int user_login(struct db *db, const char *login, const char *password,
    struct err *e) MUST_CHECK;
/* The same check without changing the session (the idle lock). */
int user_verify(struct db *db, const char *login, const char *password,
    struct err *e) MUST_CHECK;
/* A session without password: the OS owner as `cli` (administrator), or
 * `--as LOGIN`; E_DENIED for a disabled one. */
int user_assume(struct db *db, const char *login, struct err *e) MUST_CHECK;
void user_logout(struct db *db);

/* The office safe's recovery code: made once, stored hashed; resets an
 * administrator's password.  `code` is 25 characters in groups of five. */
int user_make_recovery(struct db *db, char code[32], struct err *e) MUST_CHECK;
int user_recover(struct db *db, const char *code, const char *login,
    const char *password, struct err *e) MUST_CHECK;

#endif
