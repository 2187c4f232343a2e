/* tongji restore. */
#include "cli.h"

#include <stdlib.h>

#include "give.h"
#include "log.h"
#include "mem.h"
#include "model.h"
#include "user.h"
#include "vault.h"
#include "wreck.h"

/* With --as, the present database says whether that person may. */
static bool
may_restore(struct cli *c)
{
	struct err e = ERR_INIT;
	struct forms *fs;
	bool may;

	if (c->as == NULL)
		return true;
	fs = cli_open(c);
	if (fs == NULL)
		return false;
	may = user_require(forms_db(fs), ROLE_ADMIN, &e) == 0;
	cli_close(fs);
	if (!may)
		cli_fail(&e);
	return may;
}

/* A new PC: the township's records as the county holds them. */
static int
take_given(struct cli *c, const char *path)
{
	struct give_result r;
	struct err e = ERR_INIT;
	struct forms *fs = cli_open(c);
	int rc;

	if (fs == NULL)
		return ST_FAILED;
	rc = user_require(forms_db(fs), ROLE_ADMIN, &e);
	if (rc == 0)
		rc = give_take(fs, c->home, path, &r, &e);
	cli_close(fs);
	if (rc < 0) {
		err_prefix(&e, "没有取回，数据库没有动");
		return cli_fail(&e);
	}
	say("县里给的 %lld 条记录，取回 %lld 条，待定 %lld 项。"
	    "请尽快再报一次", (long long)r.rows, (long long)r.taken,
	    (long long)r.tray);
	return r.tray > 0 ? ST_FOUND : ST_DONE;
}

/* A damaged database: what its pages still hold.  It cannot say who may; the
 * owner of the folder may. */
static int
salvage(struct cli *c, const char *path)
{
	struct str told = STR_INIT;
	struct err e = ERR_INIT;
	char *kept = NULL;
	int rc;

	if (c->as != NULL) {
		say("救数据要在本机上做，不能加 --as");
		return ST_USAGE;
	}
	rc = wreck_salvage(c->home, path, &told, &kept, &e);
	if (rc < 0) {
		err_prefix(&e, "没有救出来，现在的数据库没有动");
		cli_fail(&e);
	} else {
		say("%s%s", told.buf, rc == 1 ? "全部救回，没有丢失" :
		    "已救回能读的内容。重建的和要核对的记录，"
		    "在各自的变动历史里写着“救回”");
		if (kept != NULL)
			say("原来的数据库留在 %s", kept);
	}
	free(kept);
	str_done(&told);
	return rc < 0 ? ST_FAILED : rc == 1 ? ST_DONE : ST_FOUND;
}

static int
run(struct cli *c, int argc, char **argv)
{
	bool from_stdin = false, wreck = false;
	const struct cli_opt opts[] = {
		{ .name = "--recovery-stdin", .flag = &from_stdin },
		{ .name = "--salvage", .flag = &wreck },
	};
	struct err e = ERR_INIT;
	char *code, *kept = NULL;
	int rc;

	argc = cli_options(c, argc, argv, opts, COUNT_OF(opts));
	if (wreck && (argc == 0 || argc == 1) && !from_stdin)
		return salvage(c, argc == 1 ? argv[1] : NULL);
	if (argc != 1 || wreck)
		return cli_usage(c);
	if (give_is(argv[1]))
		return take_given(c, argv[1]);
	if (!may_restore(c))
		return ST_FOUND;
	code = from_stdin ? cli_line() : NULL;
	rc = vault_restore(c->home, argv[1], code, &kept, &e);
	free(code);
	if (rc < 0) {
		err_prefix(&e, "没有恢复，现在的数据库没有动");
		free(kept);
		return cli_fail(&e);
	}
	say("已从 %s 恢复", argv[1]);
	if (kept != NULL)
		say("原来的数据库留在 %s", kept);
	free(kept);
	return ST_DONE;
}

const struct command cli_restore = {
	.name = "restore",
	.usage = "restore 文件 [--recovery-stdin]\n"
	    "restore --salvage [文件]",
	.summary = "用备份恢复，或救出损坏的数据库（原来的留着）",
	.run = run,
};
