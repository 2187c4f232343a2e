/* The first screen's figures, from the policy floor, and what was left
 * unsaved. */
#include <stdio.h>
#include <string.h>

#include "confide.h"
#include "countykeys.h"
#include "db.h"
#include "desk.h"
#include "home.h"
#include "importscreen.h"
#include "listscreen.h"
#include "mem.h"
#include "movedesk.h"
#include "resume.h"
#include "reviewscreen.h"
#include "screen.h"
#include "settings.h"
#include "sitescreen.h"
#include "todo.h"
#include "trayscreen.h"
#include "twinscreen.h"
#include "ui.h"
#include "user.h"

static void
open_due(void)
{
	listscreen_run("due_villages");
}

static void
take(struct home_todo *to, const struct todo *from)
{
	memset(to, 0, sizeof *to);
	snprintf(to->word, sizeof to->word, "%s", from->word);
	snprintf(to->note, sizeof to->note, "%s", from->note);
	snprintf(to->where, sizeof to->where, "%s", from->where);
	to->name = from->name;
	to->n = from->n;
	to->unit = from->unit;
	to->urgent = from->urgent;
	to->form = from->form;
	if (strcmp(from->word, "走访逾期") == 0)
		to->open = open_due;
	else if (strcmp(from->word, "县级退回") == 0 && !countykeys_here())
		to->open = trayscreen_run;
	else if (strcmp(from->word, "待审核") == 0 && countykeys_here())
		to->open = reviewscreen_run;
}

/* What the county's answers left for a person to decide. */
static long
open_matters(struct forms *fs)
{
	long n;

	if (!ui_role(ROLE_ADMIN | ROLE_SUPERVISOR))
		return 0;
	db_trust(forms_db(fs));
	n = (long)db_int(forms_db(fs), 0, "SELECT count(*) FROM main.tray"
	    " WHERE decision IS NULL", "");
	db_untrust(forms_db(fs));
	return n;
}

/* Restricted records that nobody may see. */
static void
open_unseen(void)
{
	if (ui_role(ROLE_ADMIN))
		users_run();
	else
		screen_say("请管理员在“系统设置 - 用户”里给一个人设专办人员");
}

static void
add_own(struct home_todo *to, const char *word, long n, const char *unit,
    void (*open)(void))
{
	memset(to, 0, sizeof *to);
	snprintf(to->word, sizeof to->word, "%s", word);
	to->n = n;
	to->unit = unit;
	to->open = open;
}

/* What waits on a county's desk; how many lines. */
static int
desk_todos(struct home_todo *out, int max)
{
	struct desk_waiting w;
	int n = 0;
	size_t i;

	if (!countykeys_here() || !ui_role(ROLE_ADMIN | ROLE_SUPERVISOR |
	    ROLE_COUNTY))
		return 0;
	desk_waiting(ui_forms(), &w);
	{
		const struct {
			const char *word, *unit;
			int64_t n;
			void (*open)(void);
		} rows[] = {
			{ "待核对、两边都改过", "条", w.matters,
			    sitescreen_matters },
			{ "可能重复", "对", w.twins, twinscreen_run },
			{ "转出待核", "人", w.moves, movedesk_run },
			{ "本月未报", "个乡镇", w.towns - w.reported,
			    sitescreen_run }
		};

		for (i = 0; i < COUNT_OF(rows) && n < max; i++)
			if (rows[i].n > 0)
				add_own(&out[n++], rows[i].word,
				    (long)rows[i].n, rows[i].unit,
				    rows[i].open);
	}
	return n;
}

/* A township's first day: no child yet. */
static bool
is_new(struct forms *fs)
{
	return !countykeys_here() && ui_role(ROLE_ADMIN | ROLE_SUPERVISOR) &&
	    db_int(forms_db(fs), 0, "SELECT 1 FROM child LIMIT 1", "") == 0;
}

int
home_todos(struct forms *fs, struct home_todo *out, int max, struct err *e)
{
	struct todo all[HOME_TODOS];
	long drafts = resume_count(), matters = open_matters(fs);
	long unseen = ui_role(ROLE_ADMIN | ROLE_SUPERVISOR) ?
	    confide_unseen(fs) : 0;
	int room = max < HOME_TODOS ? max : HOME_TODOS, n, i, at = 0;

	if (unseen > 0) {
		add_own(&out[at], "专办件没人能看", unseen, "件", open_unseen);
		out[at].urgent = true;
		snprintf(out[at++].note, sizeof out[0].note, "要设专办人员");
	}
	if (is_new(fs)) {
		add_own(&out[at], "先导入花名册", 0, "人",
		    importscreen_children);
		snprintf(out[at++].note, sizeof out[0].note, "或按1新增");
	}
	at += desk_todos(&out[at], room - at);
	n = todo_load(fs, all, room - at - (drafts > 0) - (matters > 0), e);
	if (n < 0)
		return n;
	for (i = 0; i < n; i++)
		take(&out[at + i], &all[i]);
	n += at;
	if (matters > 0)
		add_own(&out[n++], "县里待定的", matters, "项",
		    trayscreen_run);
	if (drafts > 0)
		add_own(&out[n++], "没存完的", drafts, "份", resume_run);
	return n;
}

int
home_find_todo(struct forms *fs, const struct home_todo *t, struct err *e)
{
	return t->name != NULL ? todo_list(fs, t->name, e) : 0;
}

int
home_bars(struct forms *fs, struct home_bar *out, int max, struct err *e)
{
	struct todo_bar all[HOME_BARS];
	int n = todo_bars(fs, all, max < HOME_BARS ? max : HOME_BARS, e), i;

	for (i = 0; i < n; i++) {
		snprintf(out[i].word, sizeof out[i].word, "%.31s",
		    all[i].word);
		out[i].percent = all[i].percent;
	}
	return n;
}
