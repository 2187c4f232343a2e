/* See scalescreen.h. */
#include "scalescreen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "date.h"
#include "db.h"
#include "draw.h"
#include "kind.h"
#include "mem.h"
#include "picker.h"
#include "policy.h"
#include "rules.h"
#include "scale.h"
#include "screen.h"
#include "ui.h"

enum { TOP = 2 };

struct scalescreen {
	struct screen base;
	struct scale s;
	int score[SCALE_ITEMS];
	int at, top;
};

static void
draw(struct screen *s)
{
	struct scalescreen *v = (struct scalescreen *)s;
	int rows = screen_body_rows() - TOP - 1, i, sum;
	const struct scale_level *l;
	const char *why;
	char right[96];

	l = scale_judge(&v->s, v->score, &sum, &why);
	snprintf(right, sizeof right, "%d 分%s%s", sum, l != NULL ? "  " : "",
	    l != NULL ? l->label : "");
	screen_frame(s, v->s.title, right);
	if (v->at < v->top)
		v->top = v->at;
	if (v->at >= v->top + rows)
		v->top = v->at - rows + 1;
	for (i = v->top; i < (int)v->s.nitems && i < v->top + rows; i++) {
		char mark[4] = " ";

		if (v->score[i] >= 0)
			snprintf(mark, sizeof mark, "%d", v->score[i] % 10);
		draw_textf(TOP + i - v->top, 1, draw_cols() - 2, i == v->at ?
		    D_REVERSE : D_PLAIN, " [%s] %s", mark, v->s.item[i].label);
		if (i == v->at)
			draw_cursor(TOP + i - v->top, 3);
	}
	if (why != NULL)
		draw_textf(draw_rows() - 3, 1, draw_cols() - 2, D_BOLD,
		    "有一项就定为这一级：%s", why);
}

static void
up(struct screen *s)
{
	struct scalescreen *v = (struct scalescreen *)s;

	v->at -= v->at > 0;
}

static void
down(struct screen *s)
{
	struct scalescreen *v = (struct scalescreen *)s;

	v->at += v->at + 1 < (int)v->s.nitems;
}

static void
done(struct screen *s)
{
	struct scalescreen *v = (struct scalescreen *)s;
	const char *why;
	int sum, i;

	if (scale_judge(&v->s, v->score, &sum, &why) != NULL) {
		screen_end(s, 1);
		return;
	}
	for (i = 0; v->score[i] >= 0; i++)
		;
	v->at = i;
	screen_say("还有没评的项");
	draw_beep();
}

static const struct keyrow rows[] = {
	{ '0', 0, "数字", "打分", "打分，自动到下一项", NULL },
	{ K_F(2), K_ENTER, "F2", "评完", "评完了，去看结果", done },
	{ K_UP, K_BACKTAB, "上 下", NULL, "移动", up },
	{ K_DOWN, K_TAB, "下", NULL, NULL, down },
	{ K_ESC, 0, "Esc", "返回", "不评了", screen_back },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static void
key(struct screen *s, const struct key *k)
{
	struct scalescreen *v = (struct scalescreen *)s;
	const struct scale_item *it = &v->s.item[v->at];
	uint32_t c = key_plain(k);
	int n = (int)c - '0';

	if (c < '0' || c > '9' || n < it->min || n > it->max) {
		draw_beep();
		return;
	}
	v->score[v->at] = n;
	down(s);
}

static const struct screen_ops ops = {
	.full = true, .rows = rows, .draw = draw, .key = key
};

static void
put(struct record *r, const char *field, const char *value)
{
	const struct field *f = form_field(r->form, field);

	if (f == NULL || value == NULL || *value == '\0')
		return;
	record_put(r, f, value);
	r->typed[f->index] = true;
}

/* "guardian=0;contact=1;…", the sum, the levels, the next day. */
static void
take(struct record *r, const struct scalescreen *v, const char *name)
{
	const struct scale_level *l;
	struct str scores = STR_INIT;
	struct err e = ERR_INIT;
	char number[16], next[DATE_SIZE];
	const char *why, *on = record_get(r, "assessed_on");
	size_t i;
	int sum;

	l = scale_judge(&v->s, v->score, &sum, &why);
	if (l == NULL)
		return;
	for (i = 0; i < v->s.nitems; i++)
		str_addf(&scores, "%s%s=%d", i > 0 ? ";" : "",
		    v->s.item[i].name, v->score[i]);
	snprintf(number, sizeof number, "%d", sum);
	put(r, "scale", name);
	put(r, "item_scores", scores.buf);
	put(r, "score", number);
	put(r, "level4", l->level4);
	put(r, "level", l->level);
	put(r, "risk", l->risk);
	if (why != NULL)
		put(r, "conclusion", why);
	if (on == NULL)
		on = date_today();
	if (policy_open(ui_forms(), &e) == 0 &&
	    rules_date(policy_rules(ui_forms()), "assessment", l->level, on,
	    on, next) == 0)
		put(r, "next_due", next);
	str_done(&scores);
}

/* ---- choosing --------------------------------------------------------- */

static size_t
load_scales(void *arg, const char *typed)
{
	(void)typed;
	return ((const struct codes *)arg)->n + 1;
}

static void
scale_line(void *arg, size_t i, struct str *out)
{
	const struct codes *cs = arg;

	str_add(out, i < cs->n ? cs->rows[i].label : "不逐项评，直接填结果");
}

static bool
run(struct record *r, const char *name)
{
	struct scalescreen *v = xcalloc(1, sizeof *v);
	struct err e = ERR_INIT;
	bool ok = false;
	size_t i;

	v->base.ops = &ops;
	for (i = 0; i < SCALE_ITEMS; i++)
		v->score[i] = -1;
	if (scale_load(&v->s, forms_data(ui_forms()), name, &e) < 0) {
		screen_say_err(&e);
	} else {
		ok = screen_run(&v->base) == 1;
		if (ok)
			take(r, v, name);
		scale_done(&v->s);
	}
	free(v);
	return ok;
}

bool
scalescreen_fill(struct record *r)
{
	const struct codes *cs = forms_codes(ui_forms(), "assessment_scale",
	    NULL);
	struct pick p = { .title = "用哪个量表", .load = load_scales,
	    .row = scale_line, .digits = true };
	long i;

	if (cs == NULL)
		return true;
	p.arg = (void *)(uintptr_t)cs;
	pick_init(&p);
	i = pick_run(&p);
	pick_done(&p);
	if (i < 0)
		return false;
	return (size_t)i >= cs->n || run(r, cs->rows[i].name);
}

void
scalescreen_after(const struct record *r)
{
	static const char *const order = "good fair poor";
	const char *child = record_get(r, "child"), *now;
	const struct form *f;
	char *was;

	now = record_get(r, "level");
	if (child == NULL || now == NULL)
		return;
	was = db_str(ui_db(), "SELECT level FROM assessment WHERE child=?1 AND"
	    " uid<>?2 AND assessed_on<=?3 AND level IS NOT NULL"
	    " ORDER BY assessed_on DESC, uid DESC LIMIT 1", "sss", child,
	    r->uid, record_get(r, "assessed_on"));
	if (was != NULL && strstr(order, was) != NULL &&
	    strstr(order, now) != NULL &&
	    strstr(order, now) > strstr(order, was) &&
	    ask_yes("监护变差", true, "这次比上次差。现在就开一张受理单，安排"
	    "帮扶？") && (f = ui_form("case")) != NULL)
		kind_new(f, form_field(f, "child"), child, NULL);
	free(was);
}
