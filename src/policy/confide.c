/* See confide.h. */
#include "confide.h"

#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "mem.h"

enum { DEEP = 4 };

static int follow(struct forms *fs, const struct form *f, const char *uid,
    int depth, struct err *e);

/* Is the stored row one of the class? */
static bool
restricted(struct forms *fs, const struct form *f, const char *uid)
{
	struct str sql = STR_INIT;
	bool yes;

	if (f->row_access.sql == NULL)
		return false;
	str_addf(&sql, "SELECT (%s) FROM main.\"%s\" this WHERE uid=?1",
	    f->row_access.sql, f->name);
	db_trust(forms_db(fs));
	yes = db_int(forms_db(fs), 0, sql.buf, "s", uid) != 0;
	db_untrust(forms_db(fs));
	str_done(&sql);
	return yes;
}

/* One of them that is not marked yet, heap, NULL when there is none. */
static char *
open_one(struct forms *fs, const struct field *ref, const char *uid)
{
	struct str sql = STR_INIT;
	char *one;

	str_addf(&sql, "SELECT uid FROM \"%s\" WHERE \"%s\"=?1 AND"
	    " coalesce(confidential, 'no') <> 'yes' LIMIT 1",
	    ref->form->name, ref->name);
	one = db_str(forms_db(fs), sql.buf, "s", uid);
	str_done(&sql);
	return one;
}

static int
mark(struct forms *fs, const struct form *f, const char *uid, struct err *e)
{
	struct record *r = record_load(fs, f, uid, e);
	const struct field *mine = form_field(f, "confidential");
	int rc = r == NULL ? E_NOTFOUND : 0;

	if (rc == 0) {
		record_put(r, mine, "yes");
		r->typed[mine->index] = true;
		rc = record_save(r, NULL, e);
	}
	record_free(r);
	return rc;
}

/* Every open row that refers by this field. */
static int
follow_field(struct forms *fs, const struct field *ref, const char *uid,
    int depth, struct err *e)
{
	char *one;
	int n = 0, rc = 0;

	while (rc >= 0 && (one = open_one(fs, ref, uid)) != NULL) {
		rc = mark(fs, ref->form, one, e);
		if (rc == 0)
			rc = follow(fs, ref->form, one, depth + 1, e);
		n += rc >= 0 ? rc + 1 : 0;
		free(one);
	}
	return rc < 0 ? rc : n;
}

static int
follow(struct forms *fs, const struct form *f, const char *uid, int depth,
    struct err *e)
{
	const char *const *name;
	const struct form *g;
	size_t i;
	int n = 0, rc = 0;

	if (depth > DEEP || !restricted(fs, f, uid))
		return 0;
	for (name = forms_names(fs); rc >= 0 && *name != NULL; name++) {
		g = forms_get(fs, *name, NULL);
		if (g == NULL || form_field(g, "confidential") == NULL)
			continue;
		for (i = 0; rc >= 0 && i < g->nfields; i++) {
			if (g->fields[i].type != T_REF ||
			    strcmp(g->fields[i].list, f->name) != 0)
				continue;
			rc = follow_field(fs, &g->fields[i], uid, depth, e);
			n += rc > 0 ? rc : 0;
		}
	}
	return rc < 0 ? rc : n;
}

int
confide(struct record *r, struct err *e)
{
	struct db *db = forms_db(r->fs);
	int rc;

	if (!restricted(r->fs, r->form, r->uid))
		return 0;
	if ((rc = db_begin(db, e)) < 0)
		return rc;
	rc = follow(r->fs, r->form, r->uid, 0, e);
	if (rc < 0) {
		db_rollback(db);
		return rc;
	}
	return db_commit(db, e) < 0 ? e->code : rc;
}
