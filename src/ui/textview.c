/* See textview.h. */
#include "textview.h"

#include <stdio.h>

#include "draw.h"
#include "lineedit.h"
#include "utf8.h"

enum { TOP = 2, LEFT = 1 };

static struct edit *
edit_of(struct screen *s)
{
	return ((struct textview *)s)->edit;
}

static int
cols(void)
{
	return draw_cols() - 2 * LEFT;
}

static int
shown(void)
{
	return screen_body_rows() - TOP - 1;
}

void
textview_draw(struct screen *s)
{
	struct textview *v = (struct textview *)s;
	size_t n = utf8_count(edit_text(v->edit));
	char right[48];

	if (v->edit->max > 0)
		snprintf(right, sizeof right, "%zu / %d 字", n, v->edit->max);
	else
		snprintf(right, sizeof right, "%zu 字", n);
	screen_frame(s, v->title, right);
	lineedit_area(v->edit, TOP, LEFT, cols(), shown(), true);
}

void
textview_key(struct screen *s, const struct key *k)
{
	struct textview *v = (struct textview *)s;

	if (!lineedit_key(v->edit, k, cols()))
		draw_beep();
	if (v->typed != NULL)
		v->typed(v->arg);
}

bool
textview_typing(struct screen *s)
{
	(void)s;
	return true;
}

bool
textview_tick(struct screen *s)
{
	struct textview *v = (struct textview *)s;

	if (v->typed != NULL)
		v->typed(v->arg);
	return false;
}

void
textview_up(struct screen *s)
{
	if (!edit_up(edit_of(s), cols()))
		draw_beep();
}

void
textview_down(struct screen *s)
{
	if (!edit_down(edit_of(s), cols()))
		draw_beep();
}

static void
page(struct screen *s, bool (*step)(struct edit *e, int cols))
{
	int i;

	for (i = 1; i < shown() && step(edit_of(s), cols()); i++)
		;
	if (i == 1)
		draw_beep();
}

void
textview_page_up(struct screen *s)
{
	page(s, edit_up);
}

void
textview_page_down(struct screen *s)
{
	page(s, edit_down);
}

/* In a text of one line Enter means that it is done. */
void
textview_enter(struct screen *s)
{
	struct key k = { .code = K_NEWLINE };

	if (edit_of(s)->lines)
		textview_key(s, &k);
	else
		screen_end(s, 1);
}

static const struct keyrow rows[] = {
	{ K_F(2), K_ESC, "F2", "写好了", "写好了，回到这一张（还要按 F2 存盘）", screen_back },
	{ K_ENTER, 0, "回车", "换行", "换行", textview_enter },
	{ K_UP, 0, "上 下", NULL, "上下移动一行", textview_up },
	{ K_DOWN, 0, "下", NULL, NULL, textview_down },
	{ K_PGUP, 0, "PgUp PgDn", NULL, "上下移动一屏", textview_page_up },
	{ K_PGDN, 0, "PgDn", NULL, NULL, textview_page_down },
	{ K_KILL, 0, "^U ^W", "删行", "删到行首；删一个词", NULL },
	{ K_UNDO, 0, "^Z", "撤消", "撤消刚才的改动", NULL },
	{ K_ESC, 0, "Esc", "返回", "返回，写的都在", screen_back },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static const struct screen_ops ops = {
	.full = true, .rows = rows, .draw = textview_draw,
	.key = textview_key, .typing = textview_typing,
	.tick = textview_tick
};

void
textview_run(struct textview *v)
{
	v->base.ops = &ops;
	screen_run(&v->base);
}
