/* See blank.h.  Short fields stand two in a line; boxes are ASCII, because
 * other signs have no certain width (PITFALLS 4). */
#include "blank.h"

#include <string.h>

#include "cut.h"
#include "type.h"
#include "width.h"

enum {
	HALF = 39, GAP = 2, LABEL = 20, INDENT = 4, NOTE_LINES = 3,
	TEXT_SHORT = 20,	/* code points that fit half a line by hand */
	OPTIONS_MAX = 24	/* more are not printed */
};

struct sheet {
	struct forms *fs;
	const struct form *f;
	struct str *out;
	struct str half;	/* a short field that waits for a second one */
};

static bool
is_printed(const struct field *f)
{
	const char *class = f->access != NULL ? f->access : f->form->access;

	return f->type != T_CALCULATE && f->type != T_SERIAL &&
	    !str_eq(class, "restricted") && !str_eq(class, "sealed");
}

static void
rule(struct str *out, int cols)
{
	while (cols-- > 0)
		str_addc(out, '_');
}

static void
flush(struct sheet *s)
{
	if (s->half.len == 0)
		return;
	str_addf(s->out, "%s\n\n", s->half.buf);
	str_clear(&s->half);
}

/* Put a short field into the line at hand. */
static void
put_half(struct sheet *s, const char *text)
{
	if (s->half.len == 0) {
		cut_pad(&s->half, text, HALF, CUT_LEFT);
		return;
	}
	str_addf(&s->half, "%*s%s", GAP, "", text);
	flush(s);
}

/* The label with its colon; a star when the field must always be filled in. */
static void
label(const struct field *f, struct str *out)
{
	cut_add(out, f->label, LABEL, true);
	if (f->required.sql != NULL && f->relevant.sql == NULL &&
	    strcmp(f->required.sql, "true") == 0)
		str_addc(out, '*');
	str_add(out, "：");
}

/* What is printed behind the label of a short field; NULL: a line. */
static const char *
pattern(const struct field *f)
{
	switch (f->type) {
	case T_DATE:
		return "____年__月__日";
	case T_DATETIME:
		return "____年__月__日 __:__";
	case T_TIME:
		return "__:__";
	case T_MONEY:
		return "____________元";
	default:
		return NULL;
	}
}

static void
short_field(struct sheet *s, const struct field *f)
{
	struct str t = STR_INIT;

	label(f, &t);
	if (pattern(f) != NULL)
		str_add(&t, pattern(f));
	else
		rule(&t, HALF - width_str(t.buf));
	put_half(s, t.buf);
	str_done(&t);
}

static void
long_field(struct sheet *s, const struct field *f)
{
	struct str t = STR_INIT;

	flush(s);
	label(f, &t);
	rule(&t, BLANK_COLS - width_str(t.buf));
	str_addf(s->out, "%s\n\n", t.buf);
	str_done(&t);
}

static void
note(struct sheet *s, const struct field *f)
{
	int i;

	flush(s);
	label(f, s->out);
	str_add(s->out, "\n\n");
	for (i = 0; i < NOTE_LINES; i++) {
		rule(s->out, BLANK_COLS);
		str_add(s->out, "\n\n");
	}
}

/* Boxes to tick, wrapped under the label. */
static void
boxes(struct sheet *s, const struct field *f, const struct codes *cs)
{
	struct str line = STR_INIT;
	size_t i;
	int width;

	label(f, &line);
	for (i = 0; i < cs->n; i++) {
		width = width_str(cs->rows[i].label) + 5;
		if (width_str(line.buf) + width > BLANK_COLS &&
		    line.len > INDENT) {
			flush(s);
			str_addf(s->out, "%s\n", line.buf);
			str_clear(&line);
			str_addf(&line, "%*s", INDENT, "");
		}
		str_addf(&line, "[ ]%s  ", cs->rows[i].label);
	}
	while (line.len > 0 && line.buf[line.len - 1] == ' ')
		line.buf[--line.len] = '\0';
	if (width_str(line.buf) <= HALF && line.buf[0] != ' ')
		put_half(s, line.buf);
	else {
		flush(s);
		str_addf(s->out, "%s\n\n", line.buf);
	}
	str_done(&line);
}

static void
choice(struct sheet *s, const struct field *f)
{
	const struct codes *cs = forms_codes(s->fs, f->list, NULL);

	if (cs != NULL && cs->n <= OPTIONS_MAX)
		boxes(s, f, cs);
	else if (f->type == T_SELECT_ONE)
		short_field(s, f);
	else
		long_field(s, f);
}

static void
field(struct sheet *s, const struct field *f)
{
	switch (f->type) {
	case T_NOTE:
		note(s, f);
		break;
	case T_SELECT_ONE:
	case T_SELECT_MULTIPLE:
		choice(s, f);
		break;
	case T_TEXT:
		if (!f->has_max || f->max > TEXT_SHORT) {
			long_field(s, f);
			break;
		}
		/* fallthrough */
	default:
		short_field(s, f);
	}
}

static const char *const numbers[] = {
	"一", "二", "三", "四", "五", "六", "七", "八", "九", "十",
	"十一", "十二"
};

static void
page(struct sheet *s, size_t index, size_t number)
{
	const struct form *f = s->f;
	size_t i;

	flush(s);
	if (number < sizeof numbers / sizeof *numbers && f->npages > 1)
		str_addf(s->out, "%s、%s\n\n", numbers[number],
		    f->pages[index].label);
	for (i = 0; i < f->nfields; i++)
		if (f->fields[i].page == (int)index &&
		    is_printed(&f->fields[i]))
			field(s, &f->fields[i]);
	flush(s);
}

static bool
has_fields(const struct form *f, size_t index)
{
	size_t i;

	for (i = 0; i < f->nfields; i++)
		if (f->fields[i].page == (int)index &&
		    is_printed(&f->fields[i]))
			return true;
	return false;
}

/* Padding behind text means nothing on paper. */
static void
trim_lines(struct str *out, size_t from)
{
	char *to = out->buf + from, *p;

	for (p = out->buf + from; *p != '\0'; p++) {
		if (*p == '\n')
			while (to > out->buf + from && to[-1] == ' ')
				to--;
		*to++ = *p;
	}
	*to = '\0';
	out->len = (size_t)(to - out->buf);
}

int
blank_text(struct forms *fs, const char *form, struct str *out, struct err *e)
{
	struct sheet s = { .fs = fs, .out = out };
	size_t i, number = 0, start = out->len;

	s.f = forms_get(fs, form, e);
	if (s.f == NULL)
		return e == NULL ? E_NOTFOUND : e->code;
	str_init(&s.half);
	cut_pad(out, s.f->title, BLANK_COLS, CUT_CENTRE);
	str_add(out, "\n\n（带*的必填；方框里打勾）\n\n");
	for (i = 0; i < s.f->npages; i++)
		if (has_fields(s.f, i))
			page(&s, i, number++);
	str_add(out, "填表人：____________________    "
	    "填表日期：____年__月__日\n");
	trim_lines(out, start);
	str_done(&s.half);
	return 0;
}
