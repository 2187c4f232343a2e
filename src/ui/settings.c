/* The settings menu, and the switches kept in the table `meta`. */
#include <stdio.h>
#include <stdlib.h>

#include "ask.h"
#include "boardscreen.h"
#include "cardscreen.h"
#include "codec.h"
#include "countykeys.h"
#include "db.h"
#include "entry.h"
#include "mem.h"
#include "menu.h"
#include "number.h"
#include "period.h"
#include "screen.h"
#include "settings.h"
#include "tasks.h"
#include "term.h"
#include "troublescreen.h"
#include "ui.h"
#include "user.h"
#include "width.h"

static void
set(const char *name, const char *value)
{
	struct err e = ERR_INIT;

	db_trust(ui_db());
	if (db_set_meta(ui_db(), name, value, &e) < 0)
		screen_say_err(&e);
	db_untrust(ui_db());
}

/* How wide · “ ” and the like are drawn: shown at once. */
static void
ambiguous(void)
{
	static const struct ask_item items[] = {
		{ '0', "自动（登录时问终端）" },
		{ '1', "一格" },
		{ '2', "两格" }
	};
	int i = ask_items("符号宽度", "像 · “ ” … 这样的符号，有的终端画一格，"
	    "有的画两格。画面错位时换一种试试。", items, 3, 0);

	if (i < 0)
		return;
	set("ambiguous_width", i == 0 ? "" : i == 1 ? "1" : "2");
	if (codec_session() != CODEC_UTF8)
		screen_say("本次登录是 GBK，符号总是两格；已记下，对 UTF-8 有效");
	else
		width_set_ambiguous(i > 0 ? i : term_probed() > 0 ?
		    term_probed() : 1);
}

static void
four_byte(void)
{
	static const struct ask_item items[] = {
		{ '0', "自动（登录时问终端）" },
		{ '1', "不发，显示为〓（PuTTY 请选这个）" },
		{ '2', "照发" }
	};
	int i = ask_items("四字节生僻字", "GB18030 终端上，四字节的生僻字发不发给"
	    "终端？下次登录起作用。", items, 3, 0);

	if (i >= 0)
		set("four_byte", i == 0 ? "" : i == 1 ? "0" : "1");
}

static void
idle(void)
{
	char *now = db_meta(ui_db(), "idle_seconds"), *text = NULL, buf[32];
	struct err e = ERR_INIT;
	int64_t minutes;

	snprintf(buf, sizeof buf, "%ld", now != NULL ? atol(now) / 60 : 10);
	if (entry_ask("自动锁屏", "分钟", "多少分钟没有按键就锁屏。0 是不锁。",
	    4, buf, &text)) {
		if (number_integer(text, &minutes, &e) < 0 || minutes < 0 ||
		    minutes > 240) {
			screen_say("没有改：请填 0 到 240 的数");
		} else {
			snprintf(buf, sizeof buf, "%d", (int)minutes * 60);
			set("idle_seconds", buf);
			screen_say("已记下，下次登录起作用");
		}
	}
	free(text);
	free(now);
}

/* When an office closes its month: reports and the first screen follow. */
static void
closing(void)
{
	char *text = NULL, buf[32];
	struct err e = ERR_INIT;
	int64_t day;

	snprintf(buf, sizeof buf, "%d", period_closing());
	if (entry_ask("月结日", "几号", "每月几号结账。填 0 按月末；填 25，"
	    "11月的报表就从上月26日到本月25日，季报、半年报、年报和首页跟着变。"
	    "方案里按半年、按年算的指标不变。", 2, buf, &text)) {
		if (number_integer(text, &day, &e) < 0 || day < 0 ||
		    day > CLOSING_LAST) {
			screen_say("没有改：请填 0 到 %d 的数", CLOSING_LAST);
		} else {
			snprintf(buf, sizeof buf, "%d", (int)day);
			set("closing_day", buf);
			period_set_closing((int)day);
			screen_say(day > 0 ? "已记下：每月 %s 日结账" :
			    "已记下：按月末结账", buf);
		}
	}
	free(text);
}

/* A county makes keys and enrols townships where a township takes the
 * county's. */
static void
partner_key(void)
{
	static const struct menu_item items[] = {
		{ .word = "登记乡镇的公钥", .run = cardscreen_enrol_any },
		{ .word = "建县级密钥", .run = countykeys_make },
		{ .word = "再写一份公钥文件", .run = countykeys_card },
		{ .word = "改县级密钥的口令", .run = countykeys_passphrase }
	};

	if (countykeys_here())
		menu_run("密钥", items, COUNT_OF(items));
	else
		cardscreen_county();
}

void
settings_run(void)
{
	const struct menu_item items[] = {
		{ .word = "改自己的密码", .run = users_own_password },
		{ .word = "用户", .run = users_run, .roles = ROLE_ADMIN },
		{ .word = "备份", .run = tasks_backup,
		    .roles = ROLE_ADMIN | ROLE_SUPERVISOR },
		{ .word = "检查数据库", .run = tasks_check,
		    .roles = ROLE_ADMIN | ROLE_SUPERVISOR },
		{ .word = "核对码", .run = cardscreen_own },
		{ .word = countykeys_here() ? "密钥：登记乡镇、建县级密钥" :
		    "导入县里的公钥", .run = partner_key,
		    .roles = ROLE_ADMIN },
		{ .word = "密钥、换新电脑、优盘丢了",
		    .run = troublescreen_run },
		{ .word = "新的恢复码", .run = tasks_recovery,
		    .roles = ROLE_ADMIN },
		{ .word = "考核方案", .run = boardscreen_choose,
		    .roles = ROLE_ADMIN | ROLE_SUPERVISOR },
		{ .word = "月结日", .run = closing,
		    .roles = ROLE_ADMIN | ROLE_SUPERVISOR },
		{ .word = "自动锁屏", .run = idle, .roles = ROLE_ADMIN },
		{ .word = "符号宽度", .run = ambiguous },
		{ .word = "四字节生僻字", .run = four_byte }
	};

	menu_run("系统设置", items, COUNT_OF(items));
}
