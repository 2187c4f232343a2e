/* See clock.h.  The offset is kept in the settings as `clock_offset` and only
 * used while the bare clock is implausible. */
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "date.h"
#include "db.h"
#include "entry.h"
#include "journal.h"
#include "site.h"
#include "ui.h"
#include "when.h"

static struct {
	bool wrong, offset;
} clk = { false, false };

void
clock_look(void)
{
	struct db *db = ui_db();
	char now[DATE_SIZE];
	char *kept;
	int32_t today;
	int days;

	if (date_is_overridden())
		return;
	date_clock(now);
	today = date_days(now);
	clk.wrong = !site_day_plausible(db, today);
	kept = db_meta(db, "clock_offset");
	days = kept != NULL ? atoi(kept) : 0;
	free(kept);
	clk.offset = clk.wrong && days != 0 &&
	    site_day_plausible(db, today + days);
	date_set_offset(clk.offset ? days : 0);
}

static int
take_day(void *arg, struct entry *en, int *at, struct err *e)
{
	char *iso = arg;

	(void)at;
	return when_date(entry_text(en, 0), iso, e);
}

static void
keep(int days)
{
	struct err e = ERR_INIT;
	char text[16];

	snprintf(text, sizeof text, "%d", days);
	date_set_offset(days);
	clk.offset = days != 0;
	db_trust(ui_db());
	if (db_set_meta(ui_db(), "clock_offset", text, &e) < 0 ||
	    journal_note(ui_db(), "clock", NULL, NULL, text, &e) < 0)
		screen_say_err(&e);
	db_untrust(ui_db());
}

void
clock_ask(void)
{
	struct entry_field f[] = {
		{ .label = "今天是", .max = 20, .required = true,
		    .hint = "如 20261122" },
		{ .label = NULL }
	};
	char now[DATE_SIZE], iso[DATE_SIZE] = "";
	char text[256];
	struct entry en = { .title = "电脑时钟可能不准", .text = text,
	    .submit = take_day, .arg = iso };

	if (!clk.wrong || clk.offset || date_is_overridden())
		return;
	date_clock(now);
	snprintf(text, sizeof text, "电脑的日期是 %s，与台账里最近的记录对不上。"
	    "请看手机或日历，输入今天的日期；日期没错就直接按 F2。", now);
	entry_init(&en, f);
	edit_set(&f[0].edit, now);
	if (entry_run(&en))
		keep((int)(date_days(iso) - date_days(now)));
	clk.wrong = clk.offset;
	entry_done(&en);
}

bool
clock_wrong(void)
{
	return clk.offset;
}
