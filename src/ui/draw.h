/* The picture of the screen: cells that the screens fill anew after every
 * key, sent to curses line by line.  One primitive writes: a text from its
 * left edge, padded to its full width (PITFALLS 3); curses finds out what
 * changed.  Everything written passes safe_line(). */
#ifndef TONGJI_DRAW_H
#define TONGJI_DRAW_H

#include <stdbool.h>
#include <stddef.h>

enum draw_attr {
	D_PLAIN = 0, D_REVERSE = 1, D_BOLD = 2, D_UNDER = 4
};

/* The design size; below it only a notice is shown. */
enum { DRAW_ROWS = 24, DRAW_COLS = 80 };

/* Take the terminal's present size and blank the picture. */
void draw_begin(void);
int draw_rows(void);
int draw_cols(void);

/* Write `s` (UTF-8, one line) at row `y`, column `x` in exactly `cols`
 * columns: cut with `~`, or padded with blanks.  What lies outside the screen
 * is not written. */
void draw_text(int y, int x, int cols, const char *s, unsigned attr);
/* The same for `len` bytes that were laid out already: no `~`. */
void draw_span(int y, int x, int cols, const char *s, size_t len,
    unsigned attr);
void draw_right(int y, int x, int cols, const char *s, unsigned attr);
void draw_textf(int y, int x, int cols, unsigned attr, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
/* A line of one ASCII character (separators). */
void draw_rule(int y, int x, int cols, char c);
/* Where the cursor stands when the picture is done. */
void draw_cursor(int y, int x);
/* Sound the bell with the next picture. */
void draw_beep(void);
/* Send what changed, in one write; `all` repaints the terminal. */
void draw_flush(bool all);

#endif
