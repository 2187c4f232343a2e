/* See urgent.h.  Nothing here knows a situation: they are the rows of
 * data/codes/report_situation.csv, whose column `ground` names the row of
 * report_ground.csv under which they stand. */
#include "urgent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "confide.h"
#include "db.h"
#include "draw.h"
#include "formview.h"
#include "mem.h"
#include "screen.h"
#include "ui.h"

enum { KEYS = 26, TOP = 4 };

struct urgent {
	struct screen base;
	const struct codes *cs, *grounds;
	size_t order[KEYS];	/* rows of cs as they are shown */
	size_t n, at;
};

static bool showing;

/* The code's ground, NULL when its list has no such column. */
static const char *
ground_of(const struct codes *cs, size_t i)
{
	size_t c;

	for (c = 0; cs->columns[c] != NULL; c++)
		if (strcmp(cs->columns[c], "ground") == 0)
			return cs->rows[i].extra[c];
	return NULL;
}

/* The situations, ground after ground. */
static void
set_order(struct urgent *u)
{
	size_t g, i;

	for (g = 0; g < u->grounds->n; g++)
		for (i = 0; i < u->cs->n && u->n < KEYS; i++)
			if (str_eq(ground_of(u->cs, i),
			    u->grounds->rows[g].name))
				u->order[u->n++] = i;
}

/* 1 to 9, then a, b, c … */
static char
key_of(size_t i)
{
	return (char)(i < 9 ? '1' + i : 'a' + (i - 9));
}

static void
draw(struct screen *s)
{
	struct urgent *u = (struct urgent *)s;
	const char *ground = "";
	int y = TOP;
	size_t i;

	screen_frame(s, "强制报告", ui_place());
	draw_text(1, 1, draw_cols() - 2,
	    "先打110，再填表。不追问细节，不让孩子反复讲，不惊动涉嫌人。",
	    D_BOLD);
	draw_text(2, 1, draw_cols() - 2, "选一种情形：马上存下，记下现在的时间，"
	    "其余以后再填。报告人保密。", D_PLAIN);
	for (i = 0; i < u->n && y < draw_rows() - 2; i++, y++) {
		const char *g = ground_of(u->cs, u->order[i]);

		if (strcmp(g, ground) != 0) {
			ground = g;
			draw_text(y++, 1, 40, codes_label(u->grounds, g),
			    D_BOLD);
		}
		draw_textf(y, 3, 3, D_PLAIN, "%c", key_of(i));
		draw_text(y, 6, 40, u->cs->rows[u->order[i]].label,
		    i == u->at ? D_REVERSE : D_PLAIN);
		if (i == u->at)
			draw_cursor(y, 6);
	}
}

/* The report with nothing but situation and time; NULL after saying why. */
static struct record *
saved(const struct form *f, const char *situation)
{
	const struct field *fld = form_field(f, "situation");
	struct err e = ERR_INIT;
	struct record *r = record_new(ui_forms(), f, &e);
	int rc = r != NULL && fld != NULL ? 0 : -1;

	if (rc == 0) {
		record_put(r, fld, situation);
		r->typed[fld->index] = true;
		rc = record_check(r, &e);
	}
	if (rc == 0)
		rc = record_save(r, NULL, &e);
	if (rc == 0)
		return r;
	screen_say_err(&e);
	record_free(r);
	return NULL;
}

/* It is saved, and she stops here. */
static void
say_later(struct record *r)
{
	char *secret = confide_words(r);

	if (secret != NULL)
		screen_say("强制报告已存好；%s", secret);
	else
		screen_say("强制报告已存好，其余的以后在“一门受理”里补");
	free(secret);
}

/* The same record is filled on in one sitting: who may not see such a row
 * later (sexual abuse) can still write down what she just saw. */
static void
report(struct urgent *u)
{
	const struct form *f = ui_form("mandatory_report");
	struct form_want want = { .fixed = NULL };
	struct record *r;

	if (f == NULL)
		return;
	if (!record_may_write(ui_forms(), f)) {
		screen_say("您的身份不能填强制报告；请打110，并告诉镇上");
		draw_beep();
		return;
	}
	r = saved(f, u->cs->rows[u->order[u->at]].name);
	if (r == NULL)
		return;
	want.at = form_field(f, "called_at");
	if (formview_run(r, &want) != FORM_SAVED)
		say_later(r);
	record_free(r);
	screen_back(&u->base);
}

static void
enter(struct screen *s)
{
	report((struct urgent *)s);
}

static void
up(struct screen *s)
{
	struct urgent *u = (struct urgent *)s;

	u->at = (u->at + u->n - 1) % u->n;
}

static void
down(struct screen *s)
{
	struct urgent *u = (struct urgent *)s;

	u->at = (u->at + 1) % u->n;
}

static const struct keyrow rows[] = {
	{ K_ENTER, 0, "回车", "就是这种", "存下这种情形，接着填", enter },
	{ '1', 0, "1-9 a-d", "直接选", "直接选情形", NULL },
	{ K_UP, K_BACKTAB, "上 下", NULL, "移动", up },
	{ K_DOWN, K_TAB, "下", NULL, NULL, down },
	{ K_F(1), 0, "F1", "帮助", NULL, NULL },
	{ K_ESC, 0, "Esc", "返回", "返回，什么也不存", screen_back },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static void
key(struct screen *s, const struct key *k)
{
	struct urgent *u = (struct urgent *)s;
	uint32_t c = key_plain(k);
	size_t i;

	for (i = 0; i < u->n; i++)
		if (c == (uint32_t)key_of(i)) {
			u->at = i;
			report(u);
			return;
		}
	draw_beep();
}

static void
help(struct screen *s, struct str *out)
{
	(void)s;
	str_add(out, "发现下面任何一种情形，先打110或到派出所报案，同时告诉镇上和"
	    "县民政。\n只记看到、听到的；不追问细节，不让孩子反复讲，不惊动"
	    "涉嫌人。\n隐私部位受伤、疑被性侵害的自动归专办，别的人看不到。\n\n");
}

static const struct screen_ops ops = {
	.full = true, .rows = rows, .draw = draw, .key = key, .help = help
};

void
urgent_run(void)
{
	struct urgent u = { .base.ops = &ops };
	struct err e = ERR_INIT;

	if (showing)
		return;
	u.cs = forms_codes(ui_forms(), "report_situation", &e);
	u.grounds = forms_codes(ui_forms(), "report_ground", &e);
	if (u.cs == NULL || u.grounds == NULL) {
		screen_say_err(&e);
		return;
	}
	set_order(&u);
	if (u.n == 0)
		return;
	screen_save_all();
	showing = true;
	screen_run(&u.base);
	showing = false;
}
