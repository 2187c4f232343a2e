/* See trayscreen.h. */
#include "trayscreen.h"

#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "db.h"
#include "draw.h"
#include "formview.h"
#include "help.h"
#include "mem.h"
#include "record.h"
#include "sheet.h"
#include "tray.h"
#include "traydiff.h"
#include "ui.h"

struct matter {
	const struct tray_item *item;	/* NULL: sent back */
	char uid[37];
	char *form, *words, *note;
};

struct tray {
	struct sheet sh;
	struct tray_item *item;
	size_t nitems;
	struct matter *v;
	size_t n, cap;
};

/* ---- the list ----------------------------------------------------------- */

static void
forget(struct tray *k)
{
	while (k->n > 0) {
		struct matter *m = &k->v[--k->n];

		free(m->form);
		free(m->words);
		free(m->note);
	}
	tray_list_free(k->item, k->nitems);
	k->item = NULL;
	k->nitems = 0;
}

static const struct form *
form_of(const struct matter *m)
{
	const char *const *n;

	for (n = forms_names(ui_forms()); *n != NULL; n++)
		if (strcmp(*n, m->form) == 0)
			return forms_get(ui_forms(), m->form, NULL);
	return NULL;
}

static void
add(struct tray *k, const struct tray_item *item, const char *form,
    const char *uid, const char *note)
{
	const struct form *f;
	struct matter *m;

	k->v = mem_grow(k->v, k->n, &k->cap, sizeof *k->v);
	m = &k->v[k->n++];
	*m = (struct matter){ .item = item, .form = xstrdup(form),
	    .note = xstrdup(note) };
	strncpy(m->uid, uid, 36);
	f = form_of(m);
	m->words = f != NULL ? record_display(ui_forms(), f, uid) : NULL;
	if (item == NULL && f != NULL && record_hidden(ui_forms(), f, uid)) {
		free(m->note);
		m->note = xstrdup(TRAY_HIDDEN);
	}
}

static int
load_returned(struct tray *k, struct err *e)
{
	struct stmt *q;
	int rc;

	db_trust(ui_db());
	q = db_new(ui_db(), "SELECT form, uid, reason FROM main.review WHERE"
	    " status='退回' ORDER BY at, uid", e);
	db_untrust(ui_db());
	if (q == NULL)
		return E_SQL;
	while ((rc = stmt_step(q, e)) > 0)
		add(k, NULL, stmt_col(q, 0), stmt_col(q, 1), stmt_col(q, 2));
	stmt_free(q);
	return rc;
}

static void
load(struct tray *k)
{
	struct err e = ERR_INIT;
	size_t i;
	int rc;

	forget(k);
	rc = load_returned(k, &e);
	if (rc == 0)
		rc = tray_list(ui_forms(), &k->item, &k->nitems, &e);
	for (i = 0; rc == 0 && i < k->nitems; i++) {
		const struct tray_item *t = &k->item[i];

		add(k, t, t->form, t->uid, t->note);
	}
	if (rc < 0)
		screen_say_err(&e);
	k->sh.n = (long)k->n;
	sheet_show(&k->sh);
}

/* The field that a matter is about; of what is sent back, the one whose label
 * the reason names (the longest: 监护人 within 监护人电话). */
static const struct field *
field_of(const struct matter *m, const struct form *f)
{
	const struct field *best = NULL;
	size_t i, len = 0;

	if (m->item != NULL)
		return m->item->field != NULL ? form_field(f, m->item->field) :
		    NULL;
	for (i = 0; m->note != NULL && i < f->nfields; i++) {
		const char *label = f->fields[i].label;

		if (!str_blank(label) && strlen(label) > len &&
		    strstr(m->note, label) != NULL) {
			best = &f->fields[i];
			len = strlen(label);
		}
	}
	return best;
}

static void
fill(void *owner, long i, int col, struct str *out)
{
	const struct matter *m = &((struct tray *)owner)->v[i];
	const struct form *f = form_of(m);
	const struct field *fld = f != NULL ? field_of(m, f) : NULL;

	if (col == 0) {
		str_add(out, m->item != NULL ? tray_kind(m->item->kind) :
		    "退回");
	} else if (col == 1) {
		str_addf(out, "%s %s", f != NULL ? f->title : m->form,
		    m->words != NULL ? m->words : "");
	} else {
		if (fld != NULL && m->item != NULL)
			str_addf(out, "%s  ", fld->label);
		str_add(out, m->note);
	}
}

/* ---- deciding ----------------------------------------------------------- */

static void
open_record(const struct matter *m, const struct field *at)
{
	const struct form *f = form_of(m);
	struct form_want want = { .at = at };
	struct err e = ERR_INIT;
	struct record *r = f != NULL ? record_load(ui_forms(), f, m->uid, &e) :
	    NULL;

	if (r == NULL) {
		screen_say_err(&e);
		return;
	}
	if (m->item == NULL)
		screen_say("县里退回：%s", m->note != NULL ? m->note : "");
	if (formview_run(r, &want) == FORM_SAVED)
		screen_say("已改好，下一个上报包会带上");
	record_free(r);
}

static void
decide(const struct matter *m, bool theirs, const char *said)
{
	struct err e = ERR_INIT;

	if (tray_decide(ui_forms(), m->item->id, theirs, &e) < 0)
		screen_say_err(&e);
	else
		screen_say("%s", said);
}

static void
do_proposal(const struct matter *m)
{
	static const struct ask_item items[] = {
		{ '1', "用县里的" }, { '2', "留本机的" }, { '3', "打开来改" }
	};
	const struct form *f = form_of(m);
	const struct field *fld = f != NULL ? field_of(m, f) : NULL;
	struct err e = ERR_INIT;
	struct record *r = fld != NULL ? record_load(ui_forms(), f, m->uid,
	    &e) : NULL;
	struct str s = STR_INIT;
	int what;

	if (r == NULL) {
		screen_say_err(&e);
		return;
	}
	str_addf(&s, "%s\n本机：", fld->label);
	record_show(r, fld, true, &s);
	record_put(r, fld, m->item->theirs);
	str_add(&s, "\n县里：");
	record_show(r, fld, true, &s);
	if (!str_blank(m->note))
		str_addf(&s, "\n%s", m->note);
	record_free(r);
	what = ask_items("更正建议", s.buf, items, COUNT_OF(items), 0);
	str_done(&s);
	if (what == 0 || what == 1)
		decide(m, what == 0, what == 0 ? "已照县里的改" : "留本机的");
	else if (what == 2)
		open_record(m, fld);
}

static void
show_diff(const struct tray_diff *d, size_t n)
{
	struct str s = STR_INIT;
	size_t i;

	if (n == 0)
		str_add(&s, "两份内容一样，或者有一份已经删除。\n");
	for (i = 0; i < n; i++)
		str_addf(&s, "%s\n  原来：%s\n  县里：%s\n  本机：%s\n\n",
		    d[i].field->label, d[i].base != NULL ? d[i].base :
		    "（本机没有改过）", d[i].theirs, d[i].mine);
	help_text("两边都改过", s.buf);
	str_done(&s);
}

static void
do_conflict(const struct matter *m)
{
	static const struct ask_item items[] = {
		{ '1', "对照：原来、县里、本机" }, { '2', "用县里的" },
		{ '3', "留本机的" }, { '4', "打开来改" }
	};
	struct tray_diff *d;
	struct err e = ERR_INIT;
	size_t n;
	int what = 0;

	if (tray_diff(ui_forms(), m->item, &d, &n, &e) < 0) {
		screen_say_err(&e);
		return;
	}
	while (what == 0) {
		what = ask_items("两边都改过", "县里留着另一份，和本机的不一样。",
		    items, COUNT_OF(items), 0);
		if (what == 0)
			show_diff(d, n);
	}
	if (what == 1 || what == 2)
		decide(m, what == 1, what == 1 ? "已用县里的" : "留本机的");
	else if (what == 3)
		open_record(m, n > 0 ? d[0].field : NULL);
	tray_diff_free(d, n);
}

static void
do_transfer(const struct matter *m)
{
	static const struct ask_item items[] = {
		{ '1', "接收，记到本单位" }, { '2', "不接收" }
	};
	int what = ask_items("转入待接收", m->note != NULL ? m->note : "",
	    items, COUNT_OF(items), 0);

	if (what >= 0)
		decide(m, what == 0, what == 0 ? "已接收，请打开补填村" :
		    "没有接收");
}

static void
do_duplicate(const struct matter *m)
{
	static const struct ask_item items[] = {
		{ '1', "打开这条记录" }, { '2', "核对过了" }
	};
	int what = ask_items("可能重复", m->note != NULL ? m->note : "", items,
	    COUNT_OF(items), 0);

	if (what == 0)
		open_record(m, NULL);
	else if (what == 1)
		decide(m, false, "已记下核对过了");
}

static void
open_row(struct screen *s)
{
	struct tray *k = (struct tray *)s;
	long i = sheet_at(&k->sh);
	const struct matter *m = i >= 0 ? &k->v[i] : NULL;
	const char *kind = m != NULL && m->item != NULL ? m->item->kind : "";

	if (m == NULL || (form_of(m) == NULL)) {
		draw_beep();
		return;
	}
	if (m->item != NULL && m->item->hidden) {
		screen_say(TRAY_HIDDEN);
		draw_beep();
		return;
	}
	if (m->item == NULL)
		open_record(m, field_of(m, form_of(m)));
	else if (strcmp(kind, "proposal") == 0)
		do_proposal(m);
	else if (strcmp(kind, "conflict") == 0)
		do_conflict(m);
	else if (strcmp(kind, "transfer") == 0)
		do_transfer(m);
	else
		do_duplicate(m);
	if (screen_leaving() == LEAVE_NOT)
		load(k);
}

/* ---- the screen --------------------------------------------------------- */

static const struct keyrow rows[] = {
	{ K_ENTER, 0, "回车", "办", "退回的打开来改；别的定下用哪一份",
	    open_row },
	{ '/', 0, "/", NULL, "打字筛选", listview_filter },
	LISTVIEW_ROWS,
	{ K_ESC, 0, "Esc", "返回", "取消筛选；返回", listview_back },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static const struct screen_ops ops = {
	.full = true, .rows = rows, .draw = listview_draw, .key = sheet_key,
	.typing = listview_typing
};

void
trayscreen_run(void)
{
	struct list_column col[] = {
		{ "", 12, false, false }, { "记录", 26, false, false },
		{ "县里说", 36, false, false }
	};
	struct tray k = { .n = 0 };

	k.sh.fill = fill;
	sheet_init(&k.sh, &ops, "县里退回和待定的", "没有退回和待定的", col, 3);
	load(&k);
	screen_run(&k.sh.lv.base);
	sheet_done(&k.sh);
	forget(&k);
	free(k.v);
}
