/* See mapping.h. */
#include "mapping.h"

#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "file.h"
#include "mem.h"
#include "safe.h"
#include "sheet.h"
#include "str.h"

enum { LOOK_ROWS = 40, TITLES_MAX = 10, MAP_LIMIT = 1 << 20 };

/* ---- the header ------------------------------------------------------- */

static size_t
texts(const struct cells *r)
{
	size_t i, n = 0;

	for (i = 0; i < r->n; i++)
		n += !str_blank(r->cell[i]) && r->kind[i] == CELL_TEXT;
	return n;
}

/* No word is known: the row with the most texts, the first of equals. */
static int
guess(struct sheet *s, struct heading *h, struct err *e)
{
	struct cells r = CELLS_INIT;
	size_t best = 0, at = 0, i;
	int rc;

	sheet_rewind(s);
	while (at < LOOK_ROWS && (rc = sheet_next(s, &r, e)) > 0) {
		at++;
		if (texts(&r) <= best)
			continue;
		best = texts(&r);
		heading_done(h);
		memset(h, 0, sizeof *h);
		h->n = r.n;
		h->line = r.line;
		h->skip = at;
		h->meaning = xcalloc(r.n + 1, sizeof *h->meaning);
		h->text = xcalloc(r.n + 1, sizeof *h->text);
		for (i = 0; i < r.n; i++) {
			h->meaning[i] = HEAD_UNKNOWN;
			h->text[i] = xstrdup(r.cell[i]);
		}
	}
	cells_done(&r);
	sheet_rewind(s);
	return best == 0 ? err_set(e, E_FORMAT, "这张表是空的") : 0;
}

/* The sheet (or delimiter) whose header knows the most words. */
static int
choose(struct sheet *s, const struct heading_words *w, size_t *way,
    struct err *e)
{
	struct heading h;
	size_t i, known = 0;
	bool hidden, some = false;

	*way = 0;
	for (i = 0; i < sheet_ways(s); i++) {
		sheet_way_name(s, i, &hidden);
		if (hidden || sheet_choose(s, i, LOOK_ROWS, e) < 0 ||
		    heading_find(s, w, &h, e) < 0)
			continue;
		if (!some || h.known > known)
			*way = i;
		known = h.known > known ? h.known : known;
		some = true;
		heading_done(&h);
	}
	return some ? 0 : e->code;
}

/* Titles above, samples below. */
static int
look_around(struct mapping *m, struct sheet *s, struct err *e)
{
	struct cells r = CELLS_INIT;
	size_t at = 0, i;
	int rc;

	m->sample = xcalloc(m->head.n + 1, sizeof *m->sample);
	m->title = xcalloc(TITLES_MAX, sizeof *m->title);
	sheet_rewind(s);
	while ((rc = sheet_next(s, &r, e)) > 0) {
		at++;
		for (i = 0; i < r.n && at < m->head.skip &&
		    m->ntitles < TITLES_MAX; i++) {
			if (str_blank(r.cell[i]))
				continue;
			m->title[m->ntitles++] = xstrdup(r.cell[i]);
			break;
		}
		if (at <= m->head.skip)
			continue;
		m->below++;
		for (i = 0; i < r.n && i < m->head.n; i++)
			if (m->sample[i] == NULL && !str_blank(r.cell[i]))
				m->sample[i] = xstrdup(r.cell[i]);
	}
	cells_done(&r);
	return rc;
}

int
mapping_open(struct forms *fs, const struct form *f, const char *path,
    const char *map, struct mapping *out, struct err *e)
{
	struct heading_words *w;
	struct sheet *s = NULL;
	size_t way;
	int rc;

	memset(out, 0, sizeof *out);
	w = heading_words(fs, f, map != NULL && file_exists(map) ? map : NULL,
	    e);
	if (w == NULL)
		return e->code;
	rc = sheet_open(&s, path, CODEC_AUTO, e);
	if (rc == 0)
		rc = choose(s, w, &way, e);
	if (rc == 0)
		rc = sheet_choose(s, way, 0, e);
	if (rc == 0)
		rc = heading_find(s, w, &out->head, e);
	if (rc == 0 && out->head.known == 0)
		rc = guess(s, &out->head, e);
	if (rc == 0)
		rc = look_around(out, s, e);
	if (rc == 0) {
		out->f = f;
		out->path = xstrdup(path);
		out->way = xstrdup(sheet_way_name(s, way, NULL));
	}
	sheet_close(s);
	heading_words_free(w);
	if (rc < 0)
		mapping_done(out);
	return rc;
}

void
mapping_done(struct mapping *m)
{
	size_t i;

	for (i = 0; m->sample != NULL && i < m->head.n; i++)
		free(m->sample[i]);
	free(m->sample);
	for (i = 0; i < m->ntitles; i++)
		free(m->title[i]);
	free(m->title);
	heading_done(&m->head);
	free(m->path);
	free(m->way);
	memset(m, 0, sizeof *m);
}

/* ---- remembering ------------------------------------------------------ */

static void
add_line(struct str *out, const char *word, const char *field)
{
	const char *p;

	str_addc(out, '"');
	for (p = word; *p != '\0'; p++) {
		if (*p == '"')
			str_addc(out, '"');
		if (*p != '\n' && *p != '\r')
			str_addc(out, *p);
	}
	str_addf(out, "\",%s\n", field);
}

/* Is `word` one of the table's own? */
static bool
ours(const struct mapping *m, const char *word)
{
	struct str a = STR_INIT, b = STR_INIT;
	bool same = false;
	size_t i;

	heading_fold(&a, word);
	for (i = 0; i < m->head.n && !same; i++) {
		if (m->head.text[i] == NULL)
			continue;
		str_clear(&b);
		heading_fold(&b, m->head.text[i]);
		same = b.len > 0 && strcmp(a.buf, b.buf) == 0;
	}
	str_done(&a);
	str_done(&b);
	return same;
}

/* The lines of the old file that say nothing about these words. */
static int
keep_others(const struct mapping *m, const char *map, struct str *out,
    struct err *e)
{
	struct str text = STR_INIT;
	struct cells r = CELLS_INIT;
	struct csv c;
	int rc = 0;

	if (file_exists(map))
		rc = file_read(&text, map, MAP_LIMIT, e);
	if (rc == 0) {
		csv_init(&c, text.buf, text.len, ',');
		while ((rc = csv_next(&c, &r, e)) > 0)
			if (r.n >= 2 && !str_blank(r.cell[0]) &&
			    !ours(m, r.cell[0]))
				add_line(out, r.cell[0], r.cell[1]);
	}
	cells_done(&r);
	str_done(&text);
	return rc;
}

int
mapping_save(const struct mapping *m, const char *map, struct err *e)
{
	struct str out = STR_INIT;
	size_t i;
	int rc = keep_others(m, map, &out, e), what;

	for (i = 0; rc == 0 && i < m->head.n; i++) {
		what = m->head.meaning[i];
		if (str_blank(m->head.text[i]) || what == HEAD_UID ||
		    what == HEAD_STATE || what == HEAD_TWICE)
			continue;
		add_line(&out, m->head.text[i], what >= 0 ?
		    m->f->fields[what].name : "");
	}
	if (rc == 0)
		rc = file_write(map, out.buf, out.len, 0600, e);
	str_done(&out);
	return rc;
}

long
mapping_column(const struct mapping *m, int meaning)
{
	size_t i;

	for (i = 0; i < m->head.n; i++)
		if (m->head.meaning[i] == meaning)
			return (long)i;
	return -1;
}

void
mapping_lacks(const struct mapping *m, struct str *out)
{
	size_t i;

	if (mapping_column(m, HEAD_UID) >= 0)
		return;
	for (i = 0; i < m->f->nfields; i++)
		if (field_always(&m->f->fields[i]) &&
		    mapping_column(m, (int)i) < 0)
			str_addf(out, "%s%s", out->len > 0 ? "、" : "",
			    m->f->fields[i].label);
}
