/* See casepaper.h.  Short values stand in a table, long ones in lines: a
 * line wraps, a cell of the text output does not. */
#include "casepaper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calendar.h"
#include "date.h"
#include "db.h"
#include "deadline.h"
#include "handbook.h"
#include "policy.h"
#include "record.h"
#include "rules.h"

#define BLANK "＿＿＿＿＿＿＿＿"
#define WIDE_BLANK BLANK BLANK "＿＿＿＿"	/* room to write in */

/* A record and the table that is being filled from it. */
struct sheet {
	struct forms *fs;
	struct record *r;
	struct paper *p;
	struct paper_block *b;
};

/* A record by form and uid; NULL and `e`. */
static struct record *
load(struct forms *fs, const char *form, const char *uid, struct err *e)
{
	const struct form *f = forms_get(fs, form, e);

	return f == NULL || uid == NULL ? NULL : record_load(fs, f, uid, e);
}

/* A field as people see it; heap, "" when empty. */
static char *
shown(const struct record *r, const char *field)
{
	const struct field *f = r != NULL ? form_field(r->form, field) : NULL;
	struct str out = STR_INIT;

	if (f != NULL && r->val[f->index] != NULL)
		record_show(r, f, false, &out);
	str_add(&out, "");
	return str_take(&out);
}

static void
begin(struct sheet *s)
{
	s->b = paper_table(s->p, NULL);
	paper_column(s->p, s->b, "项目", ALIGN_LEFT, 16);
	paper_column(s->p, s->b, "内容", ALIGN_LEFT, 60);
}

static void
put(struct sheet *s, const char *word, const char *text)
{
	if (str_blank(text))
		return;
	paper_row(s->b, ROW_PLAIN);
	paper_cell(s->p, s->b, word);
	paper_cell(s->p, s->b, text);
}

static void
put_field(struct sheet *s, const char *word, const char *field)
{
	char *text = shown(s->r, field);

	put(s, word, text);
	free(text);
}

/* A long text as a line of its own. */
static void
say(struct sheet *s, const char *word, const char *text)
{
	if (!str_blank(text))
		paper_line(s->p, "%s：%s", word, text);
}

static void
say_field(struct sheet *s, const char *word, const char *field)
{
	char *text = shown(s->r, field);

	say(s, word, text);
	free(text);
}

static bool
is_yes(const struct record *r, const char *field)
{
	return str_eq(record_get(r, field), "yes");
}

/* Whom to ask: the handler with her telephone, or room to write it. */
static void
put_handler(struct sheet *s, const struct record *kase)
{
	struct record *h = load(s->fs, "staff", record_get(kase, "handler"),
	    NULL);
	char *name = shown(h, "name"), *phone = shown(h, "phone");

	put(s, "经手人", *name != '\0' ? name : BLANK);
	put(s, "查问电话", *phone != '\0' ? phone : BLANK);
	free(name);
	free(phone);
	record_free(h);
}

/* Where the seal goes. */
static void
stamp(struct sheet *s, const char *who)
{
	paper_line(s->p, "%s（盖章）：%s    经办人：%s    日期：%s", who, BLANK,
	    BLANK, BLANK);
}

/* The child, as an office must know her: no category, no risk. */
static void
put_child(struct sheet *s, const struct record *kase)
{
	struct record *c = load(s->fs, "child", record_get(kase, "child"),
	    NULL);
	static const struct { const char *word, *field; } parts[] = {
		{ "儿童", "name" }, { "性别", "sex" },
		{ "出生日期", "birth_date" }, { "证件号码", "id_number" },
		{ "村（社区）", "village" }, { "现住址", "address" },
		{ "监护人", "guardian_name" }, { "监护人电话",
		"guardian_phone" }
	};
	char *text;
	size_t i;

	if (c == NULL) {
		text = shown(kase, "child_note");
		put(s, "儿童", *text != '\0' ? text : "还没有确认");
		free(text);
		return;
	}
	for (i = 0; i < sizeof parts / sizeof *parts; i++) {
		text = shown(c, parts[i].field);
		put(s, parts[i].word, text);
		free(text);
	}
	record_free(c);
}

/* ---- 受理回执 ---------------------------------------------------------- */

/* What the handbook says of every need. */
static void
say_needs(struct sheet *s, const struct handbook *h)
{
	const char *p = record_get(s->r, "needs");
	const struct help_kind *k;
	char need[64];
	size_t len;

	for (; p != NULL && *p == ';' && p[1] != '\0'; p += len) {
		len = strcspn(++p, ";");
		snprintf(need, sizeof need, "%.*s", (int)(len < 60 ? len : 60),
		    p);
		k = handbook_find(h, need);
		if (k == NULL)
			continue;
		paper_line(s->p, "【%s】", k->title);
		say(s, "要什么材料", k->papers);
		say(s, "找哪里办", k->office);
		say(s, "多久办好", k->days);
	}
}

/* What happens next, for the state the case is in. */
static void
say_next(struct sheet *s)
{
	bool urgent = str_eq(record_get(s->r, "urgency"), "urgent");

	paper_line(s->p, "%s", "");
	paper_line(s->p, "接下来：%s", urgent ?
	    "情况紧急的先处置，评估和手续随后补。" :
	    "镇上先上门或电话了解情况（评估），再按需要转给有关部门办理。");
	paper_line(s->p, "有了结果会告诉家庭：给什么、从什么时候起，不给的说明"
	    "理由。到期没有消息，可以凭受理编号打上面的电话查问，也可以打12345。");
	if (deadline_guessed(s->r))
		paper_line(s->p, "应办结的那一年还没有节假日安排，日期按周一至"
		    "周五推算，可能变动。");
}

static void
receipt(struct sheet *s, const struct handbook *h)
{
	const char *due = record_get(s->r, "due_on");

	begin(s);
	put_field(s, "受理编号", "case_no");
	put_field(s, "受理时间", "accepted_at");
	put_field(s, "来源", "source");
	put_field(s, "热线单号", "slip_no");
	if (!is_yes(s->r, "confidential"))
		put_field(s, "儿童", record_get(s->r, "child") != NULL ?
		    "child" : "child_note");
	put_field(s, "事项", "needs");
	put_field(s, "紧急程度", "urgency");
	put(s, "应办结日期", due != NULL ? due : BLANK);
	put_handler(s, s->r);
	say_next(s);
	if (!is_yes(s->r, "confidential"))
		say_needs(s, h);
	stamp(s, "受理单位");
}

struct paper *
casepaper_receipt(struct forms *fs, const char *uid, const char *place,
    struct err *e)
{
	struct sheet s = { .fs = fs, .r = load(fs, "case", uid, e) };
	struct handbook *h = NULL;

	if (s.r == NULL)
		return NULL;
	if (deadline_fill(s.r, e) >= 0 &&
	    handbook_load(&h, forms_data(fs), e) == 0) {
		s.p = paper_new("受理回执");
		s.p->site = paper_keep(s.p, place);
		receipt(&s, h);
	}
	handbook_free(h);
	record_free(s.r);
	return s.p;
}

/* ---- 不予确认告知书 ---------------------------------------------------- */

static void
refusal(struct sheet *s)
{
	begin(s);
	put_field(s, "受理编号", "case_no");
	put_field(s, "申请日期", "accepted_at");
	if (!is_yes(s->r, "confidential"))
		put_field(s, "儿童", "child");
	put_field(s, "申请事项", "applied_for");
	put_field(s, "镇查验", "verified_on");
	put_field(s, "县确认", "county_decided_on");
	put_field(s, "县意见", "county_decision");
	put_handler(s, s->r);
	say_field(s, "不予确认的理由", "refusal_reason");
	paper_line(s->p, "以上决定特此书面告知。情况有变化的，可以重新申请；不服"
	    "的，可以依法申请行政复议或者提起行政诉讼。要查问的请打上面的电话。");
	stamp(s, "告知单位");
	s->b = paper_table(s->p, "签收");
	paper_column(s->p, s->b, "项目", ALIGN_LEFT, 32);
	paper_column(s->p, s->b, "签字", ALIGN_LEFT, 40);
	put(s, "申请人", WIDE_BLANK);
	put(s, "收到日期", WIDE_BLANK);
}

struct paper *
casepaper_refusal(struct forms *fs, const char *uid, const char *place,
    struct err *e)
{
	struct sheet s = { .fs = fs, .r = load(fs, "case", uid, e) };

	if (s.r != NULL && record_get(s.r, "refusal_reason") == NULL) {
		err_set(e, E_REFUSED, "先填“不予确认理由”");
	} else if (s.r != NULL) {
		s.p = paper_new("不予确认告知书");
		s.p->site = paper_keep(s.p, place);
		s.p->personal = true;
		refusal(&s);
	}
	record_free(s.r);
	return s.p;
}

/* ---- 强制报告 ---------------------------------------------------------- */

static void
report_times(struct sheet *s)
{
	static const struct { const char *word, *field; } parts[] = {
		{ "情形", "situation" }, { "依据", "ground" },
		{ "发现时间", "found_at" }, { "报案时间", "called_at" },
		{ "派出所", "police_station" }, { "接警民警", "officer" },
		{ "民警到场", "police_arrived_at" }, { "回执号", "receipt_no" },
		{ "告诉镇上", "town_told_at" },
		{ "告诉县民政", "civil_affairs_told_at" },
		{ "县民政接报人", "civil_affairs_person" },
		{ "当场措施", "measures" },
	};
	const char *lag = record_get(s->r, "lag_minutes");
	char text[48];
	size_t i;

	for (i = 0; i < COUNT_OF(parts); i++)
		put_field(s, parts[i].word, parts[i].field);
	if (lag != NULL) {
		snprintf(text, sizeof text, "%.20s 分钟", lag);
		put(s, "发现到报案", text);
	}
}

struct paper *
casepaper_report(struct forms *fs, const char *uid, const char *place,
    struct err *e)
{
	struct sheet s = { .fs = fs,
	    .r = load(fs, "mandatory_report", uid, e) };

	if (s.r == NULL)
		return NULL;
	s.p = paper_new("侵害未成年人案件强制报告（书面报告）");
	s.p->site = paper_keep(s.p, place);
	s.p->personal = true;
	begin(&s);
	report_times(&s);
	put_child(&s, s.r);
	say_field(&s, "地点", "place");
	say_field(&s, "看到的情况", "description");
	say_field(&s, "后续", "followup");
	paper_line(s.p, "报告人的身份保密，涉嫌人的情况当面说明，都不写在纸上。"
	    "请不要反复询问孩子，不要惊动涉嫌人。本件专送县民政和公安，不得复印"
	    "外传。");
	stamp(&s, "报告单位");
	record_free(s.r);
	return s.p;
}

/* ---- 转办单、催办单 ---------------------------------------------------- */

static char *
office(const struct record *r)
{
	char *other = shown(r, "other_department");

	if (*other != '\0')
		return other;
	free(other);
	return shown(r, "department");
}

static void
put_head(struct sheet *s, const struct record *kase)
{
	char *to = office(s->r), *no = shown(kase, "case_no");

	begin(s);
	put_field(s, "转办编号", "referral_no");
	put(s, "受理编号", no);
	put(s, "送", to);
	put_field(s, "联系人", "person");
	put_field(s, "转出日期", "sent_on");
	put_field(s, "应回复日期", "due_on");
	free(to);
	free(no);
}

/* What the department tears off and sends back. */
static void
answer_slip(struct sheet *s)
{
	static const char *const rows[] = { "办理结果（办成、部分、不符合）",
	    "给了什么、从何时起", "不办的理由", "经办人和电话",
	    "日期（盖章）" };
	size_t i;

	s->b = paper_table(s->p, "回复联（请填好交回）");
	paper_column(s->p, s->b, "项目", ALIGN_LEFT, 32);
	paper_column(s->p, s->b, "回复", ALIGN_LEFT, 40);
	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		put(s, rows[i], WIDE_BLANK);
}

static void
referral(struct sheet *s, const struct record *kase)
{
	put_head(s, kase);
	put_child(s, kase);
	put_handler(s, kase);
	say_field(s, "请办", "need");
	say_field(s, "请办事项", "content");
	say_field(s, "随附材料", "papers");
	paper_line(s->p, "请在应回复日期前把结果告诉我们；不属于你单位办理的，"
	    "请当天退回并说明。儿童信息只用于办理本事项，不得外传。");
	stamp(s, "转出单位");
	answer_slip(s);
}

static void
reminder(struct sheet *s, const struct record *kase)
{
	const char *due = record_get(s->r, "due_on");
	const char *n = record_get(s->r, "reminders");
	const char *from = record_get(s->r, "reminded_on");
	char by[DATE_SIZE] = "";
	int late = 0;

	put_head(s, kase);
	put_field(s, "请办", "need");
	put(s, "第几次催办", n != NULL ? n : "1");
	put_handler(s, kase);
	if (from == NULL)
		from = date_today();
	if (due != NULL && calendar_between(due, from, &late) && late > 0)
		paper_line(s->p, "这件事到今天已超过应回复日期%d个工作日。",
		    late);
	if (rules_date(policy_rules(s->fs), "referral", "remind", from, from,
	    by) == 0)
		paper_line(s->p, "请在%s以前回复；办不了的也请说明理由。", by);
	else
		paper_line(s->p, "请尽快回复；办不了的也请说明理由。");
	answer_slip(s);
}

static struct paper *
make(struct forms *fs, const char *uid, const char *place, const char *title,
    void (*fill)(struct sheet *s, const struct record *kase), struct err *e)
{
	struct sheet s = { .fs = fs, .r = load(fs, "referral", uid, e) };
	struct record *kase = s.r != NULL ? load(fs, "case",
	    record_get(s.r, "case"), e) : NULL;

	if (kase != NULL && deadline_fill(s.r, e) >= 0) {
		s.p = paper_new(title);
		s.p->site = paper_keep(s.p, place);
		s.p->personal = true;
		fill(&s, kase);
	}
	record_free(kase);
	record_free(s.r);
	return s.p;
}

struct paper *
casepaper_referral(struct forms *fs, const char *uid, const char *place,
    struct err *e)
{
	return make(fs, uid, place, "转办单", referral, e);
}

struct paper *
casepaper_reminder(struct forms *fs, const char *uid, const char *place,
    struct err *e)
{
	return make(fs, uid, place, "催办单", reminder, e);
}
