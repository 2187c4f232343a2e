/* A cell holds one character with up to two combining marks; the right half
 * of a wide character is a cell of width 0.  Whoever overwrites one half of a
 * wide character blanks the other, here and not in the terminal. */
#include <curses.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cut.h"
#include "draw.h"
#include "mem.h"
#include "safe.h"
#include "str.h"
#include "utf8.h"
#include "width.h"

enum { MARKS = 2 };

struct cell {
	uint32_t cp, mark[MARKS];
	uint8_t width, attr;
};

static struct {
	struct cell *now, *sent;
	cchar_t *line;
	int rows, cols, y, x;
	bool fresh;		/* nothing has been sent in this size yet */
	bool beep;
	struct str safe, pad;
} draw = { .safe = STR_INIT, .pad = STR_INIT };

static const struct cell blank = { ' ', { 0, 0 }, 1, D_PLAIN };

static void
resize(int rows, int cols)
{
	size_t n = (size_t)rows * (size_t)cols;

	draw.now = xrealloc(draw.now, n, sizeof *draw.now);
	draw.sent = xrealloc(draw.sent, n, sizeof *draw.sent);
	draw.line = xrealloc(draw.line, (size_t)cols, sizeof *draw.line);
	draw.rows = rows;
	draw.cols = cols;
	draw.fresh = true;
}

void
draw_begin(void)
{
	int rows, cols, i;

	getmaxyx(stdscr, rows, cols);
	if (rows < 1)
		rows = 1;
	if (cols < 2)
		cols = 2;
	if (rows != draw.rows || cols != draw.cols)
		resize(rows, cols);
	for (i = 0; i < rows * cols; i++)
		draw.now[i] = blank;
	draw.y = draw.x = 0;
}

int
draw_rows(void)
{
	return draw.rows;
}

int
draw_cols(void)
{
	return draw.cols;
}

static struct cell *
cell_at(int y, int x)
{
	return &draw.now[y * draw.cols + x];
}

/* Blank what would be left of wide characters cut by writing x..x+n-1. */
static void
cut_halves(int y, int x, int n)
{
	if (x > 0 && cell_at(y, x)->width == 0)
		cell_at(y, x - 1)->cp = ' ', cell_at(y, x - 1)->width = 1;
	if (x + n < draw.cols && cell_at(y, x + n)->width == 0)
		cell_at(y, x + n)->cp = ' ', cell_at(y, x + n)->width = 1;
}

static void
add_mark(struct cell *c, uint32_t cp)
{
	int i;

	for (i = 0; i < MARKS; i++) {
		if (c->mark[i] == 0) {
			c->mark[i] = cp;
			return;
		}
	}
}

/* Write laid-out text of exactly `cols` columns. */
static void
put(int y, int x, int cols, const char *s, unsigned attr)
{
	struct cell *c = NULL;
	uint32_t cp;
	int w, end = x + cols;

	cut_halves(y, x, cols);
	while (*s != '\0') {
		s = utf8_next(s, &cp);
		w = width_cp(cp);
		if (w == 0 && c != NULL)
			add_mark(c, cp);
		if (w <= 0)
			continue;
		if (x + w > end)
			break;
		c = cell_at(y, x);
		*c = (struct cell){ cp, { 0, 0 }, (uint8_t)w, (uint8_t)attr };
		if (w == 2)
			*cell_at(y, x + 1) = (struct cell){ 0, { 0, 0 }, 0,
			    (uint8_t)attr };
		x += w;
	}
	for (; x < end; x++) {
		*cell_at(y, x) = blank;
		cell_at(y, x)->attr = (uint8_t)attr;
	}
}

/* The part of a span that is on the screen; 0 columns if none. */
static int
clip(int y, int x, int cols)
{
	if (y < 0 || y >= draw.rows || x < 0 || x >= draw.cols)
		return 0;
	return cols > draw.cols - x ? draw.cols - x : cols;
}

static void
write_aligned(int y, int x, int cols, const char *s, enum cut_align how,
    unsigned attr)
{
	cols = clip(y, x, cols);
	if (cols <= 0)
		return;
	str_clear(&draw.safe);
	str_clear(&draw.pad);
	safe_line(&draw.safe, s == NULL ? "" : s);
	cut_pad(&draw.pad, draw.safe.buf, cols, how);
	put(y, x, cols, draw.pad.buf, attr);
}

void
draw_text(int y, int x, int cols, const char *s, unsigned attr)
{
	write_aligned(y, x, cols, s, CUT_LEFT, attr);
}

void
draw_right(int y, int x, int cols, const char *s, unsigned attr)
{
	write_aligned(y, x, cols, s, CUT_RIGHT, attr);
}

void
draw_span(int y, int x, int cols, const char *s, size_t len, unsigned attr)
{
	cols = clip(y, x, cols);
	if (cols <= 0)
		return;
	str_clear(&draw.safe);
	safe_linen(&draw.safe, s, len);
	put(y, x, cols, draw.safe.buf, attr);
}

void
draw_textf(int y, int x, int cols, unsigned attr, const char *fmt, ...)
{
	char *s = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&s, fmt, ap) >= 0)
		draw_text(y, x, cols, s, attr);
	va_end(ap);
	free(s);
}

void
draw_rule(int y, int x, int cols, char c)
{
	cols = clip(y, x, cols);
	if (cols <= 0)
		return;
	str_clear(&draw.pad);
	while (draw.pad.len < (size_t)cols)
		str_addc(&draw.pad, c);
	put(y, x, cols, draw.pad.buf, D_PLAIN);
}

void
draw_cursor(int y, int x)
{
	draw.y = y;
	draw.x = x;
}

void
draw_beep(void)
{
	draw.beep = true;
}

static attr_t
attr_of(unsigned a)
{
	return ((a & D_REVERSE) != 0 ? A_REVERSE : A_NORMAL) |
	    ((a & D_BOLD) != 0 ? A_BOLD : A_NORMAL) |
	    ((a & D_UNDER) != 0 ? A_UNDERLINE : A_NORMAL);
}

/* One whole line, from its left edge. */
static void
send_line(int y)
{
	wchar_t w[MARKS + 2];
	struct cell *c;
	int x, n = 0, i, k;

	for (x = 0; x < draw.cols; x++) {
		c = cell_at(y, x);
		if (c->width == 0)
			continue;
		k = 0;
		w[k++] = (wchar_t)c->cp;
		for (i = 0; i < MARKS && c->mark[i] != 0; i++)
			w[k++] = (wchar_t)c->mark[i];
		w[k] = L'\0';
		setcchar(&draw.line[n++], w, attr_of(c->attr), 0, NULL);
	}
	mvadd_wchnstr(y, 0, draw.line, n);
}

void
draw_flush(bool all)
{
	size_t len = (size_t)draw.cols * sizeof *draw.now;
	int y;

	if (all)
		clearok(stdscr, TRUE);
	for (y = 0; y < draw.rows; y++) {
		size_t at = (size_t)y * (size_t)draw.cols;

		if (!draw.fresh && !all &&
		    memcmp(draw.now + at, draw.sent + at, len) == 0)
			continue;
		send_line(y);
		memcpy(draw.sent + at, draw.now + at, len);
	}
	draw.fresh = false;
	move(draw.y < draw.rows ? draw.y : draw.rows - 1,
	    draw.x < draw.cols ? draw.x : draw.cols - 1);
	if (draw.beep)
		beep();
	draw.beep = false;
	refresh();
}
