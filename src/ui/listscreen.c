/* See listscreen.h.  A list is computed when it comes up and after every
 * return from a record; it is held in memory. */
#include "listscreen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "choose.h"
#include "date.h"
#include "db.h"
#include "draw.h"
#include "entry.h"
#include "formview.h"
#include "help.h"
#include "kind.h"
#include "listing.h"
#include "listpaper.h"
#include "listview.h"
#include "mem.h"
#include "menu.h"
#include "output.h"
#include "pair.h"
#include "picker.h"
#include "precheck.h"
#include "ui.h"
#include "width.h"

enum { COLUMN_MOST = 30, MENU_MOST = 30 };

struct listscreen {
	struct listview lv;
	const struct listing *l;
	char *village;		/* uid or NULL */
	const char *about;	/* uid of the record it is about, or NULL */
	char on[DATE_SIZE];
	char *where;		/* its name */
	char *title;
	struct listed r;
	size_t *shown;		/* rows after filter and sort */
	size_t nshown;
};

static struct {
	struct forms *fs;
	struct listings *all;
} kept;

const struct listings *
listscreen_lists(void)
{
	struct err e = ERR_INIT;

	if (kept.all != NULL && kept.fs == ui_forms())
		return kept.all;
	listings_free(kept.all);
	kept.all = NULL;
	kept.fs = ui_forms();
	if (listings_load(&kept.all, forms_data(kept.fs), &e) < 0) {
		screen_say_err(&e);
		kept.all = NULL;
	}
	return kept.all;
}

/* ---- rows ------------------------------------------------------------- */

static bool
fits(const struct listed_row *r, size_t ncols, const char *typed)
{
	size_t c;

	for (c = 0; c < ncols; c++)
		if (r->cell[c] != NULL && pick_matches(r->cell[c], NULL, typed))
			return true;
	return false;
}

/* Order of two cells: numbers by value, dates and words as text. */
static int
order(const char *a, const char *b)
{
	char *ea, *eb;
	double x, y;

	if (a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	x = strtod(a, &ea);
	y = strtod(b, &eb);
	if (*ea == '\0' && *eb == '\0' && *a != '\0' && *b != '\0')
		return (x > y) - (x < y);
	return strcmp(a, b);
}

/* Stable insertion by binary search: lists are short, and few are sorted. */
static void
sort_shown(struct listscreen *ls, int col, bool desc)
{
	size_t i, lo, hi, mid, v;
	int c;

	for (i = 1; i < ls->nshown; i++) {
		v = ls->shown[i];
		lo = 0;
		hi = i;
		while (lo < hi) {
			mid = (lo + hi) / 2;
			c = order(ls->r.row[v].cell[col],
			    ls->r.row[ls->shown[mid]].cell[col]);
			if (desc ? c > 0 : c < 0)
				hi = mid;
			else
				lo = mid + 1;
		}
		memmove(&ls->shown[lo + 1], &ls->shown[lo],
		    (i - lo) * sizeof *ls->shown);
		ls->shown[lo] = v;
	}
}

static int
open_rows(struct listview *lv, const char *filter, int sort, bool desc,
    struct err *e)
{
	struct listscreen *ls = lv->arg;
	size_t i;

	(void)e;
	ls->nshown = 0;
	for (i = 0; i < ls->r.n; i++)
		if (*filter == '\0' || fits(&ls->r.row[i], ls->r.ncols, filter))
			ls->shown[ls->nshown++] = i;
	if (sort >= 0)
		sort_shown(ls, sort, desc);
	lv->n = (long)ls->nshown;
	return 0;
}

static const struct listed_row *
row_at(const struct listscreen *ls, long row)
{
	return row < 0 || (size_t)row >= ls->nshown ? NULL :
	    &ls->r.row[ls->shown[row]];
}

static void
cell(struct listview *lv, long row, int col, struct str *out)
{
	const struct listed_row *r = row_at(lv->arg, row);

	if (r != NULL)
		str_add(out, r->cell[col]);
}

static char
flag(struct listview *lv, long row)
{
	const struct listed_row *r = row_at(lv->arg, row);

	return r != NULL && r->urgent ? '!' : ' ';
}

static const struct list_source source = {
	.open = open_rows, .cell = cell, .flag = flag
};

static void
make_columns(struct listscreen *ls)
{
	size_t c, i;
	int w, most;

	free(ls->lv.col);
	ls->lv.col = xcalloc(ls->r.ncols + 1, sizeof *ls->lv.col);
	for (c = 0; c < ls->r.ncols; c++) {
		most = width_str(ls->r.head[c]) + 1;
		for (i = 0; i < ls->r.n && i < 500; i++) {
			if (ls->r.row[i].cell[c] == NULL)
				continue;
			w = width_str(ls->r.row[i].cell[c]);
			if (w > most)
				most = w;
		}
		ls->lv.col[c] = (struct list_column){ ls->r.head[c],
		    most > COLUMN_MOST ? COLUMN_MOST : most, false, true };
	}
	ls->lv.ncols = (int)ls->r.ncols;
}

/* Which span or day, where it is not simply today. */
static void
say_day(struct listscreen *ls)
{
	struct period p;
	bool today = strcmp(ls->on, date_today()) == 0;

	period_span(&p, ls->l->period, ls->on);
	if (ls->l->period == PERIOD_AS_OF)
		snprintf(ls->lv.right, sizeof ls->lv.right, "%s", today ? "" :
		    ls->on);
	else
		snprintf(ls->lv.right, sizeof ls->lv.right, "%s%s%s", p.words,
		    today ? "" : "  到 ", today ? "" : ls->on);
}

static int
compute(struct listscreen *ls)
{
	struct listing_want want = { .on = ls->on,
	    .village = ls->village, .uid = ls->about };
	struct err e = ERR_INIT;

	listed_done(&ls->r);
	ls->lv.ncols = 0;
	if (listing_run(ui_forms(), kept.all, ls->l, &want, &ls->r, &e) < 0) {
		screen_say_err(&e);
		return -1;
	}
	say_day(ls);
	free(ls->shown);
	ls->shown = xcalloc(ls->r.n + 1, sizeof *ls->shown);
	make_columns(ls);
	return listview_reload(&ls->lv, &e);
}

/* ---- acts ------------------------------------------------------------- */

static const struct listed_row *
here(struct screen *s)
{
	struct listscreen *ls = ((struct listview *)s)->arg;
	const struct listed_row *r = row_at(ls, ls->lv.at);

	if (r == NULL)
		draw_beep();
	return r;
}

static void
again(struct listscreen *ls)
{
	if (screen_leaving() == LEAVE_NOT)
		compute(ls);
}

/* To the field that is wrong. */
static void
edit_at(const struct form *f, const struct listed_row *r)
{
	struct form_want want = { .at = form_field(f, r->field) };
	struct err e = ERR_INIT;
	struct record *rec = record_load(ui_forms(), f, r->uid, &e);

	if (rec == NULL) {
		screen_say_err(&e);
		return;
	}
	formview_run(rec, &want);
	record_free(rec);
}

static void run(const struct listing *l, const char *village,
    const char *about, const char *where, const char *on);

/* The list behind a row: about its record, or of its village. */
static void
open_list(struct listscreen *ls, const struct listed_row *r)
{
	const struct listing *l = listings_find(kept.all, ls->l->opens);
	char *where;

	if (l == NULL) {
		screen_say("data/lists 里没有“%s”这张单子", ls->l->opens);
	} else if (strstr(l->rows, ":uid") == NULL) {
		run(l, r->village, NULL, NULL, ls->on);
	} else {
		where = xasprintf("%s %s", r->cell[0] != NULL ? r->cell[0] :
		    "", ls->r.ncols > 1 && r->cell[1] != NULL ? r->cell[1] :
		    "");
		run(l, NULL, r->uid, where, ls->on);
		free(where);
	}
}

static void
open_row(struct screen *s)
{
	struct listscreen *ls = ((struct listview *)s)->arg;
	const struct listed_row *r = here(s);
	const struct form *f;

	if (r == NULL)
		return;
	if (ls->l->opens != NULL) {
		open_list(ls, r);
	} else if (r->list != NULL) {
		listscreen_run(r->list);
	} else if (r->form != NULL && (f = ui_form(r->form)) != NULL) {
		if (ls->l->pairs && r->other != NULL)
			pair_run(f, r->uid, r->other);
		else if (r->field != NULL)
			edit_at(f, r);
		else
			kind_open(f, r->uid);
	}
	again(ls);
}

static void
step(struct screen *s, bool back)
{
	struct listscreen *ls = ((struct listview *)s)->arg;

	if (ls->l->period == PERIOD_AS_OF) {
		draw_beep();
		return;
	}
	period_step(ls->l->period, ls->on, back, date_today(), ls->on);
	compute(ls);
}

static void
earlier(struct screen *s)
{
	step(s, true);
}

static void
later(struct screen *s)
{
	step(s, false);
}

/* N: a new visit, case, … for the row's child. */
static void
new_row(struct screen *s)
{
	struct listscreen *ls = ((struct listview *)s)->arg;
	const struct listed_row *r = here(s);
	const struct form *f;
	const struct field *ref;

	if (r == NULL)
		return;
	f = ls->l->action != NULL ? ui_form(ls->l->action) : NULL;
	ref = f != NULL && r->form != NULL ? form_field(f, r->form) : NULL;
	if (ref == NULL) {
		screen_say("这张单子上不能直接新增，请按回车打开");
		draw_beep();
		return;
	}
	kind_new(f, ref, r->uid, NULL);
	again(ls);
}

static void
print_list(struct screen *s)
{
	struct listscreen *ls = ((struct listview *)s)->arg;
	struct paper *p = listpaper_make(ls->l, &ls->r, ls->on, ls->where);

	output_paper(p, ls->l->print != NULL ? ls->l->print : ls->l->title);
	paper_free(p);
}

static void
help(struct screen *s, struct str *out)
{
	struct listscreen *ls = ((struct listview *)s)->arg;

	if (ls->l->note != NULL)
		str_addf(out, "%s\n\n", ls->l->note);
}

static const struct keyrow rows[] = {
	{ K_ENTER, 0, "回车", "打开", "打开这一行", open_row },
	{ 'n', K_INS, "N", "记一条", "给这一行的孩子记走访、开受理单等", new_row },
	{ 'p', 0, "P", "打印", "打印或存成文件", print_list },
	{ K_LEFT, '-', "左 右", NULL, "分季度、月的单子：看上一期、下一期",
	    earlier },
	{ K_RIGHT, '+', "右", NULL, NULL, later },
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

/* `where` (may be NULL): what it is about, in words; `on` NULL: today. */
static void
run(const struct listing *l, const char *village, const char *about,
    const char *where, const char *on)
{
	struct listscreen ls = { .l = l, .village = xstrdup(village),
	    .about = about };
	const struct form *f;

	snprintf(ls.on, sizeof ls.on, "%.10s", on != NULL ? on : date_today());
	if (where != NULL)
		ls.where = xstrdup(where);
	else if (village != NULL && (f = ui_form("village")) != NULL)
		ls.where = record_display(ui_forms(), f, village);
	ls.title = xasprintf("%s%s%s", l->title, ls.where != NULL ? "  " : "",
	    ls.where != NULL ? ls.where : "");
	ls.lv.base.ops = &ops;
	ls.lv.src = &source;
	ls.lv.arg = &ls;
	ls.lv.title = ls.title;
	ls.lv.none = l->none != NULL ? l->none : "没有";
	listview_init(&ls.lv);
	if (compute(&ls) >= 0)
		screen_run(&ls.lv.base);
	listview_done(&ls.lv);
	listed_done(&ls.r);
	free(ls.lv.col);
	free(ls.shown);
	free(ls.title);
	free(ls.where);
	free(ls.village);
}

void
listscreen_day(const char *name, const char *on)
{
	const struct listings *all = listscreen_lists();
	const struct listing *l = all != NULL ? listings_find(all, name) : NULL;

	if (l != NULL)
		run(l, NULL, NULL, NULL, on);
	else if (all != NULL)
		screen_say("data/lists 里没有“%s”这张单子", name);
}

void
listscreen_record(const char *name, const char *uid)
{
	const struct listings *all = listscreen_lists();
	const struct listing *l = all != NULL ? listings_find(all, name) : NULL;

	if (l != NULL)
		run(l, NULL, uid, NULL, NULL);
}

static void
ask_and_run(const struct listing *l)
{
	const struct form *f = ui_form("village");
	char *uid;

	if (!l->ask_village || f == NULL) {
		run(l, NULL, NULL, NULL, NULL);
		return;
	}
	uid = choose_record(ui_forms(), f, "哪个村", "", NULL, NULL, NULL);
	if (uid != NULL)
		run(l, uid, NULL, NULL, NULL);
	free(uid);
}

void
listscreen_run(const char *name)
{
	const struct listings *all = listscreen_lists();
	const struct listing *l = all != NULL ? listings_find(all, name) : NULL;

	if (l != NULL)
		ask_and_run(l);
	else if (all != NULL)
		screen_say("data/lists 里没有“%s”这张单子", name);
}

/* All the same: the reason goes with the report. */
static bool
override(long alarms)
{
	struct err e = ERR_INIT;
	char *why = NULL;
	bool done = entry_ask("照报", "原因", "为什么不改完就报？原因写进报表，"
	    "一起交到县里，也记入日志。", 80, "", &why);

	if (done && precheck_override(ui_forms(), alarms, why, &e) < 0) {
		screen_say_err(&e);
		done = false;
	}
	free(why);
	return done;
}

bool
listscreen_precheck(void)
{
	static const struct ask_item items[] = {
		{ 'l', "先去看看、改好" }, { 'g', "照样报，写明原因" }
	};
	struct err e = ERR_INIT;
	char text[160];
	long n = precheck_alarms(ui_forms(), date_today(), &e);

	if (n < 0)
		screen_say_err(&e);
	if (n <= 0)
		return true;
	snprintf(text, sizeof text, "数据核查有 %ld 处要紧的问题，报上去可能被"
	    "退回。", n);
	switch (ask_items("先核查", text, items, 2, 0)) {
	case 0:
		listscreen_run("audit");
		return false;
	case 1:
		return override(n);
	default:
		return false;
	}
}

struct choice {
	const struct listing *v[MENU_MOST];
	size_t n;
};

static size_t
load_menu(void *arg, const char *typed)
{
	(void)typed;
	return ((struct choice *)arg)->n;
}

static void
menu_line(void *arg, size_t i, struct str *out)
{
	str_add(out, ((struct choice *)arg)->v[i]->title);
}

void
listscreen_menu(const char *title, const char *where)
{
	const struct listings *all = listscreen_lists();
	struct choice c = { .n = 0 };
	struct pick p = { .title = title, .arg = &c, .load = load_menu,
	    .row = menu_line, .digits = true };
	size_t i;
	long at;

	for (i = 0; all != NULL && i < all->n && c.n < MENU_MOST; i++)
		if (str_eq(all->v[i].menu, where))
			c.v[c.n++] = &all->v[i];
	if (c.n == 0)
		return;
	do {
		pick_init(&p);
		at = pick_run(&p);
		pick_done(&p);
		if (at >= 0)
			ask_and_run(c.v[at]);
	} while (at >= 0 && screen_leaving() == LEAVE_NOT);
}
