/* See paper.h. */
#include "paper.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct paper *
paper_new(const char *title)
{
	struct paper *p = xcalloc(1, sizeof *p);

	p->title = paper_keep(p, title);
	return p;
}

void
paper_free(struct paper *p)
{
	struct paper_block *b;
	size_t i, j;

	if (p == NULL)
		return;
	for (i = 0; i < p->n; i++) {
		b = &p->blocks[i];
		for (j = 0; j < b->nrows; j++)
			free(b->rows[j].cell);
		free(b->rows);
		free(b->columns);
		free(b->bars);
	}
	free(p->blocks);
	arena_done(&p->arena);
	free(p);
}

const char *
paper_keep(struct paper *p, const char *s)
{
	return arena_str(&p->arena, s);
}

static const char *
keep_format(struct paper *p, const char *fmt, va_list ap)
{
	va_list again;
	char *text;
	int len;

	va_copy(again, ap);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	text = arena_alloc(&p->arena, (size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, fmt, ap);
	return text;
}

static struct paper_block *
block(struct paper *p, enum paper_kind kind, const char *caption)
{
	struct paper_block *b;

	p->blocks = mem_grow(p->blocks, p->n, &p->cap, sizeof *p->blocks);
	b = &p->blocks[p->n++];
	memset(b, 0, sizeof *b);
	b->kind = kind;
	b->caption = caption;
	return b;
}

void
paper_line(struct paper *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	block(p, PAPER_LINE, keep_format(p, fmt, ap));
	va_end(ap);
}

struct paper_block *
paper_table(struct paper *p, const char *caption)
{
	return block(p, PAPER_TABLE, paper_keep(p, caption));
}

void
paper_column(struct paper *p, struct paper_block *b, const char *label,
    enum paper_align align, int widest)
{
	b->columns = mem_grow(b->columns, b->ncolumns, &b->cap_columns,
	    sizeof *b->columns);
	b->columns[b->ncolumns++] = (struct paper_column){
		.label = paper_keep(p, label), .align = align,
		.widest = widest
	};
}

void
paper_serial(struct paper_block *b)
{
	b->columns[b->ncolumns - 1].serial = true;
}

void
paper_owner(struct paper *p, struct paper_block *b, const char *form,
    const char *uid)
{
	struct paper_cells *r = &b->rows[b->nrows - 1];

	r->form = paper_keep(p, form);
	r->uid = paper_keep(p, uid);
}

static void
count_again(struct paper *p, struct paper_block *b)
{
	char text[24];
	size_t i, c;

	for (c = 0; c < b->ncolumns; c++)
		for (i = 0; b->columns[c].serial && i < b->nrows; i++) {
			snprintf(text, sizeof text, "%zu", i + 1);
			b->rows[i].cell[c] = paper_keep(p, text);
		}
}

void
paper_count(struct paper *p, const char *about)
{
	size_t i, n = 0;
	char *text;

	for (i = 0; i < p->n; i++)
		n += p->blocks[i].nrows;
	text = xasprintf("%s，共 %zu 条", about, n);
	p->about = paper_keep(p, about);
	p->subtitle = paper_keep(p, text);
	free(text);
}

size_t
paper_sift(struct paper *p, bool (*keep)(void *arg, const char *form,
    const char *uid), void *arg)
{
	size_t gone = 0, i, j, n;
	struct paper_block *b;

	for (i = 0; i < p->n; i++) {
		b = &p->blocks[i];
		for (j = n = 0; j < b->nrows; j++) {
			if (keep(arg, b->rows[j].form, b->rows[j].uid))
				b->rows[n++] = b->rows[j];
			else
				free(b->rows[j].cell);
		}
		gone += b->nrows - n;
		b->nrows = n;
		count_again(p, b);
	}
	if (p->about != NULL)
		paper_count(p, p->about);
	return gone;
}

const char *
paper_secret(const struct paper *p)
{
	return p->only != NULL ? p->only : PAPER_SECRET;
}

void
paper_row(struct paper_block *b, enum paper_row kind)
{
	b->rows = mem_grow(b->rows, b->nrows, &b->cap_rows, sizeof *b->rows);
	b->rows[b->nrows++] = (struct paper_cells){ .kind = kind };
}

static void
add_cell(struct paper_block *b, const char *text)
{
	struct paper_cells *r = &b->rows[b->nrows - 1];

	r->cell = mem_grow(r->cell, r->n, &r->cap, sizeof *r->cell);
	r->cell[r->n++] = text;
}

void
paper_cell(struct paper *p, struct paper_block *b, const char *text)
{
	add_cell(b, paper_keep(p, text));
}

void
paper_cellf(struct paper *p, struct paper_block *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_cell(b, keep_format(p, fmt, ap));
	va_end(ap);
}

void
paper_group(struct paper *p, struct paper_block *b, const char *text)
{
	paper_row(b, ROW_GROUP);
	paper_cell(p, b, text);
}

struct paper_block *
paper_bars(struct paper *p, const char *caption)
{
	return block(p, PAPER_BARS, paper_keep(p, caption));
}

void
paper_bar(struct paper *p, struct paper_block *b, const char *label,
    double percent, const char *words)
{
	b->bars = mem_grow(b->bars, b->nbars, &b->cap_bars, sizeof *b->bars);
	b->bars[b->nbars++] = (struct paper_bar){
		paper_keep(p, label), paper_keep(p, words), percent
	};
}
