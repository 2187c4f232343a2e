/* See compare.h. */
#include "compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "modelling.h"
#include "type.h"

/* Types kept as free text may change into one another. */
static bool
is_texty(enum field_type t)
{
	return t == T_TEXT || t == T_NOTE || t == T_CALCULATE ||
	    t == T_SERIAL || t == T_PHONE || t == T_ID_CARD;
}

static void
compare_field(const struct field *old, const struct field *now,
    struct messages *ms)
{
	const char *file = now->form->file;

	if (old->type != now->type &&
	    !(is_texty(old->type) && is_texty(now->type)))
		messages_add(ms, MSG_CHANGED_TYPE, file, now->line, 2,
		    now->name, type_of(old)->name, type_of(now)->name);
	else if (old->type == now->type && now->type != T_SERIAL &&
	    !str_eq(old->list, now->list))
		messages_add(ms, MSG_CHANGED_LIST, file, now->line, 2,
		    now->name, old->list, now->list);
}

void
compare_forms(const struct form *old, const struct form *now,
    struct messages *ms)
{
	const struct field *fld;
	size_t i;

	for (i = 0; i < old->nfields; i++) {
		fld = form_field(now, old->fields[i].name);
		if (fld == NULL)
			messages_add(ms, MSG_REMOVED_FIELD, now->file, 0, 0,
			    old->fields[i].name, NULL, NULL);
		else
			compare_field(&old->fields[i], fld, ms);
	}
}

void
compare_missing(struct forms *fs, struct messages *ms)
{
	struct stmt *q;
	char *file;

	if (forms_db(fs) == NULL)
		return;
	q = db_new(forms_db(fs), "SELECT form || '.form', form FROM"
	    " main.applied ORDER BY form", NULL);
	while (q != NULL && stmt_step(q, NULL) > 0) {
		if (forms_exist(fs, stmt_col(q, 1)))
			continue;
		file = strdup(stmt_col(q, 0));
		messages_add(ms, MSG_REMOVED_FORM, file, 0, 0, stmt_col(q, 1),
		    NULL, NULL);
		free(file);
	}
	stmt_free(q);
}

static void
compare_list(struct forms *fs, const char *list, bool learn,
    struct messages *ms)
{
	struct db *db = forms_db(fs);
	const struct codes *cs = forms_codes(fs, list, NULL);
	const struct code *c;
	struct stmt *q;
	char file[96];
	size_t i;

	if (cs == NULL)
		return;		/* lint says so */
	snprintf(file, sizeof file, "%.80s.csv", list);
	q = db_get(db, "SELECT name, label FROM main.applied_code"
	    " WHERE list=?1", NULL);
	if (q == NULL)
		return;
	stmt_text(q, 1, list);
	while (stmt_step(q, NULL) > 0) {
		for (i = 0, c = NULL; i < cs->n && c == NULL; i++)
			if (strcmp(cs->rows[i].name, stmt_col(q, 0)) == 0)
				c = &cs->rows[i];
		if (c == NULL)
			messages_add(ms, MSG_REMOVED_CODE, file, 0, 0, list,
			    stmt_col(q, 0), NULL);
		else if (strcmp(c->label, stmt_col(q, 1)) != 0)
			messages_add(ms, MSG_CHANGED_LABEL, file, 0, 0, list,
			    c->name, stmt_col(q, 1));
	}
	stmt_reset(q);
	for (i = 0; learn && i < cs->n; i++)
		if (db_run(db, NULL, "INSERT OR REPLACE INTO main.applied_code"
		    "(list,name,label) VALUES(?1,?2,?3)", "sss", list,
		    cs->rows[i].name, cs->rows[i].label) < 0)
			return;
}

void
compare_codes(struct forms *fs, const struct form *f, bool learn,
    struct messages *ms)
{
	const struct field *fld;
	size_t i;

	if (forms_db(fs) == NULL)
		return;
	for (i = 0; i < f->nfields; i++) {
		fld = &f->fields[i];
		if (fld->type == T_SELECT_ONE || fld->type == T_SELECT_MULTIPLE)
			compare_list(fs, fld->list, learn, ms);
	}
	if (f->workflow != NULL)
		compare_list(fs, f->workflow->list, learn, ms);
}
