/* See sheet.h. */
#include "sheet.h"

#include <stdlib.h>
#include <string.h>

#include "draw.h"
#include "mem.h"
#include "picker.h"

/* Does any cell of the row hold what was typed? */
static bool
fits(struct sheet *sh, long i, const char *filter)
{
	struct str s = STR_INIT;
	bool yes = false;
	int col;

	for (col = 0; !yes && col < sh->lv.ncols; col++) {
		str_clear(&s);
		sh->fill(sh, i, col, &s);
		yes = s.len > 0 && (strstr(s.buf, filter) != NULL ||
		    pick_matches(s.buf, NULL, filter));
	}
	str_done(&s);
	return yes;
}

static int
open_rows(struct listview *lv, const char *filter, int sort, bool desc,
    struct err *e)
{
	struct sheet *sh = lv->arg;
	long i;

	(void)sort;
	(void)desc;
	(void)e;
	free(sh->shown);
	sh->shown = xcalloc((size_t)sh->n + 1, sizeof *sh->shown);
	lv->n = 0;
	for (i = 0; i < sh->n; i++)
		if (*filter == '\0' || fits(sh, i, filter))
			sh->shown[lv->n++] = i;
	return 0;
}

static void
cell(struct listview *lv, long row, int col, struct str *out)
{
	struct sheet *sh = lv->arg;

	if (row >= 0 && row < lv->n)
		sh->fill(sh, sh->shown[row], col, out);
}

static char
flag(struct listview *lv, long row)
{
	struct sheet *sh = lv->arg;

	return sh->mark != NULL && row >= 0 && row < lv->n ?
	    sh->mark(sh, sh->shown[row]) : ' ';
}

static char *
id(struct listview *lv, long row)
{
	struct sheet *sh = lv->arg;

	return sh->id != NULL && row >= 0 && row < lv->n ?
	    xstrdup(sh->id(sh, sh->shown[row])) : NULL;
}

static const struct list_source plain = {
	.open = open_rows, .cell = cell, .flag = flag
};
static const struct list_source marked = {
	.open = open_rows, .cell = cell, .flag = flag, .id = id
};

void
sheet_init(struct sheet *sh, const struct screen_ops *ops, const char *title,
    const char *none, struct list_column *col, int ncols)
{
	sh->lv.base.ops = ops;
	sh->lv.src = sh->id != NULL ? &marked : &plain;
	sh->lv.can_mark = sh->id != NULL;
	sh->lv.arg = sh;
	sh->lv.title = title;
	sh->lv.none = none;
	sh->lv.col = col;
	sh->lv.ncols = ncols;
	listview_init(&sh->lv);
}

void
sheet_show(struct sheet *sh)
{
	struct err e = ERR_INIT;

	if (listview_reload(&sh->lv, &e) < 0)
		screen_say_err(&e);
}

long
sheet_at(const struct sheet *sh)
{
	return sh->lv.at >= 0 && sh->lv.at < sh->lv.n ?
	    sh->shown[sh->lv.at] : -1;
}

void
sheet_clear_marks(struct sheet *sh)
{
	while (sh->lv.nmark > 0)
		free(sh->lv.mark[--sh->lv.nmark]);
}

void
sheet_done(struct sheet *sh)
{
	listview_done(&sh->lv);
	free(sh->shown);
	sh->shown = NULL;
}

void
sheet_key(struct screen *s, const struct key *k)
{
	if (!listview_key((struct listview *)s, k))
		draw_beep();
}
