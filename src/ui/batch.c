/* See batch.h.  What a check refuses stays as it was and is listed. */
#include <stdlib.h>

#include "ask.h"
#include "batch.h"
#include "choose.h"
#include "db.h"
#include "draw.h"
#include "entry.h"
#include "help.h"
#include "mem.h"
#include "picker.h"
#include "progress.h"
#include "record.h"
#include "ui.h"

struct fields {
	const struct form *form;
	const struct field **row;
	size_t n;
};

/* Fields that one may set alike for many: not names, numbers of people, what
 * is computed or minted. */
static bool
may_batch(const struct field *f)
{
	if (f->implicit || f->mirror != NULL || !record_may_read(ui_forms(), f))
		return false;
	switch (f->type) {
	case T_ID_CARD:
	case T_PHONE:
	case T_CALCULATE:
	case T_SERIAL:
	case T_NOTE:
		return false;
	default:
		return !f->in_key;
	}
}

static size_t
load(void *arg, const char *typed)
{
	struct fields *v = arg;
	size_t i;

	v->n = 0;
	for (i = 0; i < v->form->nfields; i++) {
		const struct field *f = &v->form->fields[i];

		if (may_batch(f) && pick_matches(f->label, f->name, typed))
			v->row[v->n++] = f;
	}
	return v->n;
}

static void
line(void *arg, size_t i, struct str *out)
{
	str_add(out, ((struct fields *)arg)->row[i]->label);
}

static const struct field *
choose_field(const struct form *form)
{
	struct fields v = { .form = form };
	struct pick p = { .title = "批量填哪一项", .arg = &v, .load = load,
	    .row = line, .none = "没有可以批量填的项" };
	const struct field *f = NULL;
	long i;

	v.row = xcalloc(form->nfields + 1, sizeof *v.row);
	pick_init(&p);
	i = pick_run(&p);
	if (i >= 0)
		f = v.row[i];
	pick_done(&p);
	free(v.row);
	return f;
}

/* The value, as it is stored, in a scratch record that is never saved.  False
 * when the person went back. */
static bool
choose_stored(struct record *scratch, const struct field *f, struct err *e)
{
	char *text = NULL;
	bool ok = false;
	int rc;

	record_put(scratch, f, NULL);
	if (f->type == T_SELECT_ONE || f->type == T_SELECT_MULTIPLE ||
	    f->type == T_REF) {
		rc = choose_value(scratch, f, "", e);
		return rc > 0;
	}
	if (entry_ask("批量填写", f->label, f->hint, 60, "", &text)) {
		rc = record_set(scratch, f, text, e);
		ok = rc == 0;
	}
	free(text);
	return ok;
}

static int
set_one(const struct form *form, const char *uid, const struct field *f,
    const char *value, struct str *refused, struct err *e)
{
	struct record *r = record_load(ui_forms(), form, uid, e);
	char *words;
	int rc;

	if (r == NULL)
		return e->code;
	record_put(r, f, value);
	r->typed[f->index] = true;
	rc = record_save(r, NULL, e);
	if (rc < 0) {
		words = record_display(ui_forms(), form, uid);
		str_addf(refused, "%s：%s\n", words, r->v.n > 0 &&
		    rc == E_REFUSED ? r->v.findings[0].message : e->msg);
		free(words);
	}
	record_free(r);
	return rc;
}

/* All in one transaction, so that Esc leaves nothing half done. */
static long
set_all(const struct form *form, char *const *uid, size_t n,
    const struct field *f, const char *value, struct str *refused,
    struct err *e)
{
	struct err one = ERR_INIT;
	bool go = true;
	long done = 0;
	size_t i;
	int rc = db_begin(ui_db(), e);

	if (rc < 0)
		return rc;
	progress_begin("批量填写");
	for (i = 0; i < n && go; i++) {
		one = (struct err)ERR_INIT;
		if (set_one(form, uid[i], f, value, refused, &one) == 0)
			done++;
		go = progress_step((int64_t)i + 1, (int64_t)n);
	}
	progress_end();
	if (!go) {
		db_rollback(ui_db());
		return err_set(e, E_CANCEL, "已停下，一条也没有改");
	}
	rc = db_commit(ui_db(), e);
	return rc < 0 ? rc : done;
}

static void
report(long done, const struct str *refused)
{
	char *text;

	if (refused->len == 0) {
		screen_say("已改 %ld 条", done);
		return;
	}
	text = xasprintf("已改 %ld 条。这些没有改：\n\n%s", done, refused->buf);
	help_text("批量填写", text);
	free(text);
}

void
batch_run(const struct form *form, char *const *uid, size_t n)
{
	struct err e = ERR_INIT;
	struct str refused = STR_INIT;
	const struct field *f;
	struct record *scratch;
	struct str shown = STR_INIT;
	long done = 0;

	if (n == 0 || !record_may_write(ui_forms(), form)) {
		screen_say(n == 0 ? "先用空格标记几条" : "只能查看，不能修改");
		draw_beep();
		return;
	}
	f = choose_field(form);
	scratch = f != NULL ? record_new(ui_forms(), form, &e) : NULL;
	if (scratch != NULL && choose_stored(scratch, f, &e)) {
		record_show(scratch, f, false, &shown);
		if (ask_yes("批量填写", false, "给 %zu 条%s的“%s”都填“%s”？",
		    n, form->title, f->label, shown.buf)) {
			done = set_all(form, uid, n, f,
			    scratch->val[f->index], &refused, &e);
			if (done >= 0)
				report(done, &refused);
		}
	}
	if (e.code != 0)
		screen_say_err(&e);
	record_free(scratch);
	str_done(&shown);
	str_done(&refused);
}
