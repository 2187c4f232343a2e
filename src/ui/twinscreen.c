/* See twinscreen.h. */
#include "twinscreen.h"

#include <stdlib.h>

#include "ask.h"
#include "draw.h"
#include "help.h"
#include "kind.h"
#include "mem.h"
#include "record.h"
#include "sheet.h"
#include "twin.h"
#include "ui.h"

struct twins {
	struct sheet sh;
	struct twin *v;
	size_t n;
};

static void
fill(void *owner, long i, int col, struct str *out)
{
	const struct twin *t = &((struct twins *)owner)->v[i];
	const struct form *f = forms_get(ui_forms(), t->form, NULL);
	char *who = NULL;

	if (col == 0 || col == 1) {
		if (f != NULL)
			who = record_display(ui_forms(), f, col == 0 ? t->a :
			    t->b);
		str_addf(out, "%s %s", col == 0 ? t->a_site : t->b_site,
		    who != NULL ? who : "");
		free(who);
	} else {
		str_add(out, col == 2 ? t->why : t->decision != NULL ?
		    t->decision : "待核对");
	}
}

static char
mark(void *owner, long i)
{
	return ((struct twins *)owner)->v[i].decision == NULL ? '!' : ' ';
}

static void
load(struct twins *k)
{
	struct err e = ERR_INIT;

	twin_list_free(k->v, k->n);
	if (twin_list(ui_forms(), &k->v, &k->n, &e) < 0)
		screen_say_err(&e);
	k->sh.n = (long)k->n;
	sheet_show(&k->sh);
}

/* Both records, field by field, where they differ. */
static void
compare(const struct twin *t)
{
	const struct form *f = ui_form(t->form);
	struct err e = ERR_INIT;
	struct record *a = f != NULL ? record_load(ui_forms(), f, t->a, &e) :
	    NULL;
	struct record *b = a != NULL ? record_load(ui_forms(), f, t->b, &e) :
	    NULL;
	struct str s = STR_INIT;
	size_t i;

	if (b == NULL) {
		screen_say_err(&e);
	} else {
		str_addf(&s, "%s：%s / %s\n\n", t->why, t->a_site, t->b_site);
		for (i = 0; i < f->nfields; i++) {
			if (a->val[i] == NULL && b->val[i] == NULL)
				continue;
			str_addf(&s, "%s%s：", str_eq(a->val[i], b->val[i]) ?
			    "  " : "! ", f->fields[i].label);
			record_show(a, &f->fields[i], true, &s);
			str_add(&s, " / ");
			record_show(b, &f->fields[i], true, &s);
			str_addc(&s, '\n');
		}
		help_text("可能重复", s.buf);
	}
	str_done(&s);
	record_free(a);
	record_free(b);
}

static void
open_row(struct screen *s)
{
	static const struct ask_item items[] = {
		{ '1', "对照两条" }, { '2', "打开前一条" },
		{ '3', "打开后一条" }, { '4', "是同一人" },
		{ '5', "不是同一人" }, { '6', "还没弄清" }
	};
	struct twins *k = (struct twins *)s;
	long i = sheet_at(&k->sh);
	const struct twin *t = i >= 0 ? &k->v[i] : NULL;
	struct err e = ERR_INIT;
	int what = t != NULL ? ask_items("可能重复", "请先打电话问两个乡镇。",
	    items, COUNT_OF(items), 0) : -1;

	if (what == 0)
		compare(t);
	else if (what == 1 || what == 2)
		kind_open(ui_form(t->form), what == 1 ? t->a : t->b);
	else if (what > 2 && twin_decide(ui_forms(), t, what == 3 ? "同一人" :
	    what == 4 ? "不是同一人" : NULL, &e) < 0)
		screen_say_err(&e);
	if (what > 2)
		load(k);
}

static const struct keyrow rows[] = {
	{ K_ENTER, 0, "回车", "办", "对照、打开、定下是不是同一人", open_row },
	{ '/', 0, "/", NULL, "打字筛选", listview_filter },
	LISTVIEW_ROWS,
	{ K_ESC, 0, "Esc", "返回", "取消筛选；返回", listview_back },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static const struct screen_ops ops = {
	.full = true, .rows = rows, .draw = listview_draw, .key = sheet_key,
	.typing = listview_typing
};

void
twinscreen_run(void)
{
	struct list_column col[] = {
		{ "一边", 24, false, false }, { "另一边", 24, false, false },
		{ "为什么", 14, false, false }, { "定了", 12, false, false }
	};
	struct twins k = { .n = 0 };

	k.sh.fill = fill;
	k.sh.mark = mark;
	sheet_init(&k.sh, &ops, "可能重复（两个乡镇）", "没有可能重复的", col,
	    4);
	load(&k);
	screen_run(&k.sh.lv.base);
	sheet_done(&k.sh);
	twin_list_free(k.v, k.n);
}
