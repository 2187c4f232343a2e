/* See edit.h. */
#include "edit.h"

#include <stdint.h>
#include <string.h>

#include "cut.h"
#include "safe.h"
#include "utf8.h"
#include "width.h"

enum { NONE, TYPING, DELETING, OTHER };

void
edit_init(struct edit *e, int max, bool lines)
{
	memset(e, 0, sizeof *e);
	str_init(&e->text);
	str_init(&e->undo);
	e->max = max;
	e->lines = lines;
	e->goal = -1;
}

void
edit_done(struct edit *e)
{
	str_done(&e->text);
	str_done(&e->undo);
}

void
edit_set(struct edit *e, const char *text)
{
	str_clear(&e->text);
	str_add(&e->text, text);
	e->at = e->text.len;
	e->view = 0;
	e->top = 0;
	e->changed = false;
	e->goal = -1;
	e->last = NONE;
	e->undo_on = false;
}

const char *
edit_text(const struct edit *e)
{
	return e->text.buf;
}

/* --- changes -------------------------------------------------------------- */

/* Keep the state before a change, unless it goes on with the last one. */
static void
remember(struct edit *e, int kind)
{
	if (kind == OTHER || kind != e->last || !e->undo_on) {
		str_clear(&e->undo);
		str_addn(&e->undo, e->text.buf, e->text.len);
		e->undo_at = e->at;
		e->undo_on = true;
	}
	e->last = kind;
	e->changed = true;
	e->goal = -1;
}

/* Replace the bytes from..to by `n` others; the cursor goes behind them and
 * behind the marks that now belong to what is before it. */
static void
splice(struct edit *e, size_t from, size_t to, const char *s, size_t n)
{
	size_t tail = e->text.len - to;

	str_room(&e->text, n);
	if (e->view > from)		/* or it would point into a character */
		e->view = from;
	memmove(e->text.buf + from + n, e->text.buf + to, tail);
	if (n > 0)
		memcpy(e->text.buf + from, s, n);
	e->text.len = from + n + tail;
	e->text.buf[e->text.len] = '\0';
	e->at = from + n;
	if (e->at > 0)
		e->at = cut_next(e->text.buf, cut_prev(e->text.buf, e->at));
}

static bool
cut_out(struct edit *e, size_t from, size_t to, int kind)
{
	if (from >= to)
		return false;
	remember(e, kind);
	splice(e, from, to, NULL, 0);
	return true;
}

/* May this code point stand in a text?  One character of safe_input_ok(). */
static bool
accepts(const char *s, size_t n)
{
	char one[UTF8_MAX + 1];

	memcpy(one, s, n);
	one[n] = '\0';
	return safe_input_ok(one, true, NULL) == 0;
}

/* What a line end or TAB becomes: in a single line a blank, none at an end of
 * what goes in and only one for several. */
struct filter {
	struct str *out;
	struct edit_left *left;
	size_t room;			/* code points */
	bool lines, held;
};

static void
put(struct filter *f, const char *s, size_t n)
{
	if (f->room == 0) {
		f->left->over++;
		return;
	}
	f->room--;
	str_addn(f->out, s, n);
}

static void
put_break(struct filter *f, uint32_t cp)
{
	if (!f->lines)
		f->held = true;
	else
		put(f, cp == '\t' ? " " : "\n", 1);
}

static void
filter(struct filter *f, const char *s)
{
	const char *next;
	uint32_t cp;

	for (; *s != '\0'; s = next) {
		next = utf8_next(s, &cp);
		if (cp == '\r' && *next == '\n')
			continue;
		if (cp == '\r' || cp == '\n' || cp == '\t') {
			put_break(f, cp);
			continue;
		}
		if (!accepts(s, (size_t)(next - s))) {
			f->left->bad++;
			continue;
		}
		if (f->held && f->out->len > 0)
			put(f, " ", 1);
		f->held = false;
		put(f, s, (size_t)(next - s));
	}
}

/* Code points that may still be added. */
static size_t
room(const struct edit *e)
{
	size_t used = utf8_count_n(e->text.buf, e->text.len);

	if (e->max <= 0)
		return SIZE_MAX;
	return (size_t)e->max > used ? (size_t)e->max - used : 0;
}

bool
edit_insert(struct edit *e, const char *s, struct edit_left *left)
{
	struct edit_left ignored;
	struct str in = STR_INIT;
	struct filter f = { &in, left, room(e), e->lines, false };
	uint32_t cp;
	bool any;

	if (left == NULL)
		f.left = &ignored;
	f.left->over = f.left->bad = 0;
	filter(&f, s);
	any = in.len > 0;
	if (any) {
		/* One character is typing, more are a paste. */
		remember(e, *utf8_next(in.buf, &cp) == '\0' ? TYPING : OTHER);
		splice(e, e->at, e->at, in.buf, in.len);
	}
	str_done(&in);
	return any;
}

bool
edit_backspace(struct edit *e)
{
	return cut_out(e, cut_prev(e->text.buf, e->at), e->at, DELETING);
}

bool
edit_delete(struct edit *e)
{
	return cut_out(e, e->at, cut_next(e->text.buf, e->at), DELETING);
}

/* Kinds of characters that ^W takes together. */
static int
kind_at(const char *s, size_t at)
{
	uint32_t cp;

	utf8_next(s + at, &cp);
	if (cp == ' ' || cp == 0x3000)
		return 0;
	if ((cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') ||
	    (cp >= 'A' && cp <= 'Z') || cp == '_')
		return 1;
	if (cp < 0x80 || (cp >= 0x2010 && cp <= 0x206F) ||
	    (cp >= 0x3001 && cp <= 0x303F) || (cp >= 0xFF00 && cp <= 0xFFEF))
		return 2;
	return 3;
}

bool
edit_word(struct edit *e)
{
	const char *s = e->text.buf;
	size_t from = e->at, prev;
	int kind = -1, k;

	while (from > 0) {
		prev = cut_prev(s, from);
		k = kind_at(s, prev);
		if (s[prev] == '\n' && from < e->at)
			break;		/* not beyond this line */
		if (kind < 0 && k != 0)
			kind = k;
		else if (k != kind && kind >= 0)
			break;
		from = prev;
		if (s[prev] == '\n')
			break;
	}
	return cut_out(e, from, e->at, OTHER);
}

bool
edit_kill(struct edit *e)
{
	size_t from = e->at;

	while (from > 0 && e->text.buf[from - 1] != '\n')
		from--;
	if (from < e->at)
		return cut_out(e, from, e->at, OTHER);
	if (e->lines && e->at > 0)	/* at a line's start: join it */
		return cut_out(e, e->at - 1, e->at, OTHER);
	return cut_out(e, 0, e->text.len, OTHER);
}

bool
edit_undo(struct edit *e)
{
	struct str text = e->text;
	size_t at = e->at;

	if (!e->undo_on)
		return false;
	e->text = e->undo;
	e->at = e->undo_at;
	e->undo = text;
	e->undo_at = at;
	e->view = 0;
	e->last = OTHER;
	e->changed = true;
	e->goal = -1;
	return true;
}

/* --- moves ---------------------------------------------------------------- */

static bool
move_to(struct edit *e, size_t at)
{
	bool moved = at != e->at;

	e->at = at;
	e->last = NONE;			/* typing after a move is a new edit */
	return moved;
}

bool
edit_back(struct edit *e)
{
	e->goal = -1;
	return move_to(e, cut_prev(e->text.buf, e->at));
}

bool
edit_forward(struct edit *e)
{
	e->goal = -1;
	return move_to(e, cut_next(e->text.buf, e->at));
}

/* One column is kept for the cursor behind a full line. */
static int
wrap_cols(int cols)
{
	return cols > 3 ? cols - 1 : 2;
}

struct row {
	size_t from, to;		/* shown */
	size_t next;			/* where the next begins, or CUT_END */
};

/* Find the wrapped line `want` (counted from 0), or with want < 0 the one that
 * the cursor is in.  Returns its number, -1 when there is none. */
static int
find_row(const struct edit *e, int cols, int want, struct row *r)
{
	int n = 0;

	for (r->from = 0; ; r->from = r->next, n++) {
		r->next = cut_line(e->text.buf, r->from, wrap_cols(cols),
		    &r->to);
		if (want >= 0 ? n == want : r->next == CUT_END ||
		    e->at < r->next)
			return n;
		if (r->next == CUT_END)
			return -1;
	}
}

bool
edit_home(struct edit *e, int cols)
{
	struct row r = { 0, 0, 0 };

	e->goal = -1;
	if (e->lines && cols > 0)
		find_row(e, cols, -1, &r);
	return move_to(e, r.from);
}

/* The end of a wrapped line is where the next one starts, so the cursor stays
 * before its last grapheme there. */
static size_t
row_end(const struct edit *e, const struct row *r)
{
	if (r->next != CUT_END && r->next == r->to && r->to > r->from)
		return cut_prev(e->text.buf, r->to);
	return r->to;
}

bool
edit_end(struct edit *e, int cols)
{
	struct row r;

	e->goal = -1;
	if (!e->lines || cols <= 0)
		return move_to(e, e->text.len);
	find_row(e, cols, -1, &r);
	return move_to(e, row_end(e, &r));
}

/* To the same column of another line. */
static bool
move_rows(struct edit *e, int cols, int by)
{
	struct row r;
	int row, goal;
	size_t at, end, next;

	if (!e->lines || cols <= 0)
		return false;
	row = find_row(e, cols, -1, &r);
	goal = e->goal >= 0 ? e->goal : width_strn(e->text.buf + r.from,
	    e->at - r.from);
	if (row + by < 0 || find_row(e, cols, row + by, &r) < 0)
		return false;
	end = row_end(e, &r);
	for (at = r.from; at < end; at = next) {
		next = cut_next(e->text.buf, at);
		if (width_strn(e->text.buf + r.from, next - r.from) > goal)
			break;
	}
	move_to(e, at);
	e->goal = goal;
	return true;
}

bool
edit_up(struct edit *e, int cols)
{
	return move_rows(e, cols, -1);
}

bool
edit_down(struct edit *e, int cols)
{
	return move_rows(e, cols, 1);
}

/* --- what is shown --------------------------------------------------------- */

/* Columns that the cursor needs: its grapheme's, or one at the end. */
static int
cursor_cols(const struct edit *e)
{
	size_t next = cut_next(e->text.buf, e->at);
	int w = width_strn(e->text.buf + e->at, next - e->at);

	return w > 0 ? w : 1;
}

void
edit_show(struct edit *e, int cols, struct edit_view *out)
{
	const char *s = e->text.buf;
	int need = cursor_cols(e), used;

	/* The text may have been changed under a stale view. */
	if (e->view > e->at)
		e->view = e->at;
	while (e->view > 0 && e->view != cut_next(s, cut_prev(s, e->view)))
		e->view = cut_prev(s, e->view);
	while (width_strn(s + e->view, e->at - e->view) + need > cols &&
	    e->view < e->at)
		e->view = cut_next(s, e->view);
	/* Do not leave room unused on the right while text is hidden on the
	 * left. */
	while (e->view > 0 && width_strn(s + cut_prev(s, e->view),
	    e->text.len - cut_prev(s, e->view)) + 1 <= cols)
		e->view = cut_prev(s, e->view);
	out->from = e->view;
	out->to = e->view + cut_fit(s + e->view, cols, &used);
	out->cursor = width_strn(s + e->view, e->at - e->view);
	out->before = out->from > 0;
	out->after = out->to < e->text.len;
}

int
edit_layout(struct edit *e, int cols, int rows, struct edit_line line[],
    int *row, int *col, int *all)
{
	struct row r;
	int at, n, got = 0;

	at = find_row(e, cols, -1, &r);
	*col = width_strn(e->text.buf + r.from, e->at - r.from);
	*all = cut_count(e->text.buf, wrap_cols(cols));
	if (e->top > at)
		e->top = at;
	if (at >= e->top + rows)
		e->top = at - rows + 1;
	if (e->top > 0 && e->top + rows > *all)
		e->top = *all > rows ? *all - rows : 0;
	*row = at - e->top;
	r.next = 0;
	for (n = 0; got < rows && r.next != CUT_END; n++) {
		r.from = r.next;
		r.next = cut_line(e->text.buf, r.from, wrap_cols(cols), &r.to);
		if (n >= e->top) {
			line[got].from = r.from;
			line[got++].to = r.to;
		}
	}
	return got;
}
