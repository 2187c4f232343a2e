/* See handing.h. */
#include "handing.h"

#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "entry.h"
#include "handout.h"
#include "mem.h"
#include "picker.h"
#include "sift.h"
#include "str.h"
#include "ui.h"

static size_t
load(void *arg, const char *typed)
{
	(void)arg;
	(void)typed;
	return handout_count();
}

static void
line(void *arg, size_t i, struct str *out)
{
	(void)arg;
	str_add(out, handout_ground(i));
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

/* Say who was left out; false when nobody is left. */
static bool
tell(const struct handout *h, const struct sifted *s)
{
	char *text;

	if (s->gone == 0)
		return true;
	text = xasprintf("%zu 人没有对“%s”有效的同意，没有列入，还剩 %zu 人。"
	    "登记儿童不等同意书，给外单位要等：未满十四周岁由监护人同意，年满"
	    "十四由本人同意并告知监护人。请在孩子的页面补“同意记录”。", s->gone,
	    h->to, s->left);
	ask_ok("没有同意的不列入", text);
	free(text);
	return s->left > 0;
}

/* Make the paper fit for whom it goes to. */
static bool
fit(struct paper *p, const struct handout *h, char **words)
{
	struct err e = ERR_INIT;
	struct sifted s;

	if (sift_paper(ui_forms(), p, h, &s, &e) < 0) {
		ask_ok("不能给外单位", e.msg);
		return false;
	}
	if (tell(h, &s)) {
		*words = s.words;
		return true;
	}
	free(s.words);
	return false;
}

bool
handing_ask(struct paper *p, char **words)
{
	struct pick pick = { .title = "这份名单给谁用", .load = load,
	    .row = line, .digits = true };
	struct handout h = { 0 };
	long i;
	bool ok;

	pick_init(&pick);
	i = pick_run(&pick);
	pick_done(&pick);
	if (i < 0)
		return false;
	handout_take(&h, (size_t)i);
	ok = (h.ground == GROUND_OWN || ask_recipient(&h)) &&
	    fit(p, &h, words);
	handout_done(&h);
	return ok;
}
