/* tongji form: check, dictionary, blank. */
#include "cli.h"

#include <stdio.h>
#include <string.h>

#include "blank.h"
#include "dictionary.h"
#include "lint.h"
#include "log.h"
#include "mem.h"
#include "message.h"
#include "model.h"
#include "policylint.h"
#include "safe.h"
#include "site.h"
#include "str.h"

static int
check(struct forms *fs)
{
	struct messages ms = MESSAGES_INIT;
	struct str line = STR_INIT, safe = STR_INIT;
	size_t i, errors;

	lint_add(policylint);
	lint_all(fs, &ms);
	messages_sort(&ms);
	for (i = 0; i < ms.n; i++) {
		str_clear(&line);
		str_clear(&safe);
		message_format(&ms.v[i], &line);
		safe_text(&safe, line.buf);
		say("%s", safe.buf);
	}
	errors = ms.errors;
	say("检查完毕：%zu 处错误，%zu 处警告%s", errors, ms.n - errors,
	    ms.full ? "（还有更多，改好这些再查）" : "");
	messages_done(&ms);
	str_done(&line);
	str_done(&safe);
	return errors > 0 ? ST_FOUND : ST_DONE;
}

static int
print(struct forms *fs, const char *verb, const char *name, bool text,
    struct err *e)
{
	struct str out = STR_INIT;
	int rc;

	if (strcmp(verb, "blank") == 0)
		rc = blank_text(fs, name, &out, e);
	else
		rc = text ? dictionary_text(fs, name, &out, e) :
		    dictionary_csv(fs, name, &out, e);
	if (rc == 0)
		fwrite(out.buf, 1, out.len, stdout);
	str_done(&out);
	return rc;
}

static int
run(struct cli *c, int argc, char **argv)
{
	const char *format = "csv", *dir = NULL;
	const struct cli_opt opts[] = {
		{ .name = "--format", .value = &format },
		{ .name = "--dir", .value = &dir },
	};
	int n = cli_options(c, argc, argv, opts, COUNT_OF(opts)), rc = 0, st;
	const char *verb = n > 0 ? argv[1] : "";
	bool checking = strcmp(verb, "check") == 0;
	bool blank = strcmp(verb, "blank") == 0;
	struct err e = ERR_INIT;
	struct forms *fs;

	if (n < 0)
		return ST_USAGE;
	if ((!checking && !blank && strcmp(verb, "dictionary") != 0) ||
	    n > 2 || (blank && n != 2) || (checking && n != 1) ||
	    (strcmp(format, "csv") != 0 && strcmp(format, "text") != 0))
		return cli_usage(c);
	if (site_forms(c->home, dir, &fs, &e) < 0)
		return cli_fail(&e);
	st = ST_DONE;
	if (checking)
		st = check(fs);
	else if (n == 2 && forms_get(fs, argv[2], &e) == NULL)
		st = e.code == E_NOTFOUND ? ST_USAGE : ST_FAILED;
	else
		rc = print(fs, verb, n == 2 ? argv[2] : NULL,
		    strcmp(format, "text") == 0, &e);
	site_close(fs);
	if (st == ST_USAGE)
		say("%s", e.msg);
	return rc < 0 || st == ST_FAILED ? cli_fail(&e) : st;
}

const struct command cli_form = {
	.name = "form",
	.usage = "form check [--dir 文件夹]\n"
	    "form dictionary [表单] [--format csv|text]\n"
	    "form blank 表单",
	.summary = "检查表单、数据字典、空白表",
	.run = run,
};
