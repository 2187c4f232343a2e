/* See moves.h. */
#include "moves.h"

#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "childpage.h"
#include "choose.h"
#include "date.h"
#include "db.h"
#include "draw.h"
#include "entry.h"
#include "mem.h"
#include "move.h"
#include "picker.h"
#include "record.h"
#include "screen.h"
#include "ui.h"
#include "when.h"

enum what { MV_VILLAGE, MV_OUT, MV_DIED, MV_BACK, MV_SETTLED, MV_COUNT };

static const char *const words[] = {
	[MV_VILLAGE] = "转到本镇别的村",
	[MV_OUT] = "退出：迁出本镇、年满、困境解除……",
	[MV_DIED] = "死亡",
	[MV_BACK] = "迁回、重新在册",
	[MV_SETTLED] = "落户了，有了证件号码"
};

static size_t
load_words(void *arg, const char *typed)
{
	(void)arg;
	(void)typed;
	return MV_COUNT;
}

static void
word(void *arg, size_t i, struct str *out)
{
	(void)arg;
	str_add(out, words[i]);
}

static bool
said(int rc, const struct err *e, const char *done)
{
	if (rc < 0)
		screen_say_err(e);
	else
		screen_say("%s", done);
	return rc >= 0;
}

/* A day and some words.  False for back. */
static bool
ask_day(const char *title, const char *text, const char *label,
    char on[DATE_SIZE], char **more)
{
	struct entry_field f[] = {
		{ .label = "日期", .max = 20, .required = true,
		    .hint = "年月日，如 20261122" },
		{ .label = label, .max = 60 },
		{ .label = NULL }
	};
	struct entry en = { .title = title, .text = text };
	struct err e = ERR_INIT;
	bool ok;

	entry_init(&en, f);
	edit_set(&f[0].edit, date_today());
	do {
		ok = entry_run(&en);
		if (!ok || when_date(entry_text(&en, 0), on, &e) == 0)
			break;
		screen_say_err(&e);
	} while (screen_leaving() == LEAVE_NOT);
	*more = ok ? xstrdup(entry_text(&en, 1)) : NULL;
	entry_done(&en);
	return ok && screen_leaving() == LEAVE_NOT;
}

static char *
ask_village(const char *title)
{
	const struct form *f = ui_form("village");

	return f == NULL ? NULL : choose_record(ui_forms(), f, title, "", NULL,
	    NULL, NULL);
}

static bool
to_village(const char *uid)
{
	char *village = ask_village("转到哪个村");
	struct err e = ERR_INIT;
	bool done = false;

	if (village != NULL)
		done = said(move_village(ui_forms(), uid, village, &e), &e,
		    "已转村；走访、评估等跟着孩子走，历史还在");
	free(village);
	return done;
}

struct reasons {
	const struct codes *cs;
};

static size_t
load_reasons(void *arg, const char *typed)
{
	(void)typed;
	return ((struct reasons *)arg)->cs->n;
}

static void
reason(void *arg, size_t i, struct str *out)
{
	str_add(out, ((struct reasons *)arg)->cs->rows[i].label);
}

static const char *
ask_reason(void)
{
	struct reasons r = { forms_codes(ui_forms(), "left_reason", NULL) };
	struct pick p = { .title = "退出原因", .arg = &r,
	    .load = load_reasons, .row = reason, .digits = true };
	long i;

	if (r.cs == NULL)
		return NULL;
	pick_init(&p);
	i = pick_run(&p);
	pick_done(&p);
	return i >= 0 ? r.cs->rows[i].name : NULL;
}

static bool
out(const char *uid, const char *why)
{
	struct move_closed c;
	struct err e = ERR_INIT;
	char on[DATE_SIZE], *to = NULL, *text;
	bool done = false;

	if (why == NULL || !ask_day("退出台账", "退出会关掉开着的类别，待遇"
	    "按规定停发；记录和历史都留着，以后可以迁回。", "去向", on, &to))
		return false;
	if (move_out(ui_forms(), uid, why, on, to, &c, &e) < 0) {
		screen_say_err(&e);
	} else {
		text = xasprintf("已退出：关掉类别 %d 个，停发待遇 %d 项%s",
		    c.categories, c.benefits, c.cases > 0 ?
		    "；还有没办结的受理单，请去办结" : "");
		done = said(0, &e, text);
		free(text);
		if (strcmp(why, "moved") == 0 && ask_yes("转出单", true,
		    "要打一张转出单，交给那边的乡镇吗？"))
			childpage_sheet("transfer", uid);
	}
	free(to);
	return done;
}

static bool
back(const char *uid)
{
	struct err e = ERR_INIT;
	char on[DATE_SIZE], *from = NULL;
	bool done = false;

	if (ask_day("迁回、重新在册", "原来的记录接着用，类别从这一天重新算。",
	    "从何处", on, &from))
		done = said(move_back(ui_forms(), uid, on, from, &e), &e,
		    "已重新在册；待遇要另外登记");
	free(from);
	return done;
}

static bool
settled(const char *uid)
{
	struct err e = ERR_INIT;
	char *no = NULL;
	bool done = false;

	if (entry_ask("落户", "证件号码", "照户口簿填十八位号码。", 20, "",
	    &no))
		done = said(move_settled(ui_forms(), uid, no, &e), &e,
		    "已记下：已落户");
	free(no);
	return done;
}

static bool
merge(const char *uid)
{
	struct move_merged m;
	struct err e = ERR_INIT;
	char *into = ask_village("并入哪个村"), on[DATE_SIZE], *note = NULL;
	char *text;
	bool done = false;

	if (into != NULL && ask_day("村合并", "原村的孩子、儿童之家、工作人员、"
	    "学校和账号看的村一起转过去；原村的记录留着，写明并入哪里。", "说明",
	    on, &note)) {
		if (move_merge(ui_forms(), uid, into, on, &m, &e) < 0) {
			screen_say_err(&e);
		} else {
			text = xasprintf("已合并：孩子 %ld、儿童之家 %ld、"
			    "工作人员 %ld、学校 %ld、账号 %ld", m.children,
			    m.homes, m.staff, m.schools, m.users);
			done = said(0, &e, text);
			free(text);
		}
	}
	free(note);
	free(into);
	return done;
}

bool
moves_run(const struct form *form, const char *uid)
{
	struct pick p = { .title = "变动", .load = load_words, .row = word,
	    .digits = true };
	long i;

	if (!record_may_write(ui_forms(), form)) {
		screen_say("您的身份不能改%s", form->title);
		draw_beep();
		return false;
	}
	if (strcmp(form->name, "village") == 0)
		return merge(uid);
	if (strcmp(form->name, "child") != 0) {
		screen_say("这一类没有变动可办");
		draw_beep();
		return false;
	}
	pick_init(&p);
	i = pick_run(&p);
	pick_done(&p);
	switch (i) {
	case MV_VILLAGE:
		return to_village(uid);
	case MV_OUT:
		return out(uid, ask_reason());
	case MV_DIED:
		return out(uid, "died");
	case MV_BACK:
		return back(uid);
	case MV_SETTLED:
		return settled(uid);
	default:
		return false;
	}
}
