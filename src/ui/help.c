/* A pager in a full screen.  Help inside the help does nothing. */
#include <stdlib.h>

#include "cut.h"
#include "draw.h"
#include "help.h"
#include "screen.h"
#include "str.h"
#include "ui.h"
#include "width.h"

struct pager {
	struct screen base;
	const char *title, *text;
	int top, lines;
};

static void
scroll(struct screen *s, int by)
{
	struct pager *p = (struct pager *)s;
	int most;

	p->lines = cut_count(p->text, draw_cols() - 2);
	most = p->lines - (screen_body_rows() - 1);
	p->top += by;
	if (p->top > most)
		p->top = most;
	if (p->top < 0)
		p->top = 0;
}

static void
line_up(struct screen *s)
{
	scroll(s, -1);
}

static void
line_down(struct screen *s)
{
	scroll(s, 1);
}

static void
page_up(struct screen *s)
{
	scroll(s, -(screen_body_rows() - 2));
}

static void
page_down(struct screen *s)
{
	scroll(s, screen_body_rows() - 2);
}

static const struct keyrow rows[] = {
	{ K_ESC, K_ENTER, "Esc", "返回", "关掉这一页", screen_back },
	{ K_PGDN, ' ', "PgDn", "下页", "往下一页", page_down },
	{ K_PGUP, 0, "PgUp", "上页", "往上一页", page_up },
	{ K_DOWN, 0, "下", NULL, "往下一行", line_down },
	{ K_UP, 0, "上", NULL, "往上一行", line_up },
	{ K_F(1), 0, "F1", NULL, "关掉帮助", screen_back },
	{ '?', 0, "?", NULL, NULL, screen_back },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static void
draw(struct screen *s)
{
	struct pager *p = (struct pager *)s;
	size_t at, next, end;
	int n = 0, cols = draw_cols() - 2, y = 1;

	screen_frame(s, p->title, NULL);
	for (at = 0; at != CUT_END; at = next, n++) {
		next = cut_line(p->text, at, cols, &end);
		if (n < p->top)
			continue;
		if (y > screen_body_rows() - 1)
			break;
		draw_span(y++, 1, cols, p->text + at, end - at, D_PLAIN);
	}
	draw_cursor(1, 1);
}

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
help_text(const char *title, const char *text)
{
	struct pager p = { .base.ops = &ops, .title = title, .text = text };

	screen_run(&p.base);
}

static void
add_keys(struct str *out, const struct keyrow *r)
{
	for (; r != NULL && r->code != 0; r++) {
		if (r->note == NULL)
			continue;
		cut_pad(out, r->key, 14, CUT_LEFT);
		str_addf(out, "%s\n", r->note);
	}
}

/* What works wherever somebody has logged in. */
static const struct keyrow at_work[] = {
	{ K_F(3), 0, "F3 ^F /", NULL, "查找：姓名、首字母、证件号一段、电话",
	    NULL },
	{ K_F(8), 0, "F8 ^T", NULL, "今日工作", NULL },
	{ K_F(9), 0, "F9", NULL, "强制报告：先打110，再填表", NULL },
	{ K_F(12), 0, "F12", NULL, "换人：没存完的留成草稿", NULL },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static const struct keyrow everywhere[] = {
	{ K_F(1), 0, "F1 ^G ?", NULL, "帮助", NULL },
	{ K_REDRAW, 0, "^R", NULL, "画面乱了，重画", NULL },
	{ K_ESC, 0, "Esc F10", NULL, "返回；有没存的会先问", NULL },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

void
help_run(struct screen *s)
{
	struct str text = STR_INIT;

	if (s->ops == &ops)
		return;
	if (s->ops->help != NULL)
		s->ops->help(s, &text);
	if (text.len > 0)
		str_add(&text, "\n");
	str_add(&text, "这一屏的按键（^G 就是按住 Ctrl 再按 G）\n");
	add_keys(&text, s->ops->rows);
	str_add(&text, "\n到处都能用\n");
	add_keys(&text, everywhere);
	if (screen_hooked() && ui_present())
		add_keys(&text, at_work);
	help_text("帮助", text.buf);
	str_done(&text);
}
