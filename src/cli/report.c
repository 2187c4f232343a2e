/* tongji report: the papers nobody should type. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book.h"
#include "calendar.h"
#include "cli.h"
#include "comma.h"
#include "cross.h"
#include "date.h"
#include "db.h"
#include "file.h"
#include "handout.h"
#include "html.h"
#include "journal.h"
#include "listing.h"
#include "listpaper.h"
#include "log.h"
#include "mem.h"
#include "model.h"
#include "monthly.h"
#include "period.h"
#include "precheck.h"
#include "sift.h"
#include "snapshot.h"
#include "str.h"
#include "survey.h"
#include "text.h"
#include "user.h"

struct wish {
	const char *name, *month, *date, *format, *out, *village, *reason;
	const char *ground, *whom, *why;	/* who it is handed to */
	bool names, save, saved, plain;
	struct cross_want cross;
};

static int make_cross(struct forms *, const struct wish *, struct paper *,
    struct err *);
static int make_survey(struct forms *, const struct wish *, struct paper *,
    struct err *);
static int make_monthly(struct forms *, const struct wish *, struct paper *,
    struct err *);

static const struct kind {
	const char *name, *title;
	enum period_kind period;
	int (*make)(struct forms *, const struct wish *, struct paper *,
	    struct err *);
	const char *note;
} kinds[] = {
	{ "排查汇总表", "农村留守儿童基本情况排查汇总表", PERIOD_MONTH,
	  make_survey, "按村分块汇总，各块合计相等" },
	{ "月报", "儿童工作月报", PERIOD_MONTH, make_monthly,
	  "概况、本期工作和每一项指标，与上期比" },
	{ "季报", "儿童工作季报", PERIOD_QUARTER, make_monthly, "同上，按季" },
	{ "半年报", "儿童工作半年报", PERIOD_HALF, make_monthly,
	  "同上，按半年" },
	{ "年报", "儿童工作年报", PERIOD_YEAR, make_monthly, "同上，按年" },
	{ "统计", "统计表", PERIOD_AS_OF, make_cross,
	  "任一台账按一个或两个字段交叉" },
};

static int make_list(struct forms *, const struct wish *, struct paper *,
    struct err *);

/* Any list of data/lists/, by its name or title. */
static const struct kind list_kind = {
	NULL, NULL, PERIOD_AS_OF, make_list, NULL
};

static const struct kind *
find(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT_OF(kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

/* The period meant: --month (or a quarter, half-year, year), else the one in
 * which the day lies. */
static int
period_meant(const struct wish *w, struct period *p, struct err *e)
{
	struct period given;
	int rc;

	if (w->month == NULL) {
		period_closed(p, find(w->name)->period, w->date);
		return 0;
	}
	rc = period_parse(&given, w->month, e);
	if (rc < 0)
		return rc;
	period_closed(p, find(w->name)->period, given.from[0] == '0' ? given.to :
	    given.from);
	return 0;
}

static int
make_survey(struct forms *fs, const struct wish *w, struct paper *p,
    struct err *e)
{
	bool wide = strcmp(w->format, "csv") == 0 ||
	    strcmp(w->format, "xlsx") == 0;
	char line[128], before[DATE_SIZE];
	struct period month;
	struct survey *s;
	const char *on;
	int rc = period_meant(w, &month, e);

	if (rc < 0)
		return rc;
	on = w->month != NULL ? month.to : w->date;
	date_add(month.from, -1, before);
	rc = survey_make(fs, on, &s, e);
	if (rc < 0)
		return rc;
	snprintf(line, sizeof line, "截止 %s  共 %ld 人  未采集 %ld 人", on,
	    survey_total(s), survey_uncollected(s));
	p->subtitle = paper_keep(p, line);
	if (wide)
		survey_wide(s, p);
	else
		survey_blocks(s, p);
	if (!wide || w->names)
		rc = survey_changes(fs, s, before, w->names, p, e);
	if (!wide)
		paper_line(p, "%s", survey_crossfoot(s) ?
		    "核对：各块（救助措施除外）合计都等于总数" :
		    "核对：有的块合计与总数不等，请报告");
	survey_free(s);
	return rc;
}

static int
make_monthly(struct forms *fs, const struct wish *w, struct paper *p,
    struct err *e)
{
	struct period period;
	char line[128];
	int rc = period_meant(w, &period, e);

	if (rc < 0)
		return rc;
	snprintf(line, sizeof line, "%s（%s 至 %s）", period.words,
	    period.from, strcmp(period.to, date_today()) < 0 ? period.to :
	    date_today());
	p->subtitle = paper_keep(p, line);
	if (!w->names)
		return monthly_add(fs, &period, date_today(), p, e);
	snprintf(line, sizeof line, "%s名单", p->title);
	p->title = paper_keep(p, line);
	return monthly_names(fs, &period, date_today(), p, e);
}

static int
write_out(const struct wish *w, const struct str *text, struct err *e)
{
	static const char bom[] = "\xef\xbb\xbf";
	struct str all = STR_INIT;
	int rc;

	if (w->out == NULL) {
		fwrite(text->buf, 1, text->len, stdout);
		return 0;
	}
	/* Excel reads a file without it as GBK. */
	if (strcmp(w->format, "csv") == 0)
		str_add(&all, bom);
	str_addn(&all, text->buf, text->len);
	rc = file_write(w->out, all.buf, all.len, 0600, e);
	str_done(&all);
	if (rc == 0)
		say("已写到 %s%s", w->out, w->names ?
		    "（含个人信息，不得外传）" : "");
	return rc;
}

static int
make_cross(struct forms *fs, const struct wish *w, struct paper *p,
    struct err *e)
{
	const struct form *f;

	if (w->cross.form == NULL || w->cross.rows == NULL)
		return err_set(e, E_USAGE, "统计要写 --form 台账 --rows 字段，"
		    "可再写 --cols 字段 --where 字段=值");
	f = forms_get(fs, w->cross.form, e);
	if (f == NULL)
		return e->code = E_USAGE;
	p->signed_form = false;
	p->subtitle = paper_keep(p, f->title);
	return cross_add(fs, &w->cross, p, e);
}

/* The uid of a village by its code or name. */
static char *
village_of(struct forms *fs, const char *text, struct err *e)
{
	char *uid = db_str(forms_db(fs), "SELECT uid FROM village WHERE"
	    " code=?1 OR name=?1 LIMIT 1", "s", text);

	if (uid == NULL)
		err_set(e, E_NOTFOUND, "没有“%s”这个村", text);
	return uid;
}

static int
make_list(struct forms *fs, const struct wish *w, struct paper *p,
    struct err *e)
{
	struct listing_want want = { .on = w->date };
	struct listings *all;
	const struct listing *l;
	struct listed rows;
	char *village = NULL;
	struct period meant;
	int rc = listings_load(&all, forms_data(fs), e);

	if (rc < 0)
		return rc;
	if (w->month != NULL) {
		rc = period_parse(&meant, w->month, e);
		if (rc < 0) {
			listings_free(all);
			return rc;
		}
		if (strcmp(meant.to, want.on) < 0)
			want.on = meant.to;
	}
	l = listings_find(all, w->name);
	if (l == NULL || l->menu == NULL)
		rc = err_set(e, E_USAGE, "没有“%s”这个报表或名单", w->name);
	else if (w->village != NULL &&
	    (village = village_of(fs, w->village, e)) == NULL)
		rc = e->code;
	else if (l->ask_village && village == NULL)
		rc = err_set(e, E_USAGE, "这张单子要写明哪个村：--village");
	want.village = village;
	if (rc == 0)
		rc = listing_run(fs, all, l, &want, &rows, e);
	if (rc == 0) {
		p->signed_form = false;
		p->title = paper_keep(p, l->print != NULL ? l->print :
		    l->title);
		listpaper_add(p, l, &rows, want.on, w->village, true);
		listed_done(&rows);
	}
	free(village);
	listings_free(all);
	return rc;
}

/* Keep what was handed in, as text, with the day's numbers. */
static int
save_report(struct forms *fs, const struct wish *w, const struct paper *p,
    struct err *e)
{
	struct str text = STR_INIT;
	struct period period;
	int64_t n;
	int rc = period_meant(w, &period, e);

	if (rc < 0)
		return rc;
	text_report(p, 80, &text);
	n = snapshot_save(fs, w->name, period.label, strcmp(period.to,
	    date_today()) < 0 ? period.to : date_today(), text.buf, e);
	str_done(&text);
	if (n < 0)
		return (int)n;
	say("已存档：%s %s（第%d次）", period.words, w->name, (int)n);
	return 0;
}

static int
show_saved(struct forms *fs, const struct wish *w, struct err *e)
{
	struct str head = STR_INIT, text = STR_INIT;
	struct period period;
	int rc = period_meant(w, &period, e);

	if (rc == 0)
		rc = snapshot_text(fs, w->name, period.label, &head, &text, e);
	if (rc == 0) {
		say("%s", head.buf);
		rc = write_out(w, &text, e);
	}
	str_done(&head);
	str_done(&text);
	return rc;
}

/* Say what should be mended before this goes to the county. */
static void
alarm_of(struct forms *fs, const char *on)
{
	struct err e = ERR_INIT;
	long n = precheck_alarms(fs, on, &e);

	if (n > 0)
		say("注意：数据核查有 %ld 处要紧的问题，见 tongji report 数据核查",
		    n);
}

/* A paper with names is made fit for whom it goes to, and written down. */
static int
hand_out(struct forms *fs, const struct wish *w, struct paper *p,
    struct err *e)
{
	struct handout h = { 0 };
	struct sifted s = { 0 };
	char *note;
	int rc;

	handout_take(&h, 0);
	if (w->ground != NULL && !handout_find(&h, w->ground))
		BUG("report: ground");
	h.to = w->whom != NULL ? xstrdup(w->whom) : NULL;
	h.why = w->why != NULL ? xstrdup(w->why) : NULL;
	rc = sift_paper(fs, p, &h, &s, e);
	handout_done(&h);
	if (rc < 0)
		return rc;
	if (s.gone > 0)
		say("%zu 人没有对“%s”有效的同意，没有列入，还剩 %zu 人",
		    s.gone, w->whom, s.left);
	note = xasprintf("%s；%s", p->title, s.words);
	rc = journal_note(forms_db(fs), "export", NULL, NULL, note, e);
	free(note);
	free(s.words);
	return rc;
}

static int
answer(struct forms *fs, const struct wish *w, struct err *e)
{
	const struct session *session = db_session(forms_db(fs));
	const struct kind *k = find(w->name) != NULL ? find(w->name) :
	    &list_kind;
	struct paper *p = paper_new(k->title);
	char *site = db_meta(forms_db(fs), "site_name");
	struct str text = STR_INIT;
	int rc;

	if (w->reason != NULL && (rc = precheck_override(fs,
	    precheck_alarms(fs, w->date, e), w->reason, e)) < 0) {
		free(site);
		paper_free(p);
		return rc;
	}
	p->site = paper_keep(p, site);
	p->made_on = paper_keep(p, date_today());
	p->personal = w->names;
	p->signed_form = !w->names;
	if (w->names && session != NULL)
		p->made_by = paper_keep(p, session->name);
	rc = k->make(fs, w, p, e);
	if (rc == 0 && p->personal)
		rc = cli_plain(fs, w->out, p->title, w->plain, e);
	if (rc == 0 && p->personal)
		rc = hand_out(fs, w, p, e);
	if (rc == 0) {
		if (strcmp(w->format, "xlsx") == 0)
			rc = book_report(p, w->out, e);
		else if (strcmp(w->format, "csv") == 0)
			comma_report(p, &text);
		else if (strcmp(w->format, "html") == 0)
			html_report(p, &text);
		else
			text_report(p, 80, &text);
		if (rc == 0 && strcmp(w->format, "xlsx") != 0)
			rc = write_out(w, &text, e);
	}
	if (rc == 0 && w->save)
		rc = save_report(fs, w, p, e);
	if (rc == 0 && k != &list_kind)
		alarm_of(fs, w->date);
	if (rc == 0 && calendar_guessed())
		say("注意：有的年份没有放假安排，工作日只按周一到周五算");
	str_done(&text);
	free(site);
	paper_free(p);
	return rc;
}

static int
list_reports(struct cli *c)
{
	size_t i;

	for (i = 0; i < COUNT_OF(kinds); i++)
		say("  %s  %s", kinds[i].name, kinds[i].note);
	return cli_usage(c);
}

static bool
known_format(const char *format)
{
	static const char *const known[] = { "text", "csv", "xlsx", "html" };
	size_t i;

	for (i = 0; i < COUNT_OF(known); i++)
		if (strcmp(known[i], format) == 0)
			return true;
	return false;
}

/* --for names a way out, and all but the township's own use say whom and why. */
static bool
ground_said(const struct wish *w)
{
	struct handout h = { 0 };
	struct str codes = STR_INIT;
	bool own = w->ground == NULL || strcmp(w->ground, "own") == 0;

	if (w->ground != NULL && !handout_find(&h, w->ground)) {
		handout_codes(&codes);
		say("--for 只能是 %s", codes.buf);
		str_done(&codes);
		return false;
	}
	if (own ? w->whom == NULL && w->why == NULL :
	    !str_blank(w->whom) && !str_blank(w->why))
		return true;
	say("名单给外面，--for、--to、--why 三项都要写");
	return false;
}

static int
run(struct cli *c, int argc, char **argv)
{
	struct wish w = { .date = date_today(), .format = "text" };
	const char *where[9] = { NULL };
	const struct cli_opt opts[] = {
		{ .name = "--form", .value = &w.cross.form },
		{ .name = "--rows", .value = &w.cross.rows },
		{ .name = "--cols", .value = &w.cross.cols },
		{ .name = "--where", .list = where, .list_max = 8 },
		{ .name = "--left-too", .flag = &w.cross.left_too },
		{ .name = "--month", .value = &w.month },
		{ .name = "--date", .value = &w.date },
		{ .name = "--format", .value = &w.format },
		{ .name = "--out", .value = &w.out },
		{ .name = "--names", .flag = &w.names },
		{ .name = "--plain", .flag = &w.plain },
		{ .name = "--for", .value = &w.ground },
		{ .name = "--to", .value = &w.whom },
		{ .name = "--why", .value = &w.why },
		{ .name = "--save", .flag = &w.save },
		{ .name = "--saved", .flag = &w.saved },
		{ .name = "--reason", .value = &w.reason },
		{ .name = "--village", .value = &w.village },
	};
	struct err e = ERR_INIT;
	struct forms *fs;
	int rc;

	rc = cli_options(c, argc, argv, opts, COUNT_OF(opts));
	if (rc != 1)
		return list_reports(c);
	w.name = argv[1];
	w.cross.where = where;
	if (!known_format(w.format)) {
		say("--format 只能是 text、csv、xlsx 或 html");
		return cli_usage(c);
	}
	if (strcmp(w.format, "xlsx") == 0 && w.out == NULL) {
		say("xlsx 要用 --out 写明文件名");
		return cli_usage(c);
	}
	if (!ground_said(&w))
		return cli_usage(c);
	if (!date_valid(w.date)) {
		say("--date 应写成 2026-11-22");
		return cli_usage(c);
	}
	if ((w.save && (w.names || w.saved)) ||
	    (w.saved && strcmp(w.format, "text") != 0)) {
		say("存档的报表不带姓名，只能按 text 取出");
		return cli_usage(c);
	}
	if ((w.save || w.saved) && (find(w.name) == NULL ||
	    find(w.name)->make == make_cross)) {
		say("只有报表能存档：");
		return list_reports(c);
	}
	fs = cli_open(c);
	if (fs == NULL)
		return ST_FAILED;
	rc = w.saved ? show_saved(fs, &w, &e) : answer(fs, &w, &e);
	cli_close(fs);
	return rc < 0 ? cli_fail(&e) : ST_DONE;
}

const struct command cli_report = {
	.name = "report",
	.usage = "report 名称 [--month 2026-11|2026Q3|2026H1|2026] [--date"
	    " YYYY-MM-DD]\n"
	    "             [--format text|csv|xlsx|html] [--out 文件] [--names]"
	    " [--plain] [--village 村]\n"
	    "             [--for own|duty|share|charity|publicity|cross_region"
	    " --to 给谁 --why 事由]\n"
	    "               名单给外面的：share 以下只列已同意的孩子\n"
	    "             [--save]  存档：以后改了数据，这一份也不变\n"
	    "             [--reason 原因]  数据核查没改完，照报的原因，写进报表\n"
	    "report 名称 --month 期间 --saved  取出存档的那一份\n"
	    "report 统计 --form 台账 --rows 字段 [--cols 字段]"
	    " [--where 字段=值]... [--left-too]",
	.summary = "报表：排查汇总表、月报、季报、半年报、年报",
	.run = run,
};
