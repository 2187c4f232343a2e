/* tongji user: add, list, passwd, disable. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "log.h"
#include "mem.h"
#include "model.h"
#include "str.h"
#include "user.h"

enum { VILLAGES_MAX = 64 };

static const char *village_opt[VILLAGES_MAX + 1];

struct want {
	const char *role, *name;
	bool from_stdin;
};

/* Village codes to uids, kept in `store`. */
static int
villages(struct forms *fs, char **store, size_t *n, struct err *e)
{
	for (*n = 0; village_opt[*n] != NULL; (*n)++) {
		store[*n] = db_str(forms_db(fs), "SELECT uid FROM village"
		    " WHERE code=?1", "s", village_opt[*n]);
		if (store[*n] == NULL)
			return err_set(e, E_NOTFOUND, "没有区划代码为 %s 的村",
			    village_opt[*n]);
	}
	return 0;
}

static unsigned
roles_of(const char *words)
{
	static const char comma[] = "、";	/* three bytes: not for strtok */
	char *copy = xstrdup(words), *save = NULL, *w;
	unsigned set = 0, one;

	while ((w = strstr(copy, comma)) != NULL)
		memset(w, ';', strlen(comma));
	for (w = strtok_r(copy, ",;", &save); w != NULL;
	    w = strtok_r(NULL, ",;", &save)) {
		one = role_from_name(w);
		if (one == 0) {
			set = 0;
			break;
		}
		set |= one;
	}
	free(copy);
	return set;
}

static int
add(struct forms *fs, const struct want *w, const char *login, struct err *e)
{
	char *store[VILLAGES_MAX] = { NULL }, *password;
	unsigned roles = w->role != NULL ? roles_of(w->role) : 0;
	size_t n = 0, i;
	int rc;

	if (roles == 0)
		return err_set(e, E_USAGE, "请用 --role 写明角色：admin 管理员、"
		    "supervisor 督导员、director 儿童主任、special 专办人员、"
		    "county 县级、reader 只读");
	password = w->from_stdin ? cli_line() : NULL;
	if (password == NULL)
		return err_set(e, E_USAGE, "请加 --password-stdin，"
		    "从标准输入给一行密码");
	rc = villages(fs, store, &n, e);
	if (rc == 0)
		rc = user_add(forms_db(fs), login, w->name, roles,
		    (const char *const *)store, n, password, e);
	for (i = 0; i < n; i++)
		free(store[i]);
	free(password);
	return rc;
}

static int
list(struct forms *fs, struct err *e)
{
	struct user *u;
	char words[128];
	size_t i, n;
	int rc = user_list(forms_db(fs), &u, &n, e);

	for (i = 0; rc == 0 && i < n; i++) {
		role_words(u[i].roles, words, sizeof words);
		printf("%s\t%s\t%s\t%s\t%s\n", u[i].login, u[i].name, words,
		    u[i].disabled ? "停用" : "在用", u[i].villages);
	}
	free(u);
	return rc;
}

static int
passwd(struct forms *fs, const struct want *w, const char *login,
    struct err *e)
{
	char *password = w->from_stdin ? cli_line() : NULL;
	int rc;

	if (password == NULL)
		return err_set(e, E_USAGE, "请加 --password-stdin，"
		    "从标准输入给一行密码");
	rc = user_passwd(forms_db(fs), login, password, e);
	free(password);
	return rc;
}

static int
run(struct cli *c, int argc, char **argv)
{
	struct want w = { NULL, NULL, false };
	const struct cli_opt opts[] = {
		{ .name = "--role", .value = &w.role },
		{ .name = "--name", .value = &w.name },
		{ .name = "--village", .list = village_opt,
		    .list_max = VILLAGES_MAX },
		{ .name = "--password-stdin", .flag = &w.from_stdin },
	};
	int n = cli_options(c, argc, argv, opts, COUNT_OF(opts)), rc;
	bool listing = n == 1 && strcmp(argv[1], "list") == 0;
	struct err e = ERR_INIT;
	struct forms *fs;

	if (n < 0)
		return ST_USAGE;
	if (!listing && n != 2)
		return cli_usage(c);
	fs = cli_open(c);
	if (fs == NULL)
		return ST_FAILED;
	if (listing)
		rc = list(fs, &e);
	else if (strcmp(argv[1], "add") == 0)
		rc = add(fs, &w, argv[2], &e);
	else if (strcmp(argv[1], "passwd") == 0)
		rc = passwd(fs, &w, argv[2], &e);
	else if (strcmp(argv[1], "disable") == 0)
		rc = user_disable(forms_db(fs), argv[2], true, &e);
	else if (strcmp(argv[1], "enable") == 0)
		rc = user_disable(forms_db(fs), argv[2], false, &e);
	else
		rc = err_set(&e, E_USAGE, "不认识 user %s", argv[1]);
	cli_close(fs);
	return rc < 0 ? cli_fail(&e) : ST_DONE;
}

const struct command cli_user = {
	.name = "user",
	.usage = "user add 用户名 --role 角色 [--village 区划代码]..."
	    " [--name 姓名] --password-stdin\n"
	    "user list | passwd 用户名 --password-stdin | disable 用户名 |"
	    " enable 用户名",
	.summary = "管理能登录的人",
	.run = run,
};
