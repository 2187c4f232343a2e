/* See confide.h.  Here the program writes rows whoever is at the keyboard:
 * she may not even see what she makes restricted. */
#include "confide.h"

#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "mem.h"
#include "recordi.h"
#include "user.h"

enum { DEEP = 6, NAMED = 2 };	/* names that fit on a message line */

/* References to what tells the same story.  (Others only name the record: an
 * ordinary case does not become restricted by a visit that mentions it.) */
static const struct {
	const char *form, *field;
	const char *note;
} same_story[] = {
	{ "mandatory_report", "visit", "the visit that found it" },
	{ "case", "report", "the report it began with" },
	{ "case", "merged_into", "the case it goes on in" },
};

static bool
tells(const struct field *f)
{
	size_t i;

	for (i = 0; i < COUNT_OF(same_story); i++)
		if (strcmp(same_story[i].form, f->form->name) == 0 &&
		    strcmp(same_story[i].field, f->name) == 0)
			return true;
	return false;
}

static bool
is_marked(const struct record *r)
{
	return str_eq(record_get(r, "confidential"), "yes");
}

static int follow(struct record *r, int depth, struct err *e);

/* Mark one and go on from it.  What is of the class by itself stays as it is;
 * rows of another site are its own to mark. */
static int
mark(struct forms *fs, const struct form *f, const char *uid, int depth,
    struct err *e)
{
	const struct field *mine = form_field(f, "confidential");
	struct record *r, *old;
	char *site;
	int rc = 0;

	if (mine == NULL || depth > DEEP)
		return 0;
	r = record_load_main(fs, f, uid, NULL);
	old = r != NULL ? record_load_main(fs, f, uid, e) : NULL;
	site = db_meta(forms_db(fs), "site");
	if (old != NULL && str_eq(r->site, site) &&
	    !record_restricted(fs, f, uid)) {
		record_put(r, mine, "yes");
		rc = record_write(r, old, "update", NULL, e);
		if (rc == 0)
			rc = follow(r, depth + 1, e);
	}
	free(site);
	record_free(old);
	record_free(r);
	return rc;
}

/* Every open row that refers to `uid` by this field.  The uids are taken
 * first: marking writes the table. */
static int
mark_children(struct forms *fs, const struct field *ref, const char *uid,
    int depth, struct err *e)
{
	struct str sql = STR_INIT;
	char *uids, *save = NULL, *one;
	int rc = 0;

	str_addf(&sql, "SELECT group_concat(uid, ' ') FROM main.\"%s\" WHERE"
	    " \"%s\"=?1 AND NOT deleted AND coalesce(confidential, 'no') <>"
	    " 'yes'", ref->form->name, ref->name);
	db_trust(forms_db(fs));
	uids = db_str(forms_db(fs), sql.buf, "s", uid);
	db_untrust(forms_db(fs));
	for (one = uids != NULL ? strtok_r(uids, " ", &save) : NULL;
	    rc == 0 && one != NULL; one = strtok_r(NULL, " ", &save))
		rc = mark(fs, ref->form, one, depth, e);
	free(uids);
	str_done(&sql);
	return rc;
}

/* What `r` tells of itself. */
static int
mark_story(struct record *r, int depth, struct err *e)
{
	const struct field *f;
	const struct form *to;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < r->form->nfields; i++) {
		f = &r->form->fields[i];
		if (r->val[i] == NULL || !tells(f))
			continue;
		to = forms_get(r->fs, f->list, e);
		rc = to == NULL ? E_FORMAT : mark(r->fs, to, r->val[i], depth,
		    e);
	}
	return rc;
}

static int
follow(struct record *r, int depth, struct err *e)
{
	const char *const *name;
	const struct form *g;
	size_t i;
	int rc = mark_story(r, depth, e);

	for (name = forms_names(r->fs); rc == 0 && *name != NULL; name++) {
		g = forms_get(r->fs, *name, NULL);
		if (g == NULL || form_field(g, "confidential") == NULL)
			continue;
		for (i = 0; rc == 0 && i < g->nfields; i++)
			if (g->fields[i].type == T_REF &&
			    strcmp(g->fields[i].list, r->form->name) == 0)
				rc = mark_children(r->fs, &g->fields[i],
				    r->uid, depth, e);
	}
	return rc;
}

int
confide_follow(struct record *r, struct err *e)
{
	return record_restricted(r->fs, r->form, r->uid) ? follow(r, 0, e) :
	    0;
}

/* Numbers that come in on the same list again: what was taken in once and is
 * restricted now must not be taken in openly a second time. */
static const struct {
	const char *form, *number, *kind;
} once[] = {
	{ "case", "slip_no", "source" },
};

static int
refuse_twin(struct record *r, struct err *e)
{
	struct str sql = STR_INIT;
	char *twin;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < COUNT_OF(once); i++) {
		if (strcmp(once[i].form, r->form->name) != 0 ||
		    record_get(r, once[i].number) == NULL)
			continue;
		str_clear(&sql);
		str_addf(&sql, "SELECT uid FROM main.\"%s\" WHERE \"%s\"=?1"
		    " AND \"%s\" IS ?2 AND uid<>?3 AND NOT deleted LIMIT 1",
		    once[i].form, once[i].number, once[i].kind);
		db_trust(forms_db(r->fs));
		twin = db_str(forms_db(r->fs), sql.buf, "sss",
		    record_get(r, once[i].number),
		    record_get(r, once[i].kind), r->uid);
		db_untrust(forms_db(r->fs));
		if (twin != NULL && record_hidden(r->fs, r->form, twin))
			rc = err_set(e, E_REFUSED, "这个%s已经受理过了，由专办"
			    "人员在办", form_field(r->form,
			    once[i].number)->label);
		free(twin);
	}
	str_done(&sql);
	return rc;
}

int
confide_fill(struct record *r, struct err *e)
{
	const struct field *mine = form_field(r->form, "confidential"), *f;
	const struct form *to;
	size_t i;

	for (i = 0; mine != NULL && !is_marked(r) && i < r->form->nfields;
	    i++) {
		f = &r->form->fields[i];
		if (f->type != T_REF || r->val[i] == NULL)
			continue;
		to = forms_get(r->fs, f->list, NULL);
		if (to != NULL && record_restricted(r->fs, to, r->val[i]))
			record_put(r, mine, "yes");
	}
	return refuse_twin(r, e);
}

/* The names of those who see the class. */
static void
add_entitled(struct db *db, struct str *out)
{
	struct user *u = NULL;
	struct err e = ERR_INIT;
	size_t n = 0, k = 0, i;

	if (user_list(db, &u, &n, &e) < 0)
		return;
	for (i = 0; i < n; i++)
		if ((u[i].roles & ROLE_SPECIAL) != 0 && !u[i].disabled &&
		    k++ < NAMED)
			str_addf(out, "%s%s", k > 1 ? "、" : "",
			    u[i].name[0] != '\0' ? u[i].name : u[i].login);
	if (k > NAMED)
		str_addf(out, "等%zu人", k);
	free(u);
}

char *
confide_words(struct record *r)
{
	struct str who = STR_INIT, out = STR_INIT;

	if (!record_restricted(r->fs, r->form, r->uid))
		return NULL;
	add_entitled(forms_db(r->fs), &who);
	if (!record_hidden(r->fs, r->form, r->uid))
		str_add(&out, "已归专办，只有专办人员能看");
	else if (who.len > 0)
		str_addf(&out, "已归专办，只有%s能看，您以后看不到", who.buf);
	else
		str_add(&out, "已归专办，可还没有专办人员，谁也看不到；"
		    "请管理员设一位");
	str_done(&who);
	return str_take(&out);
}

/* Could there be any?  Asked with every first screen, so without the forms. */
static bool
maybe(struct db *db)
{
	bool yes;

	db_trust(db);
	yes = db_int(db, 0, "SELECT EXISTS(SELECT 1 FROM main.mandatory_report"
	    " WHERE NOT deleted) OR EXISTS(SELECT 1 FROM main.visit WHERE"
	    " danger_signs IS NOT NULL OR confidential='yes') OR EXISTS("
	    "SELECT 1 FROM main.\"case\" WHERE confidential='yes')", "") != 0;
	db_untrust(db);
	return yes;
}

static long
count(struct forms *fs, const struct form *f)
{
	struct str sql = STR_INIT;
	long n;

	str_addf(&sql, "SELECT count(*) FROM main.\"%s\" this WHERE NOT"
	    " deleted AND (%s)", f->name, f->row_access.sql);
	db_trust(forms_db(fs));
	n = (long)db_int(forms_db(fs), 0, sql.buf, "");
	db_untrust(forms_db(fs));
	str_done(&sql);
	return n;
}

long
confide_unseen(struct forms *fs)
{
	const char *const *name;
	const struct form *f;
	long n = 0;

	if (user_any_special(forms_db(fs)) || !maybe(forms_db(fs)))
		return 0;
	for (name = forms_names(fs); *name != NULL; name++) {
		f = forms_get(fs, *name, NULL);
		if (f != NULL && f->row_access.sql != NULL)
			n += count(fs, f);
	}
	return n;
}
