/* Drawing of the entry screen and the help of a field. */
#include <stdlib.h>
#include <string.h>

#include "box.h"
#include "choose.h"
#include "cut.h"
#include "draw.h"
#include "formviewi.h"
#include "handbookscreen.h"
#include "lineedit.h"
#include "type.h"
#include "width.h"

const struct finding *
form_finding(const struct formview *fv, const struct field *f)
{
	const struct finding *best = NULL;
	size_t i;

	/* a blank form does not begin with reproaches; a kept record does */
	if (!fv->tried && !fv->touched[f->index] && fv->r->is_new)
		return NULL;
	for (i = 0; i < fv->r->v.n; i++) {
		const struct finding *g = &fv->r->v.findings[i];

		if (g->field != f)
			continue;
		if (best == NULL || g->severity < best->severity)
			best = g;
	}
	return best;
}

/* What stands before the label: `!` an error, `?` a warning, `*` required and
 * empty. */
static const char *
mark_of(const struct formview *fv, const struct field *f)
{
	const struct finding *g = form_finding(fv, f);
	const struct record *r = fv->r;

	if (fv->refused[f->index] != NULL)
		return "!";
	if (g != NULL)
		return g->severity == SEV_ERROR ? "!" : "?";
	if (r->v.required != NULL && r->v.required[f->index] &&
	    r->val[f->index] == NULL && form_enterable(fv, f))
		return "*";
	return " ";
}

static void
value_text(const struct formview *fv, const struct field *f, struct str *out)
{
	const struct record *r = fv->r;

	if (r->val[f->index] == NULL && f->type == T_SERIAL)
		str_add(out, "（存盘时编号）");
	else
		record_show(r, f, fv->masked, out);
}

static void
draw_slot(struct formview *fv, const struct slot *s, int y)
{
	const struct field *f = s->f;
	bool here = f == fv->at;
	int x = s->x + s->label + 2;
	struct str text = STR_INIT;

	draw_text(y, s->x, 1, mark_of(fv, f), D_BOLD);
	draw_text(y, s->x + 1, s->label, f->label, here ? D_REVERSE : D_PLAIN);
	if (here && form_is_text(f) && !fv->readonly) {
		if (f->type == T_NOTE)
			lineedit_area(&fv->edit, y, x, s->cols, s->rows, true);
		else
			lineedit_draw(&fv->edit, y, x, s->cols, true, false);
		return;
	}
	value_text(fv, f, &text);
	if (s->rows > 1)
		box_text(y, x, s->rows, s->cols, text.buf);
	else
		draw_text(y, x, s->cols, text.buf, D_PLAIN);
	if (here)
		draw_cursor(y, x);
	str_done(&text);
}

/* Scroll a page that is longer than the screen so that the field is seen. */
static void
scroll(struct formview *fv, int rows)
{
	const struct slot *s = fv->at != NULL ? form_slot(fv, fv->at) : NULL;

	if (fv->height <= rows)
		fv->top = 0;
	if (s == NULL || fv->height <= rows)
		return;
	if (s->y < fv->top)
		fv->top = s->y;
	if (s->y + s->rows > fv->top + rows)
		fv->top = s->y + s->rows - rows;
}

static void
draw_tabs(const struct formview *fv)
{
	int x = 1, w;
	size_t i;

	if (fv->form->npages < 2)
		return;
	for (i = 0; i < fv->form->npages; i++) {
		const char *label = fv->form->pages[i].label;

		if (label == NULL || !form_page_shown(fv, (int)i))
			continue;
		w = width_str(label) + 2;
		if (x + w > draw_cols())
			break;
		draw_textf(1, x, w, (int)i == fv->page ? D_UNDER | D_BOLD :
		    D_PLAIN, " %s ", label);
		x += w + 1;
	}
}

/* One line about the field: why it was refused, what is wrong, its choices or
 * its hint.  Choices and hint come when the cursor has rested for a
 * moment: they cost more than the rest of a move (PITFALLS 8), and whoever
 * knows the form does not wait for them. */
static void
field_line(const struct formview *fv, const struct field *f, struct str *out)
{
	const struct finding *g = form_finding(fv, f);
	struct choices ch;
	struct err e = ERR_INIT;

	if (fv->refused[f->index] != NULL) {
		str_add(out, fv->refused[f->index]);
	} else if (g != NULL) {
		str_addf(out, "%s%s", g->severity == SEV_ERROR ? "" : "提醒：",
		    g->message);
	} else if (!fv->hint) {
		return;
	} else if ((f->type == T_SELECT_ONE || f->type == T_SELECT_MULTIPLE) &&
	    choices_open(&ch, fv->r, f, &e) == 0) {
		choices_hint(&ch, out);
		choices_done(&ch);
	} else if (f->hint != NULL) {
		str_add(out, f->hint);
	}
}

void
form_draw(struct screen *s)
{
	struct formview *fv = (struct formview *)s;
	int rows = screen_body_rows() - FORM_TOP - 1, i, y;
	struct str line = STR_INIT;
	const char *right = NULL;

	if (fv->r->state != NULL && fv->form->workflow != NULL) {
		const struct codes *cs = forms_codes(fv->r->fs,
		    fv->form->workflow->list, NULL);

		if (cs != NULL)
			right = codes_label(cs, fv->r->state);
	}
	screen_frame(s, fv->title, right);
	draw_tabs(fv);
	form_layout(fv, draw_cols());
	scroll(fv, rows);
	for (i = 0; i < fv->nslot; i++) {
		y = fv->slot[i].y - fv->top;
		if (y >= 0 && y + fv->slot[i].rows <= rows)
			draw_slot(fv, &fv->slot[i], FORM_TOP + y);
	}
	if (fv->at != NULL)
		field_line(fv, fv->at, &line);
	draw_text(draw_rows() - 3, 1, draw_cols() - 1, line.buf, D_PLAIN);
	str_done(&line);
}

/* What may be typed, in words. */
static void
describe_type(const struct field *f, struct str *out)
{
	str_addf(out, "类型：%s", type_of(f)->label);
	if (f->type == T_TEXT || f->type == T_NOTE) {
		if (f->has_max)
			str_addf(out, "，最多 %ld 个字", f->max);
	} else if (f->has_min && f->has_max) {
		str_addf(out, "，%ld 到 %ld", f->min, f->max);
	}
	str_add(out, "\n");
	if (f->type == T_DATE)
		str_add(out, "写法：20260301、2026-3-1、2026年3月1日都行；"
		    "F4 选最近的日子\n");
	else if (f->type == T_DATETIME)
		str_add(out, "写法：2026-3-1 14:05\n");
	else if (f->type == T_REF)
		str_add(out, "打姓名、拼音首字母或号码就会列出来，F4 看全部\n");
	else if (f->type == T_NOTE)
		str_add(out, "可以写几行：^N 换行；F4 用整屏来写\n");
}

void
form_help(struct screen *s, struct str *out)
{
	struct formview *fv = (struct formview *)s;
	const struct field *f = fv->at;
	const struct codes *cs;
	const struct finding *g;
	size_t i;

	if (f == NULL)
		return;
	str_addf(out, "%s\n", f->label);
	if (f->hint != NULL)
		str_addf(out, "%s\n", f->hint);
	describe_type(f, out);
	if (fv->r->v.required != NULL && fv->r->v.required[f->index])
		str_add(out, "必须填写\n");
	g = form_finding(fv, f);
	if (g != NULL)
		str_addf(out, "现在的问题：%s\n", g->message);
	handbookscreen_help(fv->r, f, out);
	if (f->type != T_SELECT_ONE && f->type != T_SELECT_MULTIPLE)
		return;
	cs = forms_codes(fv->r->fs, f->list, NULL);
	if (cs == NULL)
		return;
	str_addf(out, "可选（%s）：", f->type == T_SELECT_ONE ? "选一个" :
	    "可多选");
	for (i = 0; i < cs->n && i < 100; i++)
		str_addf(out, "%s%s", i > 0 ? "、" : "", cs->rows[i].label);
	str_add(out, "\n");
}
