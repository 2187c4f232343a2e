/* Summary above, a list of doors below: edit, sign-in, moves of the workflow,
 * the children (visits, guardians, …) with their number and latest date. */
#include <stdlib.h>
#include <string.h>

#include "acts.h"
#include "ask.h"
#include "childpage.h"
#include "cut.h"
#include "db.h"
#include "deadline.h"
#include "doors.h"
#include "draw.h"
#include "formview.h"
#include "gridview.h"
#include "journal.h"
#include "kind.h"
#include "mem.h"
#include "moves.h"
#include "reccount.h"
#include "record.h"
#include "recview.h"
#include "screen.h"
#include "ui.h"
#include "visitrun.h"
#include "width.h"

enum { SUMMARY = 10 };

struct recview {
	struct screen base;
	const struct form *form;
	char uid[37];
	recview_step *step;	/* to the neighbours, or NULL */
	void *arg;
	struct record *r;
	char *title;
	struct doors doors;
	int at, top;
	bool masked, open;
	struct childpage *child;	/* its own summary (child, case), or NULL */
};

bool
recview_wanted(const struct form *form)
{
	struct err e = ERR_INIT;
	const struct form **kids;
	bool some;

	if (form->workflow != NULL || acts_of(form, 0) != NULL)
		return true;
	kids = forms_children(ui_forms(), form->name, &e);
	some = kids != NULL && kids[0] != NULL;
	free(kids);
	return some;
}

static void
forget(struct recview *v)
{
	doors_free(&v->doors);
	record_free(v->r);
	v->r = NULL;
	free(v->title);
	v->title = NULL;
	childpage_free(v->child);
	v->child = NULL;
}

static int
load(struct recview *v)
{
	struct err e = ERR_INIT;
	char *words;

	forget(v);
	v->r = record_load(ui_forms(), v->form, v->uid, &e);
	if (v->r == NULL) {
		/* when it was open, saving it has said who sees it now */
		if (!v->open || !record_hidden(ui_forms(), v->form, v->uid))
			screen_say_err(&e);
		return -1;
	}
	words = record_display(ui_forms(), v->form, v->uid);
	v->title = xasprintf("%s  %s", v->form->title, words);
	free(words);
	v->child = childpage_load(v->form, v->uid, !v->masked);
	doors_load(&v->doors, v->r);
	if (v->at >= v->doors.n)
		v->at = 0;
	v->open = true;
	return 0;
}

/* The filled fields of list and key, two in a line. */
static int
draw_summary(const struct recview *v, int y)
{
	struct str text = STR_INIT;
	int half = (draw_cols() - 2) / 2, n = 0;
	size_t i;

	for (i = 0; i < v->form->nfields && n < SUMMARY; i++) {
		const struct field *f = &v->form->fields[i];

		if (v->r->val[i] == NULL || !record_may_read(ui_forms(), f) ||
		    (!f->in_list && !f->in_key && !f->in_find))
			continue;
		str_clear(&text);
		str_addf(&text, "%s  ", f->label);
		record_show(v->r, f, v->masked, &text);
		draw_text(y + n / 2, 1 + n % 2 * half, half - 1, text.buf,
		    D_PLAIN);
		n++;
	}
	str_done(&text);
	return y + (n + 1) / 2;
}

/* With a summary the doors stand in two columns: it takes the room. */
static int
sides(const struct recview *v)
{
	return v->child != NULL ? 2 : 1;
}

static void
place(const struct recview *v, int y, int i, const char *text)
{
	int n = sides(v), cols = (draw_cols() - 2) / n, k = i - v->top;
	int rows = draw_rows() - 2 - y;
	int row = y + k % rows, x = 1 + k / rows * cols;

	draw_text(row, x, cols - (n > 1), text,
	    i == v->at ? D_REVERSE : D_PLAIN);
	if (i == v->at)
		draw_cursor(row, x);
}

static void
draw(struct screen *s)
{
	struct recview *v = (struct recview *)s;
	struct str text = STR_INIT;
	const struct codes *cs;
	const char *state = NULL;
	int y, i, rows;

	if (v->form->workflow != NULL && v->r->state != NULL) {
		cs = forms_codes(ui_forms(), v->form->workflow->list, NULL);
		state = cs != NULL ? codes_label(cs, v->r->state) : NULL;
	}
	screen_frame(s, v->title, state);
	y = v->child != NULL ? childpage_draw(v->child, 1) :
	    draw_summary(v, 2);
	draw_rule(y, 1, draw_cols() - 2, '-');
	y++;
	rows = (draw_rows() - 2 - y) * sides(v);
	if (v->at < v->top)
		v->top = v->at;
	if (v->at >= v->top + rows)
		v->top = v->at - rows + 1;
	for (i = v->top; i < v->doors.n && i < v->top + rows; i++) {
		str_clear(&text);
		if (i < 9)
			str_addf(&text, " %d ", i + 1);
		else
			str_add(&text, "   ");
		door_text(&v->doors.door[i], v->form, v->child != NULL, &text);
		place(v, y, i, text.buf);
	}
	str_done(&text);
}

static void
edit(struct recview *v)
{
	formview_run(v->r, NULL);
}

static void
do_move(struct recview *v, const struct move *m)
{
	struct err e = ERR_INIT;

	if (!ask_yes("办理", true, "把“%s”办到“%s”这一步？", v->title,
	    m->label))
		return;
	if (deadline_fill(v->r, &e) < 0 || record_move(v->r, m, &e) < 0)
		screen_say_err(&e);
	else
		screen_say("已办：%s", m->label);
}

static void
enter(struct recview *v, int i)
{
	struct door *d = &v->doors.door[i];
	char uid[37];

	memcpy(uid, v->uid, sizeof uid);
	switch (d->kind) {
	case DOOR_EDIT:
		edit(v);
		break;
	case DOOR_ACT:
		d->act->run(uid);
		break;
	case DOOR_SIGN:
		gridview_run(d->form, d->ref, uid);
		break;
	case DOOR_MOVE:
		do_move(v, d->move);
		break;
	case DOOR_CHILD:
		if (d->n == 0)
			kind_new(d->form, d->ref, uid, NULL);
		else
			kind_run(d->form, d->ref, uid);
		break;
	}
}

static void
refresh(struct recview *v)
{
	if (screen_leaving() == LEAVE_NOT && load(v) < 0)
		screen_back(&v->base);
}

static void
open_door(struct screen *s)
{
	struct recview *v = (struct recview *)s;

	enter(v, v->at);
	refresh(v);
}

static void
up(struct screen *s)
{
	struct recview *v = (struct recview *)s;

	v->at = (v->at + v->doors.n - 1) % v->doors.n;
}

static void
down(struct screen *s)
{
	struct recview *v = (struct recview *)s;

	v->at = (v->at + 1) % v->doors.n;
}

static void
edit_key(struct screen *s)
{
	edit((struct recview *)s);
	refresh((struct recview *)s);
}

static void
new_key(struct screen *s)
{
	struct recview *v = (struct recview *)s;
	struct door *d = &v->doors.door[v->at];

	if (d->kind != DOOR_CHILD && d->kind != DOOR_SIGN) {
		screen_say("先把光标移到要新增的那一类上，再按 N");
		draw_beep();
		return;
	}
	kind_new(d->form, d->ref, v->uid, NULL);
	refresh(v);
}

static void
history_key(struct screen *s)
{
	struct recview *v = (struct recview *)s;

	kind_history(v->form, v->uid);
}

static void
delete_key(struct screen *s)
{
	struct recview *v = (struct recview *)s;

	if (kind_delete(v->form, v->uid))
		screen_back(s);
	else
		refresh(v);
}

static void
unmask_key(struct screen *s)
{
	struct recview *v = (struct recview *)s;
	struct err e = ERR_INIT;

	if (!v->masked)
		return;
	if (journal_note(ui_db(), "unmask", v->form->name, v->uid,
	    "显示号码", &e) < 0) {
		screen_say_err(&e);
		return;
	}
	v->masked = false;
	load(v);
	screen_say("号码已显示，已记入日志");
}

static void
move_key(struct screen *s)
{
	struct recview *v = (struct recview *)s;

	if (moves_run(v->form, v->uid))
		refresh(v);
}

static void
visit_key(struct screen *s)
{
	struct recview *v = (struct recview *)s;

	visitrun_one(v->uid);
	refresh(v);
}

static void
sheet_key(struct screen *s)
{
	struct recview *v = (struct recview *)s;

	if (v->child != NULL)
		childpage_sheet("visit_sheet", v->uid);
	else
		draw_beep();
}

static void
side(struct screen *s)
{
	struct recview *v = (struct recview *)s;
	int rows = draw_rows() - 2 - (v->child != NULL ?
	    childpage_lines(v->child) + 2 : 0);

	if (v->child != NULL)
		v->at = v->at >= rows ? v->at - rows : v->at + rows <
		    v->doors.n ? v->at + rows : v->at;
}

/* To the neighbour in the list that this came from. */
static void
neighbour(struct recview *v, int by)
{
	if (v->step == NULL || !v->step(v->arg, by, v->uid)) {
		screen_say(v->step == NULL ? "不是从列表里打开的" :
		    by > 0 ? "已是最后一条" : "已是第一条");
		draw_beep();
		return;
	}
	v->masked = true;
	v->at = v->top = 0;
	refresh(v);
}

static void
next_record(struct screen *s)
{
	neighbour((struct recview *)s, 1);
}

static void
previous_record(struct screen *s)
{
	neighbour((struct recview *)s, -1);
}

#define ROWS_BEFORE \
	{ K_ENTER, 0, "回车", "打开", "打开有标记的一行", open_door }, \
	{ 'n', K_INS, "N", "新增", "新增一条（走访、监护人等）", new_key }, \
	{ 'e', 0, "E", "修改", "修改这一条", edit_key }
#define ROW_MOVE \
	{ 'm', 0, "M", "变动", "转村、迁出、迁回、死亡、落户；村的合并", move_key }
#define ROWS_AFTER \
	{ K_LEFT, K_RIGHT, "左 右", NULL, "左右两列", side }, \
	{ 'h', 0, "H", "历史", "谁在什么时候改过什么", history_key }, \
	{ K_F(6), 0, "F6", NULL, "显示完整号码（会记入日志）", unmask_key }, \
	{ 'd', 0, "D", "删除", "删除这一条，要写原因", delete_key }, \
	{ K_UP, K_BACKTAB, "上 下", NULL, "移动", up }, \
	{ K_DOWN, K_TAB, "下", NULL, NULL, down }, \
	{ K_PGDN, 0, "PgDn PgUp", NULL, "列表里的下一条、上一条", next_record }, \
	{ K_PGUP, 0, "PgUp", NULL, NULL, previous_record }, \
	{ '1', 0, "1-9", NULL, "直接打开第几行", NULL }, \
	{ K_ESC, 0, "Esc", "返回", "返回", screen_back }, \
	{ 0, 0, NULL, NULL, NULL, NULL }

static const struct keyrow rows[] = { ROWS_BEFORE, ROWS_AFTER };
static const struct keyrow village_rows[] = {
	ROWS_BEFORE, ROW_MOVE, ROWS_AFTER
};
static const struct keyrow child_rows[] = {
	ROWS_BEFORE,
	{ 'v', 0, "V", "记走访", "给这个孩子记一次走访", visit_key },
	{ 'p', 0, "P", NULL, "打印走访单", sheet_key },
	ROW_MOVE, ROWS_AFTER
};

static void
key(struct screen *s, const struct key *k)
{
	struct recview *v = (struct recview *)s;
	uint32_t c = key_plain(k);
	int i = (int)c - '1';

	if (c < '1' || c > '9' || i >= v->doors.n) {
		draw_beep();
		return;
	}
	v->at = i;
	open_door(s);
}

static const struct screen_ops ops = {
	.full = true, .rows = rows, .draw = draw, .key = key
};
static const struct screen_ops village_ops = {
	.full = true, .rows = village_rows, .draw = draw, .key = key
};
static const struct screen_ops child_ops = {
	.full = true, .rows = child_rows, .draw = draw, .key = key
};

void
recview_run(const struct form *form, const char *uid)
{
	recview_run_from(form, uid, NULL, NULL);
}

void
recview_run_from(const struct form *form, const char *uid, recview_step *step,
    void *arg)
{
	struct recview *v = xcalloc(1, sizeof *v);

	v->base.ops = strcmp(form->name, "child") == 0 ? &child_ops :
	    strcmp(form->name, "village") == 0 ? &village_ops : &ops;
	v->form = form;
	v->step = step;
	v->arg = arg;
	v->masked = true;
	strncpy(v->uid, uid, sizeof v->uid - 1);
	if (load(v) == 0)
		screen_run(&v->base);
	forget(v);
	free(v);
}
