/* See importscreen.h. */
#include "importscreen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "csv.h"
#include "draw.h"
#include "file.h"
#include "filepick.h"
#include "formview.h"
#include "help.h"
#include "import.h"
#include "kind.h"
#include "listview.h"
#include "mapscreen.h"
#include "mem.h"
#include "picker.h"
#include "progress.h"
#include "rejects.h"
#include "sheet.h"
#include "ui.h"

enum { REJECTS_MAX = 2000, COLUMNS_MAX = 400 };

/* ---- refused rows ----------------------------------------------------- */

struct refusal {
	char *line, *label, *reason;
	char **cell;		/* the columns as they came */
	size_t n;
	bool done;
};

struct refusals {
	struct listview lv;
	const struct form *f;
	struct mapping map;
	struct refusal *row;
	size_t n, cap;
	char *title;
};

static int
open_rows(struct listview *lv, const char *filter, int sort, bool desc,
    struct err *e)
{
	struct refusals *v = lv->arg;

	(void)filter;
	(void)sort;
	(void)desc;
	(void)e;
	lv->n = (long)v->n;
	return 0;
}

/* Whose row it is, as far as the file says. */
static const char *
who(const struct refusals *v, const struct refusal *r)
{
	const struct field *f = form_field(v->f, "name");
	size_t i;

	if (f == NULL)
		f = form_field(v->f, "person_name");
	for (i = 3; f != NULL && i < v->map.head.n && i < r->n; i++)
		if (v->map.head.meaning[i] == (int)f->index)
			return r->cell[i];
	return "";
}

static void
cell(struct listview *lv, long at, int col, struct str *out)
{
	const struct refusal *r = &((struct refusals *)lv->arg)->row[at];

	str_add(out, col == 0 ? (r->done ? "已改好" : r->line) : col == 1 ?
	    who(lv->arg, r) : col == 2 ? r->label : r->reason);
}

static char
flag(struct listview *lv, long at)
{
	return ((struct refusals *)lv->arg)->row[at].done ? ' ' : '!';
}

static const struct list_source source = {
	.open = open_rows, .cell = cell, .flag = flag
};

/* The record that the row means, filled as far as its cells are acceptable.
 * `*bad` gets what was not. */
static struct record *
fill(struct refusals *v, const struct refusal *r, struct str *bad)
{
	struct record *rec;
	struct err e = ERR_INIT;
	size_t i;
	int what;

	rec = record_new(ui_forms(), v->f, &e);
	if (rec == NULL) {
		screen_say_err(&e);
		return NULL;
	}
	for (i = 3; i < v->map.head.n && i < r->n; i++) {
		what = v->map.head.meaning[i];
		if (what < 0 || str_blank(r->cell[i]))
			continue;
		e = (struct err)ERR_INIT;
		if (record_set(rec, &v->f->fields[what], r->cell[i], &e) < 0)
			str_addf(bad, "%s“%s”：%s\n",
			    v->f->fields[what].label, r->cell[i], e.msg);
		else
			rec->typed[what] = true;
	}
	return rec;
}

static const struct field *
by_label(const struct form *f, const char *label)
{
	size_t i;

	for (i = 0; i < f->nfields; i++)
		if (str_eq(f->fields[i].label, label))
			return &f->fields[i];
	return NULL;
}

static void
mend(struct screen *s)
{
	struct refusals *v = ((struct listview *)s)->arg;
	struct refusal *r = &v->row[v->lv.at];
	struct str bad = STR_INIT;
	struct record *rec;
	struct form_want want = { .at = by_label(v->f, r->label) };

	if (v->lv.at >= v->lv.n || r->done) {
		draw_beep();
		return;
	}
	rec = fill(v, r, &bad);
	if (rec != NULL && bad.len > 0)
		ask_ok("这几格没有填进去", bad.buf);
	if (rec != NULL && formview_run(rec, &want) == FORM_SAVED)
		r->done = true;
	record_free(rec);
	str_done(&bad);
}

static const struct keyrow rows[] = {
	{ K_ENTER, 0, "回车", "改好存盘", "打开这一行，改好就存进台账", mend },
	LISTVIEW_ROWS,
	{ K_ESC, 0, "Esc", "返回", "返回；没改的还留在退回文件里", listview_back },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static void
key(struct screen *s, const struct key *k)
{
	if (!listview_key((struct listview *)s, k))
		draw_beep();
}

static const struct screen_ops ops = {
	.full = true, .rows = rows, .draw = listview_draw, .key = key,
	.typing = listview_typing
};

static int
read_rejects(struct refusals *v, const char *path, struct err *e)
{
	struct cells row = CELLS_INIT;
	struct sheet *s;
	struct refusal *r;
	size_t i;
	int rc = sheet_open(&s, path, CODEC_AUTO, e);

	if (rc < 0)
		return rc;
	rc = sheet_next(s, &row, e);	/* the header */
	while (rc > 0 && v->n < REJECTS_MAX &&
	    (rc = sheet_next(s, &row, e)) > 0) {
		if (row.n < 3)
			continue;
		v->row = mem_grow(v->row, v->n, &v->cap, sizeof *v->row);
		r = &v->row[v->n++];
		memset(r, 0, sizeof *r);
		r->line = xstrdup(row.cell[0]);
		r->label = xstrdup(row.cell[1]);
		r->reason = xstrdup(row.cell[2]);
		r->n = row.n;
		r->cell = xcalloc(row.n + 1, sizeof *r->cell);
		for (i = 3; i < row.n; i++)
			r->cell[i] = xstrdup(row.cell[i]);
	}
	cells_done(&row);
	sheet_close(s);
	return rc < 0 ? rc : 0;
}

/* What is still refused stays in the file; nothing left: the file goes. */
static void
keep_rest(struct refusals *v, const char *path)
{
	struct rejects out;
	struct cells row = CELLS_INIT;
	struct err e = ERR_INIT;
	struct str text = STR_INIT;
	size_t i, left = 0;
	const char *none[1] = { NULL };

	for (i = 0; i < v->n; i++)
		left += !v->row[i].done;
	if (left == v->n)
		return;
	if (left == 0) {
		(void)unlink(path);
		screen_say("退回的都改好了");
		return;
	}
	rejects_init(&out, v->map.head.text + 3, v->map.head.n - 3);
	for (i = 0; i < v->n; i++) {
		if (v->row[i].done)
			continue;
		row.cell = v->row[i].n > 3 ?
		    (const char **)(uintptr_t)(v->row[i].cell + 3) : none;
		row.n = v->row[i].n > 3 ? v->row[i].n - 3 : 0;
		row.line = (size_t)strtoul(v->row[i].line, NULL, 10);
		rejects_add(&out, &row, v->row[i].label, v->row[i].reason);
	}
	str_addf(&text, "\xef\xbb\xbf%s", out.csv.buf);
	if (file_write(path, text.buf, text.len, 0600, &e) < 0)
		screen_say_err(&e);
	else
		screen_say("还有 %zu 行没改，留在 %s", left, path);
	rejects_done(&out);
	str_done(&text);
}

static void
free_rows(struct refusals *v)
{
	size_t i, k;

	for (i = 0; i < v->n; i++) {
		free(v->row[i].line);
		free(v->row[i].label);
		free(v->row[i].reason);
		for (k = 3; k < v->row[i].n; k++)
			free(v->row[i].cell[k]);
		free(v->row[i].cell);
	}
	free(v->row);
	free(v->title);
	mapping_done(&v->map);
}

void
importscreen_rejects(const char *form, const char *path)
{
	static struct list_column columns[] = {
		{ "行", 6, false, false }, { "谁", 8, false, false },
		{ "哪一项", 12, false, false },
		{ "为什么退回", 46, false, false }
	};
	struct refusals v = { .f = ui_form(form) };
	struct err e = ERR_INIT;
	char *map;

	if (v.f == NULL)
		return;
	map = mapscreen_file(v.f);
	if (mapping_open(ui_forms(), v.f, path, map, &v.map, &e) < 0 ||
	    read_rejects(&v, path, &e) < 0) {
		screen_say_err(&e);
	} else {
		v.title = xasprintf("退回的行  %s", v.f->title);
		v.lv.base.ops = &ops;
		v.lv.src = &source;
		v.lv.arg = &v;
		v.lv.title = v.title;
		v.lv.none = "没有退回的";
		v.lv.col = columns;
		v.lv.ncols = COUNT_OF(columns);
		listview_init(&v.lv);
		listview_reload(&v.lv, &e);
		screen_run(&v.lv.base);
		listview_done(&v.lv);
		keep_rest(&v, path);
	}
	free(map);
	free_rows(&v);
}

/* ---- importing -------------------------------------------------------- */

static size_t
add_form(const struct form **shown, size_t n, const char *name,
    const char *typed)
{
	const struct form *f = forms_get(ui_forms(), name, NULL);

	if (f != NULL && record_may_write(ui_forms(), f) &&
	    (*typed == '\0' || pick_matches(f->title, f->name, typed)))
		shown[n++] = f;
	return n;
}

/* The register first: that is what rosters are of. */
static size_t
load_forms(void *arg, const char *typed)
{
	const char *const *names = forms_names(ui_forms());
	const struct form **shown = arg;
	size_t i, n = add_form(shown, 0, "child", typed);

	for (i = 0; names[i] != NULL; i++)
		if (strcmp(names[i], "child") != 0)
			n = add_form(shown, n, names[i], typed);
	return n;
}

static void
form_line(void *arg, size_t i, struct str *out)
{
	str_add(out, ((const struct form **)arg)[i]->title);
}

static const struct form *
pick_form(void)
{
	const struct form *shown[COLUMNS_MAX];
	struct pick p = { .title = "导入哪一种台账", .arg = shown,
	    .load = load_forms, .row = form_line, .none = "没有这种台账" };
	long i;

	pick_init(&p);
	i = pick_run(&p);
	pick_done(&p);
	return i >= 0 ? shown[i] : NULL;
}

static bool
tick(void *arg, int permille)
{
	(void)arg;
	return progress_step(permille, 1000);
}

static void
show(const struct import_result *r, const char *title)
{
	struct str s = STR_INIT;

	str_addf(&s, "新增 %zu  更新 %zu  未变 %zu  退回 %zu\n\n", r->inserted,
	    r->updated, r->same, r->refused);
	if (r->warnings > 0)
		str_addf(&s, "提醒 %zu 处（已导入，请核对）\n\n", r->warnings);
	str_add(&s, r->notes.buf);
	help_text(title, s.buf);
	str_done(&s);
}

static void
import_file(const struct form *f, const char *path, const char *map,
    const char *sheet)
{
	struct import_options o = { .file = path, .map = map,
	    .sheet = str_blank(sheet) ? NULL : sheet, .codec = CODEC_AUTO,
	    .tick = tick };
	struct import_result r = IMPORT_RESULT_INIT;
	struct err e = ERR_INIT;
	int rc;

	progress_begin("导入");
	rc = import_run(ui_forms(), f, &o, &r, &e);
	progress_end();
	if (rc < 0) {
		screen_say_err(&e);
	} else {
		show(&r, "导入结果");
		if (r.rejects != NULL && screen_leaving() == LEAVE_NOT &&
		    ask_yes("退回", true, "有 %zu 行退回。现在就在屏幕上改？",
		    r.refused))
			importscreen_rejects(f->name, r.rejects);
	}
	import_result_done(&r);
}

static void
run(const struct form *f)
{
	struct mapping m;
	struct err e = ERR_INIT;
	char *path = NULL, *map = NULL, *title;

	if (f == NULL || (path = filepick_run("导入哪个文件",
	    FILEPICK_TABLE)) == NULL)
		return;
	map = mapscreen_file(f);
	if (mapping_open(ui_forms(), f, path, map, &m, &e) < 0) {
		screen_say_err(&e);
	} else {
		title = xasprintf("%s的列  %s", f->title, m.way);
		if (mapscreen_run(&m, title, true))
			import_file(f, path, map, m.way);
		free(title);
		mapping_done(&m);
	}
	free(map);
	free(path);
}

void
importscreen_run(void)
{
	run(pick_form());
}

void
importscreen_children(void)
{
	run(ui_form("child"));
}
