/* See pair.h.  Every field that either has, the different ones marked.  From
 * here: open one, say that they are two, or make them one. */
#include "pair.h"

#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "draw.h"
#include "join.h"
#include "kind.h"
#include "listing.h"
#include "mem.h"
#include "record.h"
#include "screen.h"
#include "ui.h"

enum { LABEL = 14, TOP = 2 };

struct pair {
	struct screen base;
	const struct form *form;
	const char *uid[2];
	struct record *r[2];
	int top, lines;
};

static int
load(struct pair *p)
{
	struct err e = ERR_INIT;
	int i;

	for (i = 0; i < 2; i++) {
		record_free(p->r[i]);
		p->r[i] = record_load(ui_forms(), p->form, p->uid[i], &e);
		if (p->r[i] == NULL) {
			if (e.code != E_NOTFOUND)
				screen_say_err(&e);
			return -1;
		}
	}
	return 0;
}

static void
draw_field(const struct pair *p, const struct field *f, int y)
{
	int half = (draw_cols() - 4 - LABEL) / 2, i;
	bool same = str_eq(p->r[0]->val[f->index], p->r[1]->val[f->index]);
	struct str text = STR_INIT;

	draw_text(y, 1, 2, same ? "" : "*", D_BOLD);
	draw_text(y, 3, LABEL, f->label, D_PLAIN);
	for (i = 0; i < 2; i++) {
		str_clear(&text);
		record_show(p->r[i], f, true, &text);
		draw_text(y, 3 + LABEL + i * half, half - 1, text.buf,
		    D_PLAIN);
	}
	str_done(&text);
}

static void
draw(struct screen *s)
{
	struct pair *p = (struct pair *)s;
	int half = (draw_cols() - 4 - LABEL) / 2, rows = screen_body_rows() - TOP;
	size_t i;

	screen_frame(s, "并排看两条", "* 两边不同");
	draw_text(1, 3 + LABEL, half - 1, "甲", D_UNDER);
	draw_text(1, 3 + LABEL + half, half - 1, "乙", D_UNDER);
	p->lines = 0;
	for (i = 0; i < p->form->nfields; i++) {
		const struct field *f = &p->form->fields[i];

		if ((p->r[0]->val[i] == NULL && p->r[1]->val[i] == NULL) ||
		    !record_may_read(ui_forms(), f))
			continue;
		if (p->lines >= p->top && p->lines - p->top < rows)
			draw_field(p, f, TOP + p->lines - p->top);
		p->lines++;
	}
}

static void
scroll(struct screen *s, int by)
{
	struct pair *p = (struct pair *)s;
	int most = p->lines - (screen_body_rows() - TOP);

	p->top += by;
	if (p->top > most)
		p->top = most;
	if (p->top < 0)
		p->top = 0;
}

static void
up(struct screen *s)
{
	scroll(s, -1);
}

static void
down(struct screen *s)
{
	scroll(s, 1);
}

static void
open_one(struct screen *s, int i)
{
	struct pair *p = (struct pair *)s;

	kind_open(p->form, p->uid[i]);
	if (screen_leaving() == LEAVE_NOT && load(p) < 0)
		screen_end(s, 1);
}

static void
open_a(struct screen *s)
{
	open_one(s, 0);
}

static void
open_b(struct screen *s)
{
	open_one(s, 1);
}

/* One record of the two, `i` being the one that stays. */
static void
join(struct screen *s, int i)
{
	struct pair *p = (struct pair *)s;
	struct joined j;
	struct err e = ERR_INIT;

	if (!ask_yes("合成一条", false, "留%s的这一条：另一条的走访、评估、监护人"
	    "等都并过来，空着的项用另一条的补上，另一条删去（留有记录）。",
	    i == 0 ? "甲" : "乙"))
		return;
	if (join_records(ui_forms(), p->form, p->uid[i], p->uid[1 - i], &j,
	    &e) < 0) {
		screen_say_err(&e);
		return;
	}
	screen_say("已合成一条：并过来 %ld 条，补上 %d 项", j.moved, j.filled);
	screen_end(s, 1);
}

static void
keep_a(struct screen *s)
{
	join(s, 0);
}

static void
keep_b(struct screen *s)
{
	join(s, 1);
}

static void
apart(struct screen *s)
{
	struct pair *p = (struct pair *)s;
	struct err e = ERR_INIT;

	if (listing_apart(ui_forms(), p->uid[0], p->uid[1], &e) < 0) {
		screen_say_err(&e);
		return;
	}
	screen_say("记下了：不是同一个人，以后不再列出");
	screen_end(s, 1);
}

static const struct keyrow rows[] = {
	{ '1', 'a', "1", "打开甲", "打开左边的一条", open_a },
	{ '2', 'b', "2", "打开乙", "打开右边的一条", open_b },
	{ '3', 0, "3", "不是同一人", "不是同一个人，以后不再列出", apart },
	{ '4', 0, "4", "留甲并乙", "同一个人：留左边的，右边的并过来", keep_a },
	{ '5', 0, "5", "留乙并甲", "同一个人：留右边的，左边的并过来", keep_b },
	{ K_UP, K_PGUP, "上 下", NULL, "移动", up },
	{ K_DOWN, K_PGDN, "下", NULL, NULL, down },
	{ K_ESC, 0, "Esc", "返回", "返回", screen_back },
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
	.full = true, .rows = rows, .draw = draw, .key = key
};

void
pair_run(const struct form *form, const char *uid, const char *other)
{
	struct pair p = { .base.ops = &ops, .form = form,
	    .uid = { uid, other } };

	if (load(&p) == 0)
		screen_run(&p.base);
	else
		screen_say("有一条已经不在了");
	record_free(p.r[0]);
	record_free(p.r[1]);
}
