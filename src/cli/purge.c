/* tongji purge: destroy what is past its retention period. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>

#include "date.h"
#include "db.h"
#include "file.h"
#include "log.h"
#include "mem.h"
#include "model.h"
#include "purge.h"
#include "str.h"
#include "user.h"

static bool
confirmed(bool yes)
{
	char *answer;
	bool sure;

	if (yes)
		return true;
	fputs("销毁后不能恢复（旧的备份里还有，也要另行销毁）。"
	    "确定请输入“销毁”：", stderr);
	answer = cli_line();
	sure = str_eq(answer, "销毁");
	free(answer);
	return sure;
}

static int
destroy(struct cli *c, struct forms *fs, const struct purge_plan *p,
    struct err *e)
{
	struct str list = STR_INIT;
	char *path = xasprintf("%s/destroyed-%s.csv", c->home, date_today());
	int rc = purge_run(fs, p, &list, e);

	if (rc == 0)
		rc = file_write(path, list.buf, list.len, 0600, e);
	if (rc == 0)
		say("已销毁 %zu 名儿童的 %zu 条记录，清单在 %s。"
		    "请把旧的备份文件也销毁", p->n, p->records, path);
	str_done(&list);
	free(path);
	return rc;
}

static int
run(struct cli *c, int argc, char **argv)
{
	bool yes = false;
	const struct cli_opt opts[] = { { .name = "--yes", .flag = &yes } };
	struct purge_plan p = { .n = 0 };
	struct err e = ERR_INIT;
	struct forms *fs;
	int rc;

	if (cli_options(c, argc, argv, opts, COUNT_OF(opts)) != 0)
		return cli_usage(c);
	fs = cli_open(c);
	if (fs == NULL)
		return ST_FAILED;
	rc = user_require(forms_db(fs), ROLE_ADMIN, &e);
	if (rc == 0)
		rc = purge_plan(fs, &p, &e);
	if (rc == 0 && p.n == 0)
		say("没有到期要销毁的（%s 以前退出的，依据：%s）", p.cutoff,
		    p.doc);
	if (rc == 0 && p.n > 0) {
		say("到期的：%zu 名儿童，共 %zu 条记录（%s 以前退出，依据：%s）",
		    p.n, p.records, p.cutoff, p.doc);
		rc = confirmed(yes) ? destroy(c, fs, &p, &e) :
		    err_set(&e, E_REFUSED, "没有销毁");
	}
	purge_done(&p);
	cli_close(fs);
	return rc < 0 ? cli_fail(&e) : ST_DONE;
}

const struct command cli_purge = {
	.name = "purge",
	.usage = "purge [--yes]",
	.summary = "销毁超过保存年限的记录，留下清单",
	.run = run,
};
