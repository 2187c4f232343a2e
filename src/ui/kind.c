/* See kind.h.  Works for every form; nothing here knows one. */
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "batch.h"
#include "choose.h"
#include "db.h"
#include "draw.h"
#include "entry.h"
#include "evidence.h"
#include "formview.h"
#include "help.h"
#include "kind.h"
#include "listview.h"
#include "mem.h"
#include "recview.h"
#include "scalescreen.h"
#include "type.h"
#include "ui.h"
#include "utf8.h"

enum { BEFORE = 16 };

struct kind {
	struct listview lv;
	const struct form *form;
	const struct field *parent;
	const char *uid;
	struct kindsql *sql;
	int *col;		/* column → index in form->list, -2 state */
};

static int
open_list(struct listview *lv, const char *filter, int sort, bool desc,
    struct err *e)
{
	struct kind *k = lv->arg;
	long n = kindsql_open(k->sql, filter,
	    sort >= 0 && k->col[sort] >= 0 ? k->col[sort] : -1, desc, e);

	lv->n = n < 0 ? 0 : n;
	return n < 0 ? (int)n : 0;
}

/* Make sure that the window holds the row. */
static const char *
uid_at(struct kind *k, long row)
{
	struct err e = ERR_INIT;
	const char *uid = kindsql_value(k->sql, row, -1);

	if (uid != NULL)
		return uid;
	if (kindsql_fetch(k->sql, row > BEFORE ? row - BEFORE : 0, &e) < 0) {
		screen_say_err(&e);
		return NULL;
	}
	return kindsql_value(k->sql, row, -1);
}

static void
cell(struct listview *lv, long row, int col, struct str *out)
{
	struct kind *k = lv->arg;
	const struct codes *cs;
	const char *v;

	if (uid_at(k, row) == NULL)
		return;
	v = kindsql_value(k->sql, row, k->col[col]);
	if (v == NULL)
		return;
	if (k->col[col] == -2) {
		cs = forms_codes(ui_forms(), k->form->workflow->list, NULL);
		str_add(out, cs != NULL ? codes_label(cs, v) : v);
	} else {
		type_show(ui_forms(), &k->form->fields[
		    k->form->list[k->col[col]]], v, true, out);
	}
}

static char *
row_id(struct listview *lv, long row)
{
	return xstrdup(uid_at(lv->arg, row));
}

static const struct list_source source = {
	.open = open_list, .cell = cell, .id = row_id
};

/* ---- acts on a record ------------------------------------------------ */

static bool
edit(const struct form *form, const char *uid)
{
	struct err e = ERR_INIT;
	struct record *r = record_load(ui_forms(), form, uid, &e);
	bool saved;

	if (r == NULL) {
		screen_say_err(&e);
		return false;
	}
	saved = formview_run(r, NULL) == FORM_SAVED;
	record_free(r);
	return saved;
}

void
kind_open(const struct form *form, const char *uid)
{
	if (recview_wanted(form))
		recview_run(form, uid);
	else
		edit(form, uid);
}

/* The field that takes the words typed at the look-up: the first text field
 * that is searched. */
static const struct field *
name_field(const struct form *form)
{
	size_t i;

	for (i = 0; i < form->nfind; i++) {
		if (form->fields[form->find[i]].type == T_TEXT)
			return &form->fields[form->find[i]];
	}
	return NULL;
}

bool
kind_new(const struct form *form, const struct field *parent, const char *uid,
    const char *name)
{
	struct form_want want = { .fixed = parent };
	struct err e = ERR_INIT;
	const struct field *f = name_field(form);
	struct record *r;
	uint32_t cp = 0;
	bool saved;

	if (!record_may_write(ui_forms(), form)) {
		screen_say("您的身份不能新增%s", form->title);
		draw_beep();
		return false;
	}
	r = record_new(ui_forms(), form, &e);
	if (r == NULL) {
		screen_say_err(&e);
		return false;
	}
	if (parent != NULL) {
		record_put(r, parent, uid);
		formview_defaults(r);
	}
	want.at = name != NULL ? f : NULL;
	if (f != NULL && !str_blank(name)) {
		utf8_next(name, &cp);
		if (utf8_is_han(cp) && record_set(r, f, name, &e) == 0)
			r->typed[f->index] = true;
	}
	if (strcmp(form->name, "assessment") == 0 && !scalescreen_fill(r)) {
		record_free(r);
		return false;
	}
	saved = formview_run(r, &want) == FORM_SAVED;
	if (saved && strcmp(form->name, "assessment") == 0)
		scalescreen_after(r);
	record_free(r);
	return saved;
}

/* Does one look before making a new one?  Where the form begins with what it
 * is found by: a name, a title.  A case begins with something else. */
static bool
looked_for(const struct form *form)
{
	size_t i;

	for (i = 0; i < form->nfields && form->fields[i].implicit; i++)
		;
	return i < form->nfields && form->fields[i].in_find &&
	    form->fields[i].type == T_TEXT;
}

void
kind_find_new(const struct form *form, const struct field *parent,
    const char *uid)
{
	char *words = NULL, *found, *title, *fresh;
	bool is_new = false;

	if (!looked_for(form) || parent != NULL) {
		kind_new(form, parent, uid, NULL);
		return;
	}
	title = xasprintf("新增%s：先查有没有", form->title);
	fresh = xasprintf("没有，新增%s", form->title);
	found = choose_record(ui_forms(), form, title, "", fresh, &is_new,
	    &words);
	if (found != NULL)
		kind_open(form, found);
	else if (is_new)
		kind_new(form, parent, uid, words);
	free(found);
	free(words);
	free(title);
	free(fresh);
}

bool
kind_delete(const struct form *form, const char *uid)
{
	struct err e = ERR_INIT;
	struct record *r = record_load(ui_forms(), form, uid, &e);
	char *words, *text, *reason = NULL;
	bool gone = false;

	if (r == NULL) {
		screen_say_err(&e);
		return false;
	}
	words = record_display(ui_forms(), form, uid);
	text = xasprintf("删除%s“%s”。删除也会留下记录：什么时候、谁、为什么。",
	    form->title, words != NULL ? words : "");
	if (record_may_write(ui_forms(), form) &&
	    entry_ask("删除", "原因", text, 60, "", &reason)) {
		gone = record_delete(r, reason, &e) == 0;
		if (gone && strcmp(form->name, "evidence") == 0 &&
		    evidence_sweep(ui_forms(), &e) < 0)
			screen_say_err(&e);
		else if (gone)
			screen_say("已删除");
		else
			screen_say_err(&e);
	}
	free(reason);
	free(text);
	free(words);
	record_free(r);
	return gone;
}

void
kind_history(const struct form *form, const char *uid)
{
	struct err e = ERR_INIT;
	struct str text = STR_INIT;
	char **lines = NULL, *words, *title;
	size_t n = 0, i;

	if (record_history(ui_forms(), form, uid, &lines, &n, &e) < 0) {
		screen_say_err(&e);
		return;
	}
	for (i = 0; i < n; i++) {
		str_addf(&text, "%s\n", lines[i]);
		free(lines[i]);
	}
	free(lines);
	words = record_display(ui_forms(), form, uid);
	title = xasprintf("修改记录  %s  %s", form->title,
	    words != NULL ? words : "");
	help_text(title, text.len > 0 ? text.buf : "还没有修改记录");
	free(title);
	free(words);
	str_done(&text);
}

/* ---- keys ------------------------------------------------------------ */

static void
again(struct kind *k)
{
	struct err e = ERR_INIT;

	if (listview_reload(&k->lv, &e) < 0)
		screen_say_err(&e);
}

/* The uid of the row under the cursor; a copy, since the window moves. */
static char *
here(struct screen *s)
{
	struct kind *k = ((struct listview *)s)->arg;
	char *uid = k->lv.at < k->lv.n ? xstrdup(uid_at(k, k->lv.at)) : NULL;

	if (uid == NULL)
		draw_beep();
	return uid;
}

static void
with_row(struct screen *s, void (*act)(const struct form *f, const char *uid))
{
	struct kind *k = ((struct listview *)s)->arg;
	char *uid = here(s);

	if (uid != NULL)
		act(k->form, uid);
	free(uid);
	again(k);
}

/* The record page walks along the list. */
static bool
step_row(void *arg, int by, char uid[37])
{
	struct kind *k = arg;
	const char *to;

	if (k->lv.at + by < 0 || k->lv.at + by >= k->lv.n)
		return false;
	to = uid_at(k, k->lv.at + by);
	if (to == NULL)
		return false;
	k->lv.at += by;
	memcpy(uid, to, strlen(to) + 1);
	return true;
}

static void
open_row(struct screen *s)
{
	struct kind *k = ((struct listview *)s)->arg;
	char *uid;

	if (!recview_wanted(k->form)) {
		with_row(s, kind_open);
		return;
	}
	uid = here(s);
	if (uid != NULL)
		recview_run_from(k->form, uid, step_row, k);
	free(uid);
	again(k);
}

static void
do_edit(const struct form *f, const char *uid)
{
	edit(f, uid);
}

static void
edit_row(struct screen *s)
{
	with_row(s, do_edit);
}

static void
do_delete(const struct form *f, const char *uid)
{
	kind_delete(f, uid);
}

static void
delete_row(struct screen *s)
{
	with_row(s, do_delete);
}

static void
history_row(struct screen *s)
{
	with_row(s, kind_history);
}

static void
new_row(struct screen *s)
{
	struct kind *k = ((struct listview *)s)->arg;

	kind_find_new(k->form, k->parent, k->uid);
	again(k);
}

static void
look_up(struct screen *s)
{
	struct kind *k = ((struct listview *)s)->arg;
	char *uid;

	if (k->form->nfind == 0) {
		listview_filter(s);
		return;
	}
	uid = choose_record(ui_forms(), k->form, "查找", "", NULL, NULL, NULL);
	if (uid != NULL)
		kind_open(k->form, uid);
	free(uid);
	again(k);
}

static void
batch(struct screen *s)
{
	struct kind *k = ((struct listview *)s)->arg;

	batch_run(k->form, k->lv.mark, k->lv.nmark);
	again(k);
}

static const struct keyrow rows[] = {
	{ K_ENTER, 0, "回车", "打开", "打开这一条", open_row },
	{ 'n', K_INS, "N", "新增", "新增一条：先查有没有", new_row },
	{ 'e', 0, "E", "修改", "修改这一条", edit_row },
	{ '/', K_F(3), "/", "查找", "按姓名、首字母、号码查找", look_up },
	LISTVIEW_ROWS,
	{ ' ', 0, "空格", NULL, "标记或取消标记", listview_mark },
	{ 'a', 0, "A", NULL, "标记列出的全部", listview_mark_all },
	{ 'b', 0, "B", NULL, "批量：给标记的各条填同一项", batch },
	{ 'g', 0, "G", NULL, "跳到第几条", listview_jump },
	{ 'h', 0, "H", "历史", "谁在什么时候改过什么", history_row },
	{ 'd', 0, "D", "删除", "删除这一条，要写原因", delete_row },
	{ K_ESC, 0, "Esc", "返回", "取消筛选；返回", listview_back },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static void
key(struct screen *s, const struct key *k)
{
	if (!listview_key((struct listview *)s, k))
		draw_beep();
}

static const struct screen_ops ops = {
	.full = true, .rows = rows, .draw = listview_draw, .key = key,
	.typing = listview_typing
};

static void
run(const struct form *form, const struct field *parent, const char *uid,
    const char *title, const char *where)
{
	struct kind k = { .form = form, .parent = parent, .uid = uid };

	k.sql = kindsql_new(form, parent, uid, where);
	k.col = kindcols_make(&k.lv, form, parent);
	k.lv.base.ops = &ops;
	k.lv.src = &source;
	k.lv.arg = &k;
	k.lv.can_mark = true;
	k.lv.title = title;
	k.lv.none = where != NULL ? "现在没有" : "还没有，按 N 新增";
	listview_init(&k.lv);
	again(&k);
	screen_run(&k.lv.base);
	listview_done(&k.lv);
	kindsql_free(k.sql);
	free(k.lv.col);
	free(k.col);
}

void
kind_run_where(const struct form *form, const char *title, const char *where)
{
	char *both = xasprintf("%s  %s", form->title, title);

	run(form, NULL, NULL, both, where);
	free(both);
}

void
kind_run(const struct form *form, const struct field *parent, const char *uid)
{
	struct err e = ERR_INIT;
	const struct form *owner;
	char *words = NULL, *title;

	if (parent != NULL && (owner = forms_get(ui_forms(), parent->list,
	    &e)) != NULL)
		words = record_display(ui_forms(), owner, uid);
	title = xasprintf("%s%s%s", form->title, words != NULL ? "  " : "",
	    words != NULL ? words : "");
	run(form, parent, uid, title, NULL);
	free(title);
	free(words);
}
