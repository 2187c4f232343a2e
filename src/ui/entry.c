/* Fields below each other, labels aligned by display width. */
#include <stdlib.h>
#include <string.h>

#include "box.h"
#include "cut.h"
#include "draw.h"
#include "entry.h"
#include "lineedit.h"
#include "mem.h"
#include "width.h"

enum { FIELD_COLS = 40, INDENT = 12 };

void
entry_init(struct entry *en, struct entry_field *f)
{
	en->f = f;
	for (en->n = 0; f[en->n].label != NULL; en->n++)
		edit_init(&f[en->n].edit, f[en->n].max, false);
}

const char *
entry_text(const struct entry *en, int i)
{
	return edit_text(&en->f[i].edit);
}

static void
wipe(struct edit *e)
{
	if (e->text.cap > 0)
		explicit_bzero(e->text.buf, e->text.cap);
	if (e->undo.cap > 0)
		explicit_bzero(e->undo.buf, e->undo.cap);
}

void
entry_done(struct entry *en)
{
	int i;

	for (i = 0; i < en->n; i++) {
		if (en->f[i].secret)
			wipe(&en->f[i].edit);
		edit_done(&en->f[i].edit);
	}
}

static int
label_cols(const struct entry *en)
{
	int i, w = 0;

	for (i = 0; i < en->n; i++) {
		if (width_str(en->f[i].label) > w)
			w = width_str(en->f[i].label);
	}
	return w;
}

static void
draw(struct screen *s)
{
	struct entry *en = (struct entry *)s;
	int y = 3, w = label_cols(en), i;

	if (en->plain)
		screen_footer(s);
	else
		screen_frame(s, en->title, NULL);
	if (en->plain)
		draw_text(1, INDENT, draw_cols() - INDENT, en->title, D_BOLD);
	if (en->text != NULL)
		y += box_text(y, INDENT, 10, draw_cols() - INDENT * 2,
		    en->text) + 1;
	for (i = 0; i < en->n; i++) {
		struct entry_field *f = &en->f[i];

		draw_text(y, INDENT, w, f->label,
		    i == en->at ? D_REVERSE : D_PLAIN);
		lineedit_draw(&f->edit, y, INDENT + w + 2, FIELD_COLS,
		    i == en->at, f->secret);
		y += 2;
	}
	if (en->f[en->at].hint != NULL)
		draw_text(y, INDENT, draw_cols() - INDENT, en->f[en->at].hint,
		    D_PLAIN);
	if (en->extra != NULL)
		en->extra(en, y + 2);
}

static void
refuse(struct entry *en, const struct err *e)
{
	int i;

	screen_say_err(e);
	for (i = 0; i < en->n && en->clear_secrets; i++) {
		if (en->f[i].secret)
			edit_set(&en->f[i].edit, "");
	}
}

static void
submit(struct screen *s)
{
	struct entry *en = (struct entry *)s;
	struct err e = ERR_INIT;
	int i, at = en->at;

	for (i = 0; i < en->n; i++) {
		if (en->f[i].required && *entry_text(en, i) == '\0') {
			en->at = i;
			screen_say("请填写“%s”", en->f[i].label);
			draw_beep();
			return;
		}
	}
	if (en->submit != NULL && en->submit(en->arg, en, &at, &e) != 0) {
		en->at = at;
		refuse(en, &e);
		return;
	}
	screen_end(s, 1);
}

static void
next(struct screen *s)
{
	struct entry *en = (struct entry *)s;

	if (en->at + 1 == en->n)
		submit(s);
	else
		en->at++;
}

static void
tab(struct screen *s)
{
	struct entry *en = (struct entry *)s;

	en->at = (en->at + 1) % en->n;
}

static void
back(struct screen *s)
{
	struct entry *en = (struct entry *)s;

	en->at = (en->at + en->n - 1) % en->n;
}

static void
leave(struct screen *s)
{
	if (!((struct entry *)s)->plain)
		screen_back(s);
}

static void
pick(struct screen *s)
{
	struct entry_field *f = &((struct entry *)s)->f[((struct entry *)s)->at];
	char *text = f->pick != NULL ? f->pick() : NULL;

	if (text != NULL)
		edit_set(&f->edit, text);
	else if (f->pick == NULL)
		draw_beep();
	free(text);
}

static const struct keyrow rows[] = {
	{ K_ENTER, 0, "回车", "下一项", "下一项；最后一项回车就提交", next },
	{ K_TAB, K_DOWN, "Tab", NULL, "下一项", tab },
	{ K_BACKTAB, K_UP, "上", "上一项", "上一项", back },
	{ K_F(2), 0, "F2", "确定", "提交", submit },
	{ K_ESC, 0, "Esc", "返回", "不做了，返回", leave },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static const struct keyrow pick_rows[] = {
	{ K_ENTER, 0, "回车", "下一项", "下一项；最后一项回车就提交", next },
	{ K_TAB, K_DOWN, "Tab", NULL, "下一项", tab },
	{ K_BACKTAB, K_UP, "上", "上一项", "上一项", back },
	{ K_F(4), 0, "F4", "选择", "从U盘和收件箱里选", pick },
	{ K_F(2), 0, "F2", "确定", "提交", submit },
	{ K_ESC, 0, "Esc", "返回", "不做了，返回", leave },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static void
special(struct screen *s)
{
	struct entry *en = (struct entry *)s;

	if (en->special != NULL)
		en->special(en);
}

static const struct keyrow plain_rows[] = {
	{ K_ENTER, 0, "回车", "下一项", "下一项；在密码里回车就登录", next },
	{ K_F(1), 0, "F1", "帮助", NULL, NULL },
	{ K_TAB, K_DOWN, "Tab", NULL, "下一项", tab },
	{ K_BACKTAB, K_UP, "上", NULL, "上一项", back },
	{ K_F(9), 0, "F9", "忘记密码", "用恢复码重设管理员的密码", special },
	{ K_F(10), 0, "F10", "退出", "离开程序", screen_back },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static const struct keyrow locked_rows[] = {
	{ K_ENTER, 0, "回车", "接着用", "密码对了就接着用", next },
	{ K_F(12), 0, "F12", "换人", "换一个人登录", NULL },
	{ 0, 0, NULL, NULL, NULL, NULL }
};

static void
key(struct screen *s, const struct key *k)
{
	struct entry *en = (struct entry *)s;
	struct entry_field *f = &en->f[en->at];

	if (!lineedit_key(&f->edit, k, 0))
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

static const struct screen_ops pick_ops = {
	.full = true, .rows = pick_rows, .draw = draw, .key = key,
	.typing = typing
};

static const struct screen_ops plain_ops = {
	.full = true, .rows = plain_rows, .draw = draw, .key = key,
	.typing = typing
};

static const struct screen_ops locked_ops = {
	.full = true, .rows = locked_rows, .draw = draw, .key = key,
	.typing = typing
};

bool
entry_run(struct entry *en)
{
	int i;

	en->base.ops = en->locked ? &locked_ops : en->plain ? &plain_ops : &ops;
	for (i = 0; i < en->n; i++)
		if (en->f[i].pick != NULL)
			en->base.ops = &pick_ops;
	return screen_run(&en->base) == 1;
}

bool
entry_ask(const char *title, const char *label, const char *text, int max,
    const char *initial, char **out)
{
	struct entry_field f[] = {
		{ .label = label, .max = max, .required = true },
		{ .label = NULL }
	};
	struct entry en = { .title = title, .text = text };
	bool ok;

	entry_init(&en, f);
	edit_set(&f[0].edit, initial != NULL ? initial : "");
	ok = entry_run(&en);
	*out = ok ? xstrdup(entry_text(&en, 0)) : NULL;
	entry_done(&en);
	return ok;
}
