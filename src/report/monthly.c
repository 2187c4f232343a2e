/* See monthly.h. */
#include "monthly.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boardpaper.h"
#include "indicator.h"
#include "listing.h"
#include "listpaper.h"
#include "policy.h"
#include "precheck.h"
#include "towns.h"

/* Now and the period before. */
struct spans {
	struct period now, before;
	const char *on, *on_before;
};

static int
number_at(struct forms *fs, const struct scheme *s,
    const struct indicator *it, const struct part *p, const struct spans *sp,
    bool before, bool own, struct number *x, struct err *e)
{
	bool as_of = p->period == PERIOD_AS_OF;

	return indicator_number(fs, s, it, p, before ? sp->on_before : sp->on,
	    own || as_of ? -1 : (int)sp->now.kind, x, e);
}

static void
change_words(const struct number *now, const struct number *before,
    struct str *out)
{
	double d = now->value - before->value;

	if (!now->has_value || !before->has_value)
		return;
	if (fabs(d) < 0.05)
		str_add(out, "持平");
	else if (now->part->measure == MEASURE_RATIO)
		str_addf(out, "%+.1f", d);
	else
		str_addf(out, "%+.0f", d);
}

/* The tables of monthly.ini: one a section. */
static int
add_summary(struct forms *fs, const struct spans *sp, struct paper *out,
    struct err *e)
{
	struct scheme *s;
	struct paper_block *t = NULL;
	const char *section = "";
	struct number now, before;
	struct str change = STR_INIT;
	size_t i;
	int rc = scheme_load(&s, forms_data(fs), "monthly", e);

	if (rc < 0)
		return rc;
	for (i = 0; i < s->n; i++) {
		const struct indicator *it = &s->items[i];

		rc = number_at(fs, s, it, &it->parts[0], sp, false, false,
		    &now, e);
		if (rc == 0)
			rc = number_at(fs, s, it, &it->parts[0], sp, true,
			    false, &before, e);
		if (rc < 0)
			break;
		if (strcmp(section, it->section) != 0) {
			section = it->section;
			t = paper_table(out, section);
			paper_column(out, t, "项目", ALIGN_LEFT, 20);
			paper_column(out, t, sp->now.words, ALIGN_RIGHT, 0);
			paper_column(out, t, sp->before.words, ALIGN_RIGHT,
			    0);
			paper_column(out, t, "变化", ALIGN_RIGHT, 0);
			paper_column(out, t, "单位", ALIGN_LEFT, 0);
		}
		str_clear(&change);
		change_words(&now, &before, &change);
		paper_row(t, ROW_PLAIN);
		paper_cell(out, t, it->item);
		paper_cellf(out, t, "%.0f", now.value);
		paper_cellf(out, t, "%.0f", before.value);
		paper_cell(out, t, change.buf);
		paper_cell(out, t, it->parts[0].unit);
	}
	str_done(&change);
	scheme_free(s);
	return rc;
}

static int
add_bars(struct forms *fs, const struct spans *sp, struct paper *out,
    struct err *e)
{
	const struct scheme *home = policy_home(fs, e);
	struct paper_block *bars;
	struct str words = STR_INIT;
	struct number x;
	size_t i;
	int rc = 0;

	if (home == NULL)
		return e != NULL ? e->code : E_SQL;
	bars = paper_bars(out, "主要比率");
	for (i = 0; rc == 0 && i < home->n; i++) {
		const struct indicator *it = &home->items[i];

		rc = indicator_number(fs, home, it, &it->parts[0], sp->on,
		    it->parts[0].period == PERIOD_MONTH ?
		    (int)sp->now.kind : -1, &x, e);
		str_clear(&words);
		number_words(&x, &words);
		if (rc == 0)
			paper_bar(out, bars, it->item, x.has_value ? x.value :
			    -1, words.buf);
	}
	str_done(&words);
	return rc;
}

static void
start_scheme(struct paper *out, const struct scheme *s,
    struct paper_block **t)
{
	char *caption = scheme_caption(s);

	*t = paper_table(out, caption);
	free(caption);
	paper_column(out, *t, "编号", ALIGN_LEFT, 4);
	paper_column(out, *t, "项目", ALIGN_LEFT, 20);
	paper_column(out, *t, "本期", ALIGN_LEFT, 12);
	paper_column(out, *t, "上期", ALIGN_LEFT, 12);
	paper_column(out, *t, "累计或期末", ALIGN_LEFT, 13);
	paper_column(out, *t, "情况", ALIGN_LEFT, 14);
}

static int
add_number(struct forms *fs, const struct scheme *s,
    const struct indicator *it, size_t i, const struct spans *sp,
    struct paper *out, struct paper_block *t, struct err *e)
{
	const struct part *p = &it->parts[i];
	struct number now, before, own;
	struct str word[4] = { STR_INIT, STR_INIT, STR_INIT, STR_INIT };
	int rc, j;

	rc = number_at(fs, s, it, p, sp, false, false, &now, e);
	if (rc == 0)
		rc = number_at(fs, s, it, p, sp, true, false, &before, e);
	if (rc == 0)
		rc = number_at(fs, s, it, p, sp, false, true, &own, e);
	if (rc < 0)
		return rc;
	if (p->period != PERIOD_AS_OF)
		number_words(&now, &word[0]);
	number_words(&before, &word[1]);
	number_words(&own, &word[2]);
	short_words(&own, &word[3]);
	paper_row(t, own.met == MET_NO ? ROW_ALERT : ROW_PLAIN);
	paper_cell(out, t, i == 0 ? it->id : "");
	paper_cell(out, t, it->nparts > 1 ? p->label : it->item);
	for (j = 0; j < 3; j++)
		paper_cell(out, t, word[j].buf);
	paper_cellf(out, t, "%s%s%s", met_words(&own,
	    indicator_own_level(fs)), word[3].len > 0 ? "，" : "",
	    word[3].buf);
	for (j = 0; j < 4; j++)
		str_done(&word[j]);
	return 0;
}

static int
add_scheme(struct forms *fs, const char *name, const struct spans *sp,
    struct paper *out, struct err *e)
{
	struct paper_block *t;
	struct scheme *s;
	size_t i, j;
	int rc = scheme_load(&s, forms_data(fs), name, e);

	if (rc < 0)
		return rc;
	start_scheme(out, s, &t);
	for (i = 0; rc == 0 && i < s->n; i++) {
		const struct indicator *it = &s->items[i];

		if (it->mode == MODE_EVIDENCE && !it->veto)
			continue;	/* files, listed with the evidence */
		for (j = 0; rc == 0 && j < it->nparts; j++)
			rc = add_number(fs, s, it, j, sp, out, t, e);
	}
	scheme_free(s);
	return rc;
}

static int
add_short(struct forms *fs, const char *name, const struct spans *sp,
    struct paper *out, struct err *e)
{
	struct board *b;
	int rc = board_make(fs, name, sp->on, &b, e);

	if (rc == 0) {
		boardpaper_short(out, b);
		board_free(b);
	}
	return rc;
}

int
monthly_add(struct forms *fs, const struct period *p, const char *today,
    struct paper *out, struct err *e)
{
	struct spans sp = { .now = *p };
	struct str words = STR_INIT;
	char **names;
	size_t i;
	int rc = policy_open(fs, e);

	period_before(&sp.before, p);
	sp.on = strcmp(p->to, today) < 0 ? p->to : today;
	sp.on_before = sp.before.to;
	if (strcmp(p->from, today) > 0)
		return err_set(e, E_USAGE, "%s还没有开始", p->words);
	if (rc == 0)
		boardpaper_silent(out, towns_silent(fs));
	if (rc == 0)
		rc = add_summary(fs, &sp, out, e);
	if (rc == 0)
		rc = add_bars(fs, &sp, out, e);
	if (rc == 0)
		rc = precheck_words(fs, today, &words, e);
	if (rc == 0)
		paper_line(out, "%s", words.buf);
	str_done(&words);
	names = indicator_schemes(fs);
	for (i = 0; rc == 0 && names[i] != NULL; i++)
		rc = add_short(fs, names[i], &sp, out, e);
	for (i = 0; rc == 0 && names[i] != NULL; i++)
		rc = add_scheme(fs, names[i], &sp, out, e);
	scheme_names_free(names);
	return rc;
}

/* ---- the names behind it ------------------------------------------------ */

static const struct {
	const char *list, *caption;
} named[] = {
	{ "changes", "增减和原因（与上期比）" },
	{ "unguarded", "监护未落实" },
	{ "due", "应走访" },
	{ "new_staff", "新任人员" },
};

int
monthly_names(struct forms *fs, const struct period *p, const char *today,
    struct paper *out, struct err *e)
{
	struct listing_want want = { .on = strcmp(p->to, today) < 0 ? p->to :
	    today, .period = p };
	struct listings *all;
	struct listed rows;
	size_t i;
	int rc;

	if (strcmp(p->from, today) > 0)
		return err_set(e, E_USAGE, "%s还没有开始", p->words);
	rc = listings_load(&all, forms_data(fs), e);
	if (rc < 0)
		return rc;
	for (i = 0; rc == 0 && i < COUNT_OF(named); i++) {
		const struct listing *l = listings_find(all, named[i].list);

		if (l == NULL)	/* a county may have taken it out */
			continue;
		rc = listing_run(fs, all, l, &want, &rows, e);
		if (rc < 0)
			break;
		listpaper_table(out, named[i].caption, l, &rows, true);
		listed_done(&rows);
	}
	listings_free(all);
	return rc;
}
