/* See visitrun.h.  A notebook read over the telephone: the day of the last
 * visit stays; who went is the village's director by default. */
#include "visitrun.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "choose.h"
#include "date.h"
#include "db.h"
#include "draw.h"
#include "formview.h"
#include "screen.h"
#include "ui.h"

/* `day` (may be NULL) is preset; takes the saved visit's day. */
static bool
visit(const char *child, char *day)
{
	const struct form *f = ui_form("visit");
	struct form_want want = { .fixed = NULL };
	struct err e = ERR_INIT;
	struct record *r;
	const struct field *on;
	bool saved = false;

	if (f == NULL)
		return false;
	if (!record_may_write(ui_forms(), f)) {
		screen_say("您的身份不能记走访");
		draw_beep();
		return false;
	}
	r = record_new(ui_forms(), f, &e);
	if (r == NULL) {
		screen_say_err(&e);
		return false;
	}
	want.fixed = form_field(f, "child");
	on = form_field(f, "visit_date");
	record_put(r, want.fixed, child);
	if (day != NULL && *day != '\0')
		record_put(r, on, day);
	formview_defaults(r);
	saved = formview_run(r, &want) == FORM_SAVED;
	if (saved && day != NULL && record_get(r, "visit_date") != NULL)
		snprintf(day, DATE_SIZE, "%s", record_get(r, "visit_date"));
	record_free(r);
	return saved;
}

bool
visitrun_one(const char *child)
{
	return visit(child, NULL);
}

void
visitrun_run(void)
{
	const struct form *f = ui_form("child");
	char day[DATE_SIZE] = "", title[80], *uid;
	int n = 0;

	while (f != NULL && screen_leaving() == LEAVE_NOT) {
		snprintf(title, sizeof title, "记走访：找孩子（已记 %d 次，"
		    "Esc 结束）", n);
		uid = choose_record(ui_forms(), f, title, "", NULL, NULL, NULL);
		if (uid == NULL)
			break;
		n += visit(uid, day);
		free(uid);
	}
	if (n > 0)
		screen_say("已记 %d 次走访", n);
}
