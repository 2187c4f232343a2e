/* The survey's tables on paper.  See survey.h. */
#include "survey.h"

#include <stdio.h>

#include "boardpaper.h"

/* A village's numbers, or the sum's, of block `b`. */
static void
cells(struct paper *p, struct paper_block *t, const struct survey *s,
    size_t at, int b)
{
	int i, n;

	survey_block(s, b, &n);
	for (i = 0; i < n; i++)
		paper_cellf(p, t, "%ld", survey_count(s, at, b, i));
}

/* The village's name and all its children. */
static void
begin_row(struct paper *p, struct paper_block *t, const struct survey *s,
    size_t at)
{
	paper_row(t, at == survey_places(s) ? ROW_TOTAL : ROW_PLAIN);
	paper_cell(p, t, survey_place(s, at));
	paper_cellf(p, t, "%ld", survey_count(s, at, -1, 0));
}

void
survey_blocks(const struct survey *s, struct paper *p)
{
	struct paper_block *t;
	size_t at;
	int b, i, n;

	boardpaper_silent(p, survey_silent(s));
	for (b = 0; b < survey_nblocks(s); b++) {
		t = paper_table(p, survey_block(s, b, &n));
		paper_column(p, t, "村（社区）", ALIGN_LEFT, 14);
		paper_column(p, t, "合计", ALIGN_RIGHT, 0);
		for (i = 0; i < n; i++)
			paper_column(p, t, survey_item(s, b, i), ALIGN_RIGHT,
			    0);
		for (at = 0; at <= survey_places(s); at++) {
			begin_row(p, t, s, at);
			cells(p, t, s, at, b);
		}
	}
}

void
survey_wide(const struct survey *s, struct paper *p)
{
	struct paper_block *t = paper_table(p, NULL);
	char label[96];
	const char *title;
	size_t at;
	int b, i, n;

	paper_column(p, t, "村（社区）", ALIGN_LEFT, 0);
	paper_column(p, t, "合计", ALIGN_RIGHT, 0);
	for (b = 0; b < survey_nblocks(s); b++) {
		title = survey_block(s, b, &n);
		for (i = 0; i < n; i++) {
			snprintf(label, sizeof label, "%s：%s", title,
			    survey_item(s, b, i));
			paper_column(p, t, label, ALIGN_RIGHT, 0);
		}
	}
	for (at = 0; at <= survey_places(s); at++) {
		begin_row(p, t, s, at);
		for (b = 0; b < survey_nblocks(s); b++)
			cells(p, t, s, at, b);
	}
}
