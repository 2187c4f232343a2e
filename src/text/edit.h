/* The core of every text field: a UTF-8 buffer with a cursor, no curses.  Keys
 * are translated and lines drawn by ui/; here is what they do.  The cursor and
 * every deletion respect graphemes (a base with its marks).  Columns are the
 * session's (width.h); offsets are bytes.
 *
 * The text only ever holds what safe_input_ok() accepts: the rest is left out
 * by edit_insert() and reported. */
#ifndef TONGJI_EDIT_H
#define TONGJI_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "str.h"

struct edit {
	struct str text;
	size_t at;			/* the cursor */
	size_t view;			/* first byte shown (single line) */
	int top;			/* first line shown (several lines) */
	int max;			/* most code points, 0 = no limit */
	bool lines;			/* newlines allowed */
	bool changed;			/* since edit_set() */
	int goal;			/* column that up/down aim at, -1 none */
	int last;			/* kind of the last change, for undo */
	struct str undo;
	size_t undo_at;
	bool undo_on;
};

void edit_init(struct edit *e, int max, bool lines);
void edit_done(struct edit *e);
/* Replace everything, cursor at the end, unchanged, nothing to undo.  Text
 * over the limit is kept whole (data is never cut); only typing is refused. */
void edit_set(struct edit *e, const char *text);
const char *edit_text(const struct edit *e);	/* borrowed until a change */

/* What edit_insert() left out; both 0 when all went in. */
struct edit_left {
	int over;			/* code points beyond the limit */
	int bad;			/* refused characters or bytes */
};
/* Insert a key's character or a whole paste as one edit.  In a single line,
 * newlines and TABs become a blank (several in a row one, none at the ends);
 * with lines, CR LF and CR become LF, TAB a blank.  `left` may be NULL.  True
 * if anything went in. */
bool edit_insert(struct edit *e, const char *s, struct edit_left *left);

/* All of these return false when there was nothing to do (then beep). */
bool edit_backspace(struct edit *e);
bool edit_delete(struct edit *e);
bool edit_word(struct edit *e);		/* ^W: blanks, then one run of a kind */
bool edit_kill(struct edit *e);		/* ^U: the line before the cursor, or
					 * all of it when at its start */
bool edit_back(struct edit *e);		/* one grapheme left */
bool edit_forward(struct edit *e);	/* and right */
/* `cols` is the field's width; 0 for a single line. */
bool edit_home(struct edit *e, int cols);
bool edit_end(struct edit *e, int cols);
bool edit_up(struct edit *e, int cols);
bool edit_down(struct edit *e, int cols);
/* Swap with the state before the last edit (a run of typing, a run of
 * deleting, one paste, one kill); a second time brings it back. */
bool edit_undo(struct edit *e);

/* What a single-line field of `cols` columns (at least 3) shows: bytes from..to
 * of the text, the cursor's column in it.  Scrolls by whole graphemes so that
 * the cursor's character is shown whole; one column is kept for the cursor at
 * the end of the text. */
struct edit_view {
	size_t from, to;
	int cursor;			/* column, 0..cols-1 */
	bool before, after;		/* something is hidden on that side */
};
void edit_show(struct edit *e, int cols, struct edit_view *out);

/* What a field of `rows` lines of `cols` columns shows: up to `rows` entries of
 * line[] (bytes from..to; text wraps at cols - 1, see cut_line()), the cursor's
 * row and column in it, and the number of all lines.  Returns the entries
 * filled. */
struct edit_line {
	size_t from, to;
};
int edit_layout(struct edit *e, int cols, int rows, struct edit_line line[],
    int *row, int *col, int *all);

#endif
