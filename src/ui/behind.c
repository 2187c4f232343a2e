/* See behind.h.  What the session may not see (a restricted report) is a row
 * without words that cannot be opened: it was counted. */
#include "behind.h"

#include <stdlib.h>
#include <string.h>

#include "draw.h"
#include "kind.h"
#include "listview.h"
#include "mem.h"
#include "picker.h"
#include "record.h"
#include "ui.h"

struct line {
	char *form, *uid, *note, *words;
	double n;
};

struct behind_list {
	struct listview lv;
	const struct scheme *s;
	const struct indicator *it;
	const struct number *x;
	const char *on;
	struct line *line;
	size_t n, cap;
	size_t *shown, nshown;
};

static const char *
words(struct line *l)
{
	const struct form *f = l->form != NULL ?
	    forms_get(ui_forms(), l->form, NULL) : NULL;

	if (l->words == NULL && f != NULL && l->uid != NULL)
		l->words = record_display(ui_forms(), f, l->uid);
	if (str_blank(l->words)) {
		free(l->words);
		l->words = xstrdup("（限专办人员查看）");
		free(l->note);
		l->note = NULL;
	}
	return l->words;
}

static int
take(const struct behind *b, void *arg)
{
	struct behind_list *bl = arg;

	bl->line = mem_grow(bl->line, bl->n, &bl->cap, sizeof *bl->line);
	bl->line[bl->n++] = (struct line){ xstrdup(b->form), xstrdup(b->uid),
	    xstrdup(b->note), NULL, b->n };
	return 0;
}

static int
open_rows(struct listview *lv, const char *filter, int sort, bool desc,
    struct err *e)
{
	struct behind_list *bl = lv->arg;
	size_t i;

	(void)sort;
	(void)desc;
	(void)e;
	bl->nshown = 0;
	for (i = 0; i < bl->n; i++)
		if (*filter == '\0' ||
		    pick_matches(words(&bl->line[i]), NULL, filter) ||
		    (bl->line[i].note != NULL &&
		    strstr(bl->line[i].note, filter) != NULL))
			bl->shown[bl->nshown++] = i;
	lv->n = (long)bl->nshown;
	return 0;
}

static struct line *
at(struct behind_list *bl, long row)
{
	return row < 0 || (size_t)row >= bl->nshown ? NULL :
	    &bl->line[bl->shown[row]];
}

static bool
counts(const struct behind_list *bl, const struct line *l)
{
	return bl->x->part->measure != MEASURE_RATIO || l->n > 0;
}

static void
cell(struct listview *lv, long row, int col, struct str *out)
{
	struct behind_list *bl = lv->arg;
	struct line *l = at(bl, row);
	const struct form *f;

	if (l == NULL)
		return;
	if (col == 0) {
		str_add(out, words(l));
	} else if (col == 1) {
		f = l->form != NULL ? forms_get(ui_forms(), l->form, NULL) :
		    NULL;
		str_add(out, f != NULL ? f->title : "");
	} else if (col == 2) {
		str_add(out, counts(bl, l) ? "算" : "没算上");
	} else {
		words(l);	/* may take the note away */
		str_add(out, l->note);
	}
}

static char
flag(struct listview *lv, long row)
{
	struct behind_list *bl = lv->arg;
	const struct line *l = at(bl, row);

	return l != NULL && !counts(bl, l) ? '!' : ' ';
}

static const struct list_source source = {
	.open = open_rows, .cell = cell, .flag = flag
};

static void
forget(struct behind_list *bl)
{
	size_t i;

	for (i = 0; i < bl->n; i++) {
		free(bl->line[i].form);
		free(bl->line[i].uid);
		free(bl->line[i].note);
		free(bl->line[i].words);
	}
	bl->n = 0;
	free(bl->shown);
	bl->shown = NULL;
}

static int
compute(struct behind_list *bl)
{
	struct err e = ERR_INIT;

	forget(bl);
	if (indicator_rows(ui_forms(), bl->s, bl->it, bl->x->part, bl->on, -1,
	    take, bl, &e) < 0) {
		screen_say_err(&e);
		return -1;
	}
	bl->shown = xcalloc(bl->n + 1, sizeof *bl->shown);
	return listview_reload(&bl->lv, &e);
}

static void
open_row(struct screen *s)
{
	struct behind_list *bl = ((struct listview *)s)->arg;
	struct line *l = at(bl, bl->lv.at);
	const struct form *f = l != NULL && l->form != NULL ?
	    ui_form(l->form) : NULL;

	if (f == NULL || l->uid == NULL) {
		draw_beep();
		return;
	}
	kind_open(f, l->uid);
	if (screen_leaving() == LEAVE_NOT)
		compute(bl);
}

static const struct keyrow rows[] = {
	{ K_ENTER, 0, "回车", "打开", "打开这条记录", open_row },
	{ '/', 0, "/", NULL, "打字筛选", listview_filter },
	LISTVIEW_ROWS,
	{ K_ESC, 0, "Esc", "返回", "取消筛选；返回", listview_back },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static void
key(struct screen *s, const struct key *k)
{
	if (!listview_key((struct listview *)s, k))
		draw_beep();
}

static const struct screen_ops ops = {
	.full = true, .rows = rows, .draw = listview_draw, .key = key,
	.typing = listview_typing
};

void
behind_run(const struct scheme *s, const struct indicator *it,
    const struct number *x, const char *on)
{
	struct list_column columns[] = {
		{ "记录", 24, false, false }, { "台账", 12, false, false },
		{ "", 6, false, false }, { "说明", 30, false, false }
	};
	struct behind_list bl = { .s = s, .it = it, .x = x, .on = on };
	struct str title = STR_INIT;

	str_addf(&title, "%s %s  ", it->id, it->nparts > 1 &&
	    x->part->label != NULL ? x->part->label : it->item);
	number_words(x, &title);
	bl.lv.base.ops = &ops;
	bl.lv.src = &source;
	bl.lv.arg = &bl;
	bl.lv.title = title.buf;
	bl.lv.none = "这个数背后没有记录";
	bl.lv.col = columns;
	bl.lv.ncols = (int)COUNT_OF(columns);
	listview_init(&bl.lv);
	if (compute(&bl) >= 0)
		screen_run(&bl.lv.base);
	listview_done(&bl.lv);
	forget(&bl);
	free(bl.line);
	str_done(&title);
}
