/* Saving, leaving, and "same as last time". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "clash.h"
#include "confide.h"
#include "db.h"
#include "deadline.h"
#include "draft.h"
#include "draw.h"
#include "formviewi.h"
#include "mem.h"
#include "user.h"

/* To the first field that refuses; the field line says why. */
static void
go_to_error(struct formview *fv)
{
	const struct field *first = NULL;
	size_t i;

	for (i = 0; i < fv->r->v.n; i++) {
		const struct finding *g = &fv->r->v.findings[i];

		if (g->severity != SEV_ERROR)
			continue;
		if (first == NULL || g->field->page < first->page ||
		    (g->field->page == first->page &&
		    g->field->index < first->index))
			first = g->field;
	}
	if (first == NULL)
		return;
	screen_say("还不能存：有 %zu 处要改，先看“%s”", fv->r->errors,
	    first->label);
	draw_beep();
	if (form_enterable(fv, first))
		form_go(fv, first);
}

static void
say_saved(const struct formview *fv, const struct clashes *c)
{
	const struct record *r = fv->r;
	const char *number = NULL;
	char *secret = confide_words(fv->r);
	char saved[96];
	size_t i;

	for (i = 0; i < fv->form->nfields; i++) {
		if (fv->form->fields[i].type == T_SERIAL && r->val[i] != NULL)
			number = r->val[i];
	}
	snprintf(saved, sizeof saved, "已存好%s%s", number != NULL ? " " : "",
	    number != NULL ? number : "");
	for (i = 0; i < r->v.n; i++) {
		if (r->v.findings[i].severity == SEV_WARNING)
			break;
	}
	if (secret != NULL)
		screen_say("%s；%s", saved, secret);
	else if (c->merged)
		screen_say("%s；%s 改过的别的项也并进来了", saved,
		    c->who);
	else if (i < r->v.n)
		screen_say("%s  提醒 %zu 处：%s", saved, r->warnings,
		    r->v.findings[i].message);
	else if (deadline_guessed(r))
		screen_say("%s  应办日期那年还没有节假日安排，先按周一到"
		    "周五算", saved);
	else
		screen_say("%s", saved);
	free(secret);
}

/* One try.  E_STALE with clashes asks and tries again. */
static int
try_save(struct formview *fv, struct clashes *c, struct err *e)
{
	bool *mine;
	int rc, tries;

	for (tries = 0; tries < 5; tries++) {
		memset(c, 0, sizeof *c);
		*e = (struct err)ERR_INIT;
		rc = record_save(fv->r, c, e);
		if (rc != E_STALE || c->n == 0)
			return rc;
		mine = xcalloc(c->n, sizeof *mine);
		if (clash_ask(fv->r, c, mine))
			rc = record_resolve(fv->r, c, mine, e);
		else
			rc = E_CANCEL;
		free(mine);
		if (rc < 0)
			return rc;
		clashes_done(c);
	}
	return rc;
}

void
form_save(struct screen *s)
{
	struct formview *fv = (struct formview *)s;
	struct clashes c = { 0 };
	struct err e = ERR_INIT;
	int rc;

	if (fv->readonly) {
		screen_say("只能查看，不能修改");
		draw_beep();
		return;
	}
	if (form_commit(fv) < 0)
		return;
	fv->tried = true;
	rc = deadline_fill(fv->r, &e);
	if (rc >= 0)
		rc = record_check(fv->r, &e);
	if (rc == 0 && fv->r->errors > 0) {
		go_to_error(fv);
		return;
	}
	if (rc == 0)
		rc = try_save(fv, &c, &e);
	if (rc == 0) {
		say_saved(fv, &c);
		screen_end(s, 1);
	} else if (rc == E_REFUSED && fv->r->errors > 0) {
		go_to_error(fv);
	} else if (rc == E_CANCEL) {
		screen_say("没有存；草稿还在");
	} else {
		screen_say_err(&e);
	}
	clashes_done(&c);
}

static void
abandon(struct formview *fv)
{
	struct err e = ERR_INIT;

	if (draft_drop(forms_db(fv->r->fs), fv->form->name, fv->r->uid,
	    &e) < 0 && e.code != E_NOTFOUND)
		screen_say_err(&e);
	else
		screen_say("没有存，改动已丢弃");
	screen_back(&fv->base);
}

void
form_drop(struct formview *fv)
{
	struct err e = ERR_INIT;

	if (draft_drop(forms_db(fv->r->fs), fv->form->name, fv->r->uid,
	    &e) < 0 && e.code != E_NOTFOUND)
		screen_say_err(&e);
	screen_back(&fv->base);
}

void
form_leave(struct screen *s)
{
	struct formview *fv = (struct formview *)s;
	static const struct ask_item items[] = {
		{ 's', "存盘" },
		{ 'd', "留作草稿，以后接着填" },
		{ 'x', "丢弃这次的改动" }
	};

	if (fv->at != NULL && fv->refused[fv->at->index] != NULL) {
		/* first Esc: take the refused text back */
		free(fv->refused[fv->at->index]);
		fv->refused[fv->at->index] = NULL;
		form_go(fv, fv->at);
		return;
	}
	if (fv->readonly || !form_dirty(fv)) {
		screen_back(s);
		return;
	}
	switch (ask_items("还没有存", "这一张有没存的内容，怎么办？", items, 3,
	    0)) {
	case 0:
		form_save(s);
		break;
	case 1:
		if (form_commit(fv) >= 0) {
			form_draft(fv);
			screen_say("已留作草稿");
			screen_back(s);
		}
		break;
	case 2:
		abandon(fv);
		break;
	default:
		break;
	}
}

/* The last record of this form that this person saved. */
static struct record *
last_record(struct formview *fv, struct err *e)
{
	struct db *db = forms_db(fv->r->fs);
	struct str sql = STR_INIT;
	struct record *r = NULL;
	char *uid;

	str_add(&sql, "SELECT uid FROM ");
	db_quote(&sql, fv->form->name);
	str_add(&sql, " WHERE created_by=?1 AND uid<>?2"
	    " ORDER BY created_at DESC, uid DESC LIMIT 1");
	uid = db_str(db, sql.buf, "ss", db_session(db)->login, fv->r->uid);
	if (uid != NULL)
		r = record_load(fv->r->fs, fv->form, uid, e);
	free(uid);
	str_done(&sql);
	return r;
}

/* F5: only the fields whose appearance says `same`; what must be seen anew at
 * every visit stays to be filled. */
void
form_same(struct screen *s)
{
	struct formview *fv = (struct formview *)s;
	struct err e = ERR_INIT;
	struct record *last;
	struct str names = STR_INIT;
	size_t i;

	if (fv->readonly || form_commit(fv) < 0)
		return;
	last = last_record(fv, &e);
	for (i = 0; last != NULL && i < fv->form->nfields; i++) {
		const struct field *f = &fv->form->fields[i];

		if (f->appearance == NULL || last->val[i] == NULL ||
		    strstr(f->appearance, "same") == NULL ||
		    !form_enterable(fv, f))
			continue;
		record_put(fv->r, f, last->val[i]);
		fv->r->typed[i] = true;
		str_addf(&names, "%s%s", names.len > 0 ? "、" : "", f->label);
	}
	if (last == NULL)
		screen_say("您还没有存过%s，没有可抄的", fv->form->title);
	else if (names.len == 0)
		screen_say("上次那一条没有可抄的项");
	else
		screen_say("同上次：%s", names.buf);
	if (record_check(fv->r, &e) < 0)
		screen_say_err(&e);
	if (fv->at != NULL)
		form_go(fv, fv->at);
	form_draft(fv);
	record_free(last);
	str_done(&names);
}
