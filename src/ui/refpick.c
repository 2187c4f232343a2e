/* Look-up by name, pinyin, initials, number, telephone.  With nothing typed:
 * all records of a small register in its order, else the newest. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "choose.h"
#include "cut.h"
#include "db.h"
#include "draft.h"
#include "mem.h"
#include "picker.h"
#include "refpick.h"
#include "type.h"
#include "width.h"

enum { HITS = 200, SMALL = 200, LINE_FIELDS = 5, NAME_COLS = 12,
	TITLE_COLS = 28, NONE_SIZE = 160 };

struct refpick {
	struct forms *fs;
	const struct form *target;
	struct lookup_hit hit[HITS];
	size_t n;
	bool small;
};

static void
draft_line(struct forms *fs, const struct lookup_hit *hit, struct str *out)
{
	struct draft d = { 0 };
	struct err e = ERR_INIT;

	if (draft_get(forms_db(fs), hit->form, hit->uid, &d, &e) == 0) {
		str_addf(out, "（草稿）%s", d.display != NULL ? d.display : "");
		draft_free(&d);
	} else {
		str_add(out, "（草稿，别人正在填）");
	}
}

void
refpick_line(struct forms *fs, const struct lookup_hit *hit, struct str *out)
{
	struct err e = ERR_INIT;
	const struct form *f = forms_get(fs, hit->form, &e);
	struct record *r;
	char *words;
	size_t i, n = 0;

	if (f == NULL)
		return;
	r = record_load(fs, f, hit->uid, &e);
	if (r == NULL) {
		if (hit->draft)
			draft_line(fs, hit, out);
		return;
	}
	words = record_display(fs, f, hit->uid);
	cut_pad(out, words, width_str(words) <= NAME_COLS ? NAME_COLS :
	    TITLE_COLS, CUT_LEFT);
	for (i = 0; i < f->nlist && n < LINE_FIELDS; i++) {
		struct str cell = STR_INIT;

		record_show(r, &f->fields[f->list[i]], true, &cell);
		if (cell.len > 0 && (words == NULL ||
		    strstr(words, cell.buf) == NULL)) {
			str_addf(out, "  %s", cell.buf);
			n++;
		}
		str_done(&cell);
	}
	free(words);
	record_free(r);
}

static void
add_hit(struct refpick *p, const char *uid)
{
	struct lookup_hit *h = &p->hit[p->n++];

	memset(h, 0, sizeof *h);
	strncpy(h->form, p->target->name, sizeof h->form - 1);
	strncpy(h->uid, uid, sizeof h->uid - 1);
}

static void
load_all(struct refpick *p)
{
	struct db *db = forms_db(p->fs);
	struct err e = ERR_INIT;
	struct str sql = STR_INIT;
	struct stmt *q;

	str_add(&sql, "SELECT uid FROM ");
	db_quote(&sql, p->target->name);
	str_add(&sql, " ORDER BY ");
	if (p->small && p->target->nlist > 0)
		db_quote(&sql, p->target->fields[p->target->list[0]].name);
	else
		str_add(&sql, "uid DESC");
	str_addf(&sql, " LIMIT %d", HITS);
	q = db_get(db, sql.buf, &e);
	while (q != NULL && stmt_step(q, &e) > 0)
		add_hit(p, stmt_col(q, 0));
	str_done(&sql);
}

static int64_t
count(const struct refpick *p)
{
	struct str sql = STR_INIT;
	int64_t n;

	str_add(&sql, "SELECT count(*) FROM ");
	db_quote(&sql, p->target->name);
	n = db_int(forms_db(p->fs), 0, sql.buf, "");
	str_done(&sql);
	return n;
}

/* In a small register a piece from the middle of the name is enough. */
static void
load_matching(struct refpick *p, const char *typed)
{
	size_t i, n = 0;
	char *words;

	load_all(p);
	for (i = 0; i < p->n; i++) {
		words = record_display(p->fs, p->target, p->hit[i].uid);
		if (pick_matches(words, NULL, typed))
			p->hit[n++] = p->hit[i];
		free(words);
	}
	p->n = n;
}

static size_t
load(void *arg, const char *typed)
{
	struct refpick *p = arg;
	struct err e = ERR_INIT;
	int i, n;

	p->n = 0;
	if (*typed == '\0') {
		load_all(p);
		return p->n;
	}
	n = lookup_find(forms_db(p->fs), p->target->name, typed, p->hit, HITS,
	    &e);
	for (i = 0; i < n; i++) {
		if (!p->hit[i].draft)
			p->hit[p->n++] = p->hit[i];
	}
	if (p->n == 0 && p->small)
		load_matching(p, typed);
	return p->n;
}

static void
line(void *arg, size_t i, struct str *out)
{
	struct refpick *p = arg;

	refpick_line(p->fs, &p->hit[i], out);
}

static const char *
hint_for(const struct form *f)
{
	size_t i;

	for (i = 0; i < f->nfields; i++)
		if (f->fields[i].type == T_ID_CARD)
			return "打姓名、拼音首字母、证件号一段、电话都能找";
	return "打名称里的字或拼音首字母都能找";
}

char *
choose_record(struct forms *fs, const struct form *target, const char *title,
    const char *typed, const char *fresh, bool *is_new, char **words)
{
	struct refpick *r = xcalloc(1, sizeof *r);
	char none[NONE_SIZE];
	struct pick p = {
		.title = title, .arg = r, .load = load, .row = line,
		.hint = hint_for(target), .none = none, .fresh = fresh
	};
	char *uid = NULL;
	int64_t n;
	long i;

	r->fs = fs;
	r->target = target;
	n = count(r);
	r->small = n <= SMALL;
	/* nothing to choose from is not the same as nothing found */
	snprintf(none, sizeof none, n > 0 ? "没有找到" : "还没有登记过%s",
	    target->title);
	pick_init(&p);
	edit_set(&p.filter, typed);
	i = pick_run(&p);
	if (i >= 0)
		uid = xstrdup(r->hit[i].uid);
	if (is_new != NULL)
		*is_new = i == PICK_NEW;
	if (words != NULL)
		*words = xstrdup(edit_text(&p.filter));
	pick_done(&p);
	free(r);
	return uid;
}
