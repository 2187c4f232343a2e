/* See danger.h. */
#include "danger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "db.h"
#include "formview.h"
#include "screen.h"
#include "ui.h"

static char asked[37];		/* the visit that was asked about */

/* The first sign of ;4;9; is the situation. */
static void
first_sign(const char *signs, char out[8])
{
	snprintf(out, 8, "%.*s", (int)strcspn(signs + 1, ";"), signs + 1);
}

static void
report(const struct record *visit, const char *signs)
{
	const struct form *f = ui_form("mandatory_report");
	struct form_want want = { .fixed = NULL };
	struct err e = ERR_INIT;
	struct record *r = f != NULL ? record_new(ui_forms(), f, &e) : NULL;
	const struct field *child, *situation;
	char sign[8];

	if (r == NULL) {
		screen_say_err(&e);
		return;
	}
	child = form_field(f, "child");
	situation = form_field(f, "situation");
	if (child != NULL)
		record_put(r, child, record_get(visit, "child"));
	formview_defaults(r);
	first_sign(signs, sign);
	if (situation != NULL) {
		record_put(r, situation, sign);
		r->typed[situation->index] = true;
	}
	want.fixed = child;
	want.at = form_field(f, "found_at");
	formview_run(r, &want);
	record_free(r);
}

bool
danger_look(struct record *r, const struct field *f)
{
	const char *signs = r->val[f->index];
	static const struct ask_item items[] = {
		{ 'r', "已打或正在打，现在填强制报告" },
		{ 'l', "先填完走访，随后再填" }
	};

	if (strcmp(r->form->name, "visit") != 0 ||
	    strcmp(f->name, "danger_signs") != 0 || signs == NULL ||
	    signs[0] != ';' || strcmp(asked, r->uid) == 0)
		return false;
	memcpy(asked, r->uid, sizeof asked);
	if (ask_items("立即打 110", "有危险情形：立即向派出所报案（110），同时"
	    "告诉镇上和县民政。\n不追问细节，不让孩子反复讲，不惊动涉嫌人。"
	    "\n报告人的姓名保密。这次走访已留作草稿。", items, 2, 0) != 0)
		return true;
	report(r, signs);
	return true;
}
