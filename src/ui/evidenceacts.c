/* See evidenceacts.h. */
#include "evidenceacts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence.h"
#include "filepick.h"
#include "formview.h"
#include "record.h"
#include "screen.h"
#include "plainask.h"
#include "ui.h"

/* Take a chosen file into `r`. */
static bool
take(struct record *r)
{
	struct err e = ERR_INIT;
	char *path = filepick_run("收哪个文件", FILEPICK_EVIDENCE);
	bool done = false;

	if (path != NULL) {
		done = evidence_put(r, path, &e) == 0;
		if (done)
			screen_say("已收进：%s", record_get(r, "file"));
		else
			screen_say_err(&e);
	}
	free(path);
	return done;
}

bool
evidenceacts_take(const char *code)
{
	const struct form *f = ui_form("evidence");
	struct err e = ERR_INIT;
	struct record *r = f != NULL ? record_new(ui_forms(), f, &e) : NULL;
	char list[32], uid[37];
	bool done;

	if (r == NULL)
		return false;
	snprintf(list, sizeof list, ";%s;", code);
	record_put(r, form_field(f, "indicator"), list);
	done = take(r);
	if (done) {
		strcpy(uid, r->uid);
		record_free(r);
		r = record_load(ui_forms(), f, uid, &e);
		if (r == NULL)
			screen_say_err(&e);
		else
			formview_run(r, NULL);
	}
	record_free(r);
	return done;
}

void
evidenceacts_put(const char *uid)
{
	const struct form *f = ui_form("evidence");
	struct err e = ERR_INIT;
	struct record *r = f != NULL ? record_load(ui_forms(), f, uid, &e) :
	    NULL;

	if (r == NULL)
		return;
	take(r);
	record_free(r);
}

void
evidenceacts_save(const char *uid)
{
	struct err e = ERR_INIT;
	char *dir = plainask_place("文件存到哪里", "佐证材料"), *path = NULL;

	if (dir == NULL)
		return;
	if (evidence_save(ui_forms(), uid, dir, &path, &e) < 0)
		screen_say_err(&e);
	else
		screen_say("已另存：%s", path);
	free(path);
	free(dir);
}
