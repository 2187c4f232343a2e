/* One widget: a text, a list of answers. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "ask.h"
#include "box.h"
#include "cut.h"
#include "draw.h"
#include "log.h"
#include "screen.h"

enum { WIDTH = 64, TEXT_MAX = 14 };

struct ask {
	struct screen base;
	const char *title, *text;
	const struct ask_item *items;
	int n, at;
};

static void
up(struct screen *s)
{
	struct ask *a = (struct ask *)s;

	a->at = a->at > 0 ? a->at - 1 : a->n - 1;
}

static void
down(struct screen *s)
{
	struct ask *a = (struct ask *)s;

	a->at = a->at + 1 < a->n ? a->at + 1 : 0;
}

static void
choose(struct screen *s)
{
	screen_end(s, ((struct ask *)s)->at + 1);
}

static const struct keyrow rows[] = {
	{ K_ENTER, 0, "回车", "选定", "选有标记的那一项", choose },
	{ K_UP, K_BACKTAB, "上", NULL, "上一项", up },
	{ K_DOWN, K_TAB, "下", NULL, "下一项", down },
	{ K_ESC, 0, "Esc", "返回", "不选，返回", screen_back },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static void
draw(struct screen *s)
{
	struct ask *a = (struct ask *)s;
	int lines = cut_count(a->text, WIDTH - 4), y, x, i;

	if (lines > TEXT_MAX)
		lines = TEXT_MAX;
	box_centre(lines + a->n + 3, WIDTH, &y, &x);
	box_draw(y, x, lines + a->n + 3, WIDTH, a->title);
	box_text(y + 1, x + 2, lines, WIDTH - 4, a->text);
	y += lines + 2;
	for (i = 0; i < a->n; i++)
		draw_textf(y + i, x + 2, WIDTH - 4,
		    i == a->at ? D_REVERSE : D_PLAIN, "%s %c  %s",
		    i == a->at ? ">" : " ", (int)a->items[i].key - 32 *
		    (a->items[i].key >= 'a'), a->items[i].word);
	draw_cursor(y + a->at, x + 4);
	screen_footer(s);
}

static void
key(struct screen *s, const struct key *k)
{
	struct ask *a = (struct ask *)s;
	uint32_t c = key_plain(k);
	int i;

	for (i = 0; i < a->n; i++) {
		if (a->items[i].key == c) {
			screen_end(s, i + 1);
			return;
		}
	}
	if (c >= '1' && c < (uint32_t)'1' + (uint32_t)a->n)
		screen_end(s, (int)(c - '0'));
	else
		draw_beep();
}

static const struct screen_ops ops = {
	.rows = rows, .draw = draw, .key = key
};

int
ask_items(const char *title, const char *text, const struct ask_item *items,
    size_t n, int dflt)
{
	struct ask a = {
		.base.ops = &ops, .title = title, .text = text,
		.items = items, .n = (int)n, .at = dflt
	};

	return screen_run(&a.base) - 1;
}

bool
ask_yes(const char *title, bool dflt, const char *fmt, ...)
{
	static const struct ask_item items[] = {
		{ 'y', "是" }, { 'n', "否" }
	};
	char *text = NULL;
	va_list ap;
	int i;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		die("内存不足");
	va_end(ap);
	i = ask_items(title, text, items, 2, dflt ? 0 : 1);
	free(text);
	return i == 0;
}

void
ask_ok(const char *title, const char *text)
{
	static const struct ask_item items[] = { { 'o', "知道了" } };

	ask_items(title, text, items, 1, 0);
}
