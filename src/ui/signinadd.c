/* See signinadd.h. */
#include "signinadd.h"

#include <stdlib.h>
#include <string.h>

#include "choose.h"
#include "entry.h"
#include "invite.h"
#include "mem.h"
#include "record.h"
#include "screen.h"
#include "str.h"
#include "ui.h"
#include "utf8.h"

static bool
is_name(const char *words)
{
	uint32_t cp = 0;

	if (str_blank(words))
		return false;
	utf8_next(words, &cp);
	return utf8_is_han(cp);
}

/* Somebody of another department: name and unit. */
static bool
ask_name(const char *title, const char *words, struct newcomer *out)
{
	struct entry_field f[] = {
		{ .label = "姓名", .max = 72, .required = true },
		{ .label = "单位", .max = 60,
		    .hint = "别的部门的人写单位；不算本镇参训率" },
		{ .label = NULL }
	};
	struct entry en = { .title = title };
	bool ok;

	entry_init(&en, f);
	if (is_name(words))
		edit_set(&f[0].edit, words);
	ok = entry_run(&en);
	if (ok) {
		out->name = xstrdup(entry_text(&en, 0));
		out->unit = str_blank(entry_text(&en, 1)) ? NULL :
		    xstrdup(entry_text(&en, 1));
	}
	entry_done(&en);
	return ok;
}

bool
signin_ask(const char *title, const char *typed, struct newcomer *out)
{
	const struct form *f = ui_form("staff");
	char *words = NULL;
	bool is_new = false, ok;

	memset(out, 0, sizeof *out);
	if (f == NULL)
		return false;
	out->staff = choose_record(ui_forms(), f, title, typed,
	    "不在登记里，只写姓名", &is_new, &words);
	ok = out->staff != NULL || (is_new && ask_name(title, words, out));
	free(words);
	return ok;
}

void
signinadd_invite(const char *uid)
{
	const struct form *f = ui_form("staff");
	struct str title = STR_INIT;
	struct err e = ERR_INIT;
	char *staff, *name;
	int n = 0, rc;

	str_add(&title, "请谁参加（Esc 完成）");
	while (f != NULL && (staff = choose_record(ui_forms(), f, title.buf,
	    "", NULL, NULL, NULL)) != NULL) {
		rc = invite_one(ui_forms(), uid, staff, &e);
		name = record_display(ui_forms(), f, staff);
		free(staff);
		str_clear(&title);
		n += rc > 0;
		if (rc < 0)
			str_addf(&title, "%s 没有加上：%s", name, e.msg);
		else
			str_addf(&title, "%s %s，共加 %d 人；还请谁（Esc 完成）",
			    name, rc > 0 ? "已加" : "已在名单上", n);
		free(name);
		e = (struct err)ERR_INIT;
	}
	screen_say("名单加了 %d 人", n);
	str_done(&title);
}

void
newcomer_done(struct newcomer *n)
{
	free(n->staff);
	free(n->name);
	free(n->unit);
	memset(n, 0, sizeof *n);
}
