/* See boardpaper.h. */
#include "boardpaper.h"

#include <stdio.h>
#include <stdlib.h>

#include "towns.h"

static void
deadline(struct paper *p, const struct board *b, const struct indicator *it,
    struct paper_block *t)
{
	struct str s = STR_INIT;

	deadline_words(it->deadline, b->on, &s);
	paper_cell(p, t, s.buf);
	str_done(&s);
}

/* One number; `headed`: its item's name stands in a row above. */
static void
number_row(struct paper *p, const struct board *b, struct paper_block *t,
    const struct board_row *r, size_t i, bool headed, bool full)
{
	const struct number *x = &r->numbers[i];
	struct str value = STR_INIT, target = STR_INIT, lack = STR_INIT;
	struct str when = STR_INIT;

	number_words(x, &value);
	target_words(x, &target);
	short_words(x, &lack);
	by_when_words(x, &when);
	if (when.len > 0)
		str_addf(&lack, "（%s）", when.buf);
	str_done(&when);
	paper_row(t, x->met == MET_NO ? ROW_ALERT : ROW_PLAIN);
	paper_cell(p, t, headed ? "" : r->item->id);
	if (r->item->nparts > 1)
		paper_cellf(p, t, "%s%s", headed ? "- " : "", x->part->label);
	else
		paper_cell(p, t, r->item->item);
	paper_cell(p, t, value.buf);
	paper_cell(p, t, target.buf);
	paper_cellf(p, t, "%s%s%s", met_words(x, b->own),
	    lack.len > 0 ? "，" : "", lack.buf);
	if (full) {
		paper_cell(p, t, x->period.words);
		paper_cellf(p, t, "%s%s", i == 0 && r->item->units != NULL ?
		    r->item->units : "", i == 0 && r->item->units_inferred ?
		    "（推定）" : "");
		deadline(p, b, r->item, t);
	}
	str_done(&value);
	str_done(&target);
	str_done(&lack);
}

static struct paper_block *
begin_table(struct paper *p, const char *caption, bool full)
{
	struct paper_block *t = paper_table(p, caption);

	paper_column(p, t, "编号", ALIGN_LEFT, 4);
	paper_column(p, t, "项目", ALIGN_LEFT, 24);
	paper_column(p, t, "数值", ALIGN_LEFT, 15);
	paper_column(p, t, "目标", ALIGN_LEFT, 14);
	paper_column(p, t, "情况", ALIGN_LEFT, 20);
	if (full) {
		paper_column(p, t, "期间", ALIGN_LEFT, 0);
		paper_column(p, t, "责任单位", ALIGN_LEFT, 0);
		paper_column(p, t, "时限", ALIGN_LEFT, 0);
	}
	return t;
}

static void
add_rank(struct paper *p, struct paper_block *t, const struct board *b,
    enum board_rank which, bool full)
{
	bool headed = false;
	size_t i, j;

	for (i = 0; i < b->n; i++) {
		if (board_rank(b, &b->rows[i]) != which)
			continue;
		if (!headed)
			paper_group(p, t, board_rank_words(which));
		headed = true;
		if (b->rows[i].item->nparts > 1) {
			paper_row(t, ROW_PLAIN);
			paper_cell(p, t, b->rows[i].item->id);
			paper_cell(p, t, b->rows[i].item->item);
		}
		for (j = 0; j < b->rows[i].item->nparts; j++)
			number_row(p, b, t, &b->rows[i], j,
			    b->rows[i].item->nparts > 1, full);
	}
}

/* What a leader must know first. */
void
boardpaper_short(struct paper *p, const struct board *b)
{
	struct paper_block *t = NULL;
	struct str caption = STR_INIT;
	size_t i, j;

	str_addf(&caption, "否决项和还没达到的：%s", b->scheme->title);
	for (i = 0; i < b->n; i++)
		for (j = 0; j < b->rows[i].item->nparts; j++) {
			if (b->rows[i].numbers[j].met != MET_NO &&
			    !b->rows[i].item->veto)
				continue;
			if (t == NULL)
				t = begin_table(p, caption.buf, false);
			number_row(p, b, t, &b->rows[i], j, false, false);
		}
	str_done(&caption);
}

void
boardpaper_silent(struct paper *p, int64_t silent)
{
	struct str s = STR_INIT;

	towns_silent_words(silent, &s);
	if (s.len > 0)
		paper_line(p, "%s。", s.buf);
	str_done(&s);
}

void
boardpaper_add(struct paper *p, const struct board *b, const char *caption,
    bool full)
{
	struct paper_block *t;
	int which;

	boardpaper_silent(p, b->silent);
	t = begin_table(p, caption, full);
	for (which = 0; which < BOARD_RANKS; which++)
		add_rank(p, t, b, (enum board_rank)which, full);
}

static int
add_scheme(struct forms *fs, const char *name, const char *on,
    struct paper *p, struct err *e)
{
	struct board *b;
	char *caption;
	int rc = board_make(fs, name, on, &b, e);

	if (rc < 0)
		return rc;
	caption = scheme_caption(b->scheme);
	boardpaper_add(p, b, caption, true);
	free(caption);
	board_free(b);
	return 0;
}

int
boardpaper_all(struct forms *fs, const char *scheme, const char *on,
    struct paper *p, struct err *e)
{
	char **names = indicator_schemes(fs);
	size_t i;
	int rc = scheme != NULL ? add_scheme(fs, scheme, on, p, e) : 0;

	for (i = 0; rc == 0 && scheme == NULL && names[i] != NULL; i++)
		rc = add_scheme(fs, names[i], on, p, e);
	scheme_names_free(names);
	return rc;
}
