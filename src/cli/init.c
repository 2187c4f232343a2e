/* tongji init: a new database. */
#include "cli.h"

#include <stdlib.h>

#include "db.h"
#include "log.h"
#include "mem.h"
#include "model.h"
#include "site.h"
#include "str.h"
#include "user.h"

static int
first_admin(struct cli *c, const char *login, bool from_stdin, struct err *e)
{
	char *password = from_stdin ? cli_line() : NULL;
	struct forms *fs = NULL;
	int rc;

	if (password == NULL)
		return err_set(e, E_USAGE, "管理员要有密码：加 --password-stdin"
		    "，从标准输入给一行密码");
	rc = site_open(c->home, &fs, NULL, e);
	if (rc == 0)
		rc = user_assume(forms_db(fs), NULL, e);
	if (rc == 0)
		rc = user_add(forms_db(fs), login, login, ROLE_ADMIN |
		    ROLE_SUPERVISOR, NULL, 0, password, e);
	site_close(fs);
	free(password);
	return rc;
}

static int
run(struct cli *c, int argc, char **argv)
{
	const char *division = NULL, *admin = NULL;
	bool from_stdin = false;
	const struct cli_opt opts[] = {
		{ .name = "--division", .value = &division },
		{ .name = "--admin", .value = &admin },
		{ .name = "--password-stdin", .flag = &from_stdin },
	};
	struct err e = ERR_INIT;
	int n = cli_options(c, argc, argv, opts, COUNT_OF(opts)), made;

	if (n != 0 || division == NULL)
		return n < 0 ? ST_USAGE : cli_usage(c);
	made = site_init(c->home, division, &e);
	if (made < 0)
		return cli_fail(&e);
	if (made > 0)
		say("注意：%s", e.msg);
	if (admin != NULL && first_admin(c, admin, from_stdin, &e) < 0) {
		say("数据库已建好，但管理员没有建成：");
		cli_fail(&e);
		say("请用 tongji user add 再建");
		return ST_FOUND;
	}
	say("已建好：%s", c->home);
	return ST_DONE;
}

const struct command cli_init = {
	.name = "init",
	.usage = "init --division 区划代码 [--admin 用户名] [--password-stdin]",
	.summary = "建一个新的数据库（9位乡镇，6位县）",
	.run = run,
};
