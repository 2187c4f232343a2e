/* See picker.h.  The box covers the rows between title and message, so that
 * twelve to fifteen choices are seen at 80x24. */
#include <stdlib.h>
#include <string.h>

#include "box.h"
#include "draw.h"
#include "lineedit.h"
#include "number.h"
#include "picker.h"
#include "pinyin.h"

enum { TOP = 1, FILTER_MAX = 40 };

static int
list_rows(void)
{
	return screen_body_rows() - 5;
}

static void
load(struct pick *p)
{
	p->n = p->load(p->arg, edit_text(&p->filter));
	if (p->at >= p->n)
		p->at = p->n > 0 ? p->n - 1 : 0;
}

static void
move_to(struct screen *s, long by)
{
	struct pick *p = (struct pick *)s;

	if (p->n == 0)
		return;
	if (by < 0 && (size_t)-by > p->at)
		p->at = 0;
	else if (by > 0 && p->at + (size_t)by >= p->n)
		p->at = p->n - 1;
	else
		p->at = (size_t)((long)p->at + by);
}

static void
up(struct screen *s)
{
	move_to(s, -1);
}

static void
down(struct screen *s)
{
	move_to(s, 1);
}

static void
page_up(struct screen *s)
{
	move_to(s, -list_rows());
}

static void
page_down(struct screen *s)
{
	move_to(s, list_rows());
}

/* Results: 1 = PICK_NEW, 2 + i = row i. */
static void
choose(struct screen *s)
{
	struct pick *p = (struct pick *)s;

	if (p->toggle != NULL)
		screen_end(s, 2);
	else if (p->n > 0)
		screen_end(s, (int)p->at + 2);
	else if (p->fresh != NULL)
		screen_end(s, 1);
	else
		draw_beep();
}

static void
fresh(struct screen *s)
{
	struct pick *p = (struct pick *)s;

	if (p->fresh != NULL)
		screen_end(s, 1);
	else
		choose(s);
}

static const struct keyrow one_rows[] = {
	{ K_ENTER, 0, "回车", "选定", "选有标记的一行", choose },
	{ K_UP, K_BACKTAB, "上下", "移动", "上一行", up },
	{ K_DOWN, K_TAB, "下", NULL, "下一行", down },
	{ K_PGUP, 0, "PgUp", NULL, "上一页", page_up },
	{ K_PGDN, 0, "PgDn", NULL, "下一页", page_down },
	{ K_F(2), 0, "F2", NULL, "选定；查不到时新增", fresh },
	{ K_ESC, 0, "Esc", "返回", "不选，返回", screen_back },
	{ '1', 0, "1-9", NULL, "直接选第几行；或打字、首字母筛选", NULL },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static const struct keyrow many_rows[] = {
	{ ' ', 0, "空格", "勾选", "勾上或去掉有标记的一行", NULL },
	{ K_ENTER, 0, "回车", "选好了", "选好了，关上", choose },
	{ K_F(2), 0, "F2", NULL, "选好了，关上", choose },
	{ K_UP, K_BACKTAB, "上下", "移动", "上一行", up },
	{ K_DOWN, K_TAB, "下", NULL, "下一行", down },
	{ K_PGUP, 0, "PgUp", NULL, "上一页", page_up },
	{ K_PGDN, 0, "PgDn", NULL, "下一页", page_down },
	{ K_ESC, 0, "Esc", "返回", "返回，不改原来的选择", screen_back },
	{ '1', 0, "1-9", NULL, "直接勾第几行；或打字、首字母筛选", NULL },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static void
draw_rows_of(struct pick *p, int y, int x, int cols, int rows)
{
	struct str text = STR_INIT;
	size_t i;
	int k;

	if (p->at < p->top)
		p->top = p->at;
	if (p->at >= p->top + (size_t)rows)
		p->top = p->at - (size_t)rows + 1;
	for (k = 0; k < rows && p->top + (size_t)k < p->n; k++) {
		i = p->top + (size_t)k;
		str_clear(&text);
		str_add(&text, i == p->at ? ">" : " ");
		if (p->digits)
			str_addf(&text, i < 9 ? "%zu " : "  ", i + 1);
		if (p->marked != NULL)
			str_add(&text, p->marked(p->arg, i) ? "[x] " : "[ ] ");
		p->row(p->arg, i, &text);
		draw_text(y + k, x, cols, text.buf,
		    i == p->at ? D_REVERSE : D_PLAIN);
	}
	if (p->n == 0)
		draw_text(y, x, cols, p->none != NULL ? p->none : "没有",
		    D_PLAIN);
	str_done(&text);
}

static void
draw(struct screen *s)
{
	struct pick *p = (struct pick *)s;
	int cols = draw_cols(), rows = screen_body_rows() - 1;

	box_draw(TOP, 0, rows, cols, p->title);
	draw_text(TOP + 1, 2, 6, "筛选:", D_PLAIN);
	draw_rows_of(p, TOP + 2, 2, cols - 4, list_rows());
	if (p->fresh != NULL)
		draw_textf(TOP + rows - 2, 2, cols - 4, D_PLAIN, "F2 %s",
		    p->fresh);
	else if (p->hint != NULL)
		draw_text(TOP + rows - 2, 2, cols - 4, p->hint, D_PLAIN);
	screen_footer(s);
	lineedit_draw(&p->filter, TOP + 1, 8, cols - 10, true, false);
}

static bool
digit_key(struct pick *p, uint32_t c)
{
	size_t i = (size_t)(c - '1');

	if (!p->digits || *edit_text(&p->filter) != '\0' || c < '1' ||
	    c > '9' || i >= p->n)
		return false;
	p->at = i;
	if (p->toggle != NULL)
		p->toggle(p->arg, i);
	else
		screen_end(&p->base, (int)i + 2);
	return true;
}

static void
key(struct screen *s, const struct key *k)
{
	struct pick *p = (struct pick *)s;
	uint32_t c = key_plain(k);

	if (digit_key(p, c))
		return;
	if (c == ' ') {
		if (p->toggle == NULL)
			choose(s);
		else if (p->n > 0)
			p->toggle(p->arg, p->at);
		return;
	}
	if (!lineedit_key(&p->filter, k, 0)) {
		draw_beep();
		return;
	}
	p->at = 0;
	load(p);
}

static bool
typing(struct screen *s)
{
	(void)s;
	return true;
}

static const struct screen_ops one_ops = {
	.rows = one_rows, .draw = draw, .key = key, .typing = typing
};
static const struct screen_ops many_ops = {
	.rows = many_rows, .draw = draw, .key = key, .typing = typing
};

void
pick_init(struct pick *p)
{
	edit_init(&p->filter, FILTER_MAX, false);
}

void
pick_done(struct pick *p)
{
	edit_done(&p->filter);
}

long
pick_run(struct pick *p)
{
	int r;

	p->base.ops = p->toggle != NULL ? &many_ops : &one_ops;
	load(p);
	r = screen_run(&p->base);
	if (r == 0)
		return PICK_BACK;
	return r == 1 ? PICK_NEW : r - 2;
}

bool
pick_matches(const char *label, const char *code, const char *typed)
{
	struct pinyin_keys keys;
	char t[PINYIN_KEY];
	int i;
	char *c;

	if (number_fold_buf(typed, t, sizeof t) != 0)
		return false;
	for (c = t; *c != '\0'; c++) {
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c + 32);
	}
	if (t[0] == '\0' || strstr(label, t) != NULL)
		return true;
	if (code != NULL && strncmp(code, t, strlen(t)) == 0)
		return true;
	pinyin_initials(label, &keys);
	for (i = 0; i < keys.n; i++) {
		if (strncmp(keys.key[i], t, strlen(t)) == 0)
			return true;
	}
	pinyin_full(label, &keys);
	for (i = 0; i < keys.n; i++) {
		if (strncmp(keys.key[i], t, strlen(t)) == 0)
			return true;
	}
	return false;
}
