/* See classpaper.h. */
#include "classpaper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certificate.h"
#include "certpage.h"
#include "date.h"
#include "db.h"
#include "mem.h"

/* What the papers say of the class beside the roll. */
struct class_words {
	char *organizer, *issuer, *place, *trainer;
	double hours;
};

static char *
word(struct forms *fs, const char *uid, const char *sql)
{
	return db_str(forms_db(fs), sql, "s", uid);
}

static void
words_load(struct forms *fs, const struct roll *r, struct class_words *w)
{
	char *hours = word(fs, r->training,
	    "SELECT hours FROM training WHERE uid=?1");

	w->organizer = word(fs, r->training,
	    "SELECT organizer FROM training WHERE uid=?1");
	w->issuer = word(fs, r->training, "SELECT coalesce(issuer,organizer)"
	    " FROM training WHERE uid=?1");
	w->place = word(fs, r->training,
	    "SELECT place FROM training WHERE uid=?1");
	w->trainer = word(fs, r->training,
	    "SELECT trainer FROM training WHERE uid=?1");
	w->hours = hours != NULL ? strtod(hours, NULL) : 0;
	free(hours);
}

static void
words_done(struct class_words *w)
{
	free(w->organizer);
	free(w->issuer);
	free(w->place);
	free(w->trainer);
}

/* ---- sheets ----------------------------------------------------------- */

static const char *
result_word(const struct roll_person *p)
{
	if (p->result == NULL)
		return "";
	return strcmp(p->result, "passed") == 0 ? "合格" : "不合格";
}

/* One half-day of a person: 08:25 迟到. */
static void
session_cell(struct forms *fs, struct paper *p, struct paper_block *b,
    const struct roll_person *x, int i)
{
	const struct codes *cs = forms_codes(fs, "punctuality", NULL);
	const char *code = halfday_punctual(&x->half, i);
	const char *at = x->half.at[i];
	bool plain = strcmp(code, "on_time") == 0 || cs == NULL;

	if ((x->half.came & 1u << i) == 0)
		paper_cell(p, b, "未到");
	else
		paper_cellf(p, b, "%s%s%s", at[0] != '\0' ? at + 11 : "到场",
		    plain ? "" : " ", plain ? "" : codes_label(cs, code));
}

static void
head(struct paper *p, const struct roll *r, const struct class_words *w)
{
	struct str s = STR_INIT;
	bool one = strcmp(r->starts_on, r->ends_on) == 0;

	str_addf(&s, "%s%s%s", r->starts_on, one ? "" : " 至 ",
	    one ? "" : r->ends_on);
	if (w->place != NULL)
		str_addf(&s, "  %s", w->place);
	if (w->hours > 0)
		str_addf(&s, "  %g 学时", w->hours);
	if (w->organizer != NULL)
		str_addf(&s, "  主办：%s", w->organizer);
	if (w->trainer != NULL)
		str_addf(&s, "  授课：%s", w->trainer);
	p->subtitle = paper_keep(p, s.buf);
	str_done(&s);
}

/* `one` heads the column of a class with a single half-day. */
static void
session_columns(struct paper *p, struct paper_block *b, const struct roll *r,
    const char *one, const char *more)
{
	char label[32];
	int i;

	if (r->sessions == 1) {
		paper_column(p, b, one, ALIGN_LEFT, 12);
		return;
	}
	for (i = 0; i < r->sessions; i++) {
		snprintf(label, sizeof label, "第%d场%s", i + 1, more);
		paper_column(p, b, label, ALIGN_LEFT, 10);
	}
}

/* Blank lines at the end are for those who were not called. */
static void
blank(struct paper *p, struct paper_block *b, const struct roll *r)
{
	enum { SPARE = 5 };
	size_t i;

	paper_column(p, b, "序号", ALIGN_RIGHT, 4);
	paper_column(p, b, "姓名", ALIGN_LEFT, 12);
	paper_column(p, b, "单位", ALIGN_LEFT, 20);
	session_columns(p, b, r, "签名", "签名");
	paper_column(p, b, "备注", ALIGN_LEFT, 12);
	for (i = 0; i < r->n + SPARE; i++) {
		paper_row(b, ROW_PLAIN);
		if (i < r->n) {
			paper_cellf(p, b, "%zu", i + 1);
			paper_cell(p, b, r->p[i].name);
			paper_cell(p, b, r->p[i].unit);
		}
	}
}

static void
filled(struct forms *fs, struct paper *p, struct paper_block *b,
    const struct roll *r)
{
	size_t i, here = 0;
	int k;

	paper_column(p, b, "序号", ALIGN_RIGHT, 4);
	paper_column(p, b, "姓名", ALIGN_LEFT, 12);
	paper_column(p, b, "单位", ALIGN_LEFT, 20);
	session_columns(p, b, r, "签到", "");
	paper_column(p, b, "备注", ALIGN_LEFT, 20);
	for (i = 0; i < r->n; i++) {
		const struct roll_person *x = &r->p[i];

		here += x->present;
		paper_row(b, ROW_PLAIN);
		paper_cellf(p, b, "%zu", i + 1);
		paper_cell(p, b, x->name);
		paper_cell(p, b, x->unit);
		for (k = 0; k < r->sessions; k++)
			session_cell(fs, p, b, x, k);
		paper_cellf(p, b, "%s%s%s%s", x->substitute_for != NULL ?
		    "代 " : "", x->substitute_for != NULL ?
		    x->substitute_for : "", x->invited ? "" : "（临时参加）",
		    x->why != NULL ? x->why : "");
	}
	paper_line(p, "应到和临时参加 %zu 人，到场 %zu 人。", r->n, here);
}

static void
results(struct paper *p, struct paper_block *b, const struct roll *r)
{
	size_t i, passed = 0;

	paper_column(p, b, "序号", ALIGN_RIGHT, 4);
	paper_column(p, b, "姓名", ALIGN_LEFT, 12);
	paper_column(p, b, "单位", ALIGN_LEFT, 20);
	paper_column(p, b, "成绩", ALIGN_RIGHT, 6);
	paper_column(p, b, "结果", ALIGN_LEFT, 8);
	paper_column(p, b, "证书编号", ALIGN_LEFT, 24);
	for (i = 0; i < r->n; i++) {
		const struct roll_person *x = &r->p[i];

		passed += x->present && str_eq(x->result, "passed");
		paper_row(b, ROW_PLAIN);
		paper_cellf(p, b, "%zu", i + 1);
		paper_cell(p, b, x->name);
		paper_cell(p, b, x->unit);
		paper_cell(p, b, x->score);
		paper_cell(p, b, x->present ? result_word(x) : "未到");
		paper_cellf(p, b, "%s%s", x->certificate != NULL ?
		    x->certificate : "", x->revoked_on != NULL ? "（作废）" :
		    "");
	}
	paper_line(p, "名单 %zu 人，合格 %zu 人。", r->n, passed);
}

struct paper *
classpaper_sheet(struct forms *fs, const struct roll *r,
    enum class_sheet kind)
{
	static const char *const words[] = { [SHEET_BLANK] = "签到表",
	    [SHEET_FILLED] = "签到记录", [SHEET_RESULTS] = "成绩册" };
	char *title = xasprintf("%s %s", r->title, words[kind]);
	struct paper *p = paper_new(title);
	struct class_words w;
	struct paper_block *b;

	free(title);
	words_load(fs, r, &w);
	head(p, r, &w);
	words_done(&w);
	b = paper_table(p, NULL);
	p->roomy = kind == SHEET_BLANK;
	if (kind == SHEET_BLANK)
		blank(p, b, r);
	else if (kind == SHEET_FILLED)
		filled(fs, p, b, r);
	else
		results(p, b, r);
	return p;
}

/* ---- certificates ----------------------------------------------------- */

/* 于…参加…举办的“…”，共 6 学时， */
static void
sentence(const struct roll *r, const struct class_words *w,
    const struct roll_person *p, bool attest, struct str *out)
{
	str_add(out, "于");
	certpage_day(out, r->starts_on);
	if (strcmp(r->starts_on, r->ends_on) != 0) {
		str_add(out, "至");
		certpage_day(out, r->ends_on);
	}
	str_addf(out, "参加%s%s“%s”", w->organizer != NULL ? w->organizer :
	    "", w->organizer != NULL ? "举办的" : "", r->title);
	if (attest && r->sessions > 1)
		str_addf(out, "，实到%d场（共%d场）", halfdays_count(&p->half), r->sessions);
	if (w->hours > 0)
		str_addf(out, "，%g学时", attest ? w->hours * halfdays_count(&p->half) /
		    r->sessions : w->hours);
	str_add(out, attest ? "。特此证明。" : "，考核合格，特发此证。");
}

static bool
printable(const struct roll_person *p, bool attest)
{
	return attest ? p->present : certificate_valid(p);
}

int
classpaper_certificates(struct forms *fs, const struct roll *r, bool attest,
    bool (*want)(const struct roll_person *p, const void *arg),
    const void *arg, struct str *html)
{
	struct class_words w;
	struct str text = STR_INIT;
	size_t i;
	int n = 0;

	words_load(fs, r, &w);
	for (i = 0; i < r->n; i++) {
		const struct roll_person *p = &r->p[i];
		struct certpage c = { .title = attest ? "参训证明" :
		    "培训合格证书", .name = p->name, .unit = p->unit,
		    .number = attest ? NULL : p->certificate,
		    .issuer = attest ? w.organizer : w.issuer,
		    .on = attest ? r->ends_on : p->issued_on };

		if (!printable(p, attest) || (want != NULL && !want(p, arg)))
			continue;
		if (n++ == 0)
			certpage_begin(html, r->title);
		str_clear(&text);
		sentence(r, &w, p, attest, &text);
		c.text = text.buf;
		certpage_add(html, &c);
	}
	if (n > 0)
		certpage_end(html);
	words_done(&w);
	str_done(&text);
	return n;
}

/* ---- a person's record ------------------------------------------------ */

static void
record_row(struct forms *fs, struct paper *p, struct paper_block *b,
    struct stmt *q)
{
	const struct codes *levels = forms_codes(fs, "training_level", NULL);
	const struct codes *marks = forms_codes(fs, "training_result", NULL);
	bool came = str_eq(stmt_col(q, 3), "yes");

	paper_row(b, ROW_PLAIN);
	paper_cell(p, b, stmt_col(q, 0));
	paper_cell(p, b, stmt_col(q, 1));
	paper_cell(p, b, levels != NULL && !stmt_is_null(q, 2) ?
	    codes_label(levels, stmt_col(q, 2)) : NULL);
	paper_cell(p, b, came ? "到场" : "未到");
	paper_cell(p, b, came ? stmt_col(q, 4) : NULL);
	paper_cell(p, b, stmt_col(q, 5));
	paper_cell(p, b, marks != NULL && !stmt_is_null(q, 6) ?
	    codes_label(marks, stmt_col(q, 6)) : NULL);
	paper_cellf(p, b, "%s%s", stmt_is_null(q, 7) ? "" : stmt_col(q, 7),
	    stmt_is_null(q, 8) ? "" : "（作废）");
}

/* Hours: what was written, else the class's share of the half-days. */
static const char classes_of[] =
    "SELECT g.starts_on,g.title,g.level,t.present,"
    "round(coalesce(t.hours,g.hours*max(1,(length(coalesce(t.sessions,';1;'))"
    "-length(replace(coalesce(t.sessions,';1;'),';',''))-1))"
    "/max(1,coalesce(g.sessions,1))),1),"
    "t.score,t.result,t.certificate_no,t.revoked_on"
    " FROM trainee t JOIN training g ON g.uid=t.training"
    " WHERE t.staff=?1 ORDER BY g.starts_on DESC,g.uid";

int
classpaper_record(struct forms *fs, const char *staff, struct paper **out,
    struct err *e)
{
	static const char *const heads[] = { "日期", "班名", "级别", "到场",
	    "学时", "成绩", "结果", "证书编号" };
	char *name = word(fs, staff, "SELECT name FROM staff WHERE uid=?1");
	struct paper_block *b;
	struct stmt *q;
	size_t i;
	int rc;

	if (name == NULL)
		return err_set(e, E_NOTFOUND, "登记里没有这个人，或者您看不到");
	q = db_new(forms_db(fs), classes_of, e);
	if (q == NULL) {
		free(name);
		return e->code;
	}
	*out = paper_new("个人培训记录");
	(*out)->personal = true;
	(*out)->subtitle = paper_keep(*out, name);
	free(name);
	b = paper_table(*out, NULL);
	for (i = 0; i < COUNT_OF(heads); i++)
		paper_column(*out, b, heads[i], i == 4 || i == 5 ?
		    ALIGN_RIGHT : ALIGN_LEFT, i == 1 || i == 7 ? 24 : 10);
	stmt_text(q, 1, staff);
	while ((rc = stmt_step(q, e)) > 0)
		record_row(fs, *out, b, q);
	stmt_free(q);
	if (rc < 0)
		paper_free(*out);
	return rc;
}
