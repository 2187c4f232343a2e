/* See rejects.h. */
#include "rejects.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "mem.h"
#include "safe.h"

static const char bom[] = "\xEF\xBB\xBF";
static const char first[] = "行号,字段,原因";

enum { OURS = 3 };

static bool
are_ours(const char *const *head, size_t n)
{
	return n >= OURS && str_eq(head[0], "行号") &&
	    str_eq(head[1], "字段") && str_eq(head[2], "原因");
}

void
rejects_init(struct rejects *r, char *const *head, size_t columns)
{
	size_t i;

	memset(r, 0, sizeof *r);
	str_init(&r->csv);
	r->columns = columns;
	if (are_ours((const char *const *)head, columns))
		r->skip = OURS;
	str_add(&r->csv, first);
	for (i = r->skip; i < columns; i++) {
		str_addc(&r->csv, ',');
		safe_csv(&r->csv, head[i]);
	}
	str_add(&r->csv, "\r\n");
}

void
rejects_done(struct rejects *r)
{
	str_done(&r->csv);
}

void
rejects_add(struct rejects *r, const struct cells *row, const char *label,
    const char *reason)
{
	size_t i, n = row->n > r->columns ? row->n : r->columns;

	r->n++;
	str_addf(&r->csv, "%zu,", row->line);
	safe_csv(&r->csv, label);
	str_addc(&r->csv, ',');
	safe_csv(&r->csv, reason);
	for (i = r->skip; i < n; i++) {
		str_addc(&r->csv, ',');
		if (i < row->n)
			safe_csv(&r->csv, safe_unguard(row->cell[i]));
	}
	str_add(&r->csv, "\r\n");
}

/* Does the file there come from us? */
static bool
is_ours(const char *path)
{
	struct sheet *s;
	struct cells row = CELLS_INIT;
	struct err e = ERR_INIT;
	bool ours = false;

	if (!file_exists(path) || sheet_open(&s, path, CODEC_AUTO, &e) < 0)
		return false;
	if (sheet_next(s, &row, &e) > 0)
		ours = are_ours((const char *const *)row.cell, row.n);
	cells_done(&row);
	sheet_close(s);
	return ours;
}

int
rejects_write(const struct rejects *r, const struct sheet *s,
    const char *file, char **path, struct err *e)
{
	struct codec_loss loss = CODEC_LOSS_INIT;
	enum codec c = sheet_codec(s);
	struct str out = STR_INIT;
	char *name = xasprintf("%s.rejects.csv", file);
	bool text = !sheet_is_book(s);
	int rc;

	*path = NULL;
	if (r->n == 0) {
		if (is_ours(name))
			unlink(name);
		free(name);
		return 0;
	}
	if (!text || (c != CODEC_GBK && c != CODEC_GB18030)) {
		if (!text || c != CODEC_UTF8 || sheet_bom(s))
			str_add(&out, bom);
		c = CODEC_UTF8;
	} else {
		c = CODEC_GB18030;
	}
	codec_write(&out, r->csv.buf, r->csv.len, c, &loss);
	rc = file_write(name, out.buf, out.len, 0600, e);
	if (rc < 0)
		err_prefix(e, "退回的行写不出来");
	else
		*path = xstrdup(name);
	str_done(&out);
	free(name);
	return rc;
}
