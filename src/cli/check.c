/* tongji check: the database and its journal, from end to end. */
#include "cli.h"

#include <stdlib.h>

#include "check.h"
#include "db.h"
#include "log.h"
#include "model.h"
#include "str.h"
#include "wreck.h"

enum { SHOWN = 40 };		/* a damaged file may have 100,000 */

static void
show(void *arg, const char *text)
{
	long *n = arg;

	if (++*n <= SHOWN)
		say("  %s", text);
}

/* Damaged pages, not only records that do not fit? */
static void
advise(struct cli *c, struct forms *fs)
{
	struct str text = STR_INIT;
	char *word;

	db_trust(forms_db(fs));
	word = db_str(forms_db(fs), "SELECT quick_check FROM"
	    " pragma_quick_check(1)", "");
	db_untrust(forms_db(fs));
	if (!str_eq(word, "ok")) {
		wreck_advice(c->home, &text);
		say("%s", text.buf);
	}
	free(word);
	str_done(&text);
}

static int
run(struct cli *c, int argc, char **argv)
{
	struct err e = ERR_INIT;
	struct forms *fs;
	int64_t bad;
	long n = 0;

	if (cli_options(c, argc, argv, NULL, 0) != 0)
		return cli_usage(c);
	fs = cli_open(c);
	if (fs == NULL)
		return ST_FAILED;
	bad = check_all(fs, show, &n, &e);
	if (n > SHOWN)
		say("  ……还有 %ld 处没有列出", n - SHOWN);
	if (bad > 0 || e.code == E_CORRUPT)
		advise(c, fs);
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
