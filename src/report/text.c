/* See text.h. */
#include "text.h"

#include <stdlib.h>
#include <string.h>

#include "cut.h"
#include "width.h"

enum { BAR = 20 };

/* The columns of a table that are drawn side by side. */
struct layout {
	int *width;
	int gap;		/* blanks between columns */
	size_t from, to;	/* these columns, behind column 0 */
};

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

/* Columns that the columns of a layout take. */
static int
columns_taken(const struct layout *l)
{
	int sum = l->width[0];
	size_t c;

	for (c = l->from; c < l->to; c++)
		sum += l->width[c] + l->gap;
	return sum;
}

/* Widths of all columns: as needed, then with narrower gaps, then those that
 * may be cut. */
static void
lay_out(const struct paper_block *b, int cols, struct layout *l)
{
	size_t c;
	int over;

	for (c = 0; c < b->ncolumns; c++)
		l->width[c] = widest_cell(b, c);
	l->from = 1;
	l->to = b->ncolumns;
	l->gap = 2;
	if (cols > 0 && columns_taken(l) > cols)
		l->gap = 1;
	for (c = 0; cols > 0 && c < b->ncolumns; c++) {
		over = columns_taken(l) - cols;
		if (over <= 0)
			return;
		if (b->columns[c].widest > 0 &&
		    l->width[c] > b->columns[c].widest)
			l->width[c] = b->columns[c].widest >
			    l->width[c] - over ? b->columns[c].widest :
			    l->width[c] - over;
	}
}

static void
draw_cell(const char *s, int width, enum paper_align align, struct str *out)
{
	static const enum cut_align how[] = { CUT_LEFT, CUT_RIGHT,
	    CUT_CENTRE };

	cut_pad(out, s != NULL ? s : "", width, how[align]);
}

static void
draw_row(const struct paper_block *b, const struct layout *l,
    const struct paper_cells *r, struct str *out)
{
	size_t c;
	int i;

	for (c = 0; c < l->to; c = c == 0 ? l->from : c + 1) {
		for (i = 0; c > 0 && i < l->gap; i++)
			str_addc(out, ' ');
		draw_cell(r == NULL ? b->columns[c].label : c < r->n ?
		    r->cell[c] : NULL, l->width[c], b->columns[c].align, out);
	}
	end_line(out);
}

static void
draw_part(const struct paper_block *b, const struct layout *l,
    struct str *out)
{
	int taken = columns_taken(l);
	size_t i;

	draw_row(b, l, NULL, out);
	rule(out, taken);
	for (i = 0; i < b->nrows; i++) {
		if (b->rows[i].kind == ROW_GROUP) {
			str_addf(out, "%s\n", b->rows[i].cell[0]);
			continue;
		}
		if (b->rows[i].kind == ROW_TOTAL)
			rule(out, taken);
		draw_row(b, l, &b->rows[i], out);
	}
	str_addc(out, '\n');
}

/* A table that is still too wide goes on below with its first column
 * repeated. */
static void
draw_table(const struct paper_block *b, int cols, struct str *out)
{
	struct layout l = { .width = xcalloc(b->ncolumns + 1, sizeof(int)) };

	if (b->caption != NULL)
		str_addf(out, "%s\n", b->caption);
	lay_out(b, cols, &l);
	do {
		l.to = b->ncolumns;
		while (cols > 0 && l.to > l.from + 1 &&
		    columns_taken(&l) > cols)
			l.to--;
		draw_part(b, &l, out);
		l.from = l.to;
	} while (l.from < b->ncolumns);
	free(l.width);
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
		str_addf(out, "%s\n", paper_secret(p));
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
