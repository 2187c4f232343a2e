/* See turnscreen.h.  Each change is done as soon as it is entered, in one
 * transaction (policy/turnover.h); the day stays for the next village. */
#include "turnscreen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "choose.h"
#include "date.h"
#include "db.h"
#include "draw.h"
#include "entry.h"
#include "handover.h"
#include "listscreen.h"
#include "listview.h"
#include "mem.h"
#include "output.h"
#include "picker.h"
#include "record.h"
#include "turnover.h"
#include "ui.h"
#include "user.h"
#include "when.h"

enum { NAME, NUMBER, PHONE, ON, LEFT, REASON, LOGIN, FIELDS };

#define AUTO "自动"

struct seat {
	char village[37], old[37];	/* old: "" vacant */
	char *place, *name, *since, *before;
};

struct turns {
	struct listview lv;
	struct seat *seat;
	size_t n, cap;
	size_t *shown;
	size_t nshown;
	char day[DATE_SIZE];	/* of the last change */
};

/* ---- the list --------------------------------------------------------- */

static void
forget(struct turns *t)
{
	while (t->n > 0) {
		struct seat *s = &t->seat[--t->n];

		free(s->place);
		free(s->name);
		free(s->since);
		free(s->before);
	}
}

static int
load(struct turns *t, struct err *e)
{
	struct stmt *q = db_get(ui_db(), "SELECT v.uid,s.uid,v.name,s.name,"
	    "s.appointed_on,o.name FROM village v LEFT JOIN staff s ON"
	    " s.uid=(SELECT x.uid FROM staff x WHERE x.village=v.uid AND"
	    " x.left_on IS NULL AND instr(x.role,';director;') ORDER BY"
	    " x.appointed_on DESC,x.uid LIMIT 1)"
	    " LEFT JOIN staff o ON o.uid=s.predecessor"
	    " WHERE length(v.code)=12 AND v.valid_to IS NULL"
	    " ORDER BY v.code", e);
	struct seat *s;
	int rc;

	forget(t);
	if (q == NULL)
		return e->code;
	while ((rc = stmt_step(q, e)) > 0) {
		t->seat = mem_grow(t->seat, t->n, &t->cap, sizeof *t->seat);
		s = &t->seat[t->n++];
		memset(s, 0, sizeof *s);
		snprintf(s->village, sizeof s->village, "%s", stmt_col(q, 0));
		snprintf(s->old, sizeof s->old, "%s", stmt_is_null(q, 1) ?
		    "" : stmt_col(q, 1));
		s->place = xstrdup(stmt_col(q, 2));
		s->name = xstrdup(stmt_col(q, 3));
		s->since = xstrdup(stmt_col(q, 4));
		s->before = xstrdup(stmt_col(q, 5));
	}
	free(t->shown);
	t->shown = xcalloc(t->n + 1, sizeof *t->shown);
	return rc;
}

static int
open_rows(struct listview *lv, const char *filter, int sort, bool desc,
    struct err *e)
{
	struct turns *t = lv->arg;
	int rc = load(t, e);
	size_t i;

	(void)sort;
	(void)desc;
	t->nshown = 0;
	for (i = 0; rc == 0 && i < t->n; i++)
		if (*filter == '\0' ||
		    pick_matches(t->seat[i].place, NULL, filter) ||
		    (t->seat[i].name != NULL &&
		    pick_matches(t->seat[i].name, NULL, filter)))
			t->shown[t->nshown++] = i;
	lv->n = (long)t->nshown;
	return rc;
}

static struct seat *
seat_at(struct turns *t, long row)
{
	return row < 0 || (size_t)row >= t->nshown ? NULL :
	    &t->seat[t->shown[row]];
}

static void
cell(struct listview *lv, long row, int col, struct str *out)
{
	const struct seat *s = seat_at(lv->arg, row);

	if (s == NULL)
		return;
	if (col == 0)
		str_add(out, s->place);
	else if (col == 1)
		str_add(out, s->name != NULL ? s->name : "（空缺）");
	else
		str_add(out, col == 2 ? s->since : s->before);
}

static char
flag(struct listview *lv, long row)
{
	const struct seat *s = seat_at(lv->arg, row);

	return s != NULL && s->old[0] == '\0' ? '!' : ' ';
}

static const struct list_source source = {
	.open = open_rows, .cell = cell, .flag = flag
};

static void
again(struct turns *t)
{
	struct err e = ERR_INIT;

	if (screen_leaving() == LEAVE_NOT && listview_reload(&t->lv, &e) < 0)
		screen_say_err(&e);
}

/* ---- one change ------------------------------------------------------- */

struct form_state {
	struct turns *t;
	const struct seat *seat;
	char *staff, *name;	/* the new one is in the register already */
	bool leaves_all;	/* the old one's other posts end, too */
	int at[FIELDS];		/* where a field stands, -1: not asked for */
	struct turned done;
};

/* A day typed in any of the usual ways, "" when it is not one. */
static void
day_of(const char *typed, char out[DATE_SIZE])
{
	struct err e = ERR_INIT;

	if (when_date(typed, out, &e) < 0)
		out[0] = '\0';
}

/* What stands in a field; NULL when empty or not asked for. */
static const char *
typed(const struct form_state *st, const struct entry *en, int i)
{
	const char *v;

	if (st->at[i] < 0)
		return NULL;
	v = entry_text(en, st->at[i]);
	return str_blank(v) ? NULL : v;
}

static int
submit(void *arg, struct entry *en, int *at, struct err *e)
{
	struct form_state *st = arg;
	char on[DATE_SIZE], left[DATE_SIZE], *login = NULL;
	const char *later = typed(st, en, LEFT);
	struct turnover v = { .village = st->seat->village,
	    .old = st->seat->old[0] != '\0' ? st->seat->old : NULL,
	    .left_on = left, .left_reason = typed(st, en, REASON),
	    .leaves_all = st->leaves_all, .staff = st->staff,
	    .name = st->name != NULL ? st->name : typed(st, en, NAME),
	    .id_number = typed(st, en, NUMBER), .phone = typed(st, en, PHONE),
	    .appointed_on = on, .login = typed(st, en, LOGIN) };
	int rc;

	day_of(typed(st, en, ON) != NULL ? typed(st, en, ON) : "", on);
	day_of(later != NULL ? later : on, left);
	*at = st->at[on[0] == '\0' ? ON : LEFT];
	if (on[0] == '\0' || left[0] == '\0')
		return err_set(e, E_FORMAT, "日期要写成年月日，如 20260301");
	*at = 0;
	if (str_eq(v.login, AUTO))
		v.login = login = turnover_login(ui_forms(), v.name);
	rc = turnover_do(ui_forms(), &v, &st->done, e);
	if (rc == 0)
		memcpy(st->t->day, on, sizeof st->t->day);
	free(login);
	return rc;
}

static void
tell(const struct form_state *st)
{
	const struct turned *d = &st->done;
	struct str text = STR_INIT;

	str_addf(&text, "%s已换。移交受理单 %d 件、儿童之家 %d 个；走访、评估"
	    "的到期按村，自动归新任。", st->seat->place, d->cases, d->homes);
	if (d->stays)
		str_addf(&text, "前任 %s 的其他职务留任。", st->seat->name);
	if (d->disabled[0] != '\0')
		str_addf(&text, "前任账号 %s 已收回。", d->disabled);
	if (d->login[0] != '\0')
		str_addf(&text, "新任账号 %s，初始密码 %s，只显示这一次，请抄给"
		    "本人，登录后在“系统设置”里改。", d->login, d->password);
	else if (!ui_role(ROLE_ADMIN))
		str_add(&text, "账号请管理员在“系统设置”里办。");
	str_add(&text, "按 P 打印交接清单。");
	ask_ok("换届", text.buf);
	explicit_bzero(text.buf, text.len);
	str_done(&text);
}

/* Somebody with several posts (一肩挑) leaves one or all; false: neither. */
static bool
ask_posts(struct form_state *st)
{
	static const struct ask_item items[] = {
		{ '1', "只卸任儿童主任，其他职务留任" },
		{ '2', "各职都离任" } };
	char *others = st->seat->old[0] == '\0' ? NULL :
	    turnover_others(ui_forms(), st->seat->old), *text;
	int which = 0;

	if (others != NULL) {
		text = xasprintf("前任 %s 还任 %s。", st->seat->name, others);
		which = ask_items("一肩挑", text, items, COUNT_OF(items), 0);
		free(text);
	}
	free(others);
	st->leaves_all = which == 1;
	return which >= 0;
}

/* The name of somebody in the register is known, a vacant seat has no
 * predecessor, accounts are an administrator's. */
static bool
asked(const struct form_state *st, int i)
{
	if (i == NAME || i == NUMBER || i == PHONE)
		return st->name == NULL;
	if (i == LEFT || i == REASON)
		return st->seat->old[0] != '\0';
	return i != LOGIN || ui_role(ROLE_ADMIN);
}

static void
preset(const struct form_state *st, struct entry_field *f, int i,
    const char *text)
{
	if (st->at[i] >= 0)
		edit_set(&f[st->at[i]].edit, text);
}

static void
ask(struct form_state *st)
{
	struct entry_field f[] = {
		[NAME] = { .label = "新任姓名", .max = 72, .required = true },
		[NUMBER] = { .label = "证件号码", .max = 18 },
		[PHONE] = { .label = "手机", .max = 20 },
		[ON] = { .label = "任职日期", .max = 20, .required = true,
		    .hint = "年月日，如 20260301" },
		[LEFT] = { .label = "前任离任", .max = 20,
		    .hint = "空着是与任职同一天" },
		[REASON] = { .label = "离任原因", .max = 60 },
		[LOGIN] = { .label = "新任账号", .max = 40, .hint =
		    "“自动”是按姓名拼音起登录名；清空就不开账号" }
	};
	struct entry_field shown[FIELDS + 1] = { { .label = NULL } };
	struct entry en = { .arg = st, .submit = submit };
	char *title;
	int i, n = 0;

	for (i = 0; i < FIELDS; i++) {
		st->at[i] = asked(st, i) ? n : -1;
		if (st->at[i] >= 0)
			shown[n++] = f[i];
	}
	title = xasprintf("换届  %s  前任 %s%s%s", st->seat->place,
	    st->seat->name != NULL ? st->seat->name : "（空缺）",
	    st->name != NULL ? "  新任 " : "",
	    st->name != NULL ? st->name : "");
	en.title = title;
	entry_init(&en, shown);
	preset(st, shown, ON, st->t->day);
	preset(st, shown, REASON, "换届");
	preset(st, shown, LOGIN, AUTO);
	if (entry_run(&en))
		tell(st);
	explicit_bzero(&st->done, sizeof st->done);
	entry_done(&en);
	free(title);
}

static void
change(struct screen *s)
{
	struct turns *t = ((struct listview *)s)->arg;
	struct form_state st = { .t = t, .seat = seat_at(t, t->lv.at) };

	if (st.seat == NULL) {
		draw_beep();
		return;
	}
	if (ask_posts(&st))
		ask(&st);
	again(t);
}

/* The new one is in the register already, with another post. */
static void
change_known(struct screen *s)
{
	struct turns *t = ((struct listview *)s)->arg;
	struct form_state st = { .t = t, .seat = seat_at(t, t->lv.at) };
	const struct form *f = ui_form("staff");

	if (st.seat == NULL || f == NULL) {
		draw_beep();
		return;
	}
	st.staff = choose_record(ui_forms(), f, "新任是谁（已在登记里的）", "",
	    NULL, NULL, NULL);
	if (st.staff != NULL) {
		st.name = record_display(ui_forms(), f, st.staff);
		if (ask_posts(&st))
			ask(&st);
	}
	free(st.staff);
	free(st.name);
	again(t);
}

static void
print(struct screen *s)
{
	static const struct ask_item items[] = { { '1', "这个村" },
	    { '2', "今年换届的各村" } };
	struct turns *t = ((struct listview *)s)->arg;
	const struct seat *seat = seat_at(t, t->lv.at);
	struct err e = ERR_INIT;
	struct paper *p;
	int which;

	if (seat == NULL || listscreen_lists() == NULL)
		return;
	which = ask_items("交接清单", "打印哪些村的交接清单？", items,
	    COUNT_OF(items), 0);
	if (which < 0)
		return;
	if (handover_paper(ui_forms(), listscreen_lists(), which == 0 ?
	    seat->village : NULL, date_today(), &p, &e) < 0) {
		screen_say_err(&e);
		return;
	}
	output_paper(p, "交接清单");
	paper_free(p);
}

static const struct keyrow rows[] = {
	{ K_ENTER, 0, "回车", "换届", "这个村换儿童主任", change },
	{ 'g', 0, "G", "登记里的人", "新任已在工作人员登记里（兼别的职）", change_known },
	{ 'p', 0, "P", "交接清单", "打印交接清单，双方签字", print },
	{ '/', 0, "/", NULL, "打字筛选", listview_filter },
	{ 'f', 0, "F", "筛选", "打字筛选：村名、姓名", listview_filter },
	{ K_UP, 0, "上 下", NULL, "移动一行", listview_up },
	{ K_DOWN, 0, "下", NULL, NULL, listview_down },
	{ K_PGUP, 0, "PgUp PgDn", NULL, "移动一页", listview_page_up },
	{ K_PGDN, 0, "PgDn", NULL, NULL, listview_page_down },
	{ K_ESC, 0, "Esc", "返回", "返回", listview_back },
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
	.typing = listview_typing
};

void
turnscreen_run(void)
{
	struct list_column col[] = {
		{ "村（社区）", 24, false, false },
		{ "现任儿童主任", 16, false, false },
		{ "任职日期", 10, false, false }, { "前任", 16, false, false }
	};
	struct turns t = { .n = 0 };

	snprintf(t.day, sizeof t.day, "%s", date_today());
	t.lv.base.ops = &ops;
	t.lv.src = &source;
	t.lv.arg = &t;
	t.lv.title = "换届";
	t.lv.none = "没有村";
	t.lv.col = col;
	t.lv.ncols = COUNT_OF(col);
	listview_init(&t.lv);
	again(&t);
	screen_run(&t.lv.base);
	listview_done(&t.lv);
	forget(&t);
	free(t.seat);
	free(t.shown);
}
