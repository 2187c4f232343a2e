/* See text.h. */
#include "text.h"

#include <stdlib.h>
#include <string.h>

#include "cut.h"
#include "width.h"

enum { GAP = 2, BAR = 20 };

static void
rule(struct str *out, int cols)
{
	while (cols-- > 0)
		str_addc(out, '-');
	str_addc(out, '\n');
}

/* Blanks at the end of a line are waste on the wire and on paper. */
static void
end_line(struct str *out)
{
	while (out->len > 0 && out->buf[out->len - 1] == ' ')
		out->buf[--out->len] = '\0';
	str_addc(out, '\n');
}

static void
wrapped(const char *s, int cols, struct str *out)
{
	size_t at, next, end;

	if (cols <= 0) {
		str_addf(out, "%s\n", s);
		return;
	}
	for (at = 0; at != CUT_END; at = next) {
		next = cut_line(s, at, cols, &end);
		str_addn(out, s + at, end - at);
		str_addc(out, '\n');
	}
}

static int
widest_cell(const struct paper_block *b, size_t col)
{
	int w = width_str(b->columns[col].label), cell;
	size_t i;

	for (i = 0; i < b->nrows; i++) {
		if (b->rows[i].kind == ROW_GROUP || col >= b->rows[i].n ||
		    b->rows[i].cell[col] == NULL)
			continue;
		cell = width_str(b->rows[i].cell[col]);
		w = cell > w ? cell : w;
	}
	return w;
}

/* Widths of the columns; the sum is returned. */
static int
lay_out(const struct paper_block *b, int cols, int *width)
{
	int sum = 0, i, n = (int)b->ncolumns;

	for (i = 0; i < n; i++) {
		width[i] = widest_cell(b, (size_t)i);
		sum += width[i] + (i > 0 ? GAP : 0);
	}
	for (i = 0; cols > 0 && i < n && sum > cols; i++)
		if (b->columns[i].widest > 0 &&
		    width[i] > b->columns[i].widest) {
			sum -= width[i] - b->columns[i].widest;
			width[i] = b->columns[i].widest;
		}
	if (cols > 0 && sum > cols && n > 0) {
		i = sum - cols;
		i = i < width[n - 1] - 4 ? i : width[n - 1] - 4;
		i = i > 0 ? i : 0;
		width[n - 1] -= i;
		sum -= i;
	}
	return sum;
}

static void
draw_cell(const char *s, int width, enum paper_align align, struct str *out)
{
	static const enum cut_align how[] = { CUT_LEFT, CUT_RIGHT,
	    CUT_CENTRE };

	cut_pad(out, s != NULL ? s : "", width, how[align]);
}

static void
draw_table(const struct paper_block *b, int cols, struct str *out)
{
	int *width = xcalloc(b->ncolumns + 1, sizeof *width);
	int sum = lay_out(b, cols, width);
	const struct paper_cells *r;
	size_t i, c;

	if (b->caption != NULL)
		str_addf(out, "%s\n", b->caption);
	for (c = 0; c < b->ncolumns; c++) {
		str_add(out, c > 0 ? "  " : "");
		draw_cell(b->columns[c].label, width[c], b->columns[c].align,
		    out);
	}
	end_line(out);
	rule(out, sum);
	for (i = 0; i < b->nrows; i++) {
		r = &b->rows[i];
		if (r->kind == ROW_GROUP) {
			str_addf(out, "%s\n", r->cell[0]);
			continue;
		}
		if (r->kind == ROW_TOTAL)
			rule(out, sum);
		for (c = 0; c < b->ncolumns; c++) {
			str_add(out, c > 0 ? "  " : "");
			draw_cell(c < r->n ? r->cell[c] : NULL, width[c],
			    b->columns[c].align, out);
		}
		end_line(out);
	}
	str_addc(out, '\n');
	free(width);
}

static void
draw_bars(const struct paper_block *b, struct str *out)
{
	int label = 0, w, full, j;
	size_t i;

	if (b->caption != NULL)
		str_addf(out, "%s\n", b->caption);
	for (i = 0; i < b->nbars; i++) {
		w = width_str(b->bars[i].label);
		label = w > label ? w : label;
	}
	for (i = 0; i < b->nbars; i++) {
		const struct paper_bar *bar = &b->bars[i];

		cut_pad(out, bar->label, label, CUT_LEFT);
		str_add(out, "  ");
		full = bar->percent <= 0 ? 0 : bar->percent >= 100 ? BAR :
		    (int)(bar->percent * BAR / 100 + 0.5);
		for (j = 0; j < BAR; j++)
			str_addc(out, bar->percent < 0 ? ' ' :
			    j < full ? '=' : '-');
		str_addf(out, "  %s", bar->words != NULL ? bar->words : "");
		end_line(out);
	}
	str_addc(out, '\n');
}

static void
draw_end(const struct paper *p, int cols, struct str *out)
{
	if (p->signed_form)
		wrapped("填报单位（盖章）：            填表人：          "
		    "审核人：          联系电话：", cols, out);
	if (p->made_on != NULL)
		str_addf(out, "填报日期：%s%s%s\n", p->made_on,
		    p->made_by != NULL ? "    制表：" : "",
		    p->made_by != NULL ? p->made_by : "");
	if (p->personal)
		str_add(out, "含个人信息，不得外传\n");
}

void
text_report(const struct paper *p, int cols, struct str *out)
{
	size_t i;

	if (p->site != NULL)
		str_addf(out, "%s  ", p->site);
	str_addf(out, "%s\n", p->title);
	if (p->subtitle != NULL)
		wrapped(p->subtitle, cols, out);
	str_addc(out, '\n');
	for (i = 0; i < p->n; i++) {
		const struct paper_block *b = &p->blocks[i];

		if (b->kind == PAPER_LINE)
			wrapped(b->caption, cols, out);
		else if (b->kind == PAPER_TABLE)
			draw_table(b, cols, out);
		else
			draw_bars(b, out);
	}
	draw_end(p, cols, out);
}
