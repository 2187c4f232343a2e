/* See handing.h. */
#include "handing.h"

#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "date.h"
#include "entry.h"
#include "handout.h"
#include "mem.h"
#include "picker.h"
#include "screen.h"
#include "str.h"
#include "ui.h"

static const struct {
	enum handout_ground ground;
	const char *scope, *word;
} grounds[] = {
	{ GROUND_OWN, NULL, "本镇自己用，不给外人" },
	{ GROUND_DUTY, NULL, "报县里或有权的部门（履行法定职责）" },
	{ GROUND_CONSENT, "share", "给别的单位（只列已同意的孩子）" },
	{ GROUND_CONSENT, "charity", "给慈善组织（只列已同意的孩子）" },
	{ GROUND_CONSENT, "publicity", "宣传报道（只列已同意的孩子）" },
	{ GROUND_CONSENT, "cross_region", "给外地的单位（只列已同意的孩子）" },
};

static size_t
load(void *arg, const char *typed)
{
	(void)arg;
	(void)typed;
	return COUNT_OF(grounds);
}

static void
line(void *arg, size_t i, struct str *out)
{
	(void)arg;
	str_add(out, grounds[i].word);
}

/* Whom and what for. */
static bool
ask_recipient(struct handout *h)
{
	struct entry_field f[] = {
		{ .label = "给谁", .max = 60, .required = true,
		    .hint = "单位的全称，如 沂源县民政局" },
		{ .label = "做什么用", .max = 60, .required = true,
		    .hint = "事由或来文的文号，如 低保核对" },
		{ 0 }
	};
	struct entry en = { .title = "给谁，做什么用", .text = h->ground ==
	    GROUND_DUTY ? "依法报送不等同意书，但要记下给了谁、凭什么。" :
	    "只列对这件事有有效同意的孩子；同意记录写明了单位的，只对那个"
	    "单位有效。" };
	bool ok;

	entry_init(&en, f);
	ok = entry_run(&en);
	if (ok) {
		h->to = xstrdup(entry_text(&en, 0));
		h->why = xstrdup(entry_text(&en, 1));
	}
	entry_done(&en);
	return ok;
}

static bool
keep(void *arg, const char *form, const char *uid)
{
	return handout_allows(arg, form, uid);
}

static size_t
rows_of(const struct paper *p)
{
	size_t i, n = 0;

	for (i = 0; i < p->n; i++)
		n += p->blocks[i].nrows;
	return n;
}

/* Leave out who has not consented; false when nobody is left. */
static bool
sift(struct paper *p, const struct handout *h, size_t *gone)
{
	struct handout_set *s;
	struct err e = ERR_INIT;
	char *text;

	if (!p->owned) {
		ask_ok("不能给外单位", "这份材料不能逐个孩子核对同意，不能给"
		    "外单位。要给名单，请用 8 查询统计 的“模板、填县里的空"
		    "表”。");
		return false;
	}
	if (handout_load(ui_forms(), h, date_today(), &s, &e) < 0) {
		screen_say_err(&e);
		return false;
	}
	*gone = paper_sift(p, keep, s);
	handout_free(s);
	if (*gone == 0)
		return true;
	text = xasprintf("%zu 人没有对“%s”有效的同意，没有列入，还剩 %zu 人。"
	    "登记儿童不等同意书，给外单位要等：未满十四周岁由监护人同意，年满"
	    "十四由本人同意并告知监护人。请在孩子的页面补“同意记录”。", *gone,
	    h->to, rows_of(p));
	ask_ok("没有同意的不列入", text);
	free(text);
	return rows_of(p) > 0;
}

bool
handing_ask(struct paper *p, char **words)
{
	struct pick pick = { .title = "这份名单给谁用", .load = load,
	    .row = line, .digits = true };
	struct handout h = { 0 };
	size_t gone = 0;
	char *said;
	long i;
	bool ok;

	pick_init(&pick);
	i = pick_run(&pick);
	pick_done(&pick);
	if (i < 0)
		return false;
	h.ground = grounds[i].ground;
	h.scope = grounds[i].scope;
	ok = h.ground == GROUND_OWN || ask_recipient(&h);
	if (ok && h.ground == GROUND_CONSENT)
		ok = sift(p, &h, &gone);
	if (ok) {
		said = handout_words(ui_forms(), &h);
		*words = gone > 0 ? xasprintf("%s，没有同意的 %zu 人未列入",
		    said, gone) : xstrdup(said);
		if (h.ground != GROUND_OWN) {
			free(said);
			said = xasprintf("含个人信息，%s", *words);
			p->only = paper_keep(p, said);
		}
		free(said);
	}
	handout_done(&h);
	return ok;
}
