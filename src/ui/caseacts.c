/* See caseacts.h. */
#include "caseacts.h"

#include <stdio.h>
#include <stdlib.h>

#include "ask.h"
#include "casepaper.h"
#include "date.h"
#include "draw.h"
#include "formview.h"
#include "listscreen.h"
#include "mem.h"
#include "output.h"
#include "record.h"
#include "recview.h"
#include "screen.h"
#include "ui.h"

typedef struct paper *maker(struct forms *fs, const char *uid,
    const char *place, struct err *e);

static void
print(maker *make, const char *uid, const char *name)
{
	struct err e = ERR_INIT;
	struct paper *p = make(ui_forms(), uid, ui_place(), &e);

	if (p == NULL) {
		screen_say_err(&e);
		return;
	}
	output_paper(p, name);
	paper_free(p);
}

/* A restricted one may be out of her sight; the saving has said so. */
static bool
is_hers(const struct record *r)
{
	struct record *again = record_load(r->fs, r->form, r->uid, NULL);
	bool yes = again != NULL;

	record_free(again);
	return yes;
}

void
caseacts_intake(void)
{
	const struct form *f = ui_form("case");
	struct err e = ERR_INIT;
	struct record *r;

	if (f == NULL)
		return;
	if (!record_may_write(ui_forms(), f)) {
		screen_say("您的身份不能受理");
		draw_beep();
		return;
	}
	r = record_new(ui_forms(), f, &e);
	if (r == NULL) {
		screen_say_err(&e);
		return;
	}
	if (formview_run(r, NULL) == FORM_SAVED && is_hers(r))
		recview_run(f, r->uid);
	record_free(r);
}

void
caseacts_receipt(const char *uid)
{
	print(casepaper_receipt, uid, "受理回执");
}

void
caseacts_timeline(const char *uid)
{
	listscreen_record("case_timeline", uid);
}

void
caseacts_refusal(const char *uid)
{
	print(casepaper_refusal, uid, "不予确认告知书");
}

/* Write the day down, if nobody has. */
static int
date_report(const char *uid, struct err *e)
{
	const struct form *f = ui_form("mandatory_report");
	struct record *r = f != NULL ? record_load(ui_forms(), f, uid, e) :
	    NULL;
	int rc = 0;

	if (r == NULL)
		return e->code;
	if (record_get(r, "written_on") == NULL && record_may_write(r->fs, f)
	    && ask_yes("书面报告", true, "记下今天出了书面报告？")) {
		record_put(r, form_field(f, "written_on"), date_today());
		rc = record_save(r, NULL, e);
	}
	record_free(r);
	return rc;
}

void
caseacts_report(const char *uid)
{
	struct err e = ERR_INIT;

	if (date_report(uid, &e) < 0)
		screen_say_err(&e);
	else
		print(casepaper_report, uid, "强制报告书面报告");
}

void
caseacts_referral(const char *uid)
{
	print(casepaper_referral, uid, "转办单");
}

/* One more reminder, today. */
static int
count_reminder(struct record *r, struct err *e)
{
	const struct field *n = form_field(r->form, "reminders");
	const struct field *on = form_field(r->form, "reminded_on");
	const char *was = record_get(r, "reminders");
	char number[24];
	int rc;

	if (n == NULL || on == NULL)
		return 0;
	snprintf(number, sizeof number, "%ld", (was != NULL ?
	    strtol(was, NULL, 10) : 0) + 1);
	record_put(r, n, number);
	record_put(r, on, date_today());
	rc = record_check(r, e);
	if (rc == 0 && r->errors > 0)
		return err_set(e, E_REFUSED, "这张转办单有要改的地方，请先改好"
		    "再催办");
	return rc == 0 ? record_save(r, NULL, e) : rc;
}

void
caseacts_remind(const char *uid)
{
	const struct form *f = ui_form("referral");
	struct err e = ERR_INIT;
	struct record *r = f != NULL ? record_load(ui_forms(), f, uid, &e) :
	    NULL;

	if (r == NULL) {
		screen_say_err(&e);
		return;
	}
	if (record_get(r, "replied_on") != NULL ||
	    record_get(r, "withdrawn_on") != NULL) {
		screen_say("已经回复或收回了，不用再催");
		draw_beep();
	} else if (!str_eq(record_get(r, "reminded_on"), date_today()) &&
	    ask_yes("催办", true, "今天还没有催过，记一次催办并出催办单？") &&
	    count_reminder(r, &e) < 0) {
		screen_say_err(&e);
	} else if (str_eq(record_get(r, "reminded_on"), date_today())) {
		print(casepaper_reminder, uid, "催办单");
	}
	record_free(r);
}
