/* See gridview.h.  Every mark is saved at once, so there is nothing to lose.
 * Only names, sex, birth and village are shown here, never a category. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "draw.h"
#include "gridview.h"
#include "kind.h"
#include "lineedit.h"
#include "mem.h"
#include "picker.h"
#include "record.h"
#include "screen.h"
#include "ui.h"
#include "width.h"

enum { PEOPLE_MAX = 3000, CELL = 18, TOP = 2, TYPED_MAX = 12 };

struct person {
	char uid[37];		/* of the person */
	char row[37];		/* of the sign-in, "" none */
	char *name;
	bool present;
};

struct grid {
	struct screen base;
	const struct form *form;
	const struct field *parent, *who, *present;
	const struct form *target;
	const char *uid;
	char *title;
	struct person *p;
	int n, at, top;
	bool all;		/* also people of other villages */
	bool missed;		/* what is typed fits nobody */
	struct edit typed;
};

/* The field that names the person: the first other reference of the list. */
static const struct field *
who_field(const struct form *f, const struct field *parent)
{
	size_t i;

	for (i = 0; i < f->nlist; i++) {
		const struct field *w = &f->fields[f->list[i]];

		if (w->type == T_REF && w != parent)
			return w;
	}
	return NULL;
}

bool
gridview_fits(const struct form *form, const struct field *parent)
{
	const struct field *present = form_field(form, "present");

	return parent->implicit && present != NULL &&
	    present->type == T_SELECT_ONE && who_field(form, parent) != NULL;
}

static void
forget(struct grid *g)
{
	int i;

	for (i = 0; i < g->n; i++)
		free(g->p[i].name);
	g->n = 0;
}

/* Append ` AND this.village IN (…)` of the villages that the meeting's record
 * names. */
static void
add_villages(struct grid *g, struct str *sql)
{
	struct err e = ERR_INIT;
	const struct form *owner = forms_get(ui_forms(), g->parent->list, &e);
	const struct field *v = form_field(g->target, "village");
	struct record *r;
	int put = 0;
	size_t i;

	if (g->all || owner == NULL || v == NULL || v->type != T_REF)
		return;
	r = record_load(ui_forms(), owner, g->uid, &e);
	for (i = 0; r != NULL && i < owner->nfields; i++) {
		if (owner->fields[i].type != T_REF || r->val[i] == NULL ||
		    strcmp(owner->fields[i].list, "village") != 0)
			continue;
		/* uids are [0-9a-f-] */
		str_addf(sql, "%s'%s'", put++ == 0 ? " AND c.village IN (" :
		    ",", r->val[i]);
	}
	if (put > 0)
		str_add(sql, ")");
	record_free(r);
}

static void
people_sql(struct grid *g, struct str *sql)
{
	const char *name = form_field(g->target, "name") != NULL ? "name" :
	    "uid";

	str_addf(sql, "SELECT c.uid,c.%s,s.uid,s.present FROM ", name);
	db_quote(sql, g->target->name);
	str_add(sql, " c LEFT JOIN ");
	db_quote(sql, g->form->name);
	str_add(sql, " s ON s.");
	db_quote(sql, g->who->name);
	str_add(sql, "=c.uid AND s.");
	db_quote(sql, g->parent->name);
	str_add(sql, "=?1 WHERE (s.uid IS NOT NULL OR (1");
	if (form_field(g->target, "left_on") != NULL)
		str_add(sql, " AND c.left_on IS NULL");
	add_villages(g, sql);
	str_addf(sql, ")) ORDER BY pinyin(c.%s),c.uid LIMIT %d", name,
	    PEOPLE_MAX);
}

static int
load(struct grid *g, struct err *e)
{
	struct str sql = STR_INIT;
	struct stmt *q;
	struct person *p;
	int rc = 0;

	forget(g);
	people_sql(g, &sql);
	q = db_new(ui_db(), sql.buf, e);
	str_done(&sql);
	if (q == NULL)
		return e->code;
	stmt_text(q, 1, g->uid);
	while (g->n < PEOPLE_MAX && (rc = stmt_step(q, e)) > 0) {
		p = &g->p[g->n++];
		memset(p, 0, sizeof *p);
		strncpy(p->uid, stmt_col(q, 0), sizeof p->uid - 1);
		p->name = xstrdup(stmt_col(q, 1));
		if (!stmt_is_null(q, 2))
			strncpy(p->row, stmt_col(q, 2), sizeof p->row - 1);
		p->present = !stmt_is_null(q, 3) &&
		    strcmp(stmt_col(q, 3), "yes") == 0;
	}
	stmt_free(q);
	if (g->at >= g->n)
		g->at = 0;
	return rc < 0 ? rc : 0;
}

static int
rows_shown(void)
{
	return screen_body_rows() - TOP - 1;
}

static int
columns_shown(void)
{
	int n = (draw_cols() - 2) / CELL;

	return n < 1 ? 1 : n;
}

/* Who is under the cursor, without anything that may not lie open. */
static void
draw_person(const struct grid *g)
{
	static const char *const names[] = { "name", "sex", "birth_date",
	    "role", "village" };
	struct err e = ERR_INIT;
	struct record *r;
	struct str text = STR_INIT;
	const struct field *f;
	size_t i;

	if (g->n == 0)
		return;
	r = record_load(ui_forms(), g->target, g->p[g->at].uid, &e);
	for (i = 0; r != NULL && i < COUNT_OF(names); i++) {
		f = form_field(g->target, names[i]);
		if (f == NULL || r->val[f->index] == NULL)
			continue;
		record_show(r, f, true, &text);
		str_add(&text, "  ");
	}
	draw_text(draw_rows() - 3, 20, draw_cols() - 20, text.buf, D_PLAIN);
	record_free(r);
	str_done(&text);
}

static void
draw(struct screen *s)
{
	struct grid *g = (struct grid *)s;
	int rows = rows_shown(), cols = columns_shown(), i, k, here = 0, y, x;
	char right[64];

	for (i = 0; i < g->n; i++)
		here += g->p[i].present;
	snprintf(right, sizeof right, "到场 %d / %d 人", here, g->n);
	screen_frame(s, g->title, right);
	if (g->at / rows < g->top)
		g->top = g->at / rows;
	if (g->at / rows >= g->top + cols)
		g->top = g->at / rows - cols + 1;
	for (i = g->top * rows; i < g->n; i++) {
		k = i - g->top * rows;
		if (k / rows >= cols)
			break;
		y = TOP + k % rows;
		x = 1 + k / rows * CELL;
		draw_textf(y, x, CELL - 1, i == g->at ? D_REVERSE : D_PLAIN,
		    "[%s] %s", g->p[i].present ? "x" : " ",
		    g->p[i].name != NULL ? g->p[i].name : "");
	}
	if (g->n == 0)
		draw_text(TOP + 1, 3, draw_cols() - 4,
		    "本村没有在册的人；按 Tab 看全部", D_PLAIN);
	draw_text(draw_rows() - 3, 1, 6, "找人:", D_PLAIN);
	draw_person(g);
	lineedit_draw(&g->typed, draw_rows() - 3, 7, TYPED_MAX, true, false);
}

static int
save_mark(struct grid *g, struct person *p, struct err *e)
{
	struct record *r = p->row[0] != '\0' ?
	    record_load(ui_forms(), g->form, p->row, e) :
	    record_new(ui_forms(), g->form, e);
	int rc;

	if (r == NULL)
		return e->code;
	record_put(r, g->parent, g->uid);
	record_put(r, g->who, p->uid);
	record_put(r, g->present, p->present ? "no" : "yes");
	r->typed[g->present->index] = r->typed[g->who->index] = true;
	rc = record_save(r, NULL, e);
	if (rc == E_REFUSED && r->v.n > 0)
		err_set(e, rc, "%s：%s", p->name, r->v.findings[0].message);
	if (rc == 0) {
		p->present = !p->present;
		memcpy(p->row, r->uid, sizeof p->row);
	}
	record_free(r);
	return rc;
}

static void
toggle(struct grid *g)
{
	struct err e = ERR_INIT;

	if (g->n == 0 || g->missed) {	/* never the one found before */
		draw_beep();
		return;
	}
	if (save_mark(g, &g->p[g->at], &e) < 0)
		screen_say_err(&e);
	edit_set(&g->typed, "");
}

static void
move_by(struct screen *s, int by)
{
	struct grid *g = (struct grid *)s;
	int to = g->at + by;

	if (g->n == 0)
		return;
	g->at = to < 0 ? 0 : to >= g->n ? g->n - 1 : to;
	g->missed = false;
}

static void
up(struct screen *s)
{
	move_by(s, -1);
}

static void
down(struct screen *s)
{
	move_by(s, 1);
}

static void
left(struct screen *s)
{
	move_by(s, -rows_shown());
}

static void
right(struct screen *s)
{
	move_by(s, rows_shown());
}

static void
page_up(struct screen *s)
{
	move_by(s, -rows_shown() * columns_shown());
}

static void
page_down(struct screen *s)
{
	move_by(s, rows_shown() * columns_shown());
}

static void
other(struct screen *s)
{
	struct grid *g = (struct grid *)s;
	struct err e = ERR_INIT;

	g->all = !g->all;
	g->at = 0;
	if (load(g, &e) < 0)
		screen_say_err(&e);
	else
		screen_say(g->all ? "全部在册的人" : "只列本村");
}

/* Somebody who is in no register: the ordinary entry screen. */
static void
stranger(struct screen *s)
{
	struct grid *g = (struct grid *)s;

	kind_new(g->form, g->parent, g->uid, edit_text(&g->typed));
	edit_set(&g->typed, "");
}

static void
done(struct screen *s)
{
	struct grid *g = (struct grid *)s;
	int i, here = 0;

	for (i = 0; i < g->n; i++)
		here += g->p[i].present;
	screen_say("已存好，到场 %d 人", here);
	screen_end(s, 1);
}

static const struct keyrow rows[] = {
	{ ' ', 0, "空格", "到场", "到场或取消（马上存好）", NULL },
	{ 'a', 0, "字母", "找人", "打首字母跳到那个人，空格点名", NULL },
	{ K_TAB, 0, "Tab", "本村/全部", "只列本村，或列出全部", other },
	{ K_INS, K_F(5), "F5", "别的人", "登记册里没有的人", stranger },
	{ K_UP, 0, "上 下", NULL, "上下移动", up },
	{ K_DOWN, 0, "下", NULL, NULL, down },
	{ K_LEFT, 0, "左 右", NULL, "左右移动", left },
	{ K_RIGHT, 0, "右", NULL, NULL, right },
	{ K_PGUP, 0, "PgUp PgDn", NULL, "翻页", page_up },
	{ K_PGDN, 0, "PgDn", NULL, NULL, page_down },
	{ K_F(2), 0, "F2", NULL, "完成", done },
	{ K_ENTER, 0, "回车", NULL, "到场，与空格相同", NULL },
	{ K_ESC, 0, "Esc", "完成", "完成，返回", done },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

/* To the next person, from here on and round, who fits what was typed. */
static void
jump(struct grid *g)
{
	const char *t = edit_text(&g->typed);
	int i, k;

	g->missed = false;
	for (i = 0; i < g->n && *t != '\0'; i++) {
		k = (g->at + i) % g->n;
		if (g->p[k].name != NULL && pick_matches(g->p[k].name, NULL, t)) {
			g->at = k;
			return;
		}
	}
	if (*t != '\0') {
		g->missed = true;
		screen_say("没有“%s”", t);
		draw_beep();
	}
}

static void
key(struct screen *s, const struct key *k)
{
	struct grid *g = (struct grid *)s;
	uint32_t c = key_plain(k);

	if (c == ' ' || c == K_ENTER)
		toggle(g);
	else if (lineedit_key(&g->typed, k, 0))
		jump(g);
	else
		draw_beep();
}

static bool
typing(struct screen *s)
{
	(void)s;
	return true;
}

static const struct screen_ops ops = {
	.full = true, .rows = rows, .draw = draw, .key = key, .typing = typing
};

void
gridview_run(const struct form *form, const struct field *parent,
    const char *uid)
{
	struct grid g = { .base.ops = &ops, .form = form, .parent = parent,
	    .uid = uid };
	struct err e = ERR_INIT;
	const struct form *owner = forms_get(ui_forms(), parent->list, &e);
	char *words;

	g.who = who_field(form, parent);
	g.present = form_field(form, "present");
	g.target = forms_get(ui_forms(), g.who->list, &e);
	if (g.target == NULL || owner == NULL) {
		screen_say_err(&e);
		return;
	}
	words = record_display(ui_forms(), owner, uid);
	g.title = xasprintf("%s  %s", form->title, words);
	free(words);
	g.p = xcalloc(PEOPLE_MAX, sizeof *g.p);
	edit_init(&g.typed, 20, false);
	if (load(&g, &e) < 0)
		screen_say_err(&e);
	else
		screen_run(&g.base);
	forget(&g);
	edit_done(&g.typed);
	free(g.p);
	free(g.title);
}
