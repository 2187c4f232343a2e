/* Drawn as in the design.  The figures are computed when the screen comes up
 * and after every return to it, not with every key. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "countykeys.h"
#include "cut.h"
#include "date.h"
#include "db.h"
#include "desk.h"
#include "draw.h"
#include "find.h"
#include "home.h"
#include "kind.h"
#include "mem.h"
#include "menu.h"
#include "progress.h"
#include "policy.h"
#include "screen.h"
#include "str.h"
#include "today.h"
#include "ui.h"
#include "urgent.h"
#include "user.h"
#include "width.h"

enum { LEFT = 2, RIGHT = 45, BAR = 12, TODO_ROWS = 5 };

static struct {
	struct home_source source;
} home = { { home_todos, home_bars } };

struct first {
	struct screen base;
	struct home_todo todo[HOME_TODOS];
	struct home_bar bar[HOME_BARS];
	int ntodo, nbar, at;		/* at: to-dos, then the menu */
	bool lost;			/* the to-dos could not be made */
	char *backup, *received;
	char *made;			/* what the figures were made from */
	int minute;			/* of the clock drawn last */
};

void
home_set_source(const struct home_source *s)
{
	if (s->todos != NULL)
		home.source.todos = s->todos;
	if (s->bars != NULL)
		home.source.bars = s->bars;
}

/* "昨天", "3天前" for a stamp; heap. */
static char *
days_ago(const char *stamp)
{
	struct str s = STR_INIT;
	int32_t days;

	if (stamp == NULL || date_days(stamp) == INT32_MIN) {
		str_add(&s, "从未");
		return str_take(&s);
	}
	days = date_days(date_today()) - date_days(stamp);
	if (days <= 0)
		str_add(&s, "今天");
	else if (days == 1)
		str_add(&s, "昨天");
	else
		str_addf(&s, "%d天前", (int)days);
	return str_take(&s);
}

/* Has nothing been written since the figures were made?  The journal knows of
 * records, the day changes what is due; drafts and reviews stand apart. */
static bool
is_fresh(struct first *h)
{
	struct db *db = ui_db();
	char *now;
	bool same;

	db_trust(db);
	now = db_str(db, "SELECT (SELECT max(seq) FROM main.journal) || ' ' ||"
	    " (SELECT count(*) || ' ' || coalesce(max(at), '') FROM main.draft)"
	    " || ' ' || (SELECT count(*) || ' ' || coalesce(max(at), '')"
	    " FROM main.review) || ' ' || ?1", "s", date_today());
	db_untrust(db);
	same = now != NULL && h->made != NULL && strcmp(now, h->made) == 0;
	free(h->made);
	h->made = now;
	return same;
}

/* How the exchange stands: a township's last receipt, or in a county who has
 * reported in this month.  Heap. */
static char *
standing(const char *acked)
{
	struct desk_waiting w;

	if (!countykeys_here())
		return acked != NULL ? xasprintf("县里已收到 第%s包", acked) :
		    xstrdup("还没有县回执");
	desk_waiting(ui_forms(), &w);
	return xasprintf("本月已报 %lld/%lld 个乡镇", (long long)w.reported,
	    (long long)w.towns);
}

static void
load(struct first *h)
{
	struct err e = ERR_INIT;
	struct db *db = ui_db();
	char *stamp;
	int n;

	if (is_fresh(h))
		return;
	n = home.source.todos(ui_forms(), h->todo, HOME_TODOS, &e);
	if (n < 0)
		screen_say_err(&e);
	h->lost = n < 0;
	h->ntodo = n < 0 ? 0 : n;
	n = home.source.bars != NULL ? home.source.bars(ui_forms(), h->bar,
	    HOME_BARS, &e) : 0;
	if (n < 0)
		screen_say_err(&e);
	h->nbar = n < 0 ? 0 : n;
	if (h->at >= h->ntodo + MENU_MAIN)
		h->at = 0;
	free(h->backup);
	free(h->received);
	db_trust(db);
	stamp = db_meta(db, "last_backup");
	h->backup = days_ago(stamp);
	free(stamp);
	stamp = db_meta(db, "acked_number");
	db_untrust(db);
	h->received = standing(stamp);
	free(stamp);
	policy_shed(ui_forms());	/* the figures' statements were large */
	db_shed(db);
	malloc_trim(0);
}

static void
draw_head(const struct first *h)
{
	static const char *const week[] = { "一", "二", "三", "四", "五", "六",
	    "日" };
	const struct session *s = db_session(ui_db());
	const char *role = role_label(s->roles);
	char stamp[STAMP_SIZE], when[64];
	int wide = width_str(role) - 10;	/* than what leaves a gap */

	(void)h;
	date_stamp(stamp);
	if (date_is_overridden())
		snprintf(when, sizeof when, "设定 %.10s 周%s", stamp,
		    week[date_weekday(date_days(stamp)) - 1]);
	else
		snprintf(when, sizeof when, "%.10s 周%s  %.5s", stamp,
		    week[date_weekday(date_days(stamp)) - 1], stamp + 11);
	draw_textf(0, 1, 41, D_BOLD, "童记  %s", ui_place());
	draw_text(0, wide > 0 ? RIGHT - wide : RIGHT, 12, role, D_PLAIN);
	draw_right(0, 57, draw_cols() - 58, when, D_PLAIN);
	draw_rule(1, 1, draw_cols() - 2, '-');
}

static void
draw_todo(const struct first *h, int i, int y)
{
	const struct home_todo *t = &h->todo[i];
	bool here = h->at == i;

	draw_text(y, LEFT, 2, t->urgent ? "!" : "", D_BOLD);
	draw_text(y, LEFT + 2, 18, t->word, here ? D_REVERSE : D_PLAIN);
	draw_textf(y, LEFT + 20, RIGHT - LEFT - 20, D_PLAIN, "%6ld %s %s",
	    t->n, t->unit, t->note);
	if (here)
		draw_cursor(y, LEFT + 2);
}

static void
draw_bar(const struct home_bar *b, int y)
{
	char bar[BAR + 1];

	progress_bar(bar, sizeof bar, BAR, b->percent, 100);
	draw_text(y, RIGHT, 12, b->word, D_PLAIN);
	if (b->percent < 0)
		draw_text(y, RIGHT + 12, BAR, "无对象", D_PLAIN);
	else
		draw_textf(y, RIGHT + 12, BAR + 7, D_PLAIN, "%s  %3d%%", bar,
		    b->percent);
}

static int
draw_menu(const struct first *h, int y)
{
	int i, x, at;

	for (i = 0; i <= MENU_MAIN; i++) {
		x = LEFT + i % 5 * 13;
		at = h->ntodo + i;
		if (i == MENU_MAIN) {
			draw_text(y + i / 5, x, 13, "0 退出", D_PLAIN);
			break;
		}
		draw_textf(y + i / 5, x, 2, D_PLAIN, "%c", menu_main[i].digit);
		draw_text(y + i / 5, x + 2, width_str(menu_main[i].word),
		    menu_main[i].word, at == h->at ? D_REVERSE : D_PLAIN);
		if (at == h->at)
			draw_cursor(y + i / 5, x + 2);
	}
	return y + 2;
}

static void
draw_status(const struct first *h, int y)
{
	struct str s = STR_INIT;

	str_addf(&s, "%s | 上次备份 %s | ", ui_clock_wrong() ?
	    "电脑时钟不准" : "已存好", h->backup);
	str_add(&s, h->received);
	draw_text(y, 1, 50, s.buf, D_PLAIN);
	draw_text(y, 51, 29, "F1 帮助  F3 查找  回车 打开", D_PLAIN);
	draw_text(draw_rows() - 2, 1, draw_cols() - 2, screen_message(),
	    D_BOLD);
	str_done(&s);
}

static void
draw(struct screen *s)
{
	struct first *h = (struct first *)s;
	int rows = h->ntodo > h->nbar ? h->ntodo : h->nbar, y = 3, i;

	if (rows < TODO_ROWS)
		rows = TODO_ROWS;
	draw_head(h);
	draw_text(2, LEFT, 10, "待办", D_PLAIN);
	draw_text(2, RIGHT, 20, "本月指标", D_PLAIN);
	for (i = 0; i < h->ntodo; i++)
		draw_todo(h, i, y + i);
	if (h->ntodo == 0)
		draw_text(y, LEFT, 40, h->lost ?
		    "! 待办算不出来，不等于没有" : "  没有到期的事",
		    h->lost ? D_BOLD : D_PLAIN);
	for (i = 0; i < h->nbar; i++)
		draw_bar(&h->bar[i], y + i);
	if (h->nbar == 0)
		draw_text(y, RIGHT, 30, "按 6 看指标", D_PLAIN);
	y += rows;
	draw_rule(y, 1, draw_cols() - 2, '-');
	y = draw_menu(h, y + 1);
	draw_rule(y, 1, draw_cols() - 2, '-');
	draw_status(h, y + 1);
}

static void
open_todo(const struct home_todo *t)
{
	struct err e = ERR_INIT;
	const struct form *f;

	if (t->open != NULL)
		t->open();
	else if (home_find_todo(ui_forms(), t, &e) < 0)
		screen_say_err(&e);
	else if (t->form != NULL && (f = ui_form(t->form)) != NULL)
		kind_run_where(f, t->word, t->where);
	else
		screen_say("请按 7 汇总上报里办理");
}

static void
open_at(struct first *h)
{
	if (h->at < h->ntodo)
		open_todo(&h->todo[h->at]);
	else
		menu_main[h->at - h->ntodo].run();
	if (screen_leaving() == LEAVE_NOT)
		load(h);
}

static void
enter(struct screen *s)
{
	open_at((struct first *)s);
}

static void
find(struct screen *s)
{
	find_run();
	if (screen_leaving() == LEAVE_NOT)
		load((struct first *)s);
}

/* The report and the day's log open from anywhere; here the figures follow. */
static void
report(struct screen *s)
{
	urgent_run();
	if (screen_leaving() == LEAVE_NOT)
		load((struct first *)s);
}

static void
today(struct screen *s)
{
	today_run();
	if (screen_leaving() == LEAVE_NOT)
		load((struct first *)s);
}

static void
step(struct first *h, int by)
{
	int n = h->ntodo + MENU_MAIN;

	h->at = (h->at + by + n) % n;
}

static void
up(struct screen *s)
{
	struct first *h = (struct first *)s;

	step(h, h->at >= h->ntodo + 5 ? -5 : -1);
}

static void
down(struct screen *s)
{
	struct first *h = (struct first *)s;

	step(h, h->at >= h->ntodo && h->at + 5 < h->ntodo + MENU_MAIN ? 5 : 1);
}

static void
left(struct screen *s)
{
	step((struct first *)s, -1);
}

static void
right(struct screen *s)
{
	step((struct first *)s, 1);
}

static void
esc(struct screen *s)
{
	(void)s;
	screen_say("退出请按 0，换人请按 F12");
}

static const struct keyrow rows[] = {
	{ K_ENTER, 0, "回车", "打开", "打开有标记的一项", enter },
	{ '1', 0, "1-9", NULL, "打开菜单里的一项", NULL },
	{ '/', K_F(3), "/ F3", NULL, "查找", find },
	{ K_UP, K_BACKTAB, "上 下", NULL, "移动", up },
	{ K_DOWN, K_TAB, "下", NULL, NULL, down },
	{ K_LEFT, 0, "左 右", NULL, "移动", left },
	{ K_RIGHT, 0, "右", NULL, NULL, right },
	{ K_F(8), 0, "F8", NULL, NULL, today },
	{ K_F(9), 0, "F9", NULL, NULL, report },
	{ '0', K_F(10), "0", NULL, "退出", screen_back },
	{ K_ESC, 0, "Esc", NULL, NULL, esc },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static void
key(struct screen *s, const struct key *k)
{
	struct first *h = (struct first *)s;
	uint32_t c = key_plain(k);

	if (c < '1' || c > '9') {
		draw_beep();
		return;
	}
	h->at = h->ntodo + (int)(c - '1');
	open_at(h);
}

/* The clock moves by the minute. */
static bool
tick(struct screen *s)
{
	struct first *h = (struct first *)s;
	char stamp[STAMP_SIZE];
	int minute;

	date_stamp(stamp);
	minute = stamp[14] * 10 + stamp[15];
	if (minute == h->minute)
		return false;
	h->minute = minute;
	return true;
}

static const struct screen_ops ops = {
	.full = true, .rows = rows, .draw = draw, .key = key, .tick = tick
};

void
home_run(void)
{
	struct first h = { .base.ops = &ops };

	load(&h);
	tick(&h.base);
	screen_run(&h.base);
	free(h.made);
	free(h.backup);
	free(h.received);
}
