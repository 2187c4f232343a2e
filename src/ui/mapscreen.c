/* See mapscreen.h. */
#include "mapscreen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "cut.h"
#include "draw.h"
#include "file.h"
#include "mem.h"
#include "picker.h"
#include "record.h"
#include "screen.h"
#include "ui.h"

enum { TOP = 2, WORD = 24, FIELD = 20, FIELDS_MAX = 400 };

struct mapscreen {
	struct screen base;
	struct mapping *m;
	const char *title;
	bool records;		/* do its rows become records? */
	int at, top;
};

char *
mapscreen_file(const struct form *f)
{
	return xasprintf("%s/对照/%s.csv", ui_home(), f->name);
}

static void
meaning_words(const struct mapping *m, int what, struct str *out)
{
	switch (what) {
	case HEAD_UNKNOWN:
		str_add(out, "（认不出，不要）");
		break;
	case HEAD_IGNORE:
		str_add(out, "（不要）");
		break;
	case HEAD_UID:
		str_add(out, "记录号");
		break;
	case HEAD_STATE:
		str_add(out, "状态");
		break;
	case HEAD_TWICE:
		str_add(out, "（另一列更准）");
		break;
	default:
		str_add(out, m->f->fields[what].label);
		break;
	}
}

static void
draw(struct screen *s)
{
	struct mapscreen *v = (struct mapscreen *)s;
	int rows = screen_body_rows() - TOP, i, known = 0;
	struct str text = STR_INIT;
	char right[64];

	for (i = 0; i < (int)v->m->head.n; i++)
		known += v->m->head.meaning[i] >= 0;
	snprintf(right, sizeof right, "%zu 列认出 %d 列，下面 %zu 行",
	    v->m->head.n, known, v->m->below);
	screen_frame(s, v->title, right);
	cut_pad(&text, " 表里的列", WORD + 1, CUT_LEFT);
	cut_pad(&text, "当作", FIELD + 1, CUT_LEFT);
	str_add(&text, "第一个值");
	draw_text(1, 1, draw_cols() - 2, text.buf, D_UNDER);
	if (v->at < v->top)
		v->top = v->at;
	if (v->at >= v->top + rows)
		v->top = v->at - rows + 1;
	for (i = v->top; i < (int)v->m->head.n && i < v->top + rows; i++) {
		struct str field = STR_INIT;

		str_clear(&text);
		str_addc(&text, v->m->head.meaning[i] == HEAD_UNKNOWN ? '?' :
		    ' ');
		cut_pad(&text, v->m->head.text[i] != NULL ?
		    v->m->head.text[i] : "", WORD, CUT_LEFT);
		meaning_words(v->m, v->m->head.meaning[i], &field);
		cut_pad(&text, field.buf, FIELD, CUT_LEFT);
		str_addf(&text, " %s", v->m->sample[i] != NULL ?
		    v->m->sample[i] : "");
		draw_text(TOP + i - v->top, 1, draw_cols() - 2, text.buf,
		    i == v->at ? D_REVERSE : D_PLAIN);
		if (i == v->at)
			draw_cursor(TOP + i - v->top, 1);
		str_done(&field);
	}
	str_done(&text);
}

struct fields {
	const struct form *f;
	int shown[FIELDS_MAX];
	size_t n;
};

static size_t
load_fields(void *arg, const char *typed)
{
	struct fields *c = arg;
	size_t i;

	c->n = 0;
	if (*typed == '\0')
		c->shown[c->n++] = HEAD_IGNORE;
	for (i = 0; i < c->f->nfields && c->n < FIELDS_MAX; i++)
		if (record_may_read(ui_forms(), &c->f->fields[i]) &&
		    (*typed == '\0' || pick_matches(c->f->fields[i].label,
		    c->f->fields[i].name, typed)))
			c->shown[c->n++] = (int)i;
	return c->n;
}

static void
field_line(void *arg, size_t i, struct str *out)
{
	struct fields *c = arg;

	str_add(out, c->shown[i] < 0 ? "不要这一列" :
	    c->f->fields[c->shown[i]].label);
}

static void
change(struct screen *s)
{
	struct mapscreen *v = (struct mapscreen *)s;
	struct fields *c = xcalloc(1, sizeof *c);
	struct pick p = { .title = "这一列是什么", .arg = c,
	    .load = load_fields, .row = field_line, .none = "没有这一项" };
	long i, other;

	c->f = v->m->f;
	pick_init(&p);
	i = pick_run(&p);
	pick_done(&p);
	if (i >= 0) {
		other = c->shown[i] < 0 ? -1 :
		    mapping_column(v->m, c->shown[i]);
		if (other >= 0 && other != v->at)
			v->m->head.meaning[other] = HEAD_IGNORE;
		v->m->head.meaning[v->at] = c->shown[i];
		if (v->at + 1 < (int)v->m->head.n)
			v->at++;
	}
	free(c);
}

static void
ignore(struct screen *s)
{
	struct mapscreen *v = (struct mapscreen *)s;

	v->m->head.meaning[v->at] = HEAD_IGNORE;
}

static void
up(struct screen *s)
{
	struct mapscreen *v = (struct mapscreen *)s;

	v->at -= v->at > 0;
}

static void
down(struct screen *s)
{
	struct mapscreen *v = (struct mapscreen *)s;

	v->at += v->at + 1 < (int)v->m->head.n;
}

/* Every new row would be refused: go on all the same? */
static bool
lacks_nothing(const struct mapping *m)
{
	struct str lacks = STR_INIT;
	bool on = true;

	mapping_lacks(m, &lacks);
	if (lacks.len > 0)
		on = ask_yes("缺少必填的列", false, "还没有一列是：%s。"
		    "新的行会全部退回；已有的照样更新。就这样导入？",
		    lacks.buf);
	str_done(&lacks);
	return on;
}

static void
remember(struct screen *s)
{
	struct mapscreen *v = (struct mapscreen *)s;
	char *file = mapscreen_file(v->m->f);
	char *dir = xstrndup(file, (size_t)(strrchr(file, '/') - file));
	struct err e = ERR_INIT;

	if (file_mkdirs(dir, 0700, &e) < 0 ||
	    mapping_save(v->m, file, &e) < 0)
		screen_say_err(&e);
	else
		screen_end(s, 1);
	free(dir);
	free(file);
}

static void
done(struct screen *s)
{
	struct mapscreen *v = (struct mapscreen *)s;

	if (!v->records || lacks_nothing(v->m))
		remember(s);
}

static const struct keyrow rows[] = {
	{ K_ENTER, K_F(4), "回车", "改", "选这一列是什么", change },
	{ K_DEL, 'x', "Del", "不要", "不要这一列", ignore },
	{ K_F(2), 0, "F2", "就这样", "对照记下来，接着做", done },
	{ K_UP, K_BACKTAB, "上 下", NULL, "移动", up },
	{ K_DOWN, K_TAB, "下", NULL, NULL, down },
	{ K_ESC, 0, "Esc", "返回", "不做了", screen_back },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static void
key(struct screen *s, const struct key *k)
{
	(void)s;
	(void)k;
	draw_beep();
}

static const struct screen_ops ops = {
	.full = true, .rows = rows, .draw = draw, .key = key
};

bool
mapscreen_run(struct mapping *m, const char *title, bool records)
{
	struct mapscreen v = { .base.ops = &ops, .m = m, .title = title,
	    .records = records };

	return screen_run(&v.base) == 1;
}
