/* See heading.h.  The words are in heading_words.c. */
#include <stdlib.h>
#include <string.h>

#include "headingi.h"
#include "mem.h"
#include "safe.h"

enum { HEAD_ROWS = 30 };

void
heading_done(struct heading *h)
{
	while (h->n > 0)
		free(h->text[--h->n]);
	free(h->text);
	free(h->meaning);
	memset(h, 0, sizeof *h);
}

/* Rows that were read ahead, with copies of their cells. */
struct ahead {
	struct {
		char **cell;
		size_t n, line;
	} row[HEAD_ROWS];
	size_t n;
};

static int
read_ahead(struct sheet *s, struct ahead *a, struct err *e)
{
	struct cells r = CELLS_INIT;
	size_t i;
	int rc = 1;

	a->n = 0;
	sheet_rewind(s);
	while (a->n < HEAD_ROWS && (rc = sheet_next(s, &r, e)) > 0) {
		a->row[a->n].cell = xcalloc(r.n + 1, sizeof(char *));
		a->row[a->n].n = r.n;
		a->row[a->n].line = r.line;
		for (i = 0; i < r.n; i++)
			a->row[a->n].cell[i] = xstrdup(r.cell[i]);
		a->n++;
	}
	cells_done(&r);
	sheet_rewind(s);
	return rc < 0 ? rc : 0;
}

static void
drop_ahead(struct ahead *a)
{
	size_t i;

	while (a->n > 0) {
		a->n--;
		for (i = 0; i < a->row[a->n].n; i++)
			free(a->row[a->n].cell[i]);
		free(a->row[a->n].cell);
	}
}

struct guess {
	struct heading *h;
	enum sure *sure;	/* per column */
	const struct heading_words *w;
};

static bool
taken(const struct guess *g, int meaning)
{
	size_t i;

	for (i = 0; i < g->h->n; i++)
		if (g->h->meaning[i] == meaning)
			return true;
	return false;
}

static void
settle(struct guess *g, size_t col, const struct word *word)
{
	if (word == NULL)
		return;
	g->h->meaning[col] = word->meaning;
	g->sure[col] = word->sure;
}

/* Of two columns with one meaning the less sure one steps back. */
static void
settle_twins(struct guess *g)
{
	struct heading *h = g->h;
	size_t i, j;

	for (i = 0; i < h->n; i++)
		for (j = 0; j < h->n; j++) {
			int m = h->meaning[i];

			if (i == j || m != h->meaning[j] || m == HEAD_UNKNOWN ||
			    m == HEAD_IGNORE || m == HEAD_TWICE ||
			    (m >= 0 && g->w->form->fields[m].type == T_REF))
				continue;
			if (g->sure[i] < g->sure[j])
				h->meaning[i] = HEAD_TWICE;
		}
	for (i = 0; i < h->n; i++)
		h->known += h->meaning[i] != HEAD_UNKNOWN &&
		    h->meaning[i] != HEAD_IGNORE &&
		    h->meaning[i] != HEAD_TWICE;
}

/* Read row `i` (with `below` the one under it, or NULL) as a header. */
static void
guess_row(const struct heading_words *w, char **up, size_t nup, char **low,
    size_t nlow, struct heading *h)
{
	struct guess g = { .h = h, .w = w };
	const char *group = "";
	struct str both = STR_INIT;
	const struct word *word;
	size_t i, n = nup > nlow ? nup : nlow;

	memset(h, 0, sizeof *h);
	h->n = n;
	h->meaning = xcalloc(n, sizeof *h->meaning);
	h->text = xcalloc(n, sizeof *h->text);
	g.sure = xcalloc(n, sizeof *g.sure);
	for (i = 0; i < n; i++) {
		const char *a = i < nup ? up[i] : "";
		const char *b = i < nlow ? low[i] : "";

		h->meaning[i] = HEAD_UNKNOWN;
		str_clear(&both);
		if (*a != '\0')
			group = a;
		if (*b != '\0' && strcmp(group, b) != 0)
			str_addf(&both, "%s%s", group, b);
		else
			str_add(&both, *b != '\0' ? b : a);
		h->text[i] = xstrdup(both.buf);
		settle(&g, i, heading_meaning(w, both.buf));
	}
	for (i = 0; i < n && i < nlow; i++) {
		word = h->meaning[i] == HEAD_UNKNOWN && low[i][0] != '\0' ?
		    heading_meaning(w, low[i]) : NULL;
		if (word != NULL && !taken(&g, word->meaning))
			settle(&g, i, word);
	}
	settle_twins(&g);
	free(g.sure);
	str_done(&both);
}

/* Keep the better of two guesses. */
static void
keep_best(struct heading *best, struct heading *h, size_t line, size_t skip)
{
	if (h->known <= best->known) {
		heading_done(h);
		return;
	}
	heading_done(best);
	*best = *h;
	best->line = line;
	best->skip = skip;
}

int
heading_find(struct sheet *s, const struct heading_words *w,
    struct heading *h, struct err *e)
{
	struct ahead a;
	struct heading one;
	size_t i;
	int rc;

	memset(h, 0, sizeof *h);
	rc = read_ahead(s, &a, e);
	for (i = 0; rc == 0 && i < a.n; i++) {
		guess_row(w, a.row[i].cell, a.row[i].n, NULL, 0, &one);
		keep_best(h, &one, a.row[i].line, i + 1);
	}
	for (i = 0; rc == 0 && i + 1 < a.n; i++) {
		guess_row(w, a.row[i].cell, a.row[i].n, a.row[i + 1].cell,
		    a.row[i + 1].n, &one);
		keep_best(h, &one, a.row[i + 1].line, i + 2);
	}
	drop_ahead(&a);
	return rc;
}

bool
heading_repeats(const struct heading *h, const struct cells *r)
{
	struct str a = STR_INIT, b = STR_INIT;
	size_t i, same = 0, other = 0;

	for (i = 0; i < r->n && other == 0; i++) {
		if (r->cell[i][0] == '\0')
			continue;
		str_clear(&a);
		str_clear(&b);
		heading_fold(&a, r->cell[i]);
		heading_fold(&b, i < h->n ? h->text[i] : "");
		if (strcmp(a.buf, b.buf) == 0)
			same++;
		else
			other++;
	}
	str_done(&a);
	str_done(&b);
	return same > 1 && other == 0;
}

int
heading_check(const struct heading *h, const struct form *f, struct err *e)
{
	char a[SAFE_BRIEF], b[SAFE_BRIEF];
	size_t i, j;

	for (i = 0; i < h->n; i++)
		for (j = i + 1; j < h->n; j++)
			if (h->meaning[i] == h->meaning[j] &&
			    h->meaning[i] != HEAD_UNKNOWN &&
			    h->meaning[i] != HEAD_IGNORE &&
			    h->meaning[i] != HEAD_TWICE &&
			    !(h->meaning[i] >= 0 &&
			    f->fields[h->meaning[i]].type == T_REF))
				return err_set(e, E_FORMAT, "第 %zu 列“%s”和第 "
				    "%zu 列“%s”是同一个内容，不知道用哪一列。"
				    "请删去一列，或用 --map 指定", i + 1,
				    safe_brief(h->text[i], a), j + 1,
				    safe_brief(h->text[j], b));
	return 0;
}
