/* 收上报包.  The deliveries of a stick are shown with what taking them would
 * do; F2 takes all that can be taken, one after the other, and writes one
 * receipt for each database.  What is refused stands there with its reason and
 * stops nobody else. */
#include "receivescreen.h"

#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "cardscreen.h"
#include "countykeys.h"
#include "desk.h"
#include "draw.h"
#include "file.h"
#include "help.h"
#include "mem.h"
#include "outbox.h"
#include "placepick.h"
#include "progress.h"
#include "sheet.h"
#include "stickask.h"
#include "ui.h"
#include "verify.h"

enum { LINES_SHOWN = 10 };

struct delivery {
	char *path;
	struct receive_item it;
	struct err why;		/* when it was refused */
	bool judged, merged;
	bool fresh;		/* another key than the one enrolled */
};

struct receiving {
	struct sheet sh;
	struct receiver *r;
	char *dir;
	struct delivery *v;
	size_t n, halves;
	struct str said;	/* the receipts that were written */
	bool stopped;
};

/* ---- the list ----------------------------------------------------------- */

static bool
refused(const struct delivery *d)
{
	return d->why.code != 0;
}

static const char *
state_words(const struct delivery *d)
{
	static const char *const ready[] = {
		[MERGE_OK] = "可以收", [MERGE_SEEN] = "收过了",
		[MERGE_LATE] = "收过了", [MERGE_GAP] = "缺包",
		[MERGE_FORK] = "对不上", [MERGE_UNKNOWN] = "待核对"
	};

	if (refused(d))
		return d->it.stranger ? "未登记" : d->fresh ? "换了密钥" :
		    "不能收";
	if (!d->judged)
		return "还没看";
	return d->merged && d->it.result.status == MERGE_OK ? "已并入" :
	    ready[d->it.result.status];
}

static const char *
file_of(const struct delivery *d)
{
	const char *slash = strrchr(d->path, '/');

	return slash != NULL ? slash + 1 : d->path;
}

/* Why, and which key helps. */
static void
why_refused(const struct delivery *d, struct str *out)
{
	if (d->it.stranger)
		str_addf(out, "%s 还没有登记公钥：打电话核对，按 F5 登记",
		    d->it.name);
	else if (d->fresh)
		str_addf(out, "%s：旁边有新的登记文件，按 F5 登记",
		    file_of(d));
	else
		str_addf(out, "%s：%s", file_of(d), d->why.msg);
}

static void
fill(void *owner, long i, int col, struct str *out)
{
	struct delivery *d = &((struct receiving *)owner)->v[i];

	if (col == 0)
		str_add(out, state_words(d));
	else if (refused(d))
		why_refused(d, out);
	else if (d->judged)
		str_add(out, d->it.sentence.buf);
	else
		str_add(out, file_of(d));
}

static char
mark(void *owner, long i)
{
	struct delivery *d = &((struct receiving *)owner)->v[i];

	return refused(d) || (d->judged && (d->it.result.status >= MERGE_GAP ||
	    d->it.result.conflicts > 0 || d->it.result.refused > 0)) ? '!' :
	    ' ';
}

/* ---- judging and merging ------------------------------------------------ */

static int
step(void *ctx, int64_t done, int64_t whole)
{
	struct receiving *k = ctx;

	k->stopped = !progress_step(done, whole);
	return k->stopped ? -1 : 0;
}

static int
step_write(void *ctx, uint64_t done, uint64_t whole)
{
	return step(ctx, (int64_t)done, (int64_t)whole);
}

/* The enrolment file of a township beside its bundle; heap or NULL. */
static char *
card_beside(struct receiving *k, const struct delivery *d)
{
	char site[13], *path = NULL;
	struct err none = ERR_INIT;

	if (verify_site_of(d->path, site, &none) == 0)
		path = xasprintf("%s/enrol-%s.txt", k->dir, site);
	if (path != NULL && !file_exists(path)) {
		free(path);
		path = NULL;
	}
	return path;
}

/* Refused, but a card that is not the one enrolled lies beside it? */
static bool
fresh_key(struct receiving *k, const struct delivery *d)
{
	char *card = card_beside(k, d);
	bool fresh = card != NULL && !d->it.stranger &&
	    (d->why.code == E_CRYPTO || d->why.code == E_DENIED) &&
	    !cardscreen_enrolled(card);

	free(card);
	return fresh;
}

/* False when the person stopped it. */
static bool
one(struct receiving *k, struct delivery *d, bool dry)
{
	char *what = xasprintf("%s第 %zu/%zu 个包", dry ? "核对" : "并入",
	    (size_t)(d - k->v) + 1, k->n);
	struct err e = ERR_INIT;
	int rc;

	receive_item_done(&d->it);
	memset(&d->it, 0, sizeof d->it);
	d->why = (struct err)ERR_INIT;
	d->judged = d->merged = d->fresh = false;
	k->stopped = false;
	screen_say("%s", what);
	screen_paint();
	progress_begin(what);
	rc = receive_one(k->r, d->path, dry, step, k, &d->it, &e);
	progress_end();
	free(what);
	if (k->stopped)
		return false;
	if (rc < 0) {
		d->why = e;
		d->why.code = rc;
		d->fresh = fresh_key(k, d);
	} else {
		d->judged = true;
		d->merged = !dry;
	}
	return true;
}

static void
judge(struct receiving *k)
{
	size_t i;

	for (i = 0; i < k->n; i++)
		if (!(k->v[i].merged && k->v[i].it.result.status == MERGE_OK) &&
		    !one(k, &k->v[i], true))
			break;
	sheet_show(&k->sh);
	if (k->halves > 0)
		screen_say("有 %zu 个包没有写完，不收", k->halves);
}

/* The outcome that the receipt tells: the gravest of the database's bundles,
 * with the numbers of its last one. */
static void
answer(struct receiving *k, size_t from, size_t upto)
{
	struct receive_item *last = &k->v[upto].it;
	char *dir = outbox_answer(ui_home(), k->dir), file[160];
	struct err e = ERR_INIT;
	size_t i;

	for (i = from; i < upto; i++)
		if (k->v[i].merged && strcmp(k->v[i].it.inc, last->inc) == 0)
			receive_fold(last, &k->v[i].it);
	progress_begin("写县回执");
	if (receive_answer(k->r, last, dir, step_write, k, file, &e) < 0)
		str_addf(&k->said, "%s：已并入，但县回执没有写成：%s\n  再收一次就补写。\n",
		    last->name, e.msg);
	else
		str_addf(&k->said, "%s：县回执已写好并读回核对\n  %s/%s\n",
		    last->name, dir, file);
	progress_end();
	free(dir);
}

static void
answer_all(struct receiving *k)
{
	size_t i, j, last;

	for (i = 0; i < k->n; i++) {
		const struct delivery *d = &k->v[i];

		for (j = 0; d->merged && j < i && !(k->v[j].merged &&
		    strcmp(k->v[j].it.inc, d->it.inc) == 0); j++)
			;
		if (!d->merged || j < i)
			continue;
		for (last = i, j = i + 1; j < k->n; j++)
			if (k->v[j].merged &&
			    strcmp(k->v[j].it.inc, d->it.inc) == 0)
				last = j;
		answer(k, i, last);
	}
}

static void
show_said(struct receiving *k)
{
	struct str s = STR_INIT;
	size_t i, bad = 0;

	for (i = 0; i < k->n; i++) {
		const struct outcomes *o = &k->v[i].it.result.lines;

		if (k->v[i].merged)
			str_addf(&s, "%s\n", k->v[i].it.sentence.buf);
		if (k->v[i].merged)
			outcomes_text(o, LINES_SHOWN, &s);
		if (k->v[i].merged && o->n > LINES_SHOWN)
			str_add(&s, "  （在单子里按回车看全部）\n");
		bad += refused(&k->v[i]);
	}
	if (bad > 0)
		str_addf(&s, "\n没有收的包 %zu 个，在单子里看原因。\n", bad);
	str_addf(&s, "\n%s", k->said.len > 0 ? k->said.buf :
	    "没有写县回执。\n");
	if (k->said.len > 0)
		str_addf(&s, "\n接下来：%s，乡镇选“用县回执”。新收的记录在"
		    "“待审核”里。\n", str_starts(k->dir, ui_home()) ? "用 "
		    "WinSCP 把发件箱里的县回执取走，带回乡镇" :
		    "把U盘交回乡镇");
	help_text("收上报包", s.buf);
	str_done(&s);
}

/* How many were taken before the person stopped it, if so. */
static size_t
merge_all(struct receiving *k)
{
	size_t i, n = 0;

	for (i = 0; i < k->n; i++) {
		if (!k->v[i].judged || k->v[i].merged)
			continue;
		if (!one(k, &k->v[i], false)) {
			screen_say("停下了：这个包没有并入");
			break;
		}
		n += k->v[i].merged;
	}
	return n;
}

static bool
ask_take(const struct receiving *k, size_t n)
{
	char *dir = outbox_answer(ui_home(), k->dir);
	bool yes = ask_yes("收上报包", true, "并入这 %zu 个包，并把县回执写到"
	    "%s？", n, strcmp(dir, k->dir) == 0 ? "同一个地方" :
	    "发件箱");

	free(dir);
	return yes;
}

static void
take_all(struct screen *s)
{
	struct receiving *k = (struct receiving *)s;
	size_t i, good = 0, unseen = 0;

	for (i = 0; i < k->n; i++) {
		good += k->v[i].judged && !k->v[i].merged;
		unseen += !k->v[i].judged && !refused(&k->v[i]);
	}
	if (unseen > 0) {	/* stopped before: first what it would do */
		judge(k);
		return;
	}
	if (good == 0) {
		screen_say("没有可以收的包");
		draw_beep();
		return;
	}
	if (!ask_take(k, good))
		return;
	str_clear(&k->said);
	good = merge_all(k);
	answer_all(k);
	sheet_show(&k->sh);
	if (good > 0) {
		show_said(k);
		stickask_run(k->dir);
	}
}

/* ---- one delivery ------------------------------------------------------- */

/* What waits for a person of this township: set aside, in conflict. */
static void
add_matters(const char *site, struct str *out)
{
	struct desk_matter *m;
	struct err e = ERR_INIT;
	size_t n, i;

	if (desk_matters(ui_forms(), &m, &n, &e) < 0) {
		screen_say_err(&e);
		return;
	}
	for (i = 0; i < n; i++)
		if (strcmp(m[i].site, site) == 0)
			str_addf(out, "  %s  %s\n", m[i].kind, m[i].text);
	desk_matters_free(m, n);
}

static void
show_one(struct delivery *d)
{
	const struct merge_result *m = &d->it.result;
	struct str s = STR_INIT;

	str_addf(&s, "%s\n\n", file_of(d));
	if (refused(d))
		why_refused(d, &s);
	else
		str_add(&s, d->it.sentence.buf);
	str_addc(&s, '\n');
	if (m->status == MERGE_UNKNOWN)
		str_add(&s, "先按 F2 收（先放着，不并入），核实以后按 F7 认可，"
		    "再按 F2。\n");
	census_lines(&m->census, &s);
	if (m->twins > 0)
		str_addf(&s, "  与别的乡镇可能重复 %lld 人，请在“可能重复”里"
		    "核对\n", (long long)m->twins);
	if (m->lines.n > 0)
		str_add(&s, d->merged ? "\n没有照收的，逐条：\n" :
		    "\n收的话，这些不会照收：\n");
	outcomes_text(&m->lines, 0, &s);
	if (d->merged) {
		str_add(&s, "\n这个乡镇等人处理的：\n");
		add_matters(d->it.site, &s);
	}
	help_text("上报包", s.buf);
	str_done(&s);
}

static void
open_row(struct screen *s)
{
	struct receiving *k = (struct receiving *)s;
	long i = sheet_at(&k->sh);

	if (i < 0)
		draw_beep();
	else
		show_one(&k->v[i]);
}

static void
enrol_row(struct screen *s)
{
	struct receiving *k = (struct receiving *)s;
	long i = sheet_at(&k->sh);
	char *card = i >= 0 ? card_beside(k, &k->v[i]) : NULL;

	if (cardscreen_enrol(card))
		judge(k);
	free(card);
}

static void
accept_row(struct screen *s)
{
	struct receiving *k = (struct receiving *)s;
	long i = sheet_at(&k->sh);
	struct delivery *d = i >= 0 ? &k->v[i] : NULL;
	struct err e = ERR_INIT;
	char inc8[9] = "";

	if (d == NULL || !d->merged || d->it.result.status != MERGE_UNKNOWN) {
		screen_say("只有收了以后还“待核对”的包要认可");
		draw_beep();
		return;
	}
	memcpy(inc8, d->it.inc, 8);
	if (!ask_yes("认可", false, "%s的这个数据库县里不认识。打过电话，确实是"
	    "他们的吗？", d->it.name))
		return;
	if (desk_accept(ui_forms(), d->it.site, inc8, &e) < 0)
		screen_say_err(&e);
	else
		judge(k);
}

/* ---- the screen --------------------------------------------------------- */

static const struct keyrow rows[] = {
	{ K_ENTER, 0, "回车", "看", "这个包里有什么、为什么不能收", open_row },
	{ K_F(2), 0, "F2", "收", "并入所有能收的包，写县回执", take_all },
	{ K_F(5), 0, "F5", "登记", "登记这个乡镇的公钥（先打电话核对）",
	    enrol_row },
	{ K_F(7), 0, "F7", "认可", "认可一个县里不认识的数据库", accept_row },
	{ '/', 0, "/", NULL, "打字筛选", listview_filter },
	LISTVIEW_ROWS,
	{ K_ESC, 0, "Esc", "返回", "返回", listview_back },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static const struct screen_ops ops = {
	.full = true, .rows = rows, .draw = listview_draw, .key = sheet_key,
	.typing = listview_typing
};

static int
bundles_in(const char *dir)
{
	struct err none = ERR_INIT;
	char **v;
	size_t n, halves, i;

	if (receive_list(dir, &v, &n, &halves, &none) < 0)
		return 0;
	for (i = 0; i < n; i++)
		free(v[i]);
	free(v);
	return (int)n;
}

static int
list(struct receiving *k)
{
	struct err e = ERR_INIT;
	char **v;
	size_t i;

	if (receive_list(k->dir, &v, &k->n, &k->halves, &e) < 0) {
		screen_say_err(&e);
		return -1;
	}
	k->v = xcalloc(k->n + 1, sizeof *k->v);
	for (i = 0; i < k->n; i++)
		k->v[i].path = v[i];
	free(v);
	k->sh.n = (long)k->n;
	return 0;
}

static void
run(struct receiving *k)
{
	struct list_column col[] = {
		{ "", 8, false, false }, { "说明", 68, false, false }
	};
	size_t i;

	k->sh.fill = fill;
	k->sh.mark = mark;
	sheet_init(&k->sh, &ops, "收上报包", "这里没有乡镇的包", col, 2);
	judge(k);
	screen_run(&k->sh.lv.base);
	sheet_done(&k->sh);
	for (i = 0; i < k->n; i++) {
		receive_item_done(&k->v[i].it);
		free(k->v[i].path);
	}
	free(k->v);
	str_done(&k->said);
}

void
receivescreen_run(void)
{
	struct receiving k = { .said = STR_INIT };

	k.dir = placepick_run("从哪里收", "包", bundles_in);
	if (k.dir != NULL && (k.r = countykeys_open()) != NULL &&
	    list(&k) == 0)
		run(&k);
	free(k.dir);
}
