/* See kind.h: which columns a record kind's list has and how wide they wish to
 * be.  The listview makes the loose ones narrower when there are too many. */
#include <string.h>

#include "code.h"
#include "kind.h"
#include "listview.h"
#include "mem.h"
#include "record.h"
#include "ui.h"
#include "width.h"

enum { COLUMN_MAX = 20, TITLE_MAX = 26, CODE_MAX = 12, STATE_AT = 2 };

/* The widest label of a list, within reason. */
static int
codes_cols(const struct codes *cs)
{
	int most = 0;
	size_t i;

	for (i = 0; cs != NULL && i < cs->n; i++)
		if (width_str(cs->rows[i].label) > most)
			most = width_str(cs->rows[i].label);
	return most > CODE_MAX ? CODE_MAX : most;
}

/* What a class, a meeting, a school is called: longer than people's names. */
static bool
is_title(const struct field *f)
{
	enum { PERSON = 72 };	/* a person's name may be this long */

	return strcmp(f->name, "title") == 0 || (strcmp(f->name, "name") == 0
	    && f->has_max && f->max < PERSON);
}

static int
column_cols(const struct field *f)
{
	int w = width_str(f->label), most = 0;

	switch (f->type) {
	case T_DATE:
		most = 10;
		break;
	case T_DATETIME:
		most = 16;
		break;
	case T_ID_CARD:
		most = 18;
		break;
	case T_PHONE:
		most = 12;
		break;
	case T_SELECT_ONE:
		most = codes_cols(forms_codes(ui_forms(), f->list, NULL));
		break;
	case T_INTEGER:
	case T_TIME:
		most = 5;
		break;
	case T_TEXT:
		most = is_title(f) ? TITLE_MAX : f->in_find ? 12 : COLUMN_MAX;
		break;
	case T_REF:
		most = 14;
		break;
	default:
		most = 12;
		break;
	}
	return w > most ? w : most;
}

static bool
is_loose(const struct field *f)
{
	return f->type == T_TEXT || f->type == T_REF ||
	    f->type == T_SELECT_MULTIPLE;
}

/* The state stands behind the record's name and whom it is about: at the end
 * it would be the first to go where the room is short. */
static void
add_state(struct listview *lv, int *at, const struct form *f)
{
	const struct codes *cs = forms_codes(ui_forms(), f->workflow->list,
	    NULL);

	at[lv->ncols] = -2;
	lv->col[lv->ncols++] = (struct list_column){ "状态", codes_cols(cs),
	    false, false };
}

int *
kindcols_make(struct listview *lv, const struct form *f,
    const struct field *parent)
{
	bool state = f->workflow != NULL;
	int *at = xcalloc(f->nlist + 1, sizeof *at);
	size_t i;

	lv->col = xcalloc(f->nlist + 1, sizeof *lv->col);
	lv->ncols = 0;
	for (i = 0; i < f->nlist; i++) {
		const struct field *fld = &f->fields[f->list[i]];

		if (fld == parent || !record_may_read(ui_forms(), fld))
			continue;
		if (state && lv->ncols == STATE_AT)
			add_state(lv, at, f);
		if (is_loose(fld))
			lv->loose |= 1u << lv->ncols;
		at[lv->ncols] = (int)i;
		lv->col[lv->ncols++] = (struct list_column){ fld->label,
		    column_cols(fld), false, true };
	}
	if (state && lv->ncols <= STATE_AT)
		add_state(lv, at, f);
	return at;
}
