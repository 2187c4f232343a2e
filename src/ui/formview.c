/* The state of an entry screen: which field, what was typed, when a draft is
 * due.  Drawing is in formdraw.c, keys in formkeys.c, saving in formsave.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "already.h"
#include "danger.h"
#include "date.h"
#include "db.h"
#include "deadline.h"
#include "draw.h"
#include "formviewi.h"
#include "lookup.h"
#include "mem.h"
#include "type.h"
#include "when.h"

enum { TEXT_LIMIT = 60 };

/* The text as it is typed: dates and codes as stored, money in yuan. */
static void
edit_from_value(struct formview *fv, const struct field *f)
{
	struct str text = STR_INIT;
	int max = TEXT_LIMIT;

	if ((f->type == T_TEXT || f->type == T_NOTE) && f->has_max)
		max = (int)f->max;
	else if (f->type == T_NOTE)
		max = 0;
	if (fv->r->val[f->index] != NULL)
		type_show(fv->r->fs, f, fv->r->val[f->index], fv->masked, &text);
	edit_done(&fv->edit);
	edit_init(&fv->edit, max, f->type == T_NOTE);
	edit_set(&fv->edit, text.buf);
	str_done(&text);
}

void
form_go(struct formview *fv, const struct field *f)
{
	if (f == NULL)
		return;
	if (fv->at != f)
		fv->hint = false;
	fv->at = f;
	if (f->page != fv->page)
		fv->top = 0;
	fv->page = f->page;
	if (form_is_text(f))
		edit_from_value(fv, f);
	else
		edit_set(&fv->edit, "");
}

/* Fields in the order of pages, then of the form: implicit parents are first
 * in the array, on page 0. */
static const struct field *
neighbour(const struct formview *fv, const struct field *f, int step)
{
	int i = f == NULL ? (step > 0 ? -1 : (int)fv->form->nfields) :
	    f->index;

	for (i += step; i >= 0 && i < (int)fv->form->nfields; i += step) {
		if (form_enterable(fv, &fv->form->fields[i]))
			return &fv->form->fields[i];
	}
	return NULL;
}

const struct field *
form_next(const struct formview *fv, const struct field *f)
{
	return neighbour(fv, f, 1);
}

const struct field *
form_prev(const struct formview *fv, const struct field *f)
{
	return neighbour(fv, f, -1);
}

bool
form_dirty(const struct formview *fv)
{
	size_t i;

	if (fv->edit.changed)
		return true;
	if (!fv->r->is_new)
		return record_changed(fv->r);
	for (i = 0; i < fv->form->nfields; i++) {
		if (fv->r->typed[i])
			return true;
	}
	return false;
}

void
form_draft(struct formview *fv)
{
	struct err e = ERR_INIT;

	fv->drafted = date_unix_ms();
	if (fv->readonly || !form_dirty(fv))
		return;
	if (record_draft(fv->r, fv->at, &e) < 0)
		screen_say_err(&e);
}

static void
set_refused(struct formview *fv, const struct field *f, const char *why)
{
	free(fv->refused[f->index]);
	fv->refused[f->index] = xstrdup(why);
}

/* Somebody of that name is there already: say so while it is cheap. */
static void
warn_same(struct formview *fv, const struct field *f)
{
	struct lookup_hit hit[8];
	struct err e = ERR_INIT;
	const char *v = fv->r->val[f->index];
	int n, i, others = 0;

	if (!fv->r->is_new || !f->in_find || v == NULL || f->type != T_TEXT)
		return;
	n = lookup_find(forms_db(fv->r->fs), fv->form->name, v, hit,
	    COUNT_OF(hit), &e);
	for (i = 0; i < n; i++) {
		if (strcmp(hit[i].uid, fv->r->uid) != 0)
			others++;
	}
	if (others > 0)
		screen_say("已有 %d 条“%s”，按 F3 看看是不是同一个", others, v);
}

void
formview_defaults(struct record *r)
{
	struct err e = ERR_INIT;
	char *v = NULL;
	size_t i;

	for (i = 0; i < r->form->nfields; i++) {
		const struct field *f = &r->form->fields[i];

		if (f->default_.sql == NULL || r->val[i] != NULL || r->typed[i])
			continue;
		if (expr_value(r->fs, r->form, &f->default_, X_DEFAULT, r->uid,
		    r->state, r->val, &v, &e) < 0)
			continue;
		record_put(r, f, v);
		free(v);
	}
}

int
form_changed(struct formview *fv, const struct field *f)
{
	const struct finding *g;
	struct err e = ERR_INIT;
	int rc;

	fv->touched[f->index] = true;
	set_refused(fv, f, NULL);
	if (fv->r->is_new && f->type == T_REF)
		formview_defaults(fv->r);
	rc = deadline_fill(fv->r, &e) < 0 ? e.code : record_check(fv->r, &e);
	if (rc < 0) {
		screen_say_err(&e);
		return rc;
	}
	form_draft(fv);
	if (already_look(fv->r, f) == ALREADY_DONE) {
		form_drop(fv);
		return 1;
	}
	danger_look(fv->r, f);
	g = form_finding(fv, f);
	if (g != NULL && g->severity == SEV_ERROR) {
		draw_beep();
		return 1;
	}
	warn_same(fv, f);
	return 0;
}

/* A time alone, where day and time are wanted, is today's. */
static int
set_typed(struct formview *fv, const struct field *f, struct err *e)
{
	const char *text = edit_text(&fv->edit);
	char when[WHEN_SIZE], hhmm[WHEN_TIME_SIZE];
	struct err no = ERR_INIT;

	if (f->type == T_DATETIME && when_time(text, hhmm, &no) == 0) {
		snprintf(when, sizeof when, "%.10s %s", date_today(), hhmm);
		text = when;
	}
	return record_set(fv->r, f, text, e);
}

int
form_commit(struct formview *fv)
{
	const struct field *f = fv->at;
	struct err e = ERR_INIT;
	int rc;

	if (f == NULL || !form_is_text(f) || !fv->edit.changed)
		return 0;
	rc = set_typed(fv, f, &e);
	if (rc < 0) {
		fv->touched[f->index] = true;
		set_refused(fv, f, e.msg);
		draw_beep();
		return rc;
	}
	fv->r->typed[f->index] = true;
	edit_from_value(fv, f);
	return form_changed(fv, f);
}

static char *
make_title(const struct formview *fv)
{
	const struct form *f = fv->form;
	const struct form *parent;
	char *words = NULL, *title;
	const char *uid;

	if (fv->want.fixed != NULL) {
		uid = fv->r->val[fv->want.fixed->index];
		parent = forms_get(fv->r->fs, fv->want.fixed->list, NULL);
		if (uid != NULL && parent != NULL)
			words = record_display(fv->r->fs, parent, uid);
	} else if (!fv->r->is_new && f->display.sql != NULL) {
		words = record_display(fv->r->fs, f, fv->r->uid);
	}
	title = xasprintf("%s  %s%s%s", f->title,
	    fv->want.drafted ? "接着填" : fv->readonly ? "查看" :
	    fv->r->is_new ? "新增" : "修改",
	    words != NULL ? "  " : "", words != NULL ? words : "");
	free(words);
	return title;
}

static void
fv_free(struct formview *fv)
{
	size_t i;

	for (i = 0; i < fv->form->nfields; i++)
		free(fv->refused[i]);
	free(fv->refused);
	free(fv->touched);
	free(fv->slot);
	free(fv->title);
	edit_done(&fv->edit);
}

enum form_result
formview_run(struct record *r, const struct form_want *want)
{
	struct formview fv = { .base.ops = &form_ops, .r = r, .form = r->form };
	struct err e = ERR_INIT;
	int result;

	if (want != NULL)
		fv.want = *want;
	fv.readonly = !record_may_write(r->fs, r->form);
	fv.masked = !r->is_new;
	fv.touched = xcalloc(r->form->nfields, sizeof *fv.touched);
	fv.refused = xcalloc(r->form->nfields, sizeof *fv.refused);
	fv.slot = xcalloc(r->form->nfields, sizeof *fv.slot);
	fv.title = make_title(&fv);
	edit_init(&fv.edit, 0, false);
	if ((r->is_new && deadline_fill(r, &e) < 0) || record_check(r, &e) < 0)
		screen_say_err(&e);
	form_go(&fv, fv.want.at != NULL && form_enterable(&fv, fv.want.at) ?
	    fv.want.at : form_next(&fv, NULL));
	result = screen_run(&fv.base);
	fv_free(&fv);
	return result == 1 ? FORM_SAVED : FORM_BACK;
}
