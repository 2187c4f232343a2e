/* The stack, the loop and the frame.  See screen.h. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cut.h"
#include "draw.h"
#include "help.h"
#include "key.h"
#include "safe.h"
#include "screen.h"
#include "width.h"

enum { TICK_MS = 800 };

static struct {
	struct screen *top;
	struct screen_hooks hooks;
	bool hooked;
	enum leave leave;
	bool repaint;		/* the whole terminal */
	bool idle;		/* the lock is on already */
	struct str message;
} scr = { .message = STR_INIT };

void
screen_set_hooks(const struct screen_hooks *h)
{
	scr.hooks = *h;
	scr.hooked = true;
}

enum leave
screen_leaving(void)
{
	return scr.leave;
}

void
screen_save_all(void)
{
	struct screen *s;

	for (s = scr.top; s != NULL; s = s->below) {
		if (s->ops->save != NULL)
			s->ops->save(s);
	}
}

void
screen_leave(enum leave why)
{
	if (scr.leave == LEAVE_NOT)
		screen_save_all();
	if (scr.leave != LEAVE_GONE)
		scr.leave = why;
}

void
screen_settle(void)
{
	if (scr.leave == LEAVE_PERSON)
		scr.leave = LEAVE_NOT;
}

void
screen_end(struct screen *s, int result)
{
	s->done = true;
	s->result = result;
}

void
screen_back(struct screen *s)
{
	screen_end(s, 0);
}

void
screen_say(const char *fmt, ...)
{
	char *s = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&s, fmt, ap) >= 0) {
		str_clear(&scr.message);
		str_add(&scr.message, s);
	}
	va_end(ap);
	free(s);
}

void
screen_say_err(const struct err *e)
{
	screen_say("%s", e->msg[0] != '\0' ? e->msg : "没有做成");
	draw_beep();
}

const char *
screen_message(void)
{
	return scr.message.buf;
}

int
screen_body_rows(void)
{
	return draw_rows() - 3;
}

void
screen_footer(struct screen *s)
{
	struct str bar = STR_INIT;
	const struct keyrow *r;
	int left = draw_cols() - 1, w;

	for (r = s->ops->rows; r != NULL && r->code != 0; r++) {
		if (r->word == NULL)
			continue;
		w = width_str(r->key) + width_str(r->word) + 3;
		if (w > left)
			break;
		left -= w;
		str_addf(&bar, " %s %s ", r->key, r->word);
	}
	draw_text(draw_rows() - 1, 0, draw_cols(), bar.buf, D_PLAIN);
	draw_text(draw_rows() - 2, 1, draw_cols() - 1, scr.message.buf, D_BOLD);
	str_done(&bar);
}

void
screen_frame(struct screen *s, const char *title, const char *right)
{
	int cols = draw_cols(), w = right != NULL ? width_str(right) + 1 : 0;

	if (w > cols / 2)
		w = cols / 2;
	draw_text(0, 0, 1, "", D_REVERSE);
	draw_text(0, 1, cols - 1 - w, title, D_REVERSE);
	if (w > 0)
		draw_text(0, cols - w, w, right, D_REVERSE);
	screen_footer(s);
}

static void
draw_small(void)
{
	draw_text(0, 0, draw_cols(), "窗口太小", D_PLAIN);
	draw_textf(1, 0, draw_cols(), D_PLAIN, "请拉大到 %d 列 %d 行以上",
	    DRAW_COLS, DRAW_ROWS);
	draw_textf(2, 0, draw_cols(), D_PLAIN, "现在 %d 列 %d 行",
	    draw_cols(), draw_rows());
}

/* Draw from the topmost full screen upwards. */
static void
draw_stack(struct screen *s)
{
	if (!s->ops->full && s->below != NULL)
		draw_stack(s->below);
	s->ops->draw(s);
}

void
screen_paint(void)
{
	if (scr.top == NULL || scr.leave == LEAVE_GONE)
		return;
	draw_begin();
	if (draw_rows() < DRAW_ROWS || draw_cols() < DRAW_COLS)
		draw_small();
	else
		draw_stack(scr.top);
	draw_flush(scr.repaint);
	scr.repaint = false;
}

bool
screen_hooked(void)
{
	return scr.hooked;
}

/* Keys with one meaning everywhere.  True when the key was used. */
static bool
global_key(struct screen *s, uint32_t code)
{
	switch (code) {
	case K_GONE:
		screen_leave(LEAVE_GONE);
		return true;
	case K_REDRAW:
		scr.repaint = true;
		return true;
	case K_RESIZE:
		scr.repaint = true;
		return true;
	case K_BAD:
		screen_say("收到的字不是本终端的编码，已丢掉");
		draw_beep();
		return true;
	case K_F0 + 1:
		help_run(s);
		return true;
	case K_F0 + 9:
		if (scr.hooks.report != NULL)
			scr.hooks.report();
		return scr.hooks.report != NULL;
	case K_F0 + 8:
		if (scr.hooks.today != NULL)
			scr.hooks.today();
		return scr.hooks.today != NULL;
	case K_F0 + 12:
		if (scr.hooks.person != NULL)
			scr.hooks.person();
		return scr.hooks.person != NULL;
	case K_F0 + 3:
		if (scr.hooks.find != NULL)
			scr.hooks.find();
		return scr.hooks.find != NULL;
	default:
		return false;
	}
}

static bool
row_key(struct screen *s, uint32_t code)
{
	const struct keyrow *r;

	for (r = s->ops->rows; r != NULL && r->code != 0; r++) {
		if (r->run == NULL)
			continue;
		if (r->code == code || (r->alt != 0 && r->alt == code)) {
			r->run(s);
			return true;
		}
	}
	return false;
}

static void
handle(struct screen *s, const struct key *k)
{
	bool typing = s->ops->typing != NULL && s->ops->typing(s);
	uint32_t code = key_plain(k);

	if (k->code != K_RESIZE)
		str_clear(&scr.message);
	if (typing && (key_is_text(k) || k->code == K_PASTE)) {
		s->ops->key(s, k);
		return;
	}
	if (k->code == K_PASTE)
		return;		/* never run keys from a paste */
	if (row_key(s, code) || global_key(s, k->code))
		return;
	if (k->code == K_F(10) && row_key(s, K_ESC))
		return;
	if (!typing && code == '?')
		code = K_F(1);
	else if (!typing && code == '/')
		code = K_F(3);
	if (code != k->code && global_key(s, code))
		return;
	s->ops->key(s, k);
}

/* Nothing was typed for a while.  True when the picture changed. */
static bool
tick(struct screen *s)
{
	if (scr.hooks.idle != NULL && scr.hooks.idle_ms > 0 && !scr.idle &&
	    key_idle_ms() > scr.hooks.idle_ms) {
		scr.idle = true;
		screen_save_all();
		scr.hooks.idle();
		scr.idle = false;
		key_touch();
		return true;
	}
	return s->ops->tick != NULL && s->ops->tick(s);
}

int
screen_run(struct screen *s)
{
	bool dirty = true;
	struct key k;

	if (scr.leave != LEAVE_NOT)
		return 0;
	s->below = scr.top;
	s->done = false;
	s->result = 0;
	scr.top = s;
	while (!s->done && scr.leave == LEAVE_NOT) {
		if (dirty && !key_waiting())
			screen_paint();
		key_read(&k, TICK_MS);
		dirty = true;
		if (k.code == K_TICK)
			dirty = tick(s);
		else
			handle(s, &k);
	}
	scr.top = s->below;
	return scr.leave != LEAVE_NOT ? 0 : s->result;
}
