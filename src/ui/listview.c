/* See listview.h.  Marks are kept by identity, so that they survive filter
 * and sort. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cut.h"
#include "draw.h"
#include "entry.h"
#include "lineedit.h"
#include "listview.h"
#include "mem.h"
#include "width.h"

enum { TOP = 2, FILTER_MAX = 40, COLUMNS_MAX = 24, LOOSE_LEAST = 10 };

static int
list_rows(void)
{
	return screen_body_rows() - TOP;
}

void
listview_init(struct listview *lv)
{
	edit_init(&lv->filter, FILTER_MAX, false);
	lv->sort = -1;
}

void
listview_done(struct listview *lv)
{
	size_t i;

	edit_done(&lv->filter);
	for (i = 0; i < lv->nmark; i++)
		free(lv->mark[i]);
	free(lv->mark);
	lv->mark = NULL;
	lv->nmark = lv->capmark = 0;
}

int
listview_reload(struct listview *lv, struct err *e)
{
	int rc = lv->src->open(lv, edit_text(&lv->filter), lv->sort, lv->desc,
	    e);

	if (rc != 0)
		lv->n = 0;
	if (lv->at >= lv->n)
		lv->at = lv->n > 0 ? lv->n - 1 : 0;
	return rc;
}

static void
reload(struct listview *lv)
{
	struct err e = ERR_INIT;

	if (listview_reload(lv, &e) != 0)
		screen_say_err(&e);
}

bool
listview_marked(const struct listview *lv, const char *id)
{
	size_t i;

	for (i = 0; i < lv->nmark; i++) {
		if (strcmp(lv->mark[i], id) == 0)
			return true;
	}
	return false;
}

/* Takes `id`. */
static void
toggle_mark(struct listview *lv, char *id)
{
	size_t i;

	for (i = 0; i < lv->nmark; i++) {
		if (strcmp(lv->mark[i], id) == 0) {
			free(lv->mark[i]);
			lv->mark[i] = lv->mark[--lv->nmark];
			free(id);
			return;
		}
	}
	lv->mark = mem_grow(lv->mark, lv->nmark, &lv->capmark,
	    sizeof *lv->mark);
	lv->mark[lv->nmark++] = id;
}

/* The columns of the screen that each column of the list takes. */
struct layout {
	int n;			/* columns of the list that are shown */
	int cols[COLUMNS_MAX];
};

/* The widest loose column that has something to spare, or -1. */
static int
widest(const struct listview *lv, const struct layout *l)
{
	int i, at = -1;

	for (i = 0; i < l->n; i++)
		if ((lv->loose >> i & 1) != 0 && l->cols[i] > LOOSE_LEAST &&
		    (at < 0 || l->cols[i] > l->cols[at]))
			at = i;
	return at;
}

/* Take `lack` columns from the loose ones, or leave all as they are. */
static bool
shrink(const struct listview *lv, struct layout *l, int lack)
{
	struct layout to = *l;
	int at;

	for (; lack > 0; lack--) {
		if ((at = widest(lv, &to)) < 0)
			return false;
		to.cols[at]--;
	}
	*l = to;
	return true;
}

/* Give every column its wish, the last takes what is left.  A column that just
 * does not fit makes the loose ones before it a little narrower; when the wishes
 * are too many, the last ones are left out. */
static void
lay_out(const struct listview *lv, int width, struct layout *l)
{
	int used = 0, lack, i;

	for (i = 0; i < lv->ncols && i < COLUMNS_MAX; i++) {
		lack = used + lv->col[i].cols - width;
		if (i > 0 && lack > 0 && !shrink(lv, l, lack))
			break;
		if (i > 0 && lack > 0)
			used -= lack;
		l->cols[l->n++] = lv->col[i].cols;
		used += lv->col[i].cols + 1;
	}
}

static void
row_text(struct listview *lv, long row, const struct layout *l, int width,
    struct str *out)
{
	struct str cell = STR_INIT;
	int i, w;

	for (i = 0; i < l->n; i++) {
		w = i + 1 < l->n || lv->col[i].right ? l->cols[i] : width;
		if (w > width)
			w = width;
		str_clear(&cell);
		if (row < 0) {
			str_add(&cell, lv->col[i].title);
			if (lv->sort == i)
				str_add(&cell, lv->desc ? "-" : "+");
		} else {
			lv->src->cell(lv, row, i, &cell);
		}
		cut_pad(out, cell.buf, w,
		    lv->col[i].right ? CUT_RIGHT : CUT_LEFT);
		if (i + 1 < l->n)
			str_addc(out, ' ');
		width -= w + 1;
	}
	str_done(&cell);
}

static char
row_flag(struct listview *lv, long row)
{
	char *id, c = ' ';

	if (lv->can_mark && lv->nmark > 0 && lv->src->id != NULL) {
		id = lv->src->id(lv, row);
		c = id != NULL && listview_marked(lv, id) ? 'x' : ' ';
		free(id);
	}
	if (c == ' ' && lv->src->flag != NULL)
		c = lv->src->flag(lv, row);
	return c;
}

static void
draw_filter(struct listview *lv)
{
	int y = draw_rows() - 3;

	draw_text(y, 1, 5, "筛选", D_REVERSE);
	lineedit_draw(&lv->filter, y, 7, draw_cols() - 8, lv->filtering, false);
}

void
listview_draw(struct screen *s)
{
	struct listview *lv = (struct listview *)s;
	int width = draw_cols() - 2, rows = list_rows(), i;
	struct layout l = { 0, { 0 } };
	struct str line = STR_INIT;
	char right[sizeof lv->right + 32];

	snprintf(right, sizeof right, "%s%s共%ld条", lv->right,
	    lv->right[0] != '\0' ? "  " : "", lv->n);
	screen_frame(s, lv->title, right);
	lay_out(lv, width - 1, &l);
	str_add(&line, " ");
	row_text(lv, -1, &l, width - 1, &line);
	draw_text(1, 1, width, line.buf, D_UNDER);
	if (lv->at < lv->top)
		lv->top = lv->at;
	if (lv->at >= lv->top + rows)
		lv->top = lv->at - rows + 1;
	for (i = 0; i < rows && lv->top + i < lv->n; i++) {
		long row = lv->top + i;

		str_clear(&line);
		str_addc(&line, row_flag(lv, row));
		row_text(lv, row, &l, width - 1, &line);
		draw_text(TOP + i, 1, width, line.buf,
		    row == lv->at ? D_REVERSE : D_PLAIN);
	}
	if (lv->n == 0)
		draw_text(TOP + 1, 3, width - 2, *edit_text(&lv->filter) != '\0'
		    ? "没有符合的，Esc 取消筛选" : lv->none, D_PLAIN);
	draw_cursor(TOP + (int)(lv->at - lv->top), 1);
	if (lv->filtering || *edit_text(&lv->filter) != '\0')
		draw_filter(lv);
	str_done(&line);
}

bool
listview_typing(struct screen *s)
{
	return ((struct listview *)s)->filtering;
}

static void
go(struct screen *s, long by)
{
	struct listview *lv = (struct listview *)s;
	long to = lv->at + by;

	if (to >= lv->n)
		to = lv->n - 1;
	lv->at = to < 0 ? 0 : to;
}

void
listview_back(struct screen *s)
{
	struct listview *lv = (struct listview *)s;

	if (!lv->filtering && *edit_text(&lv->filter) == '\0') {
		screen_back(s);
		return;
	}
	lv->filtering = false;
	edit_set(&lv->filter, "");
	lv->at = 0;
	reload(lv);
}

void
listview_up(struct screen *s)
{
	go(s, -1);
}

void
listview_down(struct screen *s)
{
	go(s, 1);
}

void
listview_page_up(struct screen *s)
{
	go(s, -list_rows());
}

void
listview_page_down(struct screen *s)
{
	go(s, list_rows());
}

void
listview_first(struct screen *s)
{
	((struct listview *)s)->at = 0;
}

void
listview_last(struct screen *s)
{
	go(s, ((struct listview *)s)->n);
}

void
listview_filter(struct screen *s)
{
	((struct listview *)s)->filtering = true;
}

void
listview_jump(struct screen *s)
{
	struct listview *lv = (struct listview *)s;
	char *text = NULL;
	long n;

	if (!entry_ask("跳到", "第几条", NULL, 8, "", &text))
		return;
	n = strtol(text, NULL, 10);
	free(text);
	if (n < 1 || n > lv->n) {
		screen_say("请填 1 到 %ld", lv->n);
		draw_beep();
		return;
	}
	lv->at = n - 1;
}

/* Next sortable column ascending, then the same descending, then on; after the
 * last the natural order. */
void
listview_sort(struct screen *s)
{
	struct listview *lv = (struct listview *)s;

	if (lv->sort >= 0 && !lv->desc) {
		lv->desc = true;
	} else {
		lv->desc = false;
		do {
			lv->sort++;
		} while (lv->sort < lv->ncols && !lv->col[lv->sort].sortable);
		if (lv->sort >= lv->ncols)
			lv->sort = -1;
	}
	lv->at = 0;
	reload(lv);
}

void
listview_mark(struct screen *s)
{
	struct listview *lv = (struct listview *)s;
	char *id;

	if (!lv->can_mark || lv->at >= lv->n) {
		draw_beep();
		return;
	}
	id = lv->src->id(lv, lv->at);
	if (id != NULL)
		toggle_mark(lv, id);
	go(s, 1);
	screen_say("已标记 %zu 条", lv->nmark);
}

void
listview_mark_all(struct screen *s)
{
	struct listview *lv = (struct listview *)s;
	long i;
	char *id;

	for (i = 0; lv->can_mark && i < lv->n; i++) {
		id = lv->src->id(lv, i);
		if (id != NULL && !listview_marked(lv, id))
			toggle_mark(lv, id);
		else
			free(id);
	}
	screen_say("已标记 %zu 条", lv->nmark);
}

bool
listview_key(struct listview *lv, const struct key *k)
{
	if (lv->filtering) {
		if (k->code == K_ENTER || k->code == K_TAB) {
			lv->filtering = false;
			return true;
		}
		if (lineedit_key(&lv->filter, k, 0)) {
			lv->at = 0;
			reload(lv);
			return true;
		}
	}
	return false;
}
