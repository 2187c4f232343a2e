/* tongji import: a roster into records. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "import.h"
#include "log.h"
#include "mem.h"
#include "model.h"
#include "policy.h"
#include "safe.h"

/* Lines with words from the file in them. */
static void
show(const char *notes)
{
	struct str safe = STR_INIT;

	safe_text(&safe, notes);
	while (safe.len > 0 && safe.buf[safe.len - 1] == '\n')
		safe.buf[--safe.len] = '\0';
	if (safe.len > 0)
		say("%s", safe.buf);
	str_done(&safe);
}

static int
report(const struct import_options *o, const struct import_result *r)
{
	show(r->notes.buf);
	if (r->rejects != NULL)
		say("退回的行和原因在 %s，改好后可以直接导入这个文件",
		    r->rejects);
	if (o->dry_run)
		say("这是试导入，没有存");
	if (r->warnings > 0)
		say("提醒 %zu 处（已导入，请核对）", r->warnings);
	say("新增 %zu 更新 %zu 未变 %zu 退回 %zu", r->inserted, r->updated,
	    r->same, r->refused);
	return r->refused > 0 ? ST_FOUND : ST_DONE;
}

static int
import(struct cli *c, const char *form, const struct import_options *o)
{
	struct import_result r = IMPORT_RESULT_INIT;
	struct err e = ERR_INIT;
	struct forms *fs = cli_open(c);
	const struct form *f;
	int rc, status;

	if (fs == NULL)
		return ST_FAILED;
	f = forms_get(fs, form, &e);
	rc = f == NULL ? e.code : policy_open(fs, &e);
	if (rc == 0)
		rc = import_run(fs, f, o, &r, &e);
	if (rc < 0) {
		show(r.notes.buf);
		cli_fail(&e);
		status = rc == E_USAGE || f == NULL ? ST_USAGE : ST_FAILED;
	} else {
		status = report(o, &r);
	}
	import_result_done(&r);
	cli_close(fs);
	return status;
}

static int
run(struct cli *c, int argc, char **argv)
{
	struct import_options o = { .codec = CODEC_AUTO };
	const char *encoding = "auto";
	const struct cli_opt opts[] = {
		{ .name = "--encoding", .value = &encoding },
		{ .name = "--map", .value = &o.map },
		{ .name = "--sheet", .value = &o.sheet },
		{ .name = "--dry-run", .flag = &o.dry_run },
	};
	struct err e = ERR_INIT;
	int n = cli_options(c, argc, argv, opts, COUNT_OF(opts));

	if (n != 2)
		return n < 0 ? ST_USAGE : cli_usage(c);
	if (codec_parse(encoding, &o.codec, &e) < 0) {
		cli_fail(&e);
		return ST_USAGE;
	}
	o.file = argv[2];
	return import(c, argv[1], &o);
}

const struct command cli_import = {
	.name = "import",
	.usage = "import 表单 文件 [--encoding auto|utf-8|gb18030]"
	    " [--map 对照表] [--sheet 工作表] [--dry-run]",
	.summary = "导入名册（CSV 或 XLSX）",
	.run = run,
};
