/* A list of drafts, newest first: what it is, at which field it stopped, how
 * old it is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "date.h"
#include "db.h"
#include "draft.h"
#include "draw.h"
#include "formview.h"
#include "listview.h"
#include "mem.h"
#include "resume.h"
#include "ui.h"

struct drafts {
	struct listview lv;
	struct draft *d;
	size_t n;
};

/* Minutes between two stamps; 0 when that makes no sense. */
static long
minutes_since(const char *stamp)
{
	char now[STAMP_SIZE];
	int h1 = 0, m1 = 0, h2 = 0, m2 = 0;
	long days;

	date_stamp(now);
	if (date_days(stamp) == INT32_MIN ||
	    sscanf(stamp + 10, " %d:%d", &h1, &m1) != 2 ||
	    sscanf(now + 10, " %d:%d", &h2, &m2) != 2)
		return 0;
	days = date_days(now) - date_days(stamp);
	days = days * 1440 + (h2 - h1) * 60 + m2 - m1;
	return days < 0 ? 0 : days;
}

static void
age_text(const char *stamp, struct str *out)
{
	long m = minutes_since(stamp);

	if (m < 1)
		str_add(out, "刚才");
	else if (m < 60)
		str_addf(out, "%ld 分钟前", m);
	else if (m < 1440)
		str_addf(out, "%ld 小时前", m / 60);
	else
		str_addf(out, "%ld 天前", m / 1440);
}

static const char *
field_label(const struct draft *d)
{
	const struct form *f = ui_form(d->form);
	const struct field *fld = f != NULL && d->field != NULL ?
	    form_field(f, d->field) : NULL;

	return fld != NULL ? fld->label : "";
}

static const char *
form_title(const struct draft *d)
{
	const struct form *f = ui_form(d->form);

	return f != NULL ? f->title : d->form;
}

static const char *
name_of(const struct draft *d)
{
	return str_blank(d->display) ? "（还没有名字）" : d->display;
}

static int
open_list(struct listview *lv, const char *filter, int sort, bool desc,
    struct err *e)
{
	struct drafts *d = lv->arg;
	int rc;

	(void)filter;
	(void)sort;
	(void)desc;
	draft_free_all(d->d, d->n);
	d->d = NULL;
	d->n = 0;
	rc = draft_list(ui_db(), &d->d, &d->n, e);
	lv->n = (long)d->n;
	return rc < 0 ? rc : 0;
}

static void
cell(struct listview *lv, long row, int col, struct str *out)
{
	const struct draft *d = &((struct drafts *)lv->arg)->d[row];

	if (col == 0)
		str_add(out, form_title(d));
	else if (col == 1)
		str_add(out, name_of(d));
	else if (col == 2)
		str_add(out, field_label(d));
	else
		age_text(d->at, out);
}

static const struct list_source source = { .open = open_list, .cell = cell };

void
resume_one(const struct form *form, const char *uid)
{
	struct form_want want = { .drafted = true };
	struct err e = ERR_INIT;
	struct record *r = record_resume(ui_forms(), form, uid, &want.at, &e);

	if (r == NULL) {
		screen_say_err(&e);
		return;
	}
	formview_run(r, &want);
	record_free(r);
}

static void
again(struct drafts *d)
{
	struct err e = ERR_INIT;

	if (listview_reload(&d->lv, &e) < 0)
		screen_say_err(&e);
	if (d->n == 0)
		screen_back(&d->lv.base);
}

static void
open_row(struct screen *s)
{
	struct drafts *d = ((struct listview *)s)->arg;
	const struct form *f;
	char *uid;

	if (d->lv.at >= d->lv.n)
		return;
	f = ui_form(d->d[d->lv.at].form);
	uid = xstrdup(d->d[d->lv.at].uid);
	if (f != NULL)
		resume_one(f, uid);
	free(uid);
	again(d);
}

static void
drop_row(struct screen *s)
{
	struct drafts *d = ((struct listview *)s)->arg;
	struct err e = ERR_INIT;
	const struct draft *x;

	if (d->lv.at >= d->lv.n)
		return;
	x = &d->d[d->lv.at];
	if (!ask_yes("丢弃草稿", false, "丢弃“%s %s”没存的内容？不能再找回来。",
	    form_title(x), x->display != NULL ? x->display : ""))
		return;
	if (draft_drop(ui_db(), x->form, x->uid, &e) < 0)
		screen_say_err(&e);
	again(d);
}

static const struct keyrow rows[] = {
	{ K_ENTER, 0, "回车", "接着填", "接着填这一份", open_row },
	{ 'd', 0, "D", "丢弃", "丢弃这一份", drop_row },
	{ K_UP, 0, "上 下", NULL, "移动", listview_up },
	{ K_DOWN, 0, "下", NULL, NULL, listview_down },
	{ K_PGUP, 0, "PgUp PgDn", NULL, "翻页", listview_page_up },
	{ K_PGDN, 0, "PgDn", NULL, NULL, listview_page_down },
	{ K_ESC, 0, "Esc", "以后再说", "留着，以后再说", screen_back },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static void
key(struct screen *s, const struct key *k)
{
	(void)s;
	(void)k;
	draw_beep();
}

static const struct screen_ops ops = {
	.full = true, .rows = rows, .draw = listview_draw, .key = key
};

void
resume_run(void)
{
	struct list_column col[] = {
		{ "台账", 16, false, false }, { "谁", 24, false, false },
		{ "停在", 16, false, false }, { "什么时候", 14, false, false }
	};
	struct drafts d = { .n = 0 };

	d.lv.base.ops = &ops;
	d.lv.src = &source;
	d.lv.arg = &d;
	d.lv.title = "没存完的";
	d.lv.none = "没有草稿";
	d.lv.col = col;
	d.lv.ncols = 4;
	listview_init(&d.lv);
	again(&d);
	if (d.n > 0)
		screen_run(&d.lv.base);
	else
		screen_say("没有草稿");
	draft_free_all(d.d, d.n);
	listview_done(&d.lv);
}

long
resume_count(void)
{
	struct draft *d = NULL;
	struct err e = ERR_INIT;
	size_t n = 0;

	if (draft_list(ui_db(), &d, &n, &e) < 0)
		return 0;
	draft_free_all(d, n);
	return (long)n;
}

void
resume_offer(void)
{
	struct draft *d = NULL;
	struct err e = ERR_INIT;
	struct str text = STR_INIT;
	size_t n = 0;

	if (draft_list(ui_db(), &d, &n, &e) < 0 || n == 0)
		return;
	str_addf(&text, "%s  %s，停在“%s”，", form_title(&d[0]),
	    name_of(&d[0]),
	    field_label(&d[0]));
	age_text(d[0].at, &text);
	if (n > 1)
		str_addf(&text, "；另有 %zu 份", n - 1);
	if (ask_yes("有没存完的", true, "%s。\n现在接着填？", text.buf)) {
		const struct form *f = ui_form(d[0].form);

		if (n > 1)
			resume_run();
		else if (f != NULL)
			resume_one(f, d[0].uid);
	}
	draft_free_all(d, n);
	str_done(&text);
}
