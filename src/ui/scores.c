/* See scores.h.  Digits are a score, letters the initials of the person to go
 * to; every score is saved when Enter leaves its line. */
#include "scores.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw.h"
#include "lineedit.h"
#include "mem.h"
#include "picker.h"
#include "rollcall.h"
#include "score.h"
#include "screen.h"
#include "ui.h"

enum { TOP = 3 };

struct scores {
	struct screen base;
	const char *uid;
	struct roll roll;
	int at, top;
	struct edit typed;
};

static void
reload(struct scores *g)
{
	struct err e = ERR_INIT;
	struct roll fresh;

	if (roll_load(ui_forms(), g->uid, &fresh, &e) < 0) {
		screen_say_err(&e);
		return;
	}
	roll_done(&g->roll);
	g->roll = fresh;
	if (g->at >= (int)fresh.n)
		g->at = fresh.n > 0 ? (int)fresh.n - 1 : 0;
}

/* ---- drawing ---------------------------------------------------------- */

static const char *
result_word(const struct roll_person *p)
{
	if (!p->present)
		return "未到";
	if (p->result == NULL)
		return "";
	return strcmp(p->result, "passed") == 0 ? "合格" : "不合格";
}

static void
draw_line(struct scores *g, int i, int y)
{
	const struct roll_person *p = &g->roll.p[i];
	unsigned attr = i == g->at ? D_REVERSE : D_PLAIN;

	draw_textf(y, 1, 4, D_PLAIN, "%3d", i + 1);
	draw_text(y, 6, 16, p->name, attr);
	draw_text(y, 23, 18, p->unit != NULL ? p->unit : "", D_PLAIN);
	if (i == g->at && *edit_text(&g->typed) != '\0')
		lineedit_draw(&g->typed, y, 42, 8, true, false);
	else
		draw_text(y, 42, 8, p->score != NULL ? p->score : "",
		    D_PLAIN);
	if (i == g->at && *edit_text(&g->typed) == '\0')
		draw_cursor(y, 42);
	draw_text(y, 52, 8, result_word(p), D_PLAIN);
	draw_text(y, 61, draw_cols() - 62, p->certificate != NULL ?
	    p->certificate : "", D_PLAIN);
}

static void
draw(struct screen *s)
{
	struct scores *g = (struct scores *)s;
	int rows = screen_body_rows() - TOP, i, passed = 0, scored = 0;
	char right[96];
	size_t k;

	for (k = 0; k < g->roll.n; k++) {
		scored += g->roll.p[k].result != NULL;
		passed += g->roll.p[k].present &&
		    str_eq(g->roll.p[k].result, "passed");
	}
	if (g->roll.pass_mark >= 0)
		snprintf(right, sizeof right, "合格分 %g  合格 %d / 已定 %d",
		    g->roll.pass_mark, passed, scored);
	else
		snprintf(right, sizeof right, "没有考试  合格 %d / 已定 %d",
		    passed, scored);
	screen_frame(s, g->roll.title, right);
	draw_text(2, 1, draw_cols() - 2, "序号 姓名             单位          "
	    "     成绩      结果     证书编号", D_PLAIN);
	if (g->at < g->top)
		g->top = g->at;
	if (g->at >= g->top + rows)
		g->top = g->at - rows + 1;
	for (i = g->top; i < (int)g->roll.n && i < g->top + rows; i++)
		draw_line(g, i, TOP + i - g->top);
	if (g->roll.n == 0)
		draw_text(TOP, 3, draw_cols() - 4, "名单还是空的，先签到",
		    D_PLAIN);
}

/* ---- acts ------------------------------------------------------------- */

static bool
is_score(const char *t)
{
	return (*t >= '0' && *t <= '9') || *t == '.' || *t == '-';
}

static void
show_score(struct scores *g)
{
	edit_set(&g->typed, "");
}

/* Save what stands in the line; true when the line may be left. */
static bool
leave_line(struct scores *g)
{
	const char *t = edit_text(&g->typed);
	struct err e = ERR_INIT;

	if (g->roll.n == 0 || !is_score(t)) {
		show_score(g);
		return true;
	}
	if (score_set(ui_forms(), &g->roll, &g->roll.p[g->at],
	    strcmp(t, "-") == 0 ? "" : t, &e) < 0) {
		screen_say_err(&e);
		reload(g);
		return false;
	}
	show_score(g);
	reload(g);
	return true;
}

static void
go(struct scores *g, int to)
{
	int n = (int)g->roll.n;

	if (n > 0 && leave_line(g) && to != g->at)
		g->at = to < 0 ? 0 : to >= n ? n - 1 : to;
}

static void
up(struct screen *s)
{
	struct scores *g = (struct scores *)s;

	go(g, g->at - 1);
}

/* To the next person who came. */
static void
next(struct screen *s)
{
	struct scores *g = (struct scores *)s;
	const char *t = edit_text(&g->typed);
	int i = g->at + 1;

	if (*t != '\0' && !is_score(t)) {	/* only found */
		show_score(g);
		return;
	}
	while (i < (int)g->roll.n - 1 && !g->roll.p[i].present)
		i++;
	go(g, i);
}

static void
page_up(struct screen *s)
{
	struct scores *g = (struct scores *)s;

	go(g, g->at - (screen_body_rows() - TOP));
}

static void
page_down(struct screen *s)
{
	struct scores *g = (struct scores *)s;

	go(g, g->at + (screen_body_rows() - TOP));
}

static void
result(struct screen *s)
{
	struct scores *g = (struct scores *)s;
	const struct roll_person *p;
	struct err e = ERR_INIT;

	if (g->roll.n == 0)
		return;
	p = &g->roll.p[g->at];
	if (score_result(ui_forms(), &g->roll, p, p->result == NULL ?
	    "passed" : strcmp(p->result, "passed") == 0 ? "failed" : NULL,
	    &e) < 0)
		screen_say_err(&e);
	reload(g);
}

static void
done(struct screen *s)
{
	if (leave_line((struct scores *)s))
		screen_end(s, 1);
}

static void
jump(struct scores *g)
{
	const char *t = edit_text(&g->typed);
	int n = (int)g->roll.n, i;

	for (i = 0; i < n && *t != '\0' && !is_score(t); i++) {
		if (pick_matches(g->roll.p[(g->at + i) % n].name, NULL, t)) {
			g->at = (g->at + i) % n;
			return;
		}
	}
}

static const struct keyrow rows[] = {
	{ '1', 0, "数字", "成绩", "打成绩；打 - 回车是去掉成绩", NULL },
	{ K_ENTER, K_DOWN, "回车", "存好，下一个", "存好，到下一个到场的人", next },
	{ 'a', 0, "字母", "找人", "打首字母，跳到那个人", NULL },
	{ K_F(6), 0, "F6", "合格", "没有考试的班：合格、不合格、未定", result },
	{ K_UP, K_BACKTAB, "上", NULL, "存好，到上一个", up },
	{ K_TAB, 0, "下", NULL, NULL, next },
	{ K_PGUP, 0, "PgUp PgDn", NULL, "翻页", page_up },
	{ K_PGDN, 0, "PgDn", NULL, NULL, page_down },
	{ K_F(2), 0, "F2", NULL, "存好，完成", done },
	{ K_ESC, 0, "Esc", "完成", "完成，返回", done },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static void
key(struct screen *s, const struct key *k)
{
	struct scores *g = (struct scores *)s;
	uint32_t c = key_plain(k);

	/* a score after initials begins anew */
	if (c >= '0' && c <= '9' && !is_score(edit_text(&g->typed)))
		edit_set(&g->typed, "");
	if (lineedit_key(&g->typed, k, 0))
		jump(g);
	else
		draw_beep();
}

static bool
typing(struct screen *s)
{
	(void)s;
	return true;
}

static const struct screen_ops ops = {
	.full = true, .rows = rows, .draw = draw, .key = key, .typing = typing
};

void
scores_run(const char *uid)
{
	struct scores *g = xcalloc(1, sizeof *g);

	g->base.ops = &ops;
	g->uid = uid;
	edit_init(&g->typed, 12, false);
	reload(g);
	screen_run(&g->base);
	roll_done(&g->roll);
	edit_done(&g->typed);
	free(g);
}
