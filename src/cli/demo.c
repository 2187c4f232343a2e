/* tongji demo: a throw-away township, then the screens. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>

#include "demo.h"
#include "file.h"
#include "log.h"
#include "mem.h"
#include "str.h"

static int
run(struct cli *c, int argc, char **argv)
{
	const char *tmp = getenv("TMPDIR");
	char *dir = xasprintf("%s/tongji-demo-XXXXXX", str_blank(tmp) ?
	    "/tmp" : tmp);
	struct err e = ERR_INIT;
	int rc;

	if (cli_options(c, argc, argv, NULL, 0) != 0) {
		free(dir);
		return cli_usage(c);
	}
	if (mkdtemp(dir) == NULL) {
		err_errno(&e, "建不了临时文件夹 %s", dir);
		free(dir);
		return cli_fail(&e);
	}
	say("正在准备演示数据……");
	rc = demo_make(dir, &e);
	if (rc == 0) {
		setenv("TONGJI_HINT", "演示：用户名 " DEMO_LOGIN "，密码 "
		    DEMO_PASSWORD, 1);
		rc = c->screens(dir);
	} else {
		rc = cli_fail(&e);
	}
	file_remove_tree(dir);
	free(dir);
	return rc;
}

const struct command cli_demo = {
	.name = "demo",
	.usage = "demo",
	.summary = "用假的数据试一试，退出后全部删除",
	.run = run,
};
