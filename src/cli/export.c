/* tongji export: what the session may see of one form, as a file. */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db.h"
#include "export.h"
#include "file.h"
#include "journal.h"
#include "log.h"
#include "mem.h"
#include "model.h"
#include "str.h"
#include "width.h"
#include "xlsx.h"

struct job {
	const char *form, *out, *format;
	enum codec codec;
	int fd;
	char *part;		/* written first, then renamed to `out` */
	size_t rows;
	bool plain;
};

static int
sink(void *arg, const char *p, size_t len, struct err *e)
{
	struct job *j = arg;

	return file_write_all(j->fd, p, len) == 0 ? 0 :
	    err_errno(e, "写不了 %s", j->out != NULL ? j->out : "标准输出");
}

static int
begin(struct job *j, struct err *e)
{
	if (j->out == NULL) {
		j->fd = STDOUT_FILENO;
		return 0;
	}
	j->part = xasprintf("%s.part", j->out);
	j->fd = open(j->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	return j->fd >= 0 ? 0 : err_errno(e, "写不了 %s", j->out);
}

static int
end(struct job *j, int rc, struct err *e)
{
	if (j->out == NULL)
		return rc;
	if (j->fd >= 0 && rc == 0 && fsync(j->fd) != 0 && errno != EINVAL)
		rc = err_errno(e, "写不了 %s", j->out);
	if (j->fd >= 0 && close(j->fd) != 0 && rc == 0)
		rc = err_errno(e, "写不了 %s", j->out);
	if (rc == 0 && rename(j->part, j->out) != 0)
		rc = err_errno(e, "写不了 %s", j->out);
	if (rc < 0)
		unlink(j->part);
	free(j->part);
	return rc;
}

static int
text(struct job *j, struct export *x, struct err *e)
{
	struct codec_loss loss = CODEC_LOSS_INIT;
	struct str lost = STR_INIT;
	int rc = begin(j, e);

	/* Excel takes a file without BOM for GBK; a pipe wants none. */
	if (rc == 0 && strcmp(j->format, "json") == 0)
		rc = export_json(x, sink, j, e);
	else if (rc == 0)
		rc = export_csv(x, j->codec, j->out != NULL, sink, j, &loss,
		    e);
	rc = end(j, rc, e);
	codec_loss_text(&lost, &loss, j->codec);
	if (rc == 0 && lost.len > 0)
		say("%s", lost.buf);
	str_done(&lost);
	return rc;
}

static int
book(struct job *j, struct export *x, const char *title, struct err *e)
{
	struct xlsx *w = xlsx_new(j->out, title, XLSX_STREAM, e);
	size_t i, n = export_columns(x);
	int rc = 0;

	if (w == NULL)
		return e->code;
	for (i = 0; i < n; i++) {
		int cols = width_str(export_label(x, i)) + 4;

		xlsx_width(w, i, cols < 10 ? 10 : cols);
	}
	for (i = 0; i < n; i++)
		xlsx_head(w, export_name(x, i), export_label(x, i));
	xlsx_row(w);
	xlsx_freeze(w);
	while ((rc = export_next(x, e)) > 0) {
		for (i = 0; i < n; i++)
			xlsx_text(w, export_cell(x, i));
		xlsx_row(w);
	}
	if (rc < 0) {
		xlsx_drop(w);
		return rc;
	}
	return xlsx_finish(w, e);
}

static int
note(struct forms *fs, const struct job *j, struct err *e)
{
	const char *name = j->out != NULL ? strrchr(j->out, '/') : NULL;
	struct str s = STR_INIT;
	int rc;

	str_addf(&s, "%s：%zu 条", name != NULL ? name + 1 :
	    j->out != NULL ? j->out : "标准输出", j->rows);
	rc = journal_note(forms_db(fs), "export", j->form, NULL, s.buf, e);
	str_done(&s);
	return rc;
}

static int
export(struct cli *c, struct job *j)
{
	struct err e = ERR_INIT;
	struct forms *fs = cli_open(c);
	const struct form *f = fs != NULL ? forms_get(fs, j->form, &e) : NULL;
	struct export *x = f != NULL ? export_new(fs, f, &e) : NULL;
	int rc = x == NULL ? e.code : 0;

	if (fs == NULL)
		return ST_FAILED;
	if (rc == 0)
		rc = cli_plain(fs, j->out, f->title, j->plain, &e);
	if (rc == 0)
		rc = strcmp(j->format, "xlsx") == 0 ?
		    book(j, x, f->title, &e) : text(j, x, &e);
	if (rc == 0) {
		j->rows = export_rows(x);
		rc = note(fs, j, &e);
	}
	export_free(x);
	if (rc < 0)
		cli_fail(&e);
	else
		say("导出%s %zu 条", f->title, j->rows);
	cli_close(fs);
	return rc == 0 ? ST_DONE : f == NULL ? ST_USAGE :
	    rc == E_REFUSED ? ST_FOUND : ST_FAILED;
}

/* The format said, or else the one that the file's name says. */
static int
choose(struct job *j)
{
	static const char *const formats[] = { "csv", "xlsx", "json" };
	const char *dot = j->out != NULL ? strrchr(j->out, '.') : NULL;
	size_t i;

	if (j->format == NULL)
		for (i = 0; i < COUNT_OF(formats); i++)
			if (dot != NULL && strcmp(dot + 1, formats[i]) == 0)
				j->format = formats[i];
	if (j->format == NULL)
		j->format = "csv";
	for (i = 0; i < COUNT_OF(formats); i++)
		if (strcmp(j->format, formats[i]) == 0)
			break;
	if (i == COUNT_OF(formats)) {
		say("不认识的格式“%s”，可用 csv、xlsx、json", j->format);
		return -1;
	}
	if (strcmp(j->format, "xlsx") == 0 && j->out == NULL) {
		say("XLSX 要用 --out 写到文件");
		return -1;
	}
	return 0;
}

static int
run(struct cli *c, int argc, char **argv)
{
	struct job j = { .fd = -1 };
	const char *encoding = "utf-8";
	const struct cli_opt opts[] = {
		{ .name = "--out", .value = &j.out },
		{ .name = "--format", .value = &j.format },
		{ .name = "--encoding", .value = &encoding },
		{ .name = "--plain", .flag = &j.plain },
	};
	struct err e = ERR_INIT;
	int n = cli_options(c, argc, argv, opts, COUNT_OF(opts));

	if (n != 1)
		return n < 0 ? ST_USAGE : cli_usage(c);
	if (codec_parse(encoding, &j.codec, &e) < 0) {
		cli_fail(&e);
		return ST_USAGE;
	}
	if (j.codec == CODEC_AUTO || choose(&j) < 0) {
		if (j.codec == CODEC_AUTO)
			say("导出的编码可用 utf-8 或 gb18030");
		return ST_USAGE;
	}
	j.form = argv[1];
	return export(c, &j);
}

const struct command cli_export = {
	.name = "export",
	.usage = "export 表单 [--out 文件] [--format csv|xlsx|json]"
	    " [--encoding utf-8|gb18030] [--plain]",
	.summary = "导出记录（CSV、XLSX 或 JSON）",
	.run = run,
};
