/* See editionscreen.h. */
#include "editionscreen.h"

#include <stdio.h>
#include <stdlib.h>

#include "apply.h"
#include "ask.h"
#include "desk.h"
#include "draw.h"
#include "editions.h"
#include "entry.h"
#include "help.h"
#include "mem.h"
#include "sheet.h"
#include "ui.h"

/* ---- the township --------------------------------------------------------- */

static bool
wanted(const char *words)
{
	static const struct ask_item items[] = {
		{ 'l', "看改了什么" }, { 'y', "换上" }, { 'n', "这次不换" }
	};
	int i, at = 0;

	do {
		i = ask_items("县里下发了新资料", "县里的表单、代码或政策数据有新的"
		    "一版。换上以后，已有的记录不动；程序要重新打开一次。", items,
		    COUNT_OF(items), at);
		if (i == 0)
			help_text("县里下发的资料", words);
		at = 1;
	} while (i == 0 && screen_leaving() == LEAVE_NOT);
	return i == 1;
}

static void
take(const struct str *package)
{
	struct err e = ERR_INIT;

	screen_say("正在试用新资料");
	screen_paint();
	if (editions_take(ui_forms(), ui_home(), package->buf, package->len,
	    &e) < 0) {
		ask_ok("资料没有换上", e.msg);
		return;
	}
	ask_ok("资料已换上", "程序现在重新打开，请再登录一次。");
	ui_restart();
}

void
editionscreen_offer(const char *path)
{
	struct str package = STR_INIT, words = STR_INIT;
	struct err e = ERR_INIT;
	int rc = apply_edition(ui_home(), path, &package, &e);

	if (rc == 1)
		rc = editions_look(ui_forms(), package.buf, package.len,
		    &words, &e);
	if (rc < 0)
		ask_ok("资料没有换上", e.msg);
	else if (rc == 1 && wanted(words.buf))
		take(&package);
	str_done(&package);
	str_done(&words);
}

/* ---- the county ----------------------------------------------------------- */

struct towns {
	struct sheet sh;
	struct desk_site *v;
	size_t n;
	int64_t newest;
};

static void
fill(void *owner, long i, int col, struct str *out)
{
	struct towns *k = owner;
	int64_t has = editions_of(ui_db(), k->v[i].site);

	if (col == 0)
		str_add(out, k->v[i].name);
	else if (col == 1 && has == 0)
		str_add(out, "程序自带的");
	else if (col == 1)
		str_addf(out, "第%lld版", (long long)has);
	else if (has < k->newest)
		str_add(out, "随下一张县回执带去");
	else if (k->newest > 0)
		str_add(out, "已是最新");
}

static void
load(struct towns *k)
{
	struct err e = ERR_INIT;

	free(k->v);
	k->v = NULL;
	k->n = 0;
	if (desk_sites(ui_forms(), &k->v, &k->n, &e) < 0)
		screen_say_err(&e);
	k->newest = editions_newest(ui_db());
	if (k->newest > 0)
		snprintf(k->sh.lv.right, sizeof k->sh.lv.right,
		    "现在是第%lld版", (long long)k->newest);
	k->sh.n = (long)k->n;
	sheet_show(&k->sh);
}

static void
show_newest(struct screen *s)
{
	struct str words = STR_INIT;

	(void)s;
	if (editions_words(ui_forms(), &words))
		help_text("现在下发的资料", words.buf);
	else
		screen_say("还没有下发过");
	str_done(&words);
}

static const char how[] = "没有可以下发的。\n\n要改的文件放在本机的数据文件夹里：\n"
    "  %s/forms   表单\n  %s/data    代码、规则、指标、名单、节假日、村名\n\n"
    "没有这两个文件夹的话，请技术人员把程序自带的 forms 和 data 整个拷过去，"
    "再改。改法见 forms/README.md 和 data/README.md。\n\n%s\n";

static int
publish(void *arg, struct entry *en, int *at, struct err *e)
{
	const struct editions_new by = { entry_text(en, 0), entry_text(en, 1),
	    entry_text(en, 2) };
	struct str words = STR_INIT;
	int64_t *version = arg;
	int rc = editions_publish(ui_forms(), ui_home(), &by, false, &words,
	    version, e);

	*at = rc == E_USAGE ? 2 : 0;
	str_done(&words);
	return rc;
}

/* What would go out, then 文号 and a note, then it is published. */
static void
publish_new(struct screen *s)
{
	struct towns *k = (struct towns *)s;
	const struct editions_new none = { NULL, NULL, NULL };
	struct entry_field f[] = {
		{ .label = "文号", .max = 60,
		    .hint = "依据哪个文件，如 沂民〔2026〕9号；没有可不填" },
		{ .label = "说明", .max = 100,
		    .hint = "一句话，乡镇换的时候看到" },
		{ .label = "生效日期", .max = 10, .hint = "如 2026-12-01" },
		{ .label = NULL }
	};
	struct entry en = { .title = "下发资料", .submit = publish,
	    .text = "随县回执带给每个乡镇，乡镇看过改了什么再换上。" };
	struct str words = STR_INIT, text = STR_INIT;
	struct err e = ERR_INIT;
	int64_t version = 0;

	screen_say("正在检查表单和资料");
	screen_paint();
	if (editions_publish(ui_forms(), ui_home(), &none, true, &words,
	    &version, &e) < 0) {
		str_addf(&text, how, ui_home(), ui_home(), e.msg);
		help_text("下发资料", text.buf);
	} else {
		str_addf(&text, "第%lld版要带给各乡镇的：\n\n%s",
		    (long long)version, words.buf);
		help_text("下发资料", text.buf);
		en.arg = &version;
		entry_init(&en, f);
		if (screen_leaving() == LEAVE_NOT && entry_run(&en)) {
			load(k);
			screen_say("第%lld版已定，随县回执带去",
			    (long long)version);
		}
		entry_done(&en);
	}
	str_done(&words);
	str_done(&text);
}

static const struct keyrow rows[] = {
	{ K_ENTER, 0, "回车", "看", "现在这一版改了什么", show_newest },
	{ K_F(2), 0, "F2", "下发", "检查本县的表单和资料，定为下一版",
	    publish_new },
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
editionscreen_run(void)
{
	struct list_column col[] = {
		{ "乡镇", 16, false, false }, { "在用", 12, false, false },
		{ "", 30, false, false }
	};
	struct towns k = { .n = 0 };

	k.sh.fill = fill;
	sheet_init(&k.sh, &ops, "下发资料", "没有乡镇", col, 3);
	load(&k);
	screen_run(&k.sh.lv.base);
	sheet_done(&k.sh);
	free(k.v);
}
