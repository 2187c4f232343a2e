/* See progress.h.  Keys typed meanwhile, other than Esc, are dropped. */
#include <stdio.h>
#include <string.h>

#include "date.h"
#include "key.h"
#include "progress.h"
#include "screen.h"

enum { EVERY_MS = 200, COLS = 30, SURE_MS = 5000 };

static struct {
	const char *what;
	int64_t painted;
	int64_t asked;		/* when Esc was pressed; 0: it was not */
	bool stopped;
} prog;

void
progress_begin(const char *what)
{
	prog.what = what;
	prog.painted = date_unix_ms();
	prog.asked = 0;
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

/* The second Esc stops.  The work goes on meanwhile: it may hold the database,
 * and others must not wait for an answer. */
static void
look_for_esc(int64_t now)
{
	struct key k;

	if (prog.asked != 0 && now - prog.asked > SURE_MS)
		prog.asked = 0;
	while (!prog.stopped && key_waiting()) {
		key_read(&k, 0);
		if (k.code == K_GONE) {
			screen_leave(LEAVE_GONE);
			prog.stopped = true;
		} else if (k.code == K_ESC || k.code == K_F(10)) {
			prog.stopped = prog.asked != 0;
			prog.asked = now;
		}
	}
}

bool
progress_step(int64_t done, int64_t total)
{
	int64_t now = date_unix_ms();
	char bar[COLS + 1];
	const char *esc;

	if (prog.stopped || now - prog.painted < EVERY_MS)
		return !prog.stopped;
	prog.painted = now;
	look_for_esc(now);
	progress_bar(bar, sizeof bar, COLS, done, total);
	esc = prog.asked != 0 ? "再按 Esc 停下，当没有做过" : "Esc 停止";
	if (total > 0)
		screen_say("%s %s %d%%  %s", prog.what, bar,
		    (int)(done * 100 / total), esc);
	else
		screen_say("%s %lld  %s", prog.what, (long long)done, esc);
	screen_paint();
	return !prog.stopped;
}

void
progress_end(void)
{
	screen_say("%s", "");
}
