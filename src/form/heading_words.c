/* The words by which columns are known: names, labels, the usual other names,
 * and a person's own map. */
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "headingi.h"
#include "mem.h"
#include "nearest.h"
#include "number.h"
#include "safe.h"

enum { WORDS_LIMIT = 1 << 20 };

void
heading_fold(struct str *out, const char *text)
{
	static const char *const gone[] = { "★", "☆", "※", "▲", "：" };
	struct str half = STR_INIT;
	const char *p;
	size_t i;

	number_fold(&half, text);
	for (p = half.buf; *p != '\0'; ) {
		for (i = 0; i < COUNT_OF(gone); i++)
			if (str_starts(p, gone[i]))
				break;
		if (i < COUNT_OF(gone)) {
			p += strlen(gone[i]);
			continue;
		}
		if (strchr(" \t\r\n*:\"", *p) == NULL)
			str_addc(out, *p >= 'A' && *p <= 'Z' ?
			    (char)(*p + 32) : *p);
		p++;
	}
	str_done(&half);
}

/* Without the remark in brackets at the end; false if there is none. */
static bool
strip_remark(struct str *s)
{
	char *open;

	if (s->len == 0 || s->buf[s->len - 1] != ')')
		return false;
	open = strrchr(s->buf, '(');
	if (open == NULL || open == s->buf)
		return false;
	*open = '\0';
	s->len = (size_t)(open - s->buf);
	return true;
}

static void
add_word(struct heading_words *w, const char *text, int meaning,
    enum sure sure)
{
	struct str s = STR_INIT;

	heading_fold(&s, text);
	while (s.len > 0) {
		w->word = mem_grow(w->word, w->n, &w->cap, sizeof *w->word);
		w->word[w->n++] = (struct word){ xstrdup(s.buf), meaning,
		    sure };
		if (sure == SURE_MAP || !strip_remark(&s))
			break;
	}
	str_done(&s);
}

static const struct word *
find_word(const struct heading_words *w, const char *folded)
{
	const struct word *best = NULL;
	size_t i;

	for (i = 0; i < w->n; i++)
		if (strcmp(w->word[i].text, folded) == 0 && (best == NULL ||
		    w->word[i].sure > best->sure))
			best = &w->word[i];
	return best;
}

const struct word *
heading_meaning(const struct heading_words *w, const char *text)
{
	struct str s = STR_INIT;
	const struct word *found;

	heading_fold(&s, text);
	found = s.len > 0 ? find_word(w, s.buf) : NULL;
	while (found == NULL && strip_remark(&s))
		found = find_word(w, s.buf);
	str_done(&s);
	return found;
}

/* The fixed columns of an export. */
static const struct {
	const char *name;
	int meaning;
} fixed[] = {
	{ "uid", HEAD_UID }, { "state", HEAD_STATE }, { "site", HEAD_IGNORE },
	{ "created_at", HEAD_IGNORE }, { "created_by", HEAD_IGNORE },
	{ "updated_at", HEAD_IGNORE }, { "updated_by", HEAD_IGNORE },
};

static void
add_form(struct heading_words *w, const struct form *f)
{
	size_t i;

	for (i = 0; i < f->nfields; i++) {
		add_word(w, f->fields[i].name, (int)i, SURE_NAME);
		add_word(w, f->fields[i].label, (int)i, SURE_LABEL);
	}
	for (i = 0; i < COUNT_OF(fixed); i++)
		if (fixed[i].meaning != HEAD_STATE || f->workflow != NULL)
			add_word(w, fixed[i].name, fixed[i].meaning,
			    SURE_NAME);
}

/* One row of columns.csv: form (or *), field (or empty), words with 、. */
static void
add_usual(struct heading_words *w, const struct cells *r)
{
	static const char dun[] = "、";
	const struct field *f;
	enum sure sure = SURE_USUAL;
	const char *p, *q;
	char *one;

	if (r->n < 3 || r->cell[0][0] == '#')
		return;
	if (strcmp(r->cell[0], w->form->name) == 0)
		sure = SURE_FORM;
	else if (strcmp(r->cell[0], "*") != 0)
		return;
	f = form_field(w->form, r->cell[1]);
	if (f == NULL && r->cell[1][0] != '\0')
		return;
	for (p = r->cell[2]; *p != '\0'; p = *q == '\0' ? q :
	    q + strlen(dun)) {
		q = strstr(p, dun);
		if (q == NULL)
			q = p + strlen(p);
		one = xstrndup(p, (size_t)(q - p));
		add_word(w, one, f != NULL ? f->index : HEAD_IGNORE, sure);
		free(one);
	}
}

static int
read_usual(struct heading_words *w, struct forms *fs, struct err *e)
{
	struct str text = STR_INIT;
	struct cells r = CELLS_INIT;
	struct csv c;
	char *path = xasprintf("%s/columns.csv", forms_data(fs));
	int rc = 0;

	if (file_exists(path))
		rc = file_read(&text, path, WORDS_LIMIT, e);
	csv_init(&c, text.buf, text.len, ',');
	while (rc >= 0 && (rc = csv_next(&c, &r, e)) > 0)
		add_usual(w, &r);
	if (rc < 0)
		err_prefix(e, "%s", path);
	cells_done(&r);
	str_done(&text);
	free(path);
	return rc;
}

/* The field that a map names, or HEAD_UNKNOWN. */
static int
map_target(const struct heading_words *w, const char *text)
{
	const struct word *found;

	if (*text == '\0' || strcmp(text, "-") == 0)
		return HEAD_IGNORE;
	found = heading_meaning(w, text);
	return found != NULL && found->sure >= SURE_LABEL ? found->meaning :
	    HEAD_UNKNOWN;
}

static int
map_row(struct heading_words *w, const struct cells *r, struct err *e)
{
	struct nearest near = NEAREST_INIT(r->n > 1 ? r->cell[1] : "");
	char brief[SAFE_BRIEF];
	int meaning;
	size_t i;

	if (r->n < 2)
		return err_set(e, E_FORMAT, "第 %zu 行要有两列：名册里的列名，"
		    "字段名（或标签）", r->line);
	meaning = map_target(w, r->cell[1]);
	if (meaning == HEAD_UNKNOWN) {
		for (i = 0; i < w->form->nfields; i++) {
			nearest_offer(&near, w->form->fields[i].name);
			nearest_offer(&near, w->form->fields[i].label);
		}
		return err_set(e, E_FORMAT, "第 %zu 行：%s没有字段“%s”%s%s%s",
		    r->line, w->form->title, safe_brief(r->cell[1], brief),
		    near.word != NULL ? "，是不是“" : "",
		    near.word != NULL ? near.word : "",
		    near.word != NULL ? "”" : "");
	}
	add_word(w, r->cell[0], meaning, SURE_MAP);
	return 0;
}

/* The map's first row may be a header: 列名,字段. */
static bool
map_header(const struct cells *r)
{
	return r->n >= 2 && (strcmp(r->cell[0], "列名") == 0 ||
	    strcmp(r->cell[0], "column") == 0);
}

static int
read_map(struct heading_words *w, const char *path, struct err *e)
{
	struct sheet *s;
	struct cells r = CELLS_INIT;
	bool first = true;
	int rc = sheet_open(&s, path, CODEC_AUTO, e);

	if (rc < 0)
		return err_prefix(e, "对照表 %s", path);
	while (rc >= 0 && (rc = sheet_next(s, &r, e)) > 0) {
		if (!(first && map_header(&r)) && r.cell[0][0] != '#')
			rc = map_row(w, &r, e);
		first = false;
	}
	if (rc < 0)
		err_prefix(e, "对照表 %s", path);
	cells_done(&r);
	sheet_close(s);
	return rc;
}

struct heading_words *
heading_words(struct forms *fs, const struct form *f, const char *map,
    struct err *e)
{
	struct heading_words *w = xcalloc(1, sizeof *w);
	int rc;

	w->form = f;
	add_form(w, f);
	rc = read_usual(w, fs, e);
	if (rc >= 0 && map != NULL)
		rc = read_map(w, map, e);
	if (rc < 0) {
		heading_words_free(w);
		return NULL;
	}
	return w;
}

void
heading_words_free(struct heading_words *w)
{
	if (w == NULL)
		return;
	while (w->n > 0)
		free(w->word[--w->n].text);
	free(w->word);
	free(w);
}
