/* See reportscreen.h. */
#include "reportscreen.h"

#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "cross.h"
#include "date.h"
#include "draw.h"
#include "entry.h"
#include "listscreen.h"
#include "mem.h"
#include "monthly.h"
#include "output.h"
#include "period.h"
#include "picker.h"
#include "record.h"
#include "snapshot.h"
#include "text.h"
#include "ui.h"
#include "user.h"

enum { PERIODS = 13 };

/* ---- one of some words -------------------------------------------------- */

struct words {
	const char **word;
	size_t n;
	size_t shown[200], nshown;
};

static size_t
load(void *arg, const char *typed)
{
	struct words *w = arg;
	size_t i;

	w->nshown = 0;
	for (i = 0; i < w->n && w->nshown < COUNT_OF(w->shown); i++)
		if (*typed == '\0' || pick_matches(w->word[i], NULL, typed))
			w->shown[w->nshown++] = i;
	return w->nshown;
}

static void
line(void *arg, size_t i, struct str *out)
{
	const struct words *w = arg;

	str_add(out, w->word[w->shown[i]]);
}

/* The index of the chosen word, -1 when none. */
static long
choose(const char *title, const char **word, size_t n)
{
	struct words w = { .word = word, .n = n };
	struct pick p = { .title = title, .arg = &w, .load = load,
	    .row = line, .digits = true };
	long at;

	pick_init(&p);
	at = pick_run(&p);
	pick_done(&p);
	return at < 0 ? -1 : (long)w.shown[at];
}

/* ---- papers of a period ------------------------------------------------- */

static const struct {
	const char *name, *title;
	enum period_kind kind;
} papers[] = {
	{ "月报", "儿童工作月报", PERIOD_MONTH },
	{ "季报", "儿童工作季报", PERIOD_QUARTER },
	{ "半年报", "儿童工作半年报", PERIOD_HALF },
	{ "年报", "儿童工作年报", PERIOD_YEAR },
};

/* This period or one before it.  False: none was chosen. */
static bool
choose_period(enum period_kind kind, struct period *out)
{
	struct period all[PERIODS];
	const char *word[PERIODS];
	long at;
	size_t i;

	period_closed(&all[0], kind, date_today());
	for (i = 0; i < PERIODS; i++) {
		if (i > 0)
			period_before(&all[i], &all[i - 1]);
		word[i] = all[i].words;
	}
	at = choose("哪一期", word, PERIODS);
	if (at >= 0)
		*out = all[at];
	return at >= 0;
}

/* Hand it in: what it says about the period stays. */
static void
keep(const char *name, const struct period *period, const struct paper *p)
{
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	int64_t n;

	if (!ui_role(ROLE_ADMIN | ROLE_SUPERVISOR | ROLE_COUNTY) ||
	    !ask_yes("存档", false, "%s%s就这样上报了吗？存档以后，数据再改，"
	    "这一份也不变。", period->words, name))
		return;
	text_report(p, 80, &text);
	n = snapshot_save(ui_forms(), name, period->label,
	    strcmp(period->to, date_today()) < 0 ? period->to : date_today(),
	    text.buf, &e);
	str_done(&text);
	if (n < 0)
		screen_say_err(&e);
	else
		screen_say("已存档（第%d次）", (int)n);
}

/* The names behind the report, as a file of their own. */
static void
with_names(const struct period *period, const char *title)
{
	struct err e = ERR_INIT;
	char *name = xasprintf("%s名单", title);
	struct paper *p = paper_new(name);

	p->subtitle = paper_keep(p, period->words);
	if (monthly_names(ui_forms(), period, date_today(), p, &e) < 0)
		screen_say_err(&e);
	else
		output_paper(p, name);
	paper_free(p);
	free(name);
}

void
reportscreen_run(void)
{
	const char *word[COUNT_OF(papers)];
	struct period period;
	struct err e = ERR_INIT;
	struct paper *p;
	size_t i;
	long at;

	for (i = 0; i < COUNT_OF(papers); i++)
		word[i] = papers[i].name;
	at = choose("哪种报表", word, COUNT_OF(papers));
	if (at < 0 || !choose_period(papers[at].kind, &period) ||
	    !listscreen_precheck())
		return;
	screen_say("正在汇总…");
	screen_paint();
	p = paper_new(papers[at].title);
	p->site = paper_keep(p, ui_place());
	p->subtitle = paper_keep(p, period.words);
	p->made_on = paper_keep(p, date_today());
	p->signed_form = true;
	if (monthly_add(ui_forms(), &period, date_today(), p, &e) < 0) {
		screen_say_err(&e);
	} else {
		screen_say("%s", "");
		output_paper(p, papers[at].title);
		if (screen_leaving() == LEAVE_NOT)
			keep(papers[at].name, &period, p);
		if (screen_leaving() == LEAVE_NOT && ask_yes("名单", false,
		    "另做一份名单吗？谁增谁减和原因、监护未落实、应走访的。"
		    "含个人信息，不得外传。"))
			with_names(&period, papers[at].title);
	}
	paper_free(p);
}

/* ---- cross tables ------------------------------------------------------- */

static const char *
choose_form(void)
{
	const char *const *names = forms_names(ui_forms());
	const struct form *f;
	const char **word, *name = NULL;
	size_t n;
	long at;

	for (n = 0; names[n] != NULL; n++)
		;
	word = xcalloc(n + 1, sizeof *word);
	for (n = 0; names[n] != NULL; n++) {
		f = forms_get(ui_forms(), names[n], NULL);
		word[n] = f != NULL ? f->title : names[n];
	}
	at = choose("统计哪个台账", word, n);
	if (at >= 0)
		name = names[at];
	free(word);
	return name;
}

/* The name of a field that sorts records; NULL when none was chosen.  With
 * `none`, its words stand first and give "". */
static const char *
choose_field(const struct form *f, const char *title, const char *none)
{
	const char **word = xcalloc(f->nfields + 2, sizeof *word);
	const char **name = xcalloc(f->nfields + 2, sizeof *name);
	const char *chosen = NULL;
	size_t i, n = 0;
	long at;

	if (none != NULL) {
		word[n] = none;
		name[n++] = "";
	}
	if (cross_has_age(f)) {
		word[n] = "周岁";
		name[n++] = "age";
	}
	for (i = 0; i < f->nfields; i++)
		if (cross_fits(&f->fields[i]) &&
		    record_may_read(ui_forms(), &f->fields[i])) {
			word[n] = f->fields[i].label;
			name[n++] = f->fields[i].name;
		}
	at = choose(title, word, n);
	if (at >= 0)
		chosen = name[at];
	free(word);
	free(name);
	return chosen;
}

/* Only some of the records: 「field=value」, heap; "" for all, NULL for back. */
static char *
choose_where(const struct form *f)
{
	const char *name = choose_field(f, "只统计哪些", "不筛选，全部都算");
	const struct field *field;
	const struct codes *cs;
	const char **word;
	char *value = NULL, *where = NULL;
	size_t i;
	long at;

	if (name == NULL || *name == '\0')
		return name != NULL ? xstrdup("") : NULL;
	field = form_field(f, name);
	cs = field != NULL && field->list != NULL && field->type != T_REF ?
	    forms_codes(ui_forms(), field->list, NULL) : NULL;
	if (cs == NULL) {
		if (entry_ask("只统计哪些", field != NULL ? field->label :
		    "周岁", "是什么才算进来。空着是没有采集的。", 40, "",
		    &value))
			where = xasprintf("%s=%s", name, value);
		free(value);
		return where;
	}
	word = xcalloc(cs->n + 1, sizeof *word);
	for (i = 0; i < cs->n; i++)
		word[i] = cs->rows[i].label;
	at = choose(field->label, word, cs->n);
	free(word);
	return at < 0 ? NULL : xasprintf("%s=%s", name, cs->rows[at].name);
}

void
reportscreen_cross(void)
{
	struct cross_want want = { .form = choose_form() };
	const char *filter[2] = { NULL, NULL };
	struct err e = ERR_INIT;
	const struct form *f;
	struct paper *p;
	char *where;

	f = want.form != NULL ? ui_form(want.form) : NULL;
	if (f == NULL)
		return;
	want.rows = choose_field(f, "按什么分行", NULL);
	if (want.rows == NULL)
		return;
	want.cols = choose_field(f, "按什么分列", "不分列，只看各占多少");
	if (want.cols == NULL)
		return;
	if (*want.cols == '\0')
		want.cols = NULL;
	where = choose_where(f);
	if (where == NULL)
		return;
	filter[0] = *where != '\0' ? where : NULL;
	want.where = filter;
	p = paper_new("统计表");
	p->site = paper_keep(p, ui_place());
	p->subtitle = paper_keep(p, f->title);
	p->made_on = paper_keep(p, date_today());
	if (cross_add(ui_forms(), &want, p, &e) < 0)
		screen_say_err(&e);
	else
		output_paper(p, "统计表");
	paper_free(p);
	free(where);
}
