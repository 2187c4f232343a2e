/* From start to end.  The database is opened before the terminal, so that its
 * troubles are told in plain lines; see term.h for the terminal's order. */
#include <stdlib.h>
#include <unistd.h>

#include "ask.h"
#include "backup.h"
#include "clock.h"
#include "countykeys.h"
#include "date.h"
#include "db.h"
#include "draw.h"
#include "find.h"
#include "home.h"
#include "log.h"
#include "login.h"
#include "mem.h"
#include "outbox.h"
#include "resume.h"
#include "screen.h"
#include "site.h"
#include "term.h"
#include "troublescreen.h"
#include "today.h"
#include "ui.h"
#include "urgent.h"
#include "user.h"
#include "vault.h"
#include "wizard.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 3, IDLE_SECONDS = 600 };

static struct {
	struct forms *fs;
	const char *home;
	char *place;
	bool locked, again;
	const char *parting;	/* to say on the bare terminal, or NULL */
} ui;

void
ui_restart(void)
{
	ui.again = true;
	screen_leave(LEAVE_PERSON);
}

struct forms *
ui_forms(void)
{
	return ui.fs;
}

struct db *
ui_db(void)
{
	return forms_db(ui.fs);
}

const char *
ui_home(void)
{
	return ui.home;
}

const char *
ui_place(void)
{
	return ui.place != NULL ? ui.place : "";
}

bool
ui_present(void)
{
	return ui.fs != NULL && !ui.locked && db_session(ui_db()) != NULL;
}

bool
ui_role(unsigned roles)
{
	const struct session *s = db_session(ui_db());

	return s != NULL && (s->roles & roles) != 0;
}

const struct form *
ui_form(const char *name)
{
	struct err e = ERR_INIT;
	const struct form *f = forms_get(ui.fs, name, &e);

	if (f == NULL)
		screen_say_err(&e);
	return f;
}

bool
ui_clock_wrong(void)
{
	return clock_wrong();
}

/* ---- what is the same everywhere -------------------------------------- */

static void
hook_today(void)
{
	if (ui_present())
		today_run();
}

static void
hook_find(void)
{
	if (ui_present())
		find_run();
}

static void
hook_report(void)
{
	if (ui_present())
		urgent_run();
}

/* F12: drafts are written, then the login comes again; also from the lock. */
static void
hook_person(void)
{
	if (db_session(ui_db()) != NULL)
		screen_leave(LEAVE_PERSON);
}

static void
hook_idle(void)
{
	if (!ui_present())
		return;
	ui.locked = true;
	login_lock();
	ui.locked = false;
}

static int
number_setting(const char *name, int dflt)
{
	char *v = db_meta(ui_db(), name);
	int n = v != NULL && *v != '\0' ? atoi(v) : dflt;

	free(v);
	return n;
}

static void
set_hooks(void)
{
	struct screen_hooks h = {
		.today = hook_today, .report = hook_report,
		.person = hook_person,
		.find = hook_find, .idle = hook_idle,
		.idle_ms = number_setting("idle_seconds", IDLE_SECONDS) * 1000
	};

	screen_set_hooks(&h);
}

/* ---- start ------------------------------------------------------------ */

static int
open_site(struct str *notes, struct err *e)
{
	int rc = site_open(ui.home, &ui.fs, notes, e);

	/* One person at a screen: pages that are not held here are in the
	 * system's cache. */
	if (rc == 0)
		rc = db_exec(ui_db(), "PRAGMA cache_size=-256", e);
	if (rc == 0)
		ui.place = db_meta(ui_db(), "site_name");
	return rc;
}

static int
start_terminal(struct err *e)
{
	struct term_want want = { .home = ui.home, .four_byte = -1 };

	if (ui.fs != NULL) {
		want.ambiguous = number_setting("ambiguous_width", 0);
		want.four_byte = number_setting("four_byte", -1);
	}
	return term_start(&want, e);
}

static bool
has_users(void)
{
	int64_t n;

	db_trust(ui_db());
	n = db_int(ui_db(), 0, "SELECT count(*) FROM main.user", "");
	db_untrust(ui_db());
	return n > 0;
}

/* The day's copy, made when the day's work is done; an office that never
 * leaves by the door gets it at the login after two days. */
static void
copy_of_day(bool leaving)
{
	char last[DATE_SIZE];
	struct err e = ERR_INIT;

	backup_last(ui.home, last);
	if (!leaving && (last[0] == '\0' ||
	    date_days(date_today()) - date_days(last) < 2))
		return;
	screen_say("正在做每日备份");
	screen_paint();
	if (vault_daily(ui.fs, ui.home, &e) < 0)
		ask_ok("今天的备份没有做成", e.msg);
	else
		screen_say("今天的备份已做好");
}

/* Lists that were fetched, or that nobody fetched, do not lie about. */
static void
clear_outbox(void)
{
	struct err e = ERR_INIT;
	size_t n;

	if (outbox_clear(ui.fs, ui.home, &n, &e) < 0)
		screen_say_err(&e);
	else if (n > 0)
		screen_say("发件箱里放了七天以上的 %zu 个文件已清掉", n);
}

/* Everything between two logins. */
static void
work(void)
{
	clock_ask();
	if (screen_leaving() == LEAVE_NOT)
		copy_of_day(false);
	if (screen_leaving() == LEAVE_NOT)
		resume_offer();
	if (screen_leaving() == LEAVE_NOT)
		clear_outbox();
	if (screen_leaving() == LEAVE_NOT)
		troublescreen_offer();
	if (screen_leaving() == LEAVE_NOT)
		home_run();
	if (screen_leaving() == LEAVE_NOT)
		copy_of_day(true);
	countykeys_forget();
	user_logout(ui_db());
}

static void
sessions(void)
{
	while (screen_leaving() != LEAVE_GONE) {
		screen_settle();
		set_hooks();
		clock_look();
		if (!login_run())
			return;
		work();
		if (screen_leaving() == LEAVE_NOT || ui.again)
			return;		/* 0 退出 */
	}
}

static int
run_screens(struct str *notes, struct err *e)
{
	int rc;

	if (ui.fs == NULL) {
		ui.parting = "没有新建台账，什么也没有留下。再打开程序，从第一步"
		    "重新来。";
		if (!wizard_division(ui.home))
			return 0;
		rc = open_site(notes, e);
		if (rc < 0)
			return rc;
	}
	if (notes->len > 0)
		ask_ok("升级", notes->buf);
	ui.parting = "台账已建好，还没有设管理员。再打开程序，接着设。";
	if (!has_users() && !wizard_people(ui.fs, ui.home))
		return 0;
	ui.parting = NULL;
	sessions();
	return 0;
}

int
ui_run(const char *home)
{
	struct str notes = STR_INIT;
	struct err e = ERR_INIT;
	int rc = 0;

	ui.home = home;
	if (site_exists(home))
		rc = open_site(&notes, &e);
	if (rc == 0)
		rc = start_terminal(&e);
	if (rc == 0) {
		rc = run_screens(&notes, &e);
		term_stop();
	}
	if (rc < 0)
		say("%s", e.msg);
	else if (ui.parting != NULL)
		say("%s", ui.parting);
	if (ui.fs != NULL)
		site_close(ui.fs);
	free(ui.place);
	str_done(&notes);
	if (ui.again)		/* nothing of the old forms stays in memory */
		execl("/proc/self/exe", "tongji", "-C", home, (char *)NULL);
	return rc < 0 ? EXIT_FAILED : EXIT_DONE;
}
