/* tongji backup. */
#include "cli.h"

#include "log.h"
#include "model.h"
#include "user.h"
#include "vault.h"

static int
run(struct cli *c, int argc, char **argv)
{
	struct vault_result r;
	struct err e = ERR_INIT;
	struct forms *fs;
	int rc;

	if (cli_options(c, argc, argv, NULL, 0) != 1)
		return cli_usage(c);
	fs = cli_open(c);
	if (fs == NULL)
		return ST_FAILED;
	rc = user_require(forms_db(fs), ROLE_ADMIN | ROLE_SUPERVISOR, &e);
	if (rc == 0)
		rc = vault_backup(fs, c->home, argv[1], &r, &e);
	cli_close(fs);
	if (rc < 0)
		return cli_fail(&e);
	say("已备份到 %s，读回核对无误%s", argv[1], r.sealed ? "（已加密）" :
	    "");
	if (!r.recoverable) {
		say("注意：这份备份只有本机能打开。请先导入县里的公钥，"
		    "或在“系统设置”里做恢复码，再备份一次");
		return ST_FOUND;
	}
	return ST_DONE;
}

const struct command cli_backup = {
	.name = "backup",
	.usage = "backup 文件",
	.summary = "备份数据库（放到别的盘上会加密）",
	.run = run,
};
