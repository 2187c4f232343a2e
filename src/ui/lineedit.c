/* Editing keys go to text/edit; what is shown comes from its layout. */
#include "cut.h"
#include "draw.h"
#include "lineedit.h"
#include "mem.h"
#include "screen.h"
#include "utf8.h"

enum { AREA_MAX = 64 };

static void
draw_secret(struct edit *e, int y, int x, int cols, bool focus)
{
	struct str stars = STR_INIT;
	const char *s = edit_text(e);
	size_t at;
	int n = 0;

	for (at = 0; s[at] != '\0'; at = cut_next(s, at)) {
		if (at < e->at)
			n++;
		if (stars.len < (size_t)cols - 1)
			str_addc(&stars, '*');
	}
	draw_text(y, x, cols, stars.buf, D_PLAIN);
	if (focus)
		draw_cursor(y, x + (n < cols ? n : cols - 1));
	str_done(&stars);
}

void
lineedit_draw(struct edit *e, int y, int x, int cols, bool focus, bool secret)
{
	struct edit_view v;
	const char *s;

	if (secret) {
		draw_secret(e, y, x, cols, focus);
		return;
	}
	edit_show(e, cols, &v);
	s = edit_text(e);
	draw_span(y, x, cols, s + v.from, v.to - v.from, D_PLAIN);
	if (focus)
		draw_cursor(y, x + v.cursor);
}

void
lineedit_area(struct edit *e, int y, int x, int cols, int rows, bool focus)
{
	struct edit_line line[AREA_MAX];
	int n, i, row, col, all;
	const char *s;

	if (rows > AREA_MAX)
		rows = AREA_MAX;
	n = edit_layout(e, cols, rows, line, &row, &col, &all);
	s = edit_text(e);
	for (i = 0; i < n; i++)
		draw_span(y + i, x, cols, s + line[i].from,
		    line[i].to - line[i].from, D_PLAIN);
	if (focus)
		draw_cursor(y + row, x + col);
}

static void
insert(struct edit *e, const char *s)
{
	struct edit_left left = { 0, 0 };

	edit_insert(e, s, &left);
	if (left.over > 0)
		screen_say("最多 %d 个字，还有 %d 个字没有收进来", e->max,
		    left.over);
	else if (left.bad > 0)
		screen_say("有 %d 个看不见的字符没有收进来", left.bad);
	if (left.over > 0 || left.bad > 0)
		draw_beep();
}

static bool
insert_key(struct edit *e, const struct key *k)
{
	char buf[UTF8_MAX + 1];
	int n;

	if (k->code == K_PASTE) {
		insert(e, k->text);
		return true;
	}
	if (k->code == K_NEWLINE) {
		if (!e->lines)
			return false;
		insert(e, "\n");
		return true;
	}
	if (!key_is_text(k))
		return false;
	n = utf8_encode(buf, k->code);
	buf[n] = '\0';
	insert(e, buf);
	return true;
}

bool
lineedit_key(struct edit *e, const struct key *k, int cols)
{
	bool ok;

	if (insert_key(e, k))
		return true;
	switch (k->code) {
	case K_BACKSPACE:
		ok = edit_backspace(e);
		break;
	case K_DEL:
		ok = edit_delete(e);
		break;
	case K_WORD:
		ok = edit_word(e);
		break;
	case K_KILL:
		ok = edit_kill(e);
		break;
	case K_UNDO:
		ok = edit_undo(e);
		break;
	case K_LEFT:
		ok = edit_back(e);
		break;
	case K_RIGHT:
		ok = edit_forward(e);
		break;
	case K_HOME:
		edit_home(e, cols);
		ok = true;
		break;
	case K_END:
		edit_end(e, cols);
		ok = true;
		break;
	default:
		return false;
	}
	if (!ok)
		draw_beep();
	return true;
}
