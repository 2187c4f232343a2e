/* Layout of a page: label and value columns aligned by display width, two
 * short fields in one line where they fit. */
#include <stdlib.h>
#include <string.h>

#include "formviewi.h"
#include "mem.h"
#include "width.h"

enum { LABEL_MAX = 16, SHORT_TEXT = 10 };

bool
form_is_text(const struct field *f)
{
	switch (f->type) {
	case T_SELECT_ONE:
	case T_SELECT_MULTIPLE:
	case T_REF:
		return false;
	default:
		return true;
	}
}

/* One of several parents is chosen: the others are of no use. */
static bool
other_parent(const struct formview *fv, const struct field *f)
{
	return fv->want.fixed != NULL && (f == fv->want.fixed ||
	    (f->implicit && fv->want.fixed->implicit));
}

bool
form_visible(const struct formview *fv, const struct field *f)
{
	const struct record *r = fv->r;

	if (!record_may_read(r->fs, f) || other_parent(fv, f))
		return false;
	if (r->v.relevant != NULL && !r->v.relevant[f->index])
		return false;
	if (f->type == T_CALCULATE && r->val[f->index] == NULL)
		return false;
	return true;
}

bool
form_enterable(const struct formview *fv, const struct field *f)
{
	const struct record *r = fv->r;

	if (!form_visible(fv, f) || f->type == T_CALCULATE ||
	    f->type == T_SERIAL)
		return false;
	return r->v.readonly == NULL || !r->v.readonly[f->index];
}

bool
form_page_shown(const struct formview *fv, int page)
{
	size_t i;

	for (i = 0; i < fv->form->nfields; i++) {
		if (fv->form->fields[i].page == page &&
		    form_visible(fv, &fv->form->fields[i]))
			return true;
	}
	return false;
}

/* Columns that a value of this field is likely to need; 0: all there are. */
static int
value_cols(const struct formview *fv, const struct field *f)
{
	const struct codes *cs;
	int w, most = 0;
	size_t i;

	switch (f->type) {
	case T_INTEGER:
	case T_TIME:
		return 8;
	case T_DECIMAL:
	case T_MONEY:
	case T_DATE:
		return 13;
	case T_DATETIME:
	case T_PHONE:
	case T_SERIAL:
		return 18;
	case T_ID_CARD:
		return 20;
	case T_SELECT_ONE:
		cs = forms_codes(fv->r->fs, f->list, NULL);
		for (i = 0; cs != NULL && i < cs->n && i < 64; i++) {
			w = width_str(cs->rows[i].label);
			if (w > most)
				most = w;
		}
		return most + 1;
	case T_REF:
		return 20;
	case T_TEXT:
		return f->has_max && f->max <= SHORT_TEXT ?
		    (int)f->max * 2 + 1 : 0;
	default:
		return 0;
	}
}

static int
label_cols(const struct formview *fv)
{
	const struct form *f = fv->form;
	int w, most = 0;
	size_t i;

	for (i = 0; i < f->nfields; i++) {
		if (f->fields[i].page != fv->page ||
		    !form_visible(fv, &f->fields[i]))
			continue;
		w = width_str(f->fields[i].label);
		if (w > most)
			most = w;
	}
	return most > LABEL_MAX ? LABEL_MAX : most;
}

void
form_layout(struct formview *fv, int cols)
{
	int label = label_cols(fv), half = cols / 2, y = 0, w;
	bool left = false;	/* the left half of line y is taken */
	struct slot *s;
	size_t i;

	fv->nslot = 0;
	for (i = 0; i < fv->form->nfields; i++) {
		const struct field *f = &fv->form->fields[i];

		if (f->page != fv->page || !form_visible(fv, f))
			continue;
		w = value_cols(fv, f);
		if (w == 0 || label + 3 + w > half)
			w = 0;		/* a whole line */
		if (w == 0 && left) {
			y++;
			left = false;
		}
		s = &fv->slot[fv->nslot++];
		s->f = f;
		s->y = y;
		s->x = left ? half : 0;
		s->label = label;
		s->rows = f->type == T_NOTE ? NOTE_ROWS : 1;
		s->cols = (w == 0 ? cols : half) - label - 3;
		if (w == 0 || left)
			y += s->rows;
		left = w != 0 && !left;
	}
	fv->height = y + (left ? 1 : 0);
}

const struct slot *
form_slot(const struct formview *fv, const struct field *f)
{
	int i;

	for (i = 0; i < fv->nslot; i++) {
		if (fv->slot[i].f == f)
			return &fv->slot[i];
	}
	return NULL;
}
