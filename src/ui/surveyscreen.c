/* See surveyscreen.h. */
#include "surveyscreen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cut.h"
#include "date.h"
#include "draw.h"
#include "entry.h"
#include "kind.h"
#include "listscreen.h"
#include "mem.h"
#include "output.h"
#include "period.h"
#include "picker.h"
#include "screen.h"
#include "survey.h"
#include "ui.h"
#include "when.h"
#include "width.h"

static const char title[] = "农村留守儿童基本情况排查汇总表";

enum { PLACE = 11, CELL_MIN = 5, TOP = 3, NAMES_MAX = 5000 };

struct surveyscreen {
	struct screen base;
	struct survey *s;
	char on[DATE_SIZE];
	int block, item;	/* item -1: the total */
	long at, top;
};

static int
load(struct surveyscreen *v, const char *on)
{
	struct survey *s;
	struct err e = ERR_INIT;

	if (survey_make(ui_forms(), on, &s, &e) < 0) {
		screen_say_err(&e);
		return -1;
	}
	survey_free(v->s);
	v->s = s;
	memmove(v->on, on, DATE_SIZE - 1);
	if (v->at > (long)survey_places(s))
		v->at = 0;
	return 0;
}

/* ---- drawing ---------------------------------------------------------- */

static int
cell_cols(const struct surveyscreen *v, int i)
{
	int w = i < 0 ? 4 : width_str(survey_item(v->s, v->block, i));

	return (w < CELL_MIN ? CELL_MIN : w > 12 ? 12 : w) + 1;
}

/* The first item drawn, so that the cursor's is seen. */
static int
first_item(const struct surveyscreen *v)
{
	int room = draw_cols() - 2 - PLACE - cell_cols(v, -1), first = 0, w, i;

	for (;;) {
		for (i = first, w = 0; i <= v->item; i++)
			w += cell_cols(v, i);
		if (w <= room || first >= v->item)
			return first;
		first++;
	}
}

/* Returns how many items had no room to the right. */
static int
draw_line(const struct surveyscreen *v, long row, int y, int first)
{
	int n, x = 1 + PLACE, i, w;
	char number[24];

	survey_block(v->s, v->block, &n);
	draw_text(y, 1, PLACE - 1, row < 0 ? "村（社区）" :
	    survey_place(v->s, (size_t)row), row < 0 ? D_UNDER : D_PLAIN);
	for (i = -1; i < n; i = i < 0 ? first : i + 1) {
		w = cell_cols(v, i);
		if (x + w > draw_cols() - 1)
			break;
		snprintf(number, sizeof number, "%ld", row < 0 ? 0 :
		    survey_count(v->s, (size_t)row, i < 0 ? -1 : v->block, i));
		draw_right(y, x, w - 1, row >= 0 ? number : i < 0 ? "合计" :
		    survey_item(v->s, v->block, i), row < 0 ? D_UNDER :
		    row == v->at && i == v->item ? D_REVERSE : D_PLAIN);
		if (row == v->at && i == v->item)
			draw_cursor(y, x);
		x += w;
	}
	return n - i;
}

/* What of the block is to the left and to the right of the screen. */
static void
say_more(int before, int after)
{
	char line[96], before_it[40] = "", after_it[40] = "";

	if (before > 0)
		snprintf(before_it, sizeof before_it, "左边还有%d列  ", before);
	if (after > 0)
		snprintf(after_it, sizeof after_it, "右边还有%d列", after);
	snprintf(line, sizeof line, "%s%s", before_it, after_it);
	draw_right(1, draw_cols() - 31, 30, line, D_BOLD);
}

static void
draw(struct screen *s)
{
	struct surveyscreen *v = (struct surveyscreen *)s;
	long places = (long)survey_places(v->s), i;
	int rows = screen_body_rows() - TOP, n, first = first_item(v);
	char right[96], line[160], silent[48];

	snprintf(right, sizeof right, "截止 %s  共 %ld 人  未采集 %ld 人",
	    v->on, survey_total(v->s), survey_uncollected(v->s));
	screen_frame(s, title, right);
	snprintf(silent, sizeof silent, "%d 个乡镇未报，不计",
	    (int)survey_silent(v->s));
	snprintf(line, sizeof line, "%d/%d %s    %s", v->block + 1,
	    survey_nblocks(v->s), survey_block(v->s, v->block, &n),
	    !survey_crossfoot(v->s) ? "有的块合计与总数不等" :
	    survey_silent(v->s) > 0 ? silent : "各块合计都等于总数");
	draw_text(1, 1, draw_cols() - 2, line, D_BOLD);
	say_more(first, draw_line(v, -1, 2, first));
	if (v->at < v->top)
		v->top = v->at;
	if (v->at >= v->top + rows)
		v->top = v->at - rows + 1;
	for (i = v->top; i <= places && i < v->top + rows; i++)
		draw_line(v, i, TOP + (int)(i - v->top), first);
}

/* ---- names ------------------------------------------------------------ */

struct names {
	const char *uid[NAMES_MAX], *name[NAMES_MAX];
	size_t shown[NAMES_MAX];
	size_t n, nshown;
};

static size_t
load_names(void *arg, const char *typed)
{
	struct names *m = arg;
	size_t i;

	m->nshown = 0;
	for (i = 0; i < m->n; i++)
		if (*typed == '\0' || pick_matches(m->name[i], NULL, typed))
			m->shown[m->nshown++] = i;
	return m->nshown;
}

static void
name_line(void *arg, size_t i, struct str *out)
{
	struct names *m = arg;

	str_add(out, m->name[m->shown[i]]);
}

static void
names(struct screen *s)
{
	struct surveyscreen *v = (struct surveyscreen *)s;
	const struct form *f = ui_form("child");
	struct names *m = xcalloc(1, sizeof *m);
	int n;
	char *head;
	struct pick p = { .arg = m, .load = load_names, .row = name_line,
	    .none = "没有人" };
	size_t from = 0;
	long i;

	while (m->n < NAMES_MAX && (m->uid[m->n] = survey_behind(v->s,
	    (size_t)v->at, v->item < 0 ? -1 : v->block, v->item, &from,
	    &m->name[m->n])) != NULL)
		m->n++;
	head = xasprintf("%s  %s  %s  %zu 人", survey_place(v->s,
	    (size_t)v->at), survey_block(v->s, v->block, &n), v->item < 0 ?
	    "合计" : survey_item(v->s, v->block, v->item), m->n);
	p.title = head;
	pick_init(&p);
	i = pick_run(&p);
	pick_done(&p);
	if (i >= 0 && f != NULL) {
		kind_open(f, m->uid[m->shown[i]]);
		if (screen_leaving() == LEAVE_NOT)
			load(v, v->on);
	}
	free(head);
	free(m);
}

/* ---- keys ------------------------------------------------------------- */

static void
move_item(struct surveyscreen *v, int by)
{
	int n;

	survey_block(v->s, v->block, &n);
	v->item += by;
	if (v->item < -1)
		v->item = n - 1;
	if (v->item >= n)
		v->item = -1;
}

static void
left(struct screen *s)
{
	move_item((struct surveyscreen *)s, -1);
}

static void
right(struct screen *s)
{
	move_item((struct surveyscreen *)s, 1);
}

static void
move_row(struct surveyscreen *v, long by)
{
	long most = (long)survey_places(v->s);

	v->at += by;
	v->at = v->at < 0 ? 0 : v->at > most ? most : v->at;
}

static void
up(struct screen *s)
{
	move_row((struct surveyscreen *)s, -1);
}

static void
down(struct screen *s)
{
	move_row((struct surveyscreen *)s, 1);
}

static void
last(struct screen *s)
{
	move_row((struct surveyscreen *)s, 1000000);
}

static void
turn(struct surveyscreen *v, int by)
{
	int n = survey_nblocks(v->s);

	v->block = (v->block + by + n) % n;
	v->item = -1;
}

static void
next_block(struct screen *s)
{
	turn((struct surveyscreen *)s, 1);
}

static void
prev_block(struct screen *s)
{
	turn((struct surveyscreen *)s, -1);
}

static void
other_day(struct screen *s)
{
	struct surveyscreen *v = (struct surveyscreen *)s;
	struct err e = ERR_INIT;
	char *typed, day[DATE_SIZE];

	if (!entry_ask("排查汇总表", "截止日期", "按哪一天算？如 20261130。", 20,
	    v->on, &typed))
		return;
	if (when_date(typed, day, &e) < 0)
		screen_say_err(&e);
	else
		load(v, day);
	free(typed);
}

/* The month of the day against the one before, with names and reasons. */
static void
compare(struct screen *s)
{
	struct surveyscreen *v = (struct surveyscreen *)s;
	struct paper *p = paper_new("排查汇总表  与上月比");
	struct period month;
	struct err e = ERR_INIT;
	char before[DATE_SIZE];

	period_closed(&month, PERIOD_MONTH, v->on);
	date_add(month.from, -1, before);
	p->personal = true;
	if (survey_changes(ui_forms(), v->s, before, true, p, &e) < 0)
		screen_say_err(&e);
	else
		output_paper(p, "排查汇总表-变动");
	paper_free(p);
}

static void
print_table(struct screen *s)
{
	struct surveyscreen *v = (struct surveyscreen *)s;
	struct paper *p;
	char line[128];

	if (!listscreen_precheck()) {
		if (screen_leaving() == LEAVE_NOT)
			load(v, v->on);
		return;
	}
	p = paper_new(title);
	snprintf(line, sizeof line, "截止 %s  共 %ld 人  未采集 %ld 人", v->on,
	    survey_total(v->s), survey_uncollected(v->s));
	p->subtitle = paper_keep(p, line);
	p->signed_form = true;
	survey_blocks(v->s, p);
	output_paper(p, "排查汇总表");
	paper_free(p);
}

static const struct keyrow rows[] = {
	{ K_ENTER, 0, "回车", "看名单", "这一格是哪些孩子", names },
	{ K_TAB, K_PGDN, "Tab", "下一块", "下一块", next_block },
	{ K_BACKTAB, K_PGUP, "PgUp", NULL, "上一块", prev_block },
	{ K_LEFT, 0, "左 右", NULL, "左右移动", left },
	{ K_RIGHT, 0, "右", NULL, NULL, right },
	{ K_UP, 0, "上 下", NULL, "上下移动", up },
	{ K_DOWN, 0, "下", NULL, NULL, down },
	{ K_END, 0, "End", NULL, "到合计", last },
	{ 'c', 0, "C", "与上月比", "与上月末比：增减的名单和原因", compare },
	{ 'm', 0, "M", "换日期", "按另一天算", other_day },
	{ 'p', 0, "P", "打印", "打印或存成文件", print_table },
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
surveyscreen_run(void)
{
	struct surveyscreen v = { .base.ops = &ops, .item = -1 };

	if (load(&v, date_today()) == 0)
		screen_run(&v.base);
	survey_free(v.s);
}
