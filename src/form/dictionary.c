/* See dictionary.h. */
#include "dictionary.h"

#include <stdlib.h>
#include <string.h>

#include "cut.h"
#include "safe.h"
#include "type.h"

enum { NAME_COLS = 22, LABEL_COLS = 22, WIDTH = 80 };

static const struct {
	const char *level, *label;
} levels[] = {
	{ "province", "省" }, { "city", "市" }, { "county", "县" },
	{ "town", "乡镇" }, { "village", "村" },
};

static void
add_range(const struct field *f, const char *unit, struct str *out)
{
	if (f->has_min && f->has_max)
		str_addf(out, " %ld-%ld%s", f->min, f->max, unit);
	else if (f->has_max)
		str_addf(out, " 最多%ld%s", f->max, unit);
	else if (f->has_min)
		str_addf(out, " 至少%ld%s", f->min, unit);
}

void
dictionary_type(struct forms *fs, const struct field *f, struct str *out)
{
	const struct codes *cs;
	const struct form *target;
	size_t i;

	str_add(out, type_of(f)->label);
	switch (f->type) {
	case T_TEXT:
	case T_NOTE:
		add_range(f, "字", out);
		break;
	case T_INTEGER:
	case T_DECIMAL:
		add_range(f, "", out);
		break;
	case T_SELECT_ONE:
	case T_SELECT_MULTIPLE:
		cs = forms_codes(fs, f->list, NULL);
		str_addf(out, "（%s）", cs == NULL ? f->list : cs->title);
		break;
	case T_REF:
		target = forms_get(fs, f->list, NULL);
		str_addf(out, "（%s）", target == NULL ? f->list :
		    target->title);
		break;
	case T_DIVISION:
		for (i = 0; i + 1 < sizeof levels / sizeof *levels &&
		    strcmp(levels[i].level, f->list) != 0; i++)
			;
		str_addf(out, "（%s）", levels[i].label);
		break;
	case T_SERIAL:
		str_addf(out, "（%s）", f->list);
		break;
	default:
		break;
	}
}

/* The words for `required`. */
static const char *
required(const struct field *f)
{
	if (f->required.sql == NULL || strcmp(f->required.sql, "false") == 0)
		return "";
	return strcmp(f->required.sql, "true") == 0 && f->relevant.sql == NULL &&
	    f->form->pages[f->page].relevant.sql == NULL ? "必填" :
	    "有条件必填";
}

/* An expression on one line. */
static void
flat(const struct expr *x, struct str *out)
{
	const char *p;
	bool blank = false;

	for (p = x->sql; p != NULL && *p != '\0'; p++) {
		if (*p == ' ' || *p == '\t' || *p == '\n') {
			blank = true;
			continue;
		}
		if (blank)
			str_addc(out, ' ');
		blank = false;
		str_addc(out, *p);
	}
}

/* 「red 红；blue 蓝」 */
static void
codes(struct forms *fs, const struct field *f, struct str *out)
{
	const struct codes *cs;
	size_t i;

	if (f->type != T_SELECT_ONE && f->type != T_SELECT_MULTIPLE)
		return;
	cs = forms_codes(fs, f->list, NULL);
	for (i = 0; cs != NULL && i < cs->n; i++)
		str_addf(out, "%s%s %s", i > 0 ? "；" : "", cs->rows[i].name,
		    cs->rows[i].label);
}

/* What is checked, in the form's own words for people. */
static void
rules(const struct field *f, struct str *out)
{
	size_t i;

	if (f->constraint_message != NULL)
		str_add(out, f->constraint_message);
	for (i = 0; i < f->nchecks; i++)
		if (f->checks[i].message != NULL)
			str_addf(out, "%s%s%s", out->len > 0 ? "；" : "",
			    f->checks[i].severity == SEV_WARNING ? "（提醒）" :
			    "", f->checks[i].message);
}

static void
cell(struct str *out, const char *text, const char *end)
{
	safe_csv(out, text == NULL ? "" : text);
	str_add(out, end);
}

static void
csv_row(struct forms *fs, const struct field *f, struct str *out)
{
	const struct form *form = f->form;
	struct str s = STR_INIT;

	cell(out, form->name, ",");
	cell(out, form->title, ",");
	cell(out, form->pages[f->page].label, ",");
	cell(out, f->name, ",");
	cell(out, f->label, ",");
	cell(out, type_of(f)->name, ",");
	dictionary_type(fs, f, &s);
	cell(out, s.buf, ",");
	cell(out, f->list, ",");
	str_clear(&s);
	codes(fs, f, &s);
	cell(out, s.buf, ",");
	cell(out, required(f), ",");
	str_clear(&s);
	flat(&f->relevant, &s);
	cell(out, s.buf, ",");
	str_clear(&s);
	rules(f, &s);
	cell(out, s.buf, ",");
	cell(out, f->access != NULL ? f->access : form->access, ",");
	cell(out, f->hint, "\r\n");
	str_done(&s);
}

static void
text_row(struct forms *fs, const struct field *f, struct str *out)
{
	struct str s = STR_INIT;

	str_add(out, "  ");
	cut_pad(out, f->name, NAME_COLS, CUT_LEFT);
	str_addc(out, ' ');
	cut_pad(out, f->label, LABEL_COLS, CUT_LEFT);
	str_addc(out, ' ');
	dictionary_type(fs, f, &s);
	if (*required(f) != '\0')
		str_addf(&s, " %s", required(f));
	cut_add(out, s.buf, WIDTH - NAME_COLS - LABEL_COLS - 4, true);
	str_addc(out, '\n');
	str_done(&s);
}

static void
text_head(const struct form *f, struct str *out)
{
	size_t i;

	str_addf(out, "%s%s  %s", out->len > 0 ? "\n" : "", f->name,
	    f->title);
	for (i = 0; f->of[i] != NULL; i++)
		str_addf(out, "%s%s", i > 0 ? "、" : "  属于 ", f->of[i]);
	str_addc(out, '\n');
}

typedef void row_fn(struct forms *fs, const struct field *f, struct str *out);

static int
each(struct forms *fs, const char *only, row_fn *row, bool heads,
    struct str *out, struct err *e)
{
	const char *const *name = forms_names(fs);
	const struct form *f;
	size_t i;

	if (only != NULL && forms_get(fs, only, e) == NULL)
		return e == NULL ? E_NOTFOUND : e->code;
	for (; *name != NULL; name++) {
		if (only != NULL && strcmp(only, *name) != 0)
			continue;
		f = forms_get(fs, *name, e);
		if (f == NULL)
			return e == NULL ? E_FORMAT : e->code;
		if (heads)
			text_head(f, out);
		for (i = 0; i < f->nfields; i++)
			row(fs, &f->fields[i], out);
	}
	return 0;
}

int
dictionary_csv(struct forms *fs, const char *form, struct str *out,
    struct err *e)
{
	str_add(out, "form,title,page,field,label,type,type_words,list,codes,"
	    "required,relevant,rules,access,hint\r\n");
	return each(fs, form, csv_row, false, out, e);
}

int
dictionary_text(struct forms *fs, const char *form, struct str *out,
    struct err *e)
{
	return each(fs, form, text_row, true, out, e);
}
