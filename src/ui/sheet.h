/* A list whose rows an owner holds in memory: the exchange with the county,
 * its queues and its desks.  The owner's struct begins with the sheet, so a
 * `struct screen *` of it is the owner. */
#ifndef TONGJI_SHEET_H
#define TONGJI_SHEET_H

#include "listview.h"

struct sheet {
	struct listview lv;	/* first */
	long n;			/* rows the owner holds */
	/* Append the text of one cell of row `i`. */
	void (*fill)(void *owner, long i, int col, struct str *out);
	/* '!' before the row, or ' '; may be NULL. */
	char (*mark)(void *owner, long i);
	/* Identity for Space marks (borrowed); NULL: no marks. */
	const char *(*id)(void *owner, long i);
	long *shown;
};

/* Set up with columns that live as long as the sheet; `ops` draws with
 * listview_draw and sends keys to sheet_key. */
void sheet_init(struct sheet *sh, const struct screen_ops *ops,
    const char *title, const char *none, struct list_column *col, int ncols);
/* The owner's rows changed (n is set): show them, keeping the place. */
void sheet_show(struct sheet *sh);
/* The owner's row under the bar, -1 when there is none. */
long sheet_at(const struct sheet *sh);
void sheet_clear_marks(struct sheet *sh);
void sheet_done(struct sheet *sh);
/* For screen_ops.key. */
void sheet_key(struct screen *s, const struct key *k);

#endif
