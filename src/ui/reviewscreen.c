/* See reviewscreen.h.  At most LIMIT records are listed at once, and the title
 * tells of the rest; when they are done the next ones come. */
#include "reviewscreen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "db.h"
#include "desk.h"
#include "draw.h"
#include "entry.h"
#include "kind.h"
#include "mem.h"
#include "picker.h"
#include "record.h"
#include "sheet.h"
#include "ui.h"

enum { LIMIT = 2000 };

struct waiting {
	char uid[37];
	char *form, *town, *status, *reason, *who, *at, *words;
};

struct review {
	struct sheet sh;
	const char *site;	/* or NULL */
	const char *status;	/* what is listed */
	struct waiting *v;
	size_t n, cap;
	long total;
};

static void
forget(struct review *k)
{
	while (k->n > 0) {
		struct waiting *w = &k->v[--k->n];

		free(w->form);
		free(w->town);
		free(w->status);
		free(w->reason);
		free(w->who);
		free(w->at);
		free(w->words);
	}
}

static const char sql[] =
    "SELECT v.uid, v.form, coalesce(d.name, i.site), v.status,"
    " coalesce(v.reason,''), count(*) OVER (), v.by, v.at FROM main.review v"
    " JOIN main.held h ON h.uid=v.uid"
    " JOIN main.incarnation i ON i.id=h.incarnation"
    " LEFT JOIN main.division d ON d.code=i.site"
    " WHERE v.status=?1 AND (?2 IS NULL OR i.site=?2)"
    " ORDER BY v.form<>'child', i.site, v.form, v.at, v.uid LIMIT ?3";

static void
load(struct review *k)
{
	struct err e = ERR_INIT;
	struct stmt *q;
	int rc = E_SQL;

	forget(k);
	k->total = 0;
	db_trust(ui_db());
	q = db_new(ui_db(), sql, &e);
	db_untrust(ui_db());
	if (q != NULL) {
		stmt_text(q, 1, k->status);
		stmt_text(q, 2, k->site);
		stmt_int(q, 3, LIMIT);
	}
	while (q != NULL && (rc = stmt_step(q, &e)) > 0) {
		struct waiting *w;

		k->v = mem_grow(k->v, k->n, &k->cap, sizeof *k->v);
		w = &k->v[k->n++];
		*w = (struct waiting){ .form = xstrdup(stmt_col(q, 1)),
		    .town = xstrdup(stmt_col(q, 2)),
		    .status = xstrdup(stmt_col(q, 3)),
		    .reason = xstrdup(stmt_col(q, 4)),
		    .who = xstrdup(stmt_col(q, 6)),
		    .at = xstrdup(stmt_col(q, 7)) };
		strncpy(w->uid, stmt_col(q, 0), 36);
		k->total = (long)stmt_col_int(q, 5);
	}
	stmt_free(q);
	if (rc < 0)
		screen_say_err(&e);
	k->sh.n = (long)k->n;
	sheet_clear_marks(&k->sh);
	sheet_show(&k->sh);
	k->sh.lv.right[0] = '\0';
	if (k->total > LIMIT)
		snprintf(k->sh.lv.right, sizeof k->sh.lv.right,
		    "全部 %ld 条，先办这些", k->total);
}

static const struct form *
form_of(const struct waiting *w)
{
	const char *const *n;

	for (n = forms_names(ui_forms()); *n != NULL; n++)
		if (strcmp(*n, w->form) == 0)
			return forms_get(ui_forms(), w->form, NULL);
	return NULL;
}

static void
fill(void *owner, long i, int col, struct str *out)
{
	struct waiting *w = &((struct review *)owner)->v[i];
	const struct form *f = form_of(w);

	if (col == 0) {
		str_add(out, w->town);
	} else if (col == 1) {
		str_add(out, f != NULL ? f->title : w->form);
	} else if (col == 2) {
		if (w->words == NULL && f != NULL)
			w->words = record_dated(ui_forms(), f, w->uid);
		str_add(out, str_blank(w->words) ? "（限专办人员查看）" :
		    w->words);
	} else {
		str_add(out, w->status);
		if (!str_blank(w->who) && !str_blank(w->at))
			str_addf(out, " %.5s %s", w->at + 5, w->who);
		if (*w->reason != '\0' && (f == NULL ||
		    !record_hidden(ui_forms(), f, w->uid)))
			str_addf(out, "：%s", w->reason);
	}
}

static const char *
id(void *owner, long i)
{
	return ((struct review *)owner)->v[i].uid;
}

/* ---- deciding ----------------------------------------------------------- */

static void
set_all(struct review *k, const char *status, const char *reason)
{
	struct err e = ERR_INIT;
	long at = sheet_at(&k->sh), done = 0;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < k->n; i++) {
		if (k->sh.lv.nmark > 0 ? !listview_marked(&k->sh.lv,
		    k->v[i].uid) : (long)i != at)
			continue;
		rc = desk_review(ui_forms(), k->v[i].uid, status, reason, &e);
		done += rc == 0;
	}
	load(k);
	if (rc < 0)
		screen_say_err(&e);
	else
		screen_say("%ld 条记录：%s%s", done, status,
		    strcmp(status, "退回") == 0 ? "，随下一张县回执带给乡镇" :
		    "");
}

static const char *
title_of(const char *status)
{
	return strcmp(status, "待审") == 0 ? "待审核" : status;
}

static bool
any(struct review *k)
{
	if (sheet_at(&k->sh) >= 0 || k->sh.lv.nmark > 0)
		return true;
	draw_beep();
	return false;
}

static void
pass(struct screen *s)
{
	struct review *k = (struct review *)s;

	if (any(k))
		set_all(k, "已审", NULL);
}

/* It stands in the national system now; only what was looked at can be. */
static void
hand_on(struct screen *s)
{
	struct review *k = (struct review *)s;

	if (strcmp(k->status, "已审") != 0) {
		screen_say("先审（F5）；在“已审”里（T）再标已上报");
		draw_beep();
	} else if (any(k)) {
		set_all(k, "已上报", NULL);
	}
}

static void
send_back(struct screen *s)
{
	struct review *k = (struct review *)s;
	char *reason = NULL;

	if (any(k) && entry_ask("退回", "原因", "写明哪一项不对、要怎么改；写上"
	    "项目的名字，乡镇打开时就停在那一项。", 200, "", &reason)) {
		if (str_blank(reason))
			screen_say("退回要写原因");
		else
			set_all(k, "退回", reason);
	}
	free(reason);
}

static void
again(struct screen *s)
{
	struct review *k = (struct review *)s;

	if (any(k))
		set_all(k, "待审", NULL);
}

/* ---- a correction ------------------------------------------------------- */

struct fields {
	struct record *r;
	const struct field **shown;
	size_t n;
};

static size_t
find_fields(void *arg, const char *typed)
{
	struct fields *x = arg;
	const struct form *f = x->r->form;
	size_t i;

	x->n = 0;
	for (i = 0; i < f->nfields; i++)
		if (!str_blank(f->fields[i].label) &&
		    record_may_read(ui_forms(), &f->fields[i]) &&
		    pick_matches(f->fields[i].label, NULL, typed))
			x->shown[x->n++] = &f->fields[i];
	return x->n;
}

static void
field_line(void *arg, size_t i, struct str *out)
{
	struct fields *x = arg;

	str_addf(out, "%s：", x->shown[i]->label);
	record_show(x->r, x->shown[i], true, out);
}

static const struct field *
pick_field(struct record *r)
{
	struct fields x = { .r = r };
	struct pick p = { .title = "更正哪一项", .arg = &x,
	    .load = find_fields, .row = field_line, .none = "没有这样的项目" };
	const struct field *f;
	long i;

	x.shown = xcalloc(r->form->nfields + 1, sizeof *x.shown);
	pick_init(&p);
	i = pick_run(&p);
	pick_done(&p);
	f = i >= 0 && (size_t)i < x.n ? x.shown[i] : NULL;
	free(x.shown);
	return f;
}

struct proposing {
	const char *uid;
	const struct field *f;
};

static int
submit(void *arg, struct entry *en, int *at, struct err *e)
{
	struct proposing *p = arg;

	*at = 0;
	return desk_propose(ui_forms(), p->uid, p->f->name, entry_text(en, 0),
	    entry_text(en, 1), e);
}

static void
propose(struct screen *s)
{
	struct review *k = (struct review *)s;
	long i = sheet_at(&k->sh);
	const struct form *form = i >= 0 ? form_of(&k->v[i]) : NULL;
	struct err e = ERR_INIT;
	struct record *r = form != NULL ? record_load(ui_forms(), form,
	    k->v[i].uid, &e) : NULL;
	struct proposing p = { .uid = i >= 0 ? k->v[i].uid : NULL };
	struct entry_field f[] = {
		{ .label = "应当是", .max = 200, .hint = "空着就是清空这一项" },
		{ .label = "理由", .max = 200 }, { .label = NULL }
	};
	struct entry en = { .submit = submit, .arg = &p,
	    .text = "乡镇用县回执时，这一项没有改过就照此改，改过就由他们定。" };

	if (r == NULL)
		draw_beep();
	else if ((p.f = pick_field(r)) != NULL) {
		en.title = xasprintf("更正建议：%s", p.f->label);
		entry_init(&en, f);
		if (entry_run(&en))
			screen_say("已记下，随下一张县回执带给乡镇");
		entry_done(&en);
		free((char *)en.title);
	}
	record_free(r);
}

/* ---- the screen --------------------------------------------------------- */

static void
open_row(struct screen *s)
{
	struct review *k = (struct review *)s;
	long i = sheet_at(&k->sh);
	const struct form *f = i >= 0 ? form_of(&k->v[i]) : NULL;

	if (f == NULL)
		draw_beep();
	else
		kind_open(f, k->v[i].uid);
}

static void
other(struct screen *s)
{
	static const struct ask_item items[] = {
		{ '1', "待审" }, { '2', "退回" }, { '3', "已审" },
		{ '4', "已上报" }
	};
	struct review *k = (struct review *)s;
	int i = ask_items("看哪些", "", items, COUNT_OF(items), 0);

	if (i >= 0) {
		k->status = items[i].word;
		k->sh.lv.title = title_of(k->status);
		load(k);
	}
}

static const struct keyrow rows[] = {
	{ K_ENTER, 0, "回车", "打开", "打开这条记录", open_row },
	{ ' ', 0, "空格", "标记", "标记，可以一次办多条", listview_mark },
	{ 'a', 0, "A", NULL, "全部标记", listview_mark_all },
	{ K_F(5), 0, "F5", "已审", "审过了，没有问题", pass },
	{ 'u', 0, "U", "已上报", "已审的录进了上级系统，标为已上报", hand_on },
	{ K_F(7), 0, "F7", "退回", "退回乡镇，写原因", send_back },
	{ K_F(6), 0, "F6", "更正", "建议乡镇把某一项改成什么", propose },
	{ 'w', 0, "W", NULL, "改回待审", again },
	{ 't', 0, "T", "换一类", "看待审、退回、已审、已上报的", other },
	{ '/', 0, "/", NULL, "打字筛选", listview_filter },
	LISTVIEW_ROWS,
	{ K_ESC, 0, "Esc", "返回", "取消筛选；返回", listview_back },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static const struct screen_ops ops = {
	.full = true, .rows = rows, .draw = listview_draw, .key = sheet_key,
	.typing = listview_typing
};

void
reviewscreen_site(const char *site)
{
	struct list_column col[] = {
		{ "乡镇", 14, false, false }, { "台账", 12, false, false },
		{ "记录", 26, false, false }, { "审核", 22, false, false }
	};
	struct review k = { .site = site, .status = "待审" };

	k.sh.fill = fill;
	k.sh.id = id;
	sheet_init(&k.sh, &ops, "待审核", "没有这样的记录", col, 4);
	load(&k);
	screen_run(&k.sh.lv.base);
	sheet_done(&k.sh);
	forget(&k);
	free(k.v);
}

void
reviewscreen_run(void)
{
	reviewscreen_site(NULL);
}
