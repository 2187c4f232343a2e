/* See signin.h.  Every mark is saved at once (policy/rollcall.h).  Nothing
 * here shows a child or a category. */
#include "signin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "choose.h"
#include "db.h"
#include "draw.h"
#include "invite.h"
#include "lineedit.h"
#include "listscreen.h"
#include "mem.h"
#include "picker.h"
#include "rollcall.h"
#include "screen.h"
#include "signinadd.h"
#include "ui.h"

/* Columns of a name; wider when units must tell two of one name apart. */
enum { CELL = 19, WIDE_CELL = 26, TOP = 2, TYPED_MAX = 12, STEPS = 50 };

struct signin {
	struct screen base;
	const char *uid;
	struct roll roll;
	char *stamp;		/* of the rows as loaded */
	int session, at, top, cell;
	bool missed;		/* what is typed fits nobody */
	struct edit typed;
	struct roll_step step[STEPS];
	int nsteps;
};

/* ---- the roll --------------------------------------------------------- */

static struct roll_person *
here(struct signin *g)
{
	if (g->roll.n == 0) {
		draw_beep();
		return NULL;
	}
	return &g->roll.p[g->at];
}

static bool
came(const struct signin *g, const struct roll_person *p)
{
	return (p->half.came & 1u << g->session) != 0;
}

/* Another person of the same name: then the unit tells them apart. */
static bool
namesake(const struct roll *r, size_t i)
{
	return (i > 0 && str_eq(r->p[i].name, r->p[i - 1].name)) ||
	    (i + 1 < r->n && str_eq(r->p[i].name, r->p[i + 1].name));
}

/* Load anew, with the cursor on the row `row` (NULL: where it is). */
static void
reload(struct signin *g, const char *row)
{
	struct err e = ERR_INIT;
	struct roll fresh;
	char at[37] = "";
	size_t i;

	if (row == NULL && g->roll.n > 0)
		row = g->roll.p[g->at].row;
	if (row != NULL)
		snprintf(at, sizeof at, "%s", row);
	free(g->stamp);
	g->stamp = roll_stamp(ui_forms(), g->uid);
	if (roll_load(ui_forms(), g->uid, &fresh, &e) < 0) {
		screen_say_err(&e);
		return;
	}
	roll_done(&g->roll);
	g->roll = fresh;
	g->cell = CELL;
	for (i = 0; i < fresh.n; i++) {
		if (strcmp(fresh.p[i].row, at) == 0)
			g->at = (int)i;
		if (namesake(&fresh, i))
			g->cell = WIDE_CELL;
	}
	if (g->at >= (int)fresh.n)
		g->at = fresh.n > 0 ? (int)fresh.n - 1 : 0;
	if (g->session >= g->roll.sessions)
		g->session = 0;
}

/* What the other operator did. */
static bool
tick(struct screen *s)
{
	struct signin *g = (struct signin *)s;
	char *now = roll_stamp(ui_forms(), g->uid);
	bool same = str_eq(now, g->stamp);

	free(now);
	if (!same)
		reload(g, NULL);
	return !same;
}

/* ---- drawing ---------------------------------------------------------- */

static int
rows_shown(void)
{
	return screen_body_rows() - TOP - 1;
}

static int
columns_shown(const struct signin *g)
{
	int n = (draw_cols() - 2) / g->cell;

	return n < 1 ? 1 : n;
}

static const char *
mark_of(const struct signin *g, const struct roll_person *p)
{
	static const char *const marks[][2] = { { "on_time", "x " },
	    { "late", "迟" }, { "early", "早" }, { "both", "双" } };
	const char *code = halfday_punctual(&p->half, g->session);
	size_t i;

	for (i = 0; i < COUNT_OF(marks); i++)
		if (came(g, p) && strcmp(marks[i][0], code) == 0)
			return marks[i][1];
	return p->present ? ". " : "  ";
}

static void
draw_cell(const struct signin *g, size_t i, int y, int x)
{
	const struct roll_person *p = &g->roll.p[i];

	draw_textf(y, x, g->cell - 1, (int)i == g->at ? D_REVERSE : D_PLAIN,
	    "%2zu[%s]%s%s%s%s", i + 1, mark_of(g, p), p->name,
	    p->substitute_for != NULL ? "(代)" : p->invited ? "" : "+",
	    namesake(&g->roll, i) ? " " : "",
	    namesake(&g->roll, i) && p->unit != NULL ? p->unit : "");
}

static void
draw_person(const struct signin *g)
{
	const struct roll_person *p;
	const char *at;

	if (g->roll.n == 0)
		return;
	p = &g->roll.p[g->at];
	at = p->half.at[g->session];
	draw_textf(draw_rows() - 3, 20, draw_cols() - 20, D_PLAIN,
	    "%s  %s  %s%s%s%s", p->name, p->unit != NULL ? p->unit : "",
	    came(g, p) ? at[0] != '\0' ? at + 11 : "已到" : "未到", p->substitute_for != NULL ? "  代 " : "",
	    p->substitute_for != NULL ? p->substitute_for : "",
	    p->left ? "  已离任" : p->invited ? "" : "  不在邀请名单");
}

static void
draw(struct screen *s)
{
	struct signin *g = (struct signin *)s;
	int rows = rows_shown(), cols = columns_shown(g), k, present = 0;
	char right[96];
	size_t i;

	for (i = 0; i < g->roll.n; i++)
		present += came(g, &g->roll.p[i]);
	snprintf(right, sizeof right, "第%d/%d场  到场 %d / %zu 人",
	    g->session + 1, g->roll.sessions, present, g->roll.n);
	screen_frame(s, g->roll.title, right);
	if (g->at / rows < g->top)
		g->top = g->at / rows;
	if (g->at / rows >= g->top + cols)
		g->top = g->at / rows - cols + 1;
	for (i = (size_t)(g->top * rows); i < g->roll.n; i++) {
		k = (int)i - g->top * rows;
		if (k / rows >= cols)
			break;
		draw_cell(g, i, TOP + k % rows, 1 + k / rows * g->cell);
	}
	if (g->roll.n == 0)
		draw_text(TOP + 1, 3, draw_cols() - 4,
		    "名单还是空的：F4 按范围列名单，F5 逐个加", D_PLAIN);
	draw_text(draw_rows() - 3, 1, 6, "找人:", D_PLAIN);
	draw_person(g);
	lineedit_draw(&g->typed, draw_rows() - 3, 7, TYPED_MAX, true, false);
}

/* ---- acts ------------------------------------------------------------- */

/* Room for one more step; the oldest is forgotten. */
static struct roll_step *
next_step(struct signin *g)
{
	if (g->nsteps == STEPS) {
		roll_step_done(&g->step[0]);
		memmove(&g->step[0], &g->step[1],
		    (STEPS - 1) * sizeof g->step[0]);
		g->nsteps--;
	}
	memset(&g->step[g->nsteps], 0, sizeof g->step[0]);
	return &g->step[g->nsteps];
}

static void
after(struct signin *g, int rc, const struct roll_step *step,
    const struct err *e)
{
	char row[37];

	if (rc < 0) {
		screen_say_err(e);
		reload(g, NULL);
		return;
	}
	memcpy(row, step->row, sizeof row);
	g->nsteps++;
	reload(g, row[0] != '\0' ? row : NULL);
}

static void
toggle(struct signin *g)
{
	struct roll_person *p = here(g);
	struct err e = ERR_INIT;
	struct roll_step *step;
	int rc;

	if (p == NULL)
		return;
	if (g->missed) {		/* never the one found before */
		draw_beep();
		return;
	}
	if (came(g, p) && p->certificate != NULL && p->revoked_on == NULL) {
		screen_say("%s 已发证书 %s，不能改成未到；要改先作废证书",
		    p->name, p->certificate);
		draw_beep();
		return;
	}
	step = next_step(g);
	rc = roll_mark(ui_forms(), &g->roll, p->row, g->session, !came(g, p),
	    step, &e);
	after(g, rc, step, &e);
	edit_set(&g->typed, "");
}

static void
punctual(struct screen *s)
{
	static const char *const order[] = { "on_time", "late", "early",
	    "both" };
	struct signin *g = (struct signin *)s;
	struct roll_person *p = here(g);
	struct err e = ERR_INIT;
	struct roll_step *step;
	size_t i;
	int rc;

	if (p == NULL)
		return;
	if (!came(g, p)) {
		screen_say("%s 这一场还没有签到", p->name);
		draw_beep();
		return;
	}
	for (i = 0; i < COUNT_OF(order) - 1; i++)
		if (strcmp(halfday_punctual(&p->half, g->session),
		    order[i]) == 0)
			break;
	step = next_step(g);
	rc = roll_punctual(ui_forms(), &g->roll, p->row, g->session,
	    order[(i + 1) % COUNT_OF(order)], step, &e);
	after(g, rc, step, &e);
}

static void
add(struct signin *g, const char *instead_of, const char *title,
    const char *typed)
{
	struct err e = ERR_INIT;
	struct newcomer n;
	struct roll_step *step;
	int rc;

	if (!signin_ask(title, typed, &n))
		return;
	step = next_step(g);
	rc = roll_walk_in(ui_forms(), &g->roll, n.staff, n.name, n.unit,
	    instead_of, g->session, step, &e);
	after(g, rc, step, &e);
	edit_set(&g->typed, "");
	newcomer_done(&n);
}

static void
walk_in(struct screen *s)
{
	struct signin *g = (struct signin *)s;

	add(g, NULL, "谁来了", edit_text(&g->typed));
}

static void
substitute(struct screen *s)
{
	struct signin *g = (struct signin *)s;
	struct roll_person *p = here(g);
	char row[37];
	char *title;

	if (p == NULL)
		return;
	memcpy(row, p->row, sizeof row);
	title = xasprintf("谁代 %s 来", p->name);
	add(g, row, title, "");
	free(title);
}

static void
undo(struct screen *s)
{
	struct signin *g = (struct signin *)s;
	struct err e = ERR_INIT;
	struct roll_step *step;

	if (g->nsteps == 0) {
		screen_say("没有可撤销的");
		draw_beep();
		return;
	}
	if (roll_undo(ui_forms(), g->step, (size_t)g->nsteps, &e) < 0)
		screen_say_err(&e);
	else
		screen_say("已撤销上一步");
	step = &g->step[--g->nsteps];
	reload(g, step->row);
	roll_step_done(step);
}

void
signin_invite(const char *uid)
{
	struct err e = ERR_INIT;
	char *code = db_str(ui_db(), "SELECT coalesce(invited,'by_hand') FROM"
	    " training WHERE uid=?1", "s", uid);
	int n = listscreen_lists() == NULL || code == NULL ? 0 :
	    invite_by_rule(ui_forms(), listscreen_lists(), uid, code, &e);

	free(code);
	if (n < 0)
		screen_say_err(&e);
	else if (n == 0)
		screen_say("按参训范围没有要加的人");
	else
		screen_say("名单加了 %d 人", n);
}

static void
invite(struct screen *s)
{
	signin_invite(((struct signin *)s)->uid);
	reload((struct signin *)s, NULL);
}

static void
next_session(struct screen *s)
{
	struct signin *g = (struct signin *)s;

	if (g->roll.sessions == 1) {
		screen_say("这个班只有一场；分几个半天的，在培训班里填“场次”");
		draw_beep();
		return;
	}
	g->session = (g->session + 1) % g->roll.sessions;
}

static void
done(struct screen *s)
{
	struct signin *g = (struct signin *)s;
	int n = 0;
	size_t i;

	for (i = 0; i < g->roll.n; i++)
		n += g->roll.p[i].present;
	screen_say("已存好，到场 %d 人", n);
	screen_end(s, 1);
}

/* ---- moving ----------------------------------------------------------- */

static void
move_by(struct screen *s, int by)
{
	struct signin *g = (struct signin *)s;
	int to = g->at + by, n = (int)g->roll.n;

	if (n > 0)
		g->at = to < 0 ? 0 : to >= n ? n - 1 : to;
	g->missed = false;
}

/* While letters stand in the field, the arrows go from one person who fits
 * them to the next. */
static void
next_fit(struct screen *s, int by)
{
	struct signin *g = (struct signin *)s;
	const char *t = edit_text(&g->typed);
	int n = (int)g->roll.n, i, k;

	if (*t == '\0' || (*t >= '0' && *t <= '9')) {
		move_by(s, by);
		return;
	}
	for (i = 1; i <= n; i++) {
		k = (g->at + (by > 0 ? i : n * 2 - i)) % n;
		if (pick_matches(g->roll.p[k].name, NULL, t)) {
			g->at = k;
			return;
		}
	}
}

static void
up(struct screen *s)
{
	next_fit(s, -1);
}

static void
down(struct screen *s)
{
	next_fit(s, 1);
}

static void
left(struct screen *s)
{
	move_by(s, -rows_shown());
}

static void
right(struct screen *s)
{
	move_by(s, rows_shown());
}

/* Digits are the number on the sheet; letters fit names, those who have not
 * come yet before those who have. */
static void
jump(struct signin *g)
{
	const char *t = edit_text(&g->typed);
	int n = (int)g->roll.n, i, first = -1, number = atoi(t);

	g->missed = false;
	if (*t == '\0')
		return;
	if (*t >= '0' && *t <= '9') {
		first = number >= 1 && number <= n ? number - 1 : -1;
	} else {
		for (i = 0; i < 2 * n && first < 0; i++)
			if (came(g, &g->roll.p[i % n]) == (i >= n) &&
			    pick_matches(g->roll.p[i % n].name, NULL, t))
				first = i % n;
	}
	if (first >= 0) {
		g->at = first;
		return;
	}
	g->missed = true;
	screen_say("名单里没有“%s”；不在名单上的按 F5", t);
	draw_beep();
}

static const struct keyrow rows[] = {
	{ ' ', 0, "空格", "到场", "到场或取消（马上存好）", NULL },
	{ 'a', 0, "字母", "找人", "打首字母或名单上的序号，跳到那个人", NULL },
	{ K_TAB, 0, "Tab", "场次", "换一场（半天）", next_session },
	{ K_F(4), 0, "F4", "名单", "按参训范围列名单", invite },
	{ K_INS, K_F(5), "F5", "加人", "不在名单上的人来了", walk_in },
	{ K_F(6), 0, "F6", "迟到", "这一场准时、迟到、早退、迟到又早退", punctual },
	{ K_F(7), 0, "F7", "代", "别人代这个人来", substitute },
	{ K_UNDO, K_F(9), "F9", "撤销", "撤销上一步（也可以按 ^Z）", undo },
	{ K_UP, K_BACKTAB, "上 下", NULL, "上下移动；打了字母时到下一个同首字母的人", up },
	{ K_DOWN, 0, "下", NULL, NULL, down },
	{ K_LEFT, 0, "左 右", NULL, "左右移动", left },
	{ K_RIGHT, 0, "右", NULL, NULL, right },
	{ K_F(2), 0, "F2", NULL, "完成", done },
	{ K_ENTER, 0, "回车", NULL, "到场，与空格相同", NULL },
	{ K_ESC, 0, "Esc", "完成", "完成，返回", done },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static void
key(struct screen *s, const struct key *k)
{
	struct signin *g = (struct signin *)s;
	uint32_t c = key_plain(k);

	if (c == ' ' || c == K_ENTER)
		toggle(g);
	else if (lineedit_key(&g->typed, k, 0))
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
	.full = true, .rows = rows, .draw = draw, .key = key,
	.typing = typing, .tick = tick
};

void
signin_run(const char *uid)
{
	struct signin *g = xcalloc(1, sizeof *g);
	struct err e = ERR_INIT;

	g->base.ops = &ops;
	g->uid = uid;
	g->cell = CELL;
	edit_init(&g->typed, 20, false);
	if (roll_load(ui_forms(), uid, &g->roll, &e) < 0) {
		screen_say_err(&e);
	} else {
		if (g->roll.n == 0)
			signin_invite(uid);
		reload(g, NULL);
		screen_run(&g->base);
	}
	while (g->nsteps > 0)
		roll_step_done(&g->step[--g->nsteps]);
	roll_done(&g->roll);
	edit_done(&g->typed);
	free(g->stamp);
	free(g);
}
