/* See plainask.h. */
#include "plainask.h"

#include <stdlib.h>
#include <string.h>

#include "entry.h"
#include "journal.h"
#include "mem.h"
#include "stickoff.h"
#include "str.h"
#include "tasks.h"
#include "ui.h"

static int
check(void *arg, struct entry *en, int *at, struct err *e)
{
	(void)arg;
	*at = 0;
	return strcmp(entry_text(en, 0), STICKOFF_WORD) == 0 ? 0 :
	    err_set(e, E_REFUSED, "要打“%s”两个字；不放就按 Esc",
	    STICKOFF_WORD);
}

static bool
typed(const char *what)
{
	char *text = xasprintf("“%s”含姓名，没有加密：U盘丢了，捡到的人都看得到。"
	    "交给县里请用上报包（加密的）。\n确实要放到U盘上，请打“%s”两个字，"
	    "会记入日志。", what, STICKOFF_WORD);
	struct entry_field f[] = {
		{ .label = "输入", .max = 10, .required = true },
		{ .label = NULL }
	};
	struct entry en = { .title = "没有加密", .text = text,
	    .submit = check };
	bool yes;

	entry_init(&en, f);
	yes = entry_run(&en);
	entry_done(&en);
	free(text);
	return yes;
}

char *
plainask_place(const char *title, const char *what)
{
	char *dir = tasks_place(title), *device, *note;
	struct err e = ERR_INIT;

	device = dir != NULL ? stickoff_device(dir, NULL, NULL) : NULL;
	if (device != NULL) {
		note = xasprintf("明文放到U盘：%s", what);
		if (!typed(what) || journal_note(ui_db(), "export", NULL, NULL,
		    note, &e) < 0) {
			if (e.code != 0)
				screen_say_err(&e);
			free(dir);
			dir = NULL;
		}
		free(note);
	}
	free(device);
	return dir;
}
