/* tongji check: the database and its journal, from end to end. */
#include "cli.h"

#include "check.h"
#include "db.h"
#include "log.h"
#include "model.h"

static void
show(void *arg, const char *text)
{
	(void)arg;
	say("  %s", text);
}

static int
run(struct cli *c, int argc, char **argv)
{
	struct err e = ERR_INIT;
	struct forms *fs;
	int64_t bad;

	if (cli_options(c, argc, argv, NULL, 0) != 0)
		return cli_usage(c);
	fs = cli_open(c);
	if (fs == NULL)
		return ST_FAILED;
	bad = check_all(fs, show, NULL, &e);
	cli_close(fs);
	if (bad < 0)
		return cli_fail(&e);
	if (bad > 0) {
		say("检查完毕：发现 %lld 处问题", (long long)bad);
		return ST_FOUND;
	}
	say("检查完毕：数据库和日志都完好");
	return ST_DONE;
}

const struct command cli_check = {
	.name = "check",
	.usage = "check",
	.summary = "检查数据库和日志是否完好",
	.run = run,
};
