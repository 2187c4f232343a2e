/* See applyscreen.h. */
#include "applyscreen.h"

#include <stdlib.h>
#include <string.h>

#include "apply.h"
#include "ask.h"
#include "cardscreen.h"
#include "editionscreen.h"
#include "help.h"
#include "mem.h"
#include "placepick.h"
#include "safe.h"
#include "screen.h"
#include "stickask.h"
#include "str.h"
#include "tidy.h"
#include "trayscreen.h"
#include "ui.h"

static int
receipts_in(const char *dir)
{
	char *path = apply_find(ui_forms(), dir);
	int n = path != NULL;

	free(path);
	return n;
}

static const char *
outcome_words(enum apply_outcome o)
{
	static const char *const words[] = {
		[APPLY_OK] = "",
		[APPLY_OTHER] = "这张县回执是给以前的数据库的，没有用。请再报"
		    "一次。",
		[APPLY_FORK] = "本机数据与县里对不上：这个数据库可能是从旧备份"
		    "恢复的，或有两台电脑在用。会作为新的一支继续；请再报一次，"
		    "县里会把缺的还回来。",
		[APPLY_RESTORED] = "县里收到的比本机多：这个数据库是从旧备份"
		    "恢复的。会作为新的一支继续；请再报一次，县里会把缺的还"
		    "回来。",
		[APPLY_GAP] = "县里缺前面的包，下一包会补齐，请再报一次。",
		[APPLY_QUARANTINE] = "县里还不认识这个数据库，请打电话核实。",
	};

	return words[o];
}

static void
describe(const struct apply_result *r, struct str *s)
{
	str_addf(s, "%s %.10s 的县回执\n\n", r->county, r->created);
	if (r->outcome != APPLY_OK)
		str_addf(s, "%s\n", outcome_words(r->outcome));
	else if (r->number > 0)
		str_addf(s, "县里已收到 第%lld包\n", (long long)r->number);
	if (r->reason[0] != '\0') {
		str_add(s, "县里说：");
		safe_line(s, r->reason);
		str_addc(s, '\n');
	}
	str_addf(s, "退回 %lld 条，更正 %lld 项，还回 %lld 条，下发 %lld 条，"
	    "待定 %lld 项\n", (long long)r->returns,
	    (long long)r->proposals_taken, (long long)r->taken,
	    (long long)r->issued, (long long)r->tray);
}

/* The stick is cleared only after the answer has been taken. */
static void
clean(const char *dir)
{
	struct err e = ERR_INIT;
	size_t n;

	if (tidy_waiting(ui_forms(), dir) == 0 || !ask_yes("清理U盘", true, "县里收到的旧包和旧回执，从U盘上清掉吗？"))
		return;
	if (tidy_stick(ui_forms(), dir, &n, &e) < 0)
		screen_say_err(&e);
	else
		screen_say("已清理 %zu 个；最新的包和回执留着", n);
}

/* What became of each record: a list to read. */
static void
show_lines(const struct outcomes *lines)
{
	struct str s = STR_INIT;

	outcomes_text(lines, 0, &s);
	help_text("县回执：逐条", s.len > 0 ? s.buf : "没有涉及单条记录。\n");
	str_done(&s);
}

static void
done(const struct apply_result *r, const struct outcomes *lines,
    const char *path, const char *dir)
{
	struct str s = STR_INIT;

	describe(r, &s);
	if (lines->n > 0)
		str_addc(&s, '\n');
	outcomes_text(lines, 0, &s);
	help_text("县回执已用上", s.buf);
	str_done(&s);
	if (screen_leaving() != LEAVE_NOT)
		return;
	if (r->outcome == APPLY_OK)
		clean(dir);
	editionscreen_offer(path);
	stickask_run(dir);
	if (r->returns + r->tray > 0 && screen_leaving() == LEAVE_NOT)
		trayscreen_run();
}

/* True: use it. */
static bool
wanted(const struct apply_result *r, const struct outcomes *lines)
{
	static const struct ask_item items[] = {
		{ 'y', "是" }, { 'n', "否" }, { 'l', "先逐条看一看" }
	};
	struct str s = STR_INIT;
	int i;

	describe(r, &s);
	str_add(&s, "\n用上这张县回执吗？");
	do {
		i = ask_items("用县回执", s.buf, items, lines->n > 0 ? 3 : 2,
		    0);
		if (i == 2)
			show_lines(lines);
	} while (i == 2 && screen_leaving() == LEAVE_NOT);
	str_done(&s);
	return i == 0;
}

static void
apply(const char *path, const char *dir)
{
	struct outcomes lines = { .n = 0 };
	struct apply_result r;
	struct err e = ERR_INIT;
	int rc;

	screen_say("正在核对县回执");
	screen_paint();
	rc = apply_receipt(ui_forms(), ui_home(), path, true, &lines, &r, &e);
	if (rc == 0 && !wanted(&r, &lines)) {
		outcomes_done(&lines);
		return;
	}
	outcomes_done(&lines);
	if (rc == 0)
		rc = apply_receipt(ui_forms(), ui_home(), path, false, &lines,
		    &r, &e);
	if (rc < 0)
		ask_ok("县回执没有用上", e.msg);
	else
		done(&r, &lines, path, dir);
	outcomes_done(&lines);
}

void
applyscreen_run(void)
{
	char *dir = placepick_run("县回执在哪里", "县回执", receipts_in), *path;

	if (dir == NULL)
		return;
	cardscreen_offer(dir);
	path = apply_find(ui_forms(), dir);
	if (path == NULL)
		screen_say("%s 里没有给本单位的县回执", dir);
	else
		apply(path, dir);
	free(path);
	free(dir);
}
