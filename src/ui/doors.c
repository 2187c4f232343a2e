/* See doors.h.  Nothing here knows a particular form, except which kinds people
 * open most. */
#include <stdlib.h>
#include <string.h>

#include "acts.h"
#include "cut.h"
#include "doors.h"
#include "gridview.h"
#include "mem.h"
#include "reccount.h"
#include "ui.h"

/* Does a form have a field that refers to `target`? */
static const struct field *
ref_to(const struct form *f, const char *target)
{
	size_t i;

	for (i = 0; i < f->nfields; i++) {
		if (f->fields[i].type == T_REF &&
		    strcmp(f->fields[i].list, target) == 0)
			return &f->fields[i];
	}
	return NULL;
}

static struct door *
add_door(struct doors *v, enum door_kind kind)
{
	struct door *d;

	if (v->n == DOORS)
		return NULL;
	d = &v->door[v->n++];
	memset(d, 0, sizeof *d);
	d->kind = kind;
	return d;
}

static void
add_child(struct doors *v, const struct record *r, const struct form *f,
    const struct field *ref)
{
	struct door *d;

	if (ref == NULL || (f->access != NULL && !record_may_read(ui_forms(),
	    ref)))
		return;
	if (gridview_fits(f, ref) && !acts_sign_in(r->form, f)) {
		d = add_door(v, DOOR_SIGN);
		if (d != NULL) {
			d->form = f;
			d->ref = ref;
		}
	}
	d = add_door(v, DOOR_CHILD);
	if (d == NULL)
		return;
	d->form = f;
	d->ref = ref;
	reccount_load(d->form, d->ref, r->uid, &d->n, &d->latest);
	if (f == r->form && d->n == 0)	/* a successor, a make-up class */
		v->n--;
}

/* What people open most stands first, within reach of a digit; kinds that are
 * not named here follow. */
static const char *const often[] = {
	"referral", "conference",	/* of a case */
	"visit", "guardian", "agreement", "assessment", "case", "counselling",
	"benefit", "medical_bill", "attendance", "trainee", "activity"
};

static bool
is_often(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT_OF(often); i++) {
		if (strcmp(often[i], name) == 0)
			return true;
	}
	return false;
}

static void
add_named(struct doors *v, const struct record *r, const char *name)
{
	const struct form *f = forms_get(ui_forms(), name, NULL);

	if (f != NULL)
		add_child(v, r, f, ref_to(f, r->form->name));
}

/* Every kind with a field that names this record: what belongs to it, and
 * what else refers to it (a child's cases). */
static void
add_children(struct doors *v, const struct record *r)
{
	const char *const *names = forms_names(ui_forms());
	size_t i;

	for (i = 0; i < COUNT_OF(often); i++)
		add_named(v, r, often[i]);
	for (i = 0; names[i] != NULL; i++) {
		if (!is_often(names[i]))
			add_named(v, r, names[i]);
	}
}

void
doors_load(struct doors *v, struct record *r)
{
	struct err e = ERR_INIT;
	const struct act *a;
	struct door *d;
	size_t i;

	doors_free(v);
	add_door(v, DOOR_EDIT);
	for (i = 0; (a = acts_of(r->form, i)) != NULL; i++) {
		d = acts_apply(a, r) ? add_door(v, DOOR_ACT) : NULL;
		if (d != NULL)
			d->act = a;
	}
	v->moves = record_moves(r, &e);
	for (i = 0; v->moves != NULL && v->moves[i] != NULL; i++) {
		d = add_door(v, DOOR_MOVE);
		if (d != NULL)
			d->move = v->moves[i];
	}
	add_children(v, r);
}

void
doors_free(struct doors *v)
{
	while (v->n > 0)
		free(v->door[--v->n].latest);
	free(v->moves);
	v->moves = NULL;
}

void
door_text(const struct door *d, const struct form *form, bool narrow,
    struct str *out)
{
	struct str word = STR_INIT;

	switch (d->kind) {
	case DOOR_EDIT:
		str_addf(out, "查看、修改%s", form->title);
		break;
	case DOOR_ACT:
		str_add(out, d->act->word);
		break;
	case DOOR_SIGN:
		str_addf(out, "%s：逐个点名", d->form->title);
		break;
	case DOOR_MOVE:
		str_addf(out, "办理：%s", d->move->label);
		break;
	case DOOR_CHILD:
		if (d->form == form)
			str_addf(&word, "「%s」填它的", d->ref->label);
		else
			str_add(&word, d->form->title);
		cut_pad(out, word.buf, narrow ? 15 : 22, CUT_LEFT);
		str_done(&word);
		if (d->n == 0)
			str_add(out, "  无");
		else
			str_addf(out, "%3ld 条", d->n);
		if (d->latest != NULL)
			str_addf(out, "%s%.10s", narrow ? " " :
			    "   最近 ", d->latest);
		break;
	}
}
