/* The keys of the entry screen. */
#include <string.h>

#include "choose.h"
#include "date.h"
#include "db.h"
#include "draw.h"
#include "formviewi.h"
#include "journal.h"
#include "lineedit.h"
#include "textview.h"
#include "utf8.h"

enum { DRAFT_MS = 2000, LONG_TEXT = 60 };

/* Leave the present field for `to` if its text is acceptable.  A text that
 * just now breaks a check holds the cursor once. */
static void
leave_for(struct formview *fv, const struct field *to)
{
	if (form_commit(fv) != 0)
		return;
	if (to != NULL)
		form_go(fv, to);
}

static void
next(struct screen *s)
{
	struct formview *fv = (struct formview *)s;
	const struct field *to;

	if (form_commit(fv) != 0)
		return;
	to = form_next(fv, fv->at);
	if (to == NULL)
		screen_say("已是最后一项，F2 存盘");
	else
		form_go(fv, to);
}

static void
prev(struct screen *s)
{
	struct formview *fv = (struct formview *)s;
	const struct field *to;

	if (form_commit(fv) != 0)
		return;
	to = form_prev(fv, fv->at);
	if (to == NULL)
		draw_beep();
	else
		form_go(fv, to);
}

static bool
in_note(const struct formview *fv)
{
	return fv->at != NULL && fv->at->type == T_NOTE && !fv->readonly;
}

static int
note_cols(const struct formview *fv)
{
	const struct slot *sl = form_slot(fv, fv->at);

	return sl != NULL ? sl->cols : draw_cols() - 20;
}

static void
up(struct screen *s)
{
	struct formview *fv = (struct formview *)s;

	if (!in_note(fv) || !edit_up(&fv->edit, note_cols(fv)))
		prev(s);
}

static void
down(struct screen *s)
{
	struct formview *fv = (struct formview *)s;

	if (!in_note(fv) || !edit_down(&fv->edit, note_cols(fv)))
		next(s);
}

/* To the first field of the next or previous page that has one. */
static void
turn(struct formview *fv, int step)
{
	const struct field *f;
	int page = fv->page;

	for (page += step; page >= 0 && page < (int)fv->form->npages;
	    page += step) {
		for (f = form_next(fv, NULL); f != NULL; f = form_next(fv, f)) {
			if (f->page == page) {
				leave_for(fv, f);
				return;
			}
		}
	}
	draw_beep();
}

static void
page_up(struct screen *s)
{
	turn((struct formview *)s, -1);
}

static void
page_down(struct screen *s)
{
	turn((struct formview *)s, 1);
}

static bool
refuse_change(const struct formview *fv)
{
	if (!fv->readonly && fv->at != NULL)
		return false;
	screen_say("只能查看，不能修改");
	draw_beep();
	return true;
}

static void
choose(struct formview *fv, const char *typed)
{
	const struct field *f = fv->at;
	struct err e = ERR_INIT;
	int rc;

	if (refuse_change(fv))
		return;
	rc = choose_value(fv->r, f, typed, &e);
	if (rc < 0) {
		screen_say_err(&e);
	} else if (rc > 0 && form_changed(fv, f) == 0) {
		form_go(fv, f);
		if (*typed != '\0')
			next(&fv->base);
	}
}

static void draft_while_typing(struct formview *fv);

static void
written(void *arg)
{
	draft_while_typing(arg);
}

static bool
is_long(const struct field *f)
{
	return f->type == T_NOTE || (f->type == T_TEXT && f->has_max &&
	    f->max >= LONG_TEXT);
}

/* A long text gets the whole screen. */
static void
write_long(struct formview *fv)
{
	struct textview v = { .title = fv->at->label, .edit = &fv->edit,
	    .typed = written, .arg = fv };

	if (refuse_change(fv))
		return;
	textview_run(&v);
}

static void
pick(struct screen *s)
{
	struct formview *fv = (struct formview *)s;

	if (fv->at != NULL && is_long(fv->at)) {
		write_long(fv);
		return;
	}
	if (fv->at != NULL && fv->at->type == T_DATE)
		edit_set(&fv->edit, "");
	choose(fv, "");
	if (fv->at != NULL && form_is_text(fv->at) && !fv->edit.changed)
		form_go(fv, fv->at);
}

/* F6: numbers in full; who looked is journaled. */
static void
unmask(struct screen *s)
{
	struct formview *fv = (struct formview *)s;
	struct err e = ERR_INIT;

	if (!fv->masked)
		return;
	if (form_commit(fv) != 0)
		return;
	if (journal_note(forms_db(fv->r->fs), "unmask", fv->form->name,
	    fv->r->uid, "显示号码", &e) < 0) {
		screen_say_err(&e);
		return;
	}
	fv->masked = false;
	if (fv->at != NULL)
		form_go(fv, fv->at);
	screen_say("号码已显示，已记入日志");
}

static const struct keyrow rows[] = {
	{ K_F(1), 0, "F1", "帮助", NULL, NULL },
	{ K_F(2), 0, "F2", "存盘", "存盘", form_save },
	{ K_F(4), 0, "F4", "选择", "从列表里选；长的文字用整屏来写", pick },
	{ K_F(5), 0, "F5", "同上次", "抄上一条里不会变的几项", form_same },
	{ K_F(6), 0, "F6", NULL, "显示完整号码（会记入日志）", unmask },
	{ K_ENTER, K_TAB, "回车", "下一项", "下一项", next },
	{ K_BACKTAB, 0, "Shift-Tab", NULL, "上一项", prev },
	{ K_UP, 0, "上", NULL, "上一项", up },
	{ K_DOWN, 0, "下", NULL, "下一项", down },
	{ K_PGDN, 0, "PgDn", "下页", "下一页", page_down },
	{ K_PGUP, 0, "PgUp", NULL, "上一页", page_up },
	{ K_ESC, 0, "Esc", "返回", "返回；有没存的会先问", form_leave },
	{ '1', 0, "1-9 空格", NULL, "选项里直接按数字；空格打开列表", NULL },
	{ K_KILL, 0, "^U ^W", NULL, "删到行首；删一个词", NULL },
	{ K_UNDO, 0, "^Z", NULL, "撤消这一项刚才的改动", NULL },
	{ K_NEWLINE, 0, "^N", NULL, "在长文字里换行", NULL },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

/* A digit in a select sets it at once.  True when it meant a choice. */
static bool
digit(struct formview *fv, uint32_t c)
{
	const struct field *f = fv->at;
	const struct code *code;
	struct choices ch;
	struct err e = ERR_INIT;

	if (c < '0' || c > '9' || choices_open(&ch, fv->r, f, &e) < 0)
		return false;
	code = choices_digit(&ch, (int)(c - '0'));
	if (code != NULL) {
		if (f->type == T_SELECT_MULTIPLE) {
			choices_toggle(fv->r, f, ch.codes, code->name);
		} else {
			record_put(fv->r, f, code->name);
			fv->r->typed[f->index] = true;
		}
	}
	choices_done(&ch);
	if (code == NULL)
		return false;
	form_changed(fv, f);
	return true;
}

static void
key_select(struct formview *fv, const struct key *k)
{
	const struct field *f = fv->at;
	uint32_t c = key_plain(k);
	char typed[UTF8_MAX + 1];
	int n;

	if (c == K_BACKSPACE || c == K_DEL || c == K_KILL) {
		record_put(fv->r, f, NULL);
		fv->r->typed[f->index] = true;
		form_changed(fv, f);
		return;
	}
	if (k->code == K_PASTE) {
		choose(fv, k->text);
		return;
	}
	if (!key_is_text(k)) {
		draw_beep();
		return;
	}
	if (f->type != T_REF && digit(fv, c))
		return;
	if (c == ' ') {
		choose(fv, "");
		return;
	}
	n = utf8_encode(typed, c);
	typed[n] = '\0';
	choose(fv, typed);
}

/* A masked number is replaced as a whole: what is shown is not the number. */
static bool
unmask_first(struct formview *fv, const struct key *k)
{
	const struct field *f = fv->at;

	if (!fv->masked || fv->edit.changed || fv->r->val[f->index] == NULL ||
	    (f->type != T_ID_CARD && f->type != T_PHONE))
		return false;
	if (key_is_text(k) || k->code == K_PASTE || k->code == K_KILL) {
		edit_set(&fv->edit, "");
		fv->edit.changed = true;
		return false;
	}
	if (k->code != K_BACKSPACE && k->code != K_DEL)
		return false;
	screen_say("要改号码：按 F6 显示后再改，或直接重新输入");
	draw_beep();
	return true;
}

static void
draft_while_typing(struct formview *fv)
{
	struct err e = ERR_INIT;

	if (date_unix_ms() - fv->drafted < DRAFT_MS || !fv->edit.changed)
		return;
	if (record_set(fv->r, fv->at, edit_text(&fv->edit), &e) == 0)
		fv->r->typed[fv->at->index] = true;
	form_draft(fv);
}

static void
key(struct screen *s, const struct key *k)
{
	struct formview *fv = (struct formview *)s;

	if (fv->readonly || fv->at == NULL) {
		if (key_is_text(k))
			refuse_change(fv);
		return;
	}
	if (!form_is_text(fv->at)) {
		key_select(fv, k);
		return;
	}
	if (unmask_first(fv, k))
		return;
	if (!lineedit_key(&fv->edit, k, in_note(fv) ? note_cols(fv) : 0))
		draw_beep();
	draft_while_typing(fv);
}

static bool
typing(struct screen *s)
{
	(void)s;
	return true;
}

static bool
tick(struct screen *s)
{
	struct formview *fv = (struct formview *)s;

	if (fv->at != NULL && form_is_text(fv->at) && !fv->readonly)
		draft_while_typing(fv);
	if (fv->hint)
		return false;
	fv->hint = true;
	return true;
}

/* The line or the person goes: whatever of the typed text is acceptable is
 * kept. */
static void
save(struct screen *s)
{
	struct formview *fv = (struct formview *)s;
	struct err e = ERR_INIT;

	if (fv->readonly)
		return;
	if (fv->at != NULL && form_is_text(fv->at) && fv->edit.changed &&
	    record_set(fv->r, fv->at, edit_text(&fv->edit), &e) == 0)
		fv->r->typed[fv->at->index] = true;
	form_draft(fv);
}

const struct screen_ops form_ops = {
	.full = true, .rows = rows, .draw = form_draw, .key = key,
	.typing = typing, .tick = tick, .save = save, .help = form_help
};
