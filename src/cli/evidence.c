/* tongji evidence: the files that prove indicators, in and out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blob.h"
#include "cli.h"
#include "db.h"
#include "evidence.h"
#include "log.h"
#include "mem.h"
#include "model.h"
#include "record.h"
#include "safe.h"
#include "str.h"

struct wish {
	const char *to, *record;
	const char *field[5];	/* as in `fields` */
	bool confidential;
};

static const char *const fields[] = {
	"indicator", "title", "kind", "held_on", "village"
};

static int
fill(struct record *r, const struct wish *w, struct err *e)
{
	const struct field *f;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < COUNT_OF(fields); i++) {
		f = form_field(r->form, fields[i]);
		if (w->field[i] == NULL)
			continue;
		rc = record_set(r, f, w->field[i], e);
		if (rc < 0)
			err_prefix(e, "%s", f->label);
	}
	if (rc == 0 && w->confidential)
		rc = record_set(r, form_field(r->form, "confidential"), "yes",
		    e);
	return rc;
}

static int
add_one(struct forms *fs, const struct wish *w, const char *path,
    struct err *e)
{
	const struct form *f = forms_get(fs, "evidence", e);
	struct record *r = f == NULL ? NULL : w->record != NULL ?
	    record_load(fs, f, w->record, e) : record_new(fs, f, e);
	int rc = r == NULL ? e->code : fill(r, w, e);

	if (rc == 0)
		rc = evidence_put(r, path, e);
	if (rc == 0)
		printf("%s\n", r->uid);
	record_free(r);
	return rc;
}

static int
add(struct forms *fs, const struct wish *w, char **paths, int n)
{
	int i, bad = 0, rc = 0;

	for (i = 0; i < n; i++) {
		struct err e = ERR_INIT;

		rc = add_one(fs, w, paths[i], &e);
		if (rc < 0) {
			say("没有收 %s：%s", paths[i], e.msg);
			bad++;
		}
	}
	say("收进 %d 份，没收 %d 份", n - bad, bad);
	return bad > 0 ? ST_FOUND : ST_DONE;
}

static int
list(struct forms *fs, const struct wish *w, struct err *e)
{
	struct db *db = forms_db(fs);
	struct stmt *q = db_get(db, "SELECT uid, held_on, title, indicator,"
	    " file, size, sha256 FROM evidence WHERE ?1 IS NULL OR"
	    " instr(indicator, ';' || lower(?1) || ';') > 0 ORDER BY held_on,"
	    " uid", e);
	struct str line = STR_INIT;
	int rc, i;

	if (q == NULL)
		return E_SQL;
	stmt_text(q, 1, w->field[0]);
	printf("uid,held_on,title,indicator,file,size,sha256,here\r\n");
	while ((rc = stmt_step(q, e)) > 0) {
		str_clear(&line);
		for (i = 0; i < 7; i++) {
			safe_csv(&line, stmt_col(q, i) != NULL ?
			    stmt_col(q, i) : "");
			str_addc(&line, ',');
		}
		printf("%s%s\r\n", line.buf, blob_has(db, stmt_col(q, 6)) ?
		    "是" : "否");
	}
	str_done(&line);
	return rc;
}

static int
save(struct forms *fs, const struct wish *w, const char *uid, struct err *e)
{
	char *path;
	int rc = evidence_save(fs, uid, w->to, &path, e);

	if (rc == 0)
		say("已另存到 %s（含个人信息的不得外传）", path);
	free(rc == 0 ? path : NULL);
	return rc;
}

static int
run(struct cli *c, int argc, char **argv)
{
	struct wish w = { .to = NULL };
	const struct cli_opt opts[] = {
		{ .name = "--indicator", .value = &w.field[0] },
		{ .name = "--title", .value = &w.field[1] },
		{ .name = "--kind", .value = &w.field[2] },
		{ .name = "--date", .value = &w.field[3] },
		{ .name = "--village", .value = &w.field[4] },
		{ .name = "--record", .value = &w.record },
		{ .name = "--to", .value = &w.to },
		{ .name = "--confidential", .flag = &w.confidential },
	};
	struct err e = ERR_INIT;
	struct forms *fs;
	int n = cli_options(c, argc, argv, opts, COUNT_OF(opts)), rc, st;
	bool adding = n > 1 && strcmp(argv[1], "add") == 0;
	bool saving = n == 2 && strcmp(argv[1], "save") == 0;

	if (!(adding && (w.record == NULL || n == 2)) && !(saving &&
	    w.to != NULL) && !(n == 1 && strcmp(argv[1], "list") == 0))
		return cli_usage(c);
	fs = cli_open(c);
	if (fs == NULL)
		return ST_FAILED;
	if (adding) {
		st = add(fs, &w, argv + 2, n - 1);
	} else {
		rc = saving ? save(fs, &w, argv[2], &e) : list(fs, &w, &e);
		st = rc < 0 ? cli_fail(&e) : ST_DONE;
	}
	cli_close(fs);
	return st;
}

const struct command cli_evidence = {
	.name = "evidence",
	.usage = "evidence add 文件... [--indicator S16;Y3] [--title 名称]"
	    " [--kind 种类]\n"
	    "             [--date YYYY-MM-DD] [--village 村] [--confidential]"
	    " [--record 记录号]\n"
	    "evidence list [--indicator S16]\n"
	    "evidence save 记录号 --to 文件夹",
	.summary = "佐证材料：把照片、扫描件、PDF 收进来，再取出去",
	.run = run,
};
