/* tongji indicators: the board for people, spreadsheets and programs. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boardpaper.h"
#include "book.h"
#include "cli.h"
#include "date.h"
#include "db.h"
#include "file.h"
#include "html.h"
#include "indicator.h"
#include "json.h"
#include "log.h"
#include "mem.h"
#include "model.h"
#include "record.h"
#include "safe.h"
#include "text.h"

struct wish {
	const char *scheme, *format, *date, *records, *sql, *out;
	bool full;
};

static void
json_number(struct str *out, bool there, double v)
{
	if (!there)
		str_add(out, "null");
	else if (fabs(v - floor(v + 0.5)) < 1e-9)
		str_addf(out, "%.0f", v);
	else
		str_addf(out, "%.10g", v);
}

static void
json_pair(struct str *out, const char *key, const char *text)
{
	str_addf(out, ",\"%s\":", key);
	json_text(out, text);
}

/* What both an item and one of its parts have. */
static void
json_measure(struct str *out, const struct number *x, enum level own)
{
	double scale = x->part->money ? 100 : 1;

	str_add(out, ",\"target\":");
	json_number(out, x->has_target, x->target);
	json_pair(out, "unit", x->part->measure == MEASURE_RATIO ? "%" :
	    x->part->unit);
	str_add(out, ",\"numerator\":");
	json_number(out, x->has_n, x->n / scale);
	str_add(out, ",\"denominator\":");
	json_number(out, x->has_d, x->d / scale);
	str_add(out, ",\"value\":");
	json_number(out, x->has_value, x->value);
	str_addf(out, ",\"met\":%s", x->met == MET_NIL ? "null" :
	    x->met == MET_YES ? "true" : "false");
	str_add(out, ",\"short_by\":");
	json_number(out, x->met != MET_NIL, x->short_by / scale);
	json_pair(out, "period", x->period.label);
	json_pair(out, "verdict", met_words(x, own));
}

static void
json_item(struct str *out, const struct board *b, const struct board_row *r)
{
	const struct indicator *it = r->item;
	struct str s = STR_INIT;
	size_t i;

	str_add(out, "{\"id\":");
	json_text(out, it->id);
	json_pair(out, "scheme", b->scheme->name);
	json_pair(out, "scheme_note", b->scheme->note);
	json_pair(out, "section", it->section);
	json_pair(out, "item", it->item);
	json_measure(out, &r->numbers[0], b->own);
	json_pair(out, "as_of", b->on);
	json_pair(out, "mode", mode_name(it->mode));
	json_pair(out, "level", level_words(it->level));
	str_addf(out, ",\"veto\":%s", it->veto ? "true" : "false");
	json_pair(out, "words", it->words);
	json_pair(out, "target_words", it->target);
	json_pair(out, "units", it->units);
	str_addf(out, ",\"units_inferred\":%s", it->units_inferred ? "true" :
	    "false");
	deadline_words(it->deadline, b->on, &s);
	json_pair(out, "deadline", s.len > 0 ? s.buf : NULL);
	str_done(&s);
	str_add(out, ",\"parts\":[");
	for (i = 0; *it->parts[0].name != '\0' && i < it->nparts; i++) {
		str_addf(out, "%s{\"id\":", i > 0 ? "," : "");
		str_addf(&s, "%s.%s", it->id, it->parts[i].name);
		json_text(out, s.buf);
		str_done(&s);
		json_pair(out, "label", it->parts[i].label);
		json_pair(out, "level", level_words(it->parts[i].level));
		json_measure(out, &r->numbers[i], b->own);
		str_addc(out, '}');
	}
	str_add(out, "]}");
}

static void
csv_cell(struct str *out, const char *s)
{
	safe_csv(out, s != NULL ? s : "");
	str_addc(out, ',');
}

static void
csv_number(struct str *out, bool there, double v)
{
	if (there)
		json_number(out, true, v);
	str_addc(out, ',');
}

static void
csv_rows(struct str *out, const struct board *b)
{
	static const char *const met[] = { "", "否", "是" };
	size_t i, j;

	for (i = 0; i < b->n; i++) {
		const struct board_row *r = &b->rows[i];

		for (j = 0; j < r->item->nparts; j++) {
			const struct number *x = &r->numbers[j];
			double scale = x->part->money ? 100 : 1;

			csv_cell(out, r->item->id);
			csv_cell(out, b->scheme->name);
			csv_cell(out, r->item->section);
			csv_cell(out, r->item->item);
			csv_cell(out, x->part->label);
			csv_number(out, x->has_target, x->target);
			csv_cell(out, x->part->measure == MEASURE_RATIO ?
			    "%" : x->part->unit);
			csv_cell(out, mode_name(r->item->mode));
			csv_number(out, x->has_n, x->n / scale);
			csv_number(out, x->has_d, x->d / scale);
			csv_number(out, x->has_value, x->value);
			csv_cell(out, met[x->met + 1]);
			csv_number(out, x->met != MET_NIL,
			    x->short_by / scale);
			csv_cell(out, x->period.label);
			safe_csv(out, b->on);
			str_add(out, "\r\n");
		}
	}
}

static void
text_board(struct str *out, const struct board *b, bool full)
{
	struct paper *p = paper_new(b->scheme->title);

	if (b->scheme->note != NULL) {
		struct str sub = STR_INIT;

		str_addf(&sub, "（%s）  业务日期 %s", b->scheme->note, b->on);
		p->subtitle = paper_keep(p, sub.buf);
		str_done(&sub);
	} else {
		p->subtitle = paper_keep(p, b->on);
	}
	boardpaper_add(p, b, NULL, full);
	text_report(p, full ? 0 : 80, out);
	paper_free(p);
}

static int
one_scheme(struct forms *fs, const char *name, const struct wish *w,
    bool first, struct str *out, struct err *e)
{
	struct board *b;
	size_t i;
	int rc = board_make(fs, name, w->date, &b, e);

	if (rc < 0)
		return rc;
	if (strcmp(w->format, "csv") == 0) {
		if (first)
			str_add(out, "id,scheme,section,item,part,target,unit,"
			    "mode,numerator,denominator,value,met,short_by,"
			    "period,as_of\r\n");
		csv_rows(out, b);
	} else if (strcmp(w->format, "json") == 0) {
		for (i = 0; i < b->n; i++) {
			str_add(out, first && i == 0 ? "[\n" : ",\n");
			json_item(out, b, &b->rows[i]);
		}
	} else {
		text_board(out, b, w->full);
	}
	board_free(b);
	return 0;
}

/* ---- the records behind one number -------------------------------------- */

struct printing {
	struct forms *fs;
	struct str *out;
};

static int
print_row(const struct behind *b, void *arg)
{
	struct printing *p = arg;
	const struct form *f = b->form != NULL ?
	    forms_get(p->fs, b->form, NULL) : NULL;
	char *words = f != NULL && b->uid != NULL ?
	    record_display(p->fs, f, b->uid) : NULL;
	/* what the session may not see was counted, no more */
	bool seen = f == NULL || !str_blank(words);

	csv_cell(p->out, b->form);
	csv_cell(p->out, b->uid);
	csv_cell(p->out, words);
	csv_number(p->out, true, b->n);
	csv_number(p->out, true, b->d);
	safe_csv(p->out, seen && b->note != NULL ? b->note : "");
	str_add(p->out, "\r\n");
	free(words);
	return 0;
}

/* Find "S16" or "S16.attended" in any scheme.  scheme_free(*s) after use. */
static int
find_number(struct forms *fs, const char *word, char **names,
    struct scheme **s, const struct indicator **it, const struct part **part,
    struct err *e)
{
	size_t len = strcspn(word, "."), i, j = 0;
	char *id = xstrndup(word, len);
	int rc = 0;

	*it = NULL;
	for (i = 0; rc == 0 && names[i] != NULL && *it == NULL; i++) {
		scheme_free(*s);
		*s = NULL;
		rc = scheme_load(s, forms_data(fs), names[i], e);
		*it = rc == 0 ? scheme_find(*s, id) : NULL;
	}
	free(id);
	if (rc == 0 && *it == NULL)
		rc = err_set(e, E_USAGE, "没有编号是 %s 的指标", word);
	if (rc < 0)
		return rc;
	for (; word[len] == '.' && j < (*it)->nparts; j++)
		if (strcmp((*it)->parts[j].name, word + len + 1) == 0)
			break;
	if (j == (*it)->nparts)
		return err_set(e, E_USAGE, "%s 没有“%s”这个分项", (*it)->id,
		    word + len + 1);
	*part = &(*it)->parts[j];
	return 0;
}

static int
one_number(struct forms *fs, const struct wish *w, char **names,
    struct str *out, struct err *e)
{
	struct printing p = { fs, out };
	const struct indicator *it = NULL;
	const struct part *part = NULL;
	struct scheme *s = NULL;
	int rc = find_number(fs, w->sql != NULL ? w->sql : w->records, names,
	    &s, &it, &part, e);

	if (rc == 0 && w->sql != NULL) {
		rc = indicator_sql(fs, s, it, part, w->date, out, e);
	} else if (rc == 0) {
		str_add(out, "form,uid,display,n,d,note\r\n");
		rc = indicator_rows(fs, s, it, part, w->date, -1, print_row,
		    &p, e);
	}
	scheme_free(s);
	return rc;
}

static int
answer(struct forms *fs, const struct wish *w, struct err *e)
{
	char **names = w->records != NULL || w->sql != NULL ?
	    scheme_names(forms_data(fs)) : indicator_schemes(fs);
	struct str out = STR_INIT;
	size_t i;
	int rc = 0;

	if (w->records != NULL || w->sql != NULL)
		rc = one_number(fs, w, names, &out, e);
	else if (w->scheme != NULL)
		rc = one_scheme(fs, w->scheme, w, true, &out, e);
	else
		for (i = 0; rc == 0 && names[i] != NULL; i++)
			rc = one_scheme(fs, names[i], w, i == 0, &out, e);
	if (rc == 0 && w->records == NULL && w->sql == NULL &&
	    strcmp(w->format, "json") == 0)
		str_add(&out, out.len == 0 ? "[]\n" : "\n]\n");
	if (rc == 0)
		fwrite(out.buf, 1, out.len, stdout);
	str_done(&out);
	scheme_names_free(names);
	return rc;
}

/* The board as a workbook or a page. */
static int
hand_in(struct forms *fs, const struct wish *w, struct err *e)
{
	struct paper *p = paper_new("指标看板");
	char *site = db_meta(forms_db(fs), "site_name");
	struct str page = STR_INIT, sub = STR_INIT;
	int rc;

	str_addf(&sub, "业务日期 %s", w->date);
	p->site = paper_keep(p, site);
	p->subtitle = paper_keep(p, sub.buf);
	p->made_on = paper_keep(p, date_today());
	p->signed_form = true;
	rc = boardpaper_all(fs, w->scheme, w->date, p, e);
	if (rc == 0 && strcmp(w->format, "xlsx") == 0) {
		rc = book_report(p, w->out, e);
	} else if (rc == 0) {
		html_report(p, &page);
		rc = file_write(w->out, page.buf, page.len, 0600, e);
	}
	if (rc == 0)
		say("已写到 %s", w->out);
	str_done(&page);
	str_done(&sub);
	free(site);
	paper_free(p);
	return rc;
}

static bool
is_paper(const char *format)
{
	return strcmp(format, "xlsx") == 0 || strcmp(format, "html") == 0;
}

static int
run(struct cli *c, int argc, char **argv)
{
	struct wish w = { .format = "text", .date = date_today() };
	const struct cli_opt opts[] = {
		{ .name = "--scheme", .value = &w.scheme },
		{ .name = "--format", .value = &w.format },
		{ .name = "--date", .value = &w.date },
		{ .name = "--records", .value = &w.records },
		{ .name = "--sql", .value = &w.sql },
		{ .name = "--out", .value = &w.out },
		{ .name = "--full", .flag = &w.full },
	};
	struct err e = ERR_INIT;
	struct forms *fs;
	int rc;

	if (cli_options(c, argc, argv, opts, COUNT_OF(opts)) != 0)
		return cli_usage(c);
	if (strcmp(w.format, "text") != 0 && strcmp(w.format, "csv") != 0 &&
	    strcmp(w.format, "json") != 0 && !is_paper(w.format)) {
		say("--format 只能是 text、csv、json、xlsx 或 html");
		return cli_usage(c);
	}
	if (is_paper(w.format) != (w.out != NULL) || (w.out != NULL &&
	    (w.records != NULL || w.sql != NULL))) {
		say("xlsx、html 要用 --out 写明文件名，别的写到标准输出");
		return cli_usage(c);
	}
	if (!date_valid(w.date)) {
		say("--date 应写成 2026-11-22");
		return cli_usage(c);
	}
	fs = cli_open(c);
	if (fs == NULL)
		return ST_FAILED;
	rc = is_paper(w.format) ? hand_in(fs, &w, &e) : answer(fs, &w, &e);
	cli_close(fs);
	return rc < 0 ? cli_fail(&e) : ST_DONE;
}

const struct command cli_indicators = {
	.name = "indicators",
	.usage = "indicators [--scheme sichuan|yiyuan] [--format text|csv|json]"
	    " [--date YYYY-MM-DD] [--full]\n"
	    "indicators --format xlsx|html --out 文件 [--scheme 方案]"
	    " [--date YYYY-MM-DD]\n"
	    "indicators --records 编号[.分项] [--date YYYY-MM-DD]\n"
	    "indicators --sql 编号[.分项] [--date YYYY-MM-DD]",
	.summary = "指标看板：两个方案的每一项和它背后的记录",
	.run = run,
};
