/* See stickask.h. */
#include "stickask.h"

#include <stdlib.h>

#include "ask.h"
#include "screen.h"
#include "stickoff.h"

void
stickask_run(const char *dir)
{
	char *device = stickoff_device(dir, NULL, NULL);
	struct str words = STR_INIT;

	if (device == NULL || screen_leaving() != LEAVE_NOT) {
		free(device);
		return;
	}
	free(device);
	if (!ask_yes("U盘", true, "用完了，现在卸下U盘吗？")) {
		screen_say("U盘还没有卸下，先别拔");
		return;
	}
	screen_say("正在卸下U盘");
	screen_paint();
	if (stickoff_run(dir, NULL, NULL, &words) != STICKOFF_NONE)
		ask_ok("U盘", words.buf);
	str_done(&words);
}
