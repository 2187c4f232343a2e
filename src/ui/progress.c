/* See progress.h.  Keys typed meanwhile, other than Esc, are dropped. */
#include <stdio.h>
#include <string.h>

#include "ask.h"
#include "date.h"
#include "key.h"
#include "progress.h"
#include "screen.h"

enum { EVERY_MS = 200, COLS = 30 };

static struct {
	const char *what;
	int64_t painted;
	bool stopped;
} prog;

void
progress_begin(const char *what)
{
	prog.what = what;
	prog.painted = date_unix_ms();
	prog.stopped = false;
}

void
progress_bar(char *out, size_t size, int cols, int64_t done, int64_t total)
{
	int i, full;

	if ((size_t)cols >= size)
		cols = (int)size - 1;
	full = total > 0 ? (int)(done * cols / total) : 0;
	if (full > cols)
		full = cols;
	for (i = 0; i < cols; i++)
		out[i] = i < full ? '=' : '-';
	out[cols] = '\0';
}

static void
look_for_esc(void)
{
	struct key k;

	while (!prog.stopped && key_waiting()) {
		key_read(&k, 0);
		if (k.code == K_GONE) {
			screen_leave(LEAVE_GONE);
			prog.stopped = true;
		} else if (k.code == K_ESC || k.code == K_F(10)) {
			prog.stopped = ask_yes("停下来", false,
			    "%s还没有做完。停下来就当没有做过。要停吗？",
			    prog.what);
		}
	}
}

bool
progress_step(int64_t done, int64_t total)
{
	int64_t now = date_unix_ms();
	char bar[COLS + 1];

	if (prog.stopped || now - prog.painted < EVERY_MS)
		return !prog.stopped;
	prog.painted = now;
	look_for_esc();
	progress_bar(bar, sizeof bar, COLS, done, total);
	if (total > 0)
		screen_say("%s %s %d%%  Esc 停止", prog.what, bar,
		    (int)(done * 100 / total));
	else
		screen_say("%s %lld  Esc 停止", prog.what, (long long)done);
	screen_paint();
	return !prog.stopped;
}

void
progress_end(void)
{
	screen_say("%s", "");
}
