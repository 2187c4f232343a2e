/* The main menu and its second level.  Kinds that stand in no menu are
 * reached through 查询统计, so a new .form file needs nothing here. */
#include <stdlib.h>
#include <string.h>

#include "applyscreen.h"
#include "boardscreen.h"
#include "certs.h"
#include "caseacts.h"
#include "countykeys.h"
#include "draw.h"
#include "editionscreen.h"
#include "find.h"
#include "handbookscreen.h"
#include "importscreen.h"
#include "kind.h"
#include "listscreen.h"
#include "mem.h"
#include "menu.h"
#include "movedesk.h"
#include "receivescreen.h"
#include "reportscreen.h"
#include "reviewscreen.h"
#include "screen.h"
#include "settings.h"
#include "sitescreen.h"
#include "surveyscreen.h"
#include "tasks.h"
#include "templatescreen.h"
#include "today.h"
#include "trayscreen.h"
#include "turnscreen.h"
#include "twinscreen.h"
#include "ui.h"
#include "user.h"
#include "visitrun.h"

struct menu {
	struct screen base;
	const char *title;
	const struct menu_item **item;
	int n, at, top;
};

static void
up(struct screen *s)
{
	struct menu *m = (struct menu *)s;

	m->at = (m->at + m->n - 1) % m->n;
}

static void
down(struct screen *s)
{
	struct menu *m = (struct menu *)s;

	m->at = (m->at + 1) % m->n;
}

static void
open_item(struct screen *s)
{
	struct menu *m = (struct menu *)s;
	const struct menu_item *it = m->item[m->at];
	const struct form *f;

	if (it->run != NULL)
		it->run();
	else if ((f = ui_form(it->form)) != NULL)
		kind_run(f, NULL, NULL);
}

static const struct keyrow rows[] = {
	{ K_ENTER, 0, "回车", "打开", "打开有标记的一行", open_item },
	{ '1', 0, "1-9", "直接打开", "直接打开第几行", NULL },
	{ K_UP, K_BACKTAB, "上 下", NULL, "移动", up },
	{ K_DOWN, K_TAB, "下", NULL, NULL, down },
	{ K_F(1), 0, "F1", "帮助", NULL, NULL },
	{ K_ESC, '0', "Esc", "返回", "返回（也可以按 0）", screen_back },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static const char *
word_of(const struct menu_item *it)
{
	const struct form *f;

	if (it->word != NULL)
		return it->word;
	f = ui_form(it->form);
	return f != NULL ? f->title : it->form;
}

static void
draw(struct screen *s)
{
	struct menu *m = (struct menu *)s;
	int room = screen_body_rows() - 2, i;

	screen_frame(s, m->title, ui_place());
	if (m->at < m->top)
		m->top = m->at;
	if (m->at >= m->top + room)
		m->top = m->at - room + 1;
	for (i = m->top; i < m->n && i < m->top + room; i++) {
		int y = 2 + i - m->top;

		if (i < 9)
			draw_textf(y, 4, 2, D_PLAIN, "%d", i + 1);
		draw_text(y, 7, 40, word_of(m->item[i]),
		    i == m->at ? D_REVERSE : D_PLAIN);
		if (i == m->at)
			draw_cursor(y, 7);
	}
}

static void
key(struct screen *s, const struct key *k)
{
	struct menu *m = (struct menu *)s;
	uint32_t c = key_plain(k);

	if (c == '/') {
		find_run();
		return;
	}
	if (c < '1' || c > '9' || (int)(c - '1') >= m->n) {
		draw_beep();
		return;
	}
	m->at = (int)(c - '1');
	open_item(s);
}

static const struct screen_ops ops = {
	.full = true, .rows = rows, .draw = draw, .key = key
};

void
menu_run(const char *title, const struct menu_item *items, size_t n)
{
	struct menu m = { .base.ops = &ops, .title = title };
	size_t i;

	m.item = xcalloc(n, sizeof *m.item);
	for (i = 0; i < n; i++) {
		if (items[i].roles == 0 || ui_role(items[i].roles))
			m.item[m.n++] = &items[i];
	}
	if (m.n > 0)
		screen_run(&m.base);
	else
		screen_say("这里没有您能用的功能");
	free(m.item);
}

/* ---- the main menu --------------------------------------------------- */

static void
run_child(void)
{
	const struct form *f = ui_form("child");

	if (f != NULL)
		kind_run(f, NULL, NULL);
}

static void
run_due(void)
{
	listscreen_menu("到期清单", "due");
}

static void
run_suggest(void)
{
	listscreen_menu("提醒和建议", "suggest");
}

static void
run_check(void)
{
	listscreen_menu("核查", "check");
}

static void
run_homes(void)
{
	listscreen_menu("儿童之家和村", "home");
}

static void
run_lists(void)
{
	listscreen_menu("变动和交接", "report");
}

static void
run_visit(void)
{
	static const struct menu_item items[] = {
		{ .word = "连续记走访", .run = visitrun_run },
		{ .word = "到期清单（走访、评估、受理单）", .run = run_due },
		{ .word = "提醒和建议", .run = run_suggest },
		{ .form = "visit" }, { .form = "assessment" },
		{ .form = "counselling" }, { .form = "agreement" },
		{ .form = "guardian" }, { .form = "benefit" },
		{ .form = "medical_bill" }, { .form = "consent" }
	};

	menu_run("走访评估", items, COUNT_OF(items));
}

static void
run_home(void)
{
	static const struct menu_item items[] = {
		{ .form = "activity" }, { .form = "home" },
		{ .word = "开展情况、村表", .run = run_homes },
		{ .form = "school" }, { .form = "publicity" },
		{ .form = "closed_week" }
	};

	menu_run("儿童之家", items, COUNT_OF(items));
}

static void
run_rates(void)
{
	listscreen_menu("培训和队伍情况", "training");
}

static void
run_training(void)
{
	static const struct menu_item items[] = {
		{ .form = "training" }, { .form = "staff" },
		{ .form = "meeting" },
		{ .word = "参训率、合格率、该训的人", .run = run_rates },
		{ .word = "个人培训记录", .run = certs_record },
		{ .word = "换届（换儿童主任、交接）", .run = turnscreen_run,
		    .roles = ROLE_ADMIN | ROLE_SUPERVISOR }
	};

	menu_run("培训签到", items, COUNT_OF(items));
}

static void
run_board(void)
{
	listscreen_menu("办件看板和办理质量", "case");
}

static void
run_case(void)
{
	static const struct menu_item items[] = {
		{ .word = "受理一件", .run = caseacts_intake },
		{ .form = "case" },
		{ .word = "办件看板和办理质量", .run = run_board },
		{ .form = "mandatory_report" }, { .form = "referral" },
		{ .form = "conference" }, { .form = "office" },
		{ .word = "政策手册", .run = handbookscreen_run }
	};

	menu_run("一门受理", items, COUNT_OF(items));
}

static void
run_indicators(void)
{
	static const struct menu_item items[] = {
		{ .word = "各项指标", .run = boardscreen_menu },
		{ .form = "stated_value" }, { .form = "evidence" },
		{ .form = "project" },
		{ .word = "本单位的考核方案", .run = boardscreen_choose,
		    .roles = ROLE_ADMIN | ROLE_SUPERVISOR | ROLE_COUNTY }
	};

	menu_run("指标看板", items, COUNT_OF(items));
}

enum { SENDERS = ROLE_ADMIN | ROLE_SUPERVISOR,
    TAKERS = ROLE_ADMIN | ROLE_SUPERVISOR | ROLE_COUNTY };

static void
run_county(void)
{
	static const struct menu_item items[] = {
		{ .word = "收上报包", .run = receivescreen_run,
		    .roles = TAKERS },
		{ .word = "各乡镇上报情况", .run = sitescreen_run,
		    .roles = TAKERS },
		{ .word = "待审核", .run = reviewscreen_run, .roles = TAKERS },
		{ .word = "待核对、两边都改过", .run = sitescreen_matters,
		    .roles = TAKERS },
		{ .word = "可能重复", .run = twinscreen_run, .roles = TAKERS },
		{ .word = "转出转入", .run = movedesk_run, .roles = TAKERS },
		{ .word = "月报、季报、年报", .run = reportscreen_run },
		{ .word = "变动和交接", .run = run_lists },
		{ .word = "下发资料",
		    .run = editionscreen_run, .roles = ROLE_ADMIN |
		    ROLE_COUNTY },
		{ .word = "排查汇总表", .run = surveyscreen_run },
		{ .word = "今日工作", .run = today_run }
	};

	menu_run("汇总上报", items, COUNT_OF(items));
}

static void
run_reports(void)
{
	static const struct menu_item items[] = {
		{ .word = "做上报包", .run = tasks_bundle, .roles = SENDERS },
		{ .word = "检查上报包", .run = tasks_verify },
		{ .word = "排查汇总表", .run = surveyscreen_run },
		{ .word = "月报、季报、年报", .run = reportscreen_run },
		{ .word = "变动和交接", .run = run_lists },
		{ .word = "今日工作", .run = today_run },
		{ .word = "用县回执", .run = applyscreen_run,
		    .roles = SENDERS },
		{ .word = "县里退回和待定", .run = trayscreen_run,
		    .roles = SENDERS }
	};

	if (countykeys_here())
		run_county();
	else
		menu_run("汇总上报", items, COUNT_OF(items));
}

/* Every kind there is. */
static void
run_all(void)
{
	const char *const *names = forms_names(ui_forms());
	struct menu_item *items;
	size_t n, i;

	for (n = 0; names[n] != NULL; n++)
		;
	items = xcalloc(n + 1, sizeof *items);
	for (i = 0; i < n; i++)
		items[i].form = names[i];
	menu_run("全部台账", items, n);
	free(items);
}

static void
run_query(void)
{
	static const struct menu_item items[] = {
		{ .word = "查找", .run = find_run },
		{ .word = "核查：数据问题、疑似重复", .run = run_check },
		{ .word = "导入名册", .run = importscreen_run },
		{ .word = "模板、填县里的空表", .run = templatescreen_run },
		{ .word = "全部台账", .run = run_all },
		{ .word = "各台账条数", .run = tasks_counts },
		{ .word = "统计表", .run = reportscreen_cross }
	};

	menu_run("查询统计", items, COUNT_OF(items));
}

const struct menu_main menu_main[] = {
	{ '1', "儿童台账", run_child }, { '2', "走访评估", run_visit },
	{ '3', "儿童之家", run_home }, { '4', "培训签到", run_training },
	{ '5', "一门受理", run_case }, { '6', "指标看板", run_indicators },
	{ '7', "汇总上报", run_reports }, { '8', "查询统计", run_query },
	{ '9', "系统设置", settings_run }
};
