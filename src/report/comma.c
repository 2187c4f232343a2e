/* See comma.h. */
#include "comma.h"

#include "safe.h"

static void
end_row(struct str *out)
{
	str_add(out, "\r\n");
}

static void
single(const char *s, struct str *out)
{
	if (s == NULL)
		return;
	safe_csv(out, s);
	end_row(out);
}

static void
table(const struct paper_block *b, struct str *out)
{
	size_t i, c;

	for (c = 0; c < b->ncolumns; c++) {
		str_add(out, c > 0 ? "," : "");
		safe_csv(out, b->columns[c].label);
	}
	end_row(out);
	for (i = 0; i < b->nrows; i++) {
		const struct paper_cells *r = &b->rows[i];

		for (c = 0; c < r->n; c++) {
			str_add(out, c > 0 ? "," : "");
			safe_csv(out, r->cell[c] != NULL ? r->cell[c] : "");
		}
		end_row(out);
	}
}

static void
bars(const struct paper_block *b, struct str *out)
{
	size_t i;

	for (i = 0; i < b->nbars; i++) {
		safe_csv(out, b->bars[i].label);
		str_addc(out, ',');
		safe_csv(out, b->bars[i].words != NULL ? b->bars[i].words :
		    "");
		end_row(out);
	}
}

void
comma_report(const struct paper *p, struct str *out)
{
	size_t i;

	single(p->title, out);
	single(p->subtitle, out);
	if (p->personal)
		single(paper_secret(p), out);
	for (i = 0; i < p->n; i++) {
		const struct paper_block *b = &p->blocks[i];

		single(b->caption, out);
		if (b->kind == PAPER_TABLE)
			table(b, out);
		else if (b->kind == PAPER_BARS)
			bars(b, out);
		if (b->kind != PAPER_LINE)
			end_row(out);
	}
}
