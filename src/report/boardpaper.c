/* See boardpaper.h. */
#include "boardpaper.h"

#include <stdio.h>

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

	number_words(x, &value);
	target_words(x, &target);
	short_words(x, &lack);
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
	paper_column(p, t, "目标", ALIGN_LEFT, 12);
	paper_column(p, t, "情况", ALIGN_LEFT, 20);
	if (full) {
		paper_column(p, t, "期间", ALIGN_LEFT, 0);
		paper_column(p, t, "责任单位", ALIGN_LEFT, 0);
		paper_column(p, t, "时限", ALIGN_LEFT, 0);
	}
	return t;
}

static void
add_rank(struct paper *p, const struct board *b, enum board_rank which, bool full)
{
	struct paper_block *t = NULL;
	size_t i, j;

	for (i = 0; i < b->n; i++) {
		if (board_rank(b, &b->rows[i]) != which)
			continue;
		if (t == NULL)
			t = begin_table(p, board_rank_words(which), full);
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
boardpaper_add(struct paper *p, const struct board *b, bool full)
{
	int which;

	for (which = 0; which < BOARD_RANKS; which++)
		add_rank(p, b, (enum board_rank)which, full);
}
