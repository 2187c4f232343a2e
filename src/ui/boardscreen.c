/* See boardscreen.h.  The board is computed when it comes up, when the day is
 * changed and after every return from a record. */
#include "boardscreen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "behind.h"
#include "boardpaper.h"
#include "date.h"
#include "draw.h"
#include "entry.h"
#include "evidenceacts.h"
#include "help.h"
#include "indicator.h"
#include "kind.h"
#include "listscreen.h"
#include "listview.h"
#include "mem.h"
#include "output.h"
#include "picker.h"
#include "trend.h"
#include "ui.h"
#include "when.h"
#include "width.h"

enum { LACK = 17 };		/* columns of what is short */

struct boardscreen {
	struct listview lv;
	char *name;		/* of the scheme */
	struct str title;
	char on[DATE_SIZE];
	bool all;		/* higher levels unfolded */
	bool then;		/* as handed in, in place of the target */
	struct board *b;
	struct shown {
		size_t row, number;
	} *shown;
	size_t n, cap, folded;
};

/* ---- rows ------------------------------------------------------------- */

static bool
fits(const struct indicator *it, const struct part *p, const char *typed)
{
	return strncasecmp(it->id, typed, strlen(typed)) == 0 ||
	    pick_matches(it->item, NULL, typed) ||
	    (p->label != NULL && pick_matches(p->label, NULL, typed));
}

static void
show(struct boardscreen *bs, enum board_rank rank, const char *filter)
{
	const struct board_row *r;
	size_t i, j;

	for (i = 0; i < bs->b->n; i++) {
		r = &bs->b->rows[i];
		if (board_rank(bs->b, r) != rank)
			continue;
		for (j = 0; j < r->item->nparts; j++) {
			if (!fits(r->item, &r->item->parts[j], filter))
				continue;
			if (rank == BOARD_HIGHER && !bs->all &&
			    *filter == '\0') {
				bs->folded++;
				continue;
			}
			bs->shown = mem_grow(bs->shown, bs->n, &bs->cap,
			    sizeof *bs->shown);
			bs->shown[bs->n++] = (struct shown){ i, j };
		}
	}
}

static int
open_rows(struct listview *lv, const char *filter, int sort, bool desc,
    struct err *e)
{
	struct boardscreen *bs = lv->arg;
	char what[64];
	int rank;

	(void)sort;
	(void)desc;
	(void)e;
	bs->n = bs->folded = 0;
	for (rank = 0; rank < BOARD_RANKS; rank++)
		show(bs, (enum board_rank)rank, filter);
	lv->n = (long)bs->n;
	if (bs->b->silent > 0)	/* half the line; A stands in the last one */
		snprintf(what, sizeof what, "%d 个乡镇未报，不计",
		    (int)bs->b->silent);
	else
		snprintf(what, sizeof what, "%zu 个数%s", bs->n,
		    bs->folded > 0 ? "（A 展开）" : "");
	snprintf(lv->right, sizeof lv->right, "%s  %s", bs->on, what);
	return 0;
}

static const struct board_row *
row_at(const struct boardscreen *bs, long row, const struct number **x)
{
	const struct board_row *r;

	if (row < 0 || (size_t)row >= bs->n)
		return NULL;
	r = &bs->b->rows[bs->shown[row].row];
	*x = &r->numbers[bs->shown[row].number];
	return r;
}

/* 还差 2 次 12-31前; the date only where both fit. */
static void
lack(const struct number *x, struct str *out)
{
	struct str when = STR_INIT;

	short_words(x, out);
	by_when_words(x, &when);
	if (when.len > 0 && width_str(out->buf) + 1 + width_str(when.buf) <=
	    LACK)
		str_addf(out, " %s", when.buf);
	str_done(&when);
}

static void
cell(struct listview *lv, long row, int col, struct str *out)
{
	struct boardscreen *bs = lv->arg;
	const struct number *x;
	const struct board_row *r = row_at(bs, row, &x);

	if (r == NULL)
		return;
	switch (col) {
	case 0:
		str_add(out, r->item->id);
		break;
	case 1:
		str_addf(out, "%s%s", r->item->veto ? "否决项 " : "",
		    r->item->nparts > 1 ? x->part->label : r->item->item);
		break;
	case 2:
		number_words(x, out);
		break;
	case 3:
		if (!bs->then)
			target_words(x, out);
		else if (!trend_handed_in(bs->b->scheme, r->item, x, bs->on,
		    out))
			str_add(out, "没有存档");
		break;
	default:
		if (x->met == MET_NO)
			lack(x, out);
		else
			str_add(out, met_words(x, bs->b->own));
		break;
	}
}

static char
flag(struct listview *lv, long row)
{
	const struct number *x;

	return row_at(lv->arg, row, &x) != NULL && x->met == MET_NO ? '!' :
	    ' ';
}

static const struct list_source source = {
	.open = open_rows, .cell = cell, .flag = flag
};

static int
compute(struct boardscreen *bs)
{
	struct err e = ERR_INIT;
	struct board *b;

	screen_say("正在计算…");
	screen_paint();
	if (board_make(ui_forms(), bs->name, bs->on, &b, &e) < 0) {
		screen_say_err(&e);
		return -1;
	}
	board_free(bs->b);
	bs->b = b;
	str_clear(&bs->title);
	str_addf(&bs->title, "指标看板%s%s%s", b->scheme->note != NULL ?
	    "（" : "", b->scheme->note != NULL ? b->scheme->note : "",
	    b->scheme->note != NULL ? "）" : "");
	bs->lv.title = bs->title.buf;
	screen_say("%s", b->scheme->title);
	return listview_reload(&bs->lv, &e);
}

/* ---- acts ------------------------------------------------------------- */

static struct boardscreen *
self(struct screen *s)
{
	return ((struct listview *)s)->arg;
}

static void
open_row(struct screen *s)
{
	struct boardscreen *bs = self(s);
	const struct number *x;
	const struct board_row *r = row_at(bs, bs->lv.at, &x);

	if (r == NULL) {
		draw_beep();
		return;
	}
	if (x->part->list != NULL)
		listscreen_day(x->part->list, bs->on);
	else
		behind_run(bs->b->scheme, r->item, x, bs->on);
	if (screen_leaving() == LEAVE_NOT)
		compute(bs);
}

/* To the last day of the month before, or after (never past today). */
static void
shift(struct boardscreen *bs, bool back)
{
	char day[DATE_SIZE];

	period_step(PERIOD_MONTH, bs->on, back, date_today(), day);
	memcpy(bs->on, day, sizeof day);
	compute(bs);
}

static void
earlier(struct screen *s)
{
	shift(self(s), true);
}

static void
later(struct screen *s)
{
	shift(self(s), false);
}

/* What is known today about that day beside what was handed in then. */
static void
side_by_side(struct screen *s)
{
	struct boardscreen *bs = self(s);

	bs->then = !bs->then;
	bs->lv.col[3].title = bs->then ? "上报时" : "目标";
}

static void
show_day(struct boardscreen *bs, const char *day)
{
	memcpy(bs->on, day, sizeof bs->on);
	compute(bs);
}

/* Any day up to today. */
static void
another_day(struct screen *s)
{
	struct boardscreen *bs = self(s);
	struct err e = ERR_INIT;
	char *text = NULL, day[DATE_SIZE];

	if (entry_ask("业务日期", "哪一天", "看哪一天的数，用今天所知道的数据算。",
	    20, bs->on, &text)) {
		if (when_date(text, day, &e) < 0)
			screen_say_err(&e);
		else if (strcmp(day, date_today()) > 0)
			screen_say("%s 还没有到", day);
		else
			show_day(bs, day);
	}
	free(text);
}

static void
unfold(struct screen *s)
{
	struct boardscreen *bs = self(s);
	struct err e = ERR_INIT;

	bs->all = !bs->all;
	if (listview_reload(&bs->lv, &e) < 0)
		screen_say_err(&e);
}

static void
print_board(struct screen *s)
{
	struct boardscreen *bs = self(s);
	struct paper *p = paper_new(bs->b->scheme->title);

	p->site = paper_keep(p, ui_place());
	p->subtitle = paper_keep(p, bs->on);
	p->signed_form = true;
	p->made_on = paper_keep(p, date_today());
	boardpaper_add(p, bs->b, NULL, true);
	output_paper(p, bs->b->scheme->title);
	paper_free(p);
}

static void
show_trend(struct screen *s)
{
	struct boardscreen *bs = self(s);
	const struct number *x;
	const struct board_row *r = row_at(bs, bs->lv.at, &x);

	if (r != NULL)
		trend_run(bs->b->scheme, r->item, x, bs->on);
}

static void
help(struct screen *s, struct str *out)
{
	struct boardscreen *bs = self(s);
	const struct number *x;
	const struct board_row *r = row_at(bs, bs->lv.at, &x);

	if (r == NULL)
		return;
	str_addf(out, "%s  %s  %s\n%s\n\n", r->item->id, r->item->section,
	    r->item->item, r->item->words);
	if (r->item->target != NULL)
		str_addf(out, "目标：%s\n", r->item->target);
	if (r->item->units != NULL)
		str_addf(out, "%s%s%s\n", strstr(r->item->units, "单位：") ==
		    NULL ? "责任：" : "", r->item->units,
		    r->item->units_inferred ? "（推定）" : "");
	if (r->item->deadline != NULL) {
		str_add(out, "时限：");
		deadline_words(r->item->deadline, bs->on, out);
		str_addc(out, '\n');
	}
	if (x->met == MET_NO) {
		short_words(x, out);
		if (x->period.kind != PERIOD_AS_OF)
			str_addf(out, "，到 %s 为止", x->period.to);
		str_addc(out, '\n');
	}
	str_addf(out, "级别：%s  方式：%s  期间：%s\n\n",
	    level_words(x->part->level), mode_words(r->item->mode),
	    x->period.words);
}

/* The records of `form` for the item: what was stated, what proves it. */
static void
open_where(struct boardscreen *bs, const char *item, const char *form,
    const char *fmt, const char *code)
{
	const struct form *f = ui_form(form);
	char *where = xasprintf(fmt, code);

	if (f != NULL)
		kind_run_where(f, item, where);
	free(where);
	if (screen_leaving() == LEAVE_NOT)
		compute(bs);
}

static void
stated(struct screen *s)
{
	struct boardscreen *bs = self(s);
	const struct number *x;
	const struct board_row *r = row_at(bs, bs->lv.at, &x);

	if (r != NULL)
		open_where(bs, r->item->item, "stated_value", "indicator='%s'",
		    x->part->stated != NULL ? x->part->stated :
		    r->item->code);
}

static void
evidence(struct screen *s)
{
	struct boardscreen *bs = self(s);
	const struct number *x;
	const struct board_row *r = row_at(bs, bs->lv.at, &x);

	if (r != NULL)
		open_where(bs, r->item->item, "evidence",
		    "instr(indicator, ';%s;') > 0", r->item->code);
}

/* A file from a stick, as evidence for the item. */
static void
take_file(struct screen *s)
{
	struct boardscreen *bs = self(s);
	const struct number *x;
	const struct board_row *r = row_at(bs, bs->lv.at, &x);

	if (r != NULL && evidenceacts_take(r->item->code) &&
	    screen_leaving() == LEAVE_NOT)
		compute(bs);
}

static const struct keyrow rows[] = {
	{ K_ENTER, 0, "回车", "记录", "打开这个数背后的记录", open_row },
	{ 'n', 0, "N", "填报", "这一项的填报值", stated },
	{ 'e', 0, "E", "佐证", "这一项的佐证材料", evidence },
	{ 'f', 0, "F", "收文件", "把U盘里的照片、扫描件、PDF 收作这一项的佐证",
	    take_file },
	{ 't', 0, "T", "走势", "最近十二个月月末的这个数，和上报时的数", show_trend },
	{ K_LEFT, '-', "左 右", "换月", "看上个月末、下个月末", earlier },
	{ K_RIGHT, '+', "右", NULL, NULL, later },
	{ 'd', 0, "D", NULL, "换业务日期，以前的哪一天都行", another_day },
	{ 's', 0, "S", NULL, "把目标换成当月上报（存档）时的数，两边对照",
	    side_by_side },
	{ 'a', 0, "A", "展开", "展开或收起县级以上负责的各项", unfold },
	{ 'p', 0, "P", "打印", "打印或存成文件", print_board },
	{ '/', 0, "/", NULL, "打字筛选", listview_filter },
	LISTVIEW_ROWS,
	{ K_ESC, 0, "Esc", "返回", "取消筛选；返回", listview_back },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static void
key(struct screen *s, const struct key *k)
{
	if (!listview_key((struct listview *)s, k))
		draw_beep();
}

static const struct screen_ops ops = {
	.full = true, .rows = rows, .draw = listview_draw, .key = key,
	.typing = listview_typing, .help = help
};

/* ---- start ------------------------------------------------------------ */

void
boardscreen_run(const char *name)
{
	struct list_column columns[] = {
		{ "编号", 4, false, false }, { "项目", 20, false, false },
		{ "数值", 16, false, false }, { "目标", 14, false, false },
		{ "情况", LACK, false, false }
	};
	struct boardscreen bs = { .name = xstrdup(name), .title = STR_INIT };

	memcpy(bs.on, date_today(), sizeof bs.on);
	bs.lv.base.ops = &ops;
	bs.lv.src = &source;
	bs.lv.arg = &bs;
	bs.lv.title = "指标看板";
	bs.lv.none = "没有";
	bs.lv.col = columns;
	bs.lv.ncols = (int)COUNT_OF(columns);
	listview_init(&bs.lv);
	if (compute(&bs) >= 0)
		screen_run(&bs.lv.base);
	listview_done(&bs.lv);
	board_free(bs.b);
	free(bs.shown);
	str_done(&bs.title);
	free(bs.name);
}
