/* See views.h. */
#include "views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "ddl.h"
#include "mem.h"
#include "scope.h"
#include "user.h"

/* What decides how the views look. */
struct viewer {
	unsigned roles;
	bool all_villages;
};

static struct viewer
session_viewer(struct forms *fs)
{
	const struct session *s = db_session(forms_db(fs));
	struct viewer all = { ~0u, true };

	if (s != NULL) {
		all.roles = s->roles;
		all.all_villages = s->all_villages;
	}
	return all;
}

/* The `roles` column of data/codes/access.csv, separated by ;. */
static const char *
class_roles(struct forms *fs, const char *access)
{
	const struct codes *cs = forms_codes(fs, "access", NULL);
	const struct code *c = cs != NULL ? codes_find(cs, access) : NULL;
	size_t i;

	for (i = 0; c != NULL && cs->columns[i] != NULL; i++)
		if (strcmp(cs->columns[i], "roles") == 0)
			return c->extra[i];
	return NULL;
}

static bool
may_read(struct forms *fs, unsigned have, const char *access)
{
	char *words, *save = NULL, *w;
	const char *roles;
	bool may = false;

	if (access == NULL)
		return true;
	roles = class_roles(fs, access);
	if (roles == NULL)
		return false;		/* an unknown class hides */
	words = xstrdup(roles);
	for (w = strtok_r(words, ";", &save); w != NULL;
	    w = strtok_r(NULL, ";", &save))
		may |= (role_from_name(w) & have) != 0;
	free(words);
	return may;
}

bool
views_may(struct forms *fs, const char *access)
{
	return may_read(fs, session_viewer(fs).roles, access);
}

/* One step of a scope path: a ref column and the form it leads to. */
static const struct form *
step(struct forms *fs, const struct form *f, const char *name)
{
	const struct field *fld = form_field(f, name);

	return fld != NULL && fld->type == T_REF ?
	    forms_get(fs, fld->list, NULL) : NULL;
}

/* The session's own person: the login written in the register; where none is,
 * the name. */
static void
own_rows(struct forms *fs, const struct form *f, struct str *sql)
{
	const struct form *people = f->own != NULL ? step(fs, f, f->own) :
	    NULL;

	if (people != NULL)
		str_addf(sql, " AND EXISTS (SELECT 1 FROM main.\"%s\" me,"
		    " temp.my_self self WHERE me.uid = this.\"%s\" AND"
		    " (me.login = self.login OR (me.login IS NULL AND"
		    " me.name = self.name)))", people->name, f->own);
}

static void
scope_path(struct forms *fs, const struct form *f, struct str *sql)
{
	char *path, *save = NULL, *w, *next;
	const struct form *at = f, *to;
	struct str tail = STR_INIT;
	char alias[16] = "this";
	int n = 0;

	path = xstrdup(f->scope);
	str_add(sql, " AND ");
	w = strtok_r(path, ".", &save);
	while ((next = strtok_r(NULL, ".", &save)) != NULL) {
		to = step(fs, at, w);
		if (to == NULL)
			break;
		n++;
		str_addf(sql, "EXISTS (SELECT 1 FROM main.\"%s\" s%d WHERE"
		    " s%d.uid = %s.\"%s\" AND ", to->name, n, n, alias, w);
		str_addc(&tail, ')');
		alias[0] = 's';
		alias[1] = (char)('0' + n);
		alias[2] = '\0';
		at = to;
		w = next;
	}
	str_addf(sql, "%s.\"%s\" IN (SELECT uid FROM temp.my_village)%s",
	    alias, w, tail.buf);
	own_rows(fs, f, sql);
	str_done(&tail);
	free(path);
}

void
views_scope(struct forms *fs, const struct form *f, struct str *sql)
{
	if (!session_viewer(fs).all_villages && f->scope != NULL)
		scope_path(fs, f, sql);
}

static bool
hides(struct forms *fs, const struct viewer *v, const struct field *fld)
{
	return !may_read(fs, v->roles, fld->access) || (!fld->implicit &&
	    !may_read(fs, v->roles, fld->form->access));
}

/* `*` where nothing is hidden: SQLite then keeps no parsed column list. */
static void
columns(struct forms *fs, const struct viewer *v, const struct form *f,
    struct str *sql)
{
	bool any = false;
	size_t i;
	int c;

	for (i = 0; i < f->nfields; i++)
		any |= hides(fs, v, &f->fields[i]);
	if (!any) {
		str_addc(sql, '*');
		return;
	}
	for (c = 0; c < DDL_FIXED; c++)
		str_addf(sql, "%sthis.%s", c > 0 ? "," : "", ddl_fixed[c]);
	for (i = 0; i < f->nfields; i++)
		str_addf(sql, hides(fs, v, &f->fields[i]) ?
		    ",NULL AS \"%s\"" : ",this.\"%s\"", f->fields[i].name);
}

static void
view_text(struct forms *fs, const struct viewer *v, const struct form *f,
    struct str *sql)
{
	str_addf(sql, "CREATE TEMP VIEW \"%s\" AS SELECT ", f->name);
	columns(fs, v, f, sql);
	str_addf(sql, " FROM main.\"%s\" AS this WHERE NOT this.deleted",
	    f->name);
	if (f->row_access.sql != NULL && (v->roles & ROLE_SPECIAL) == 0)
		str_addf(sql, " AND (%s) IS NOT TRUE", f->row_access.sql);
	if (!v->all_villages && f->scope != NULL)
		scope_path(fs, f, sql);
	str_add(sql, ";\n");
}

/* All views for this viewer, from the forms themselves. */
static int
all_text(struct forms *fs, const struct viewer *v, struct str *sql,
    struct err *e)
{
	const char *const *name;
	const struct form *f;

	for (name = forms_names(fs); *name != NULL; name++) {
		f = forms_get(fs, *name, e);
		if (f == NULL)
			return E_FORMAT;
		view_text(fs, v, f, sql);
	}
	return 0;
}

/* The texts are kept in the database, so that a login need not parse the
 * forms: `views VERSION ROLES ALL` in the settings. */
enum { VIEWS_VERSION = 2 };

static void
kept_name(const struct viewer *v, char out[48])
{
	snprintf(out, 48, "views %d %u %d", VIEWS_VERSION, v->roles,
	    v->all_villages);
}

static int
make(struct db *db, void *arg, struct err *e)
{
	struct forms *fs = arg;
	struct viewer v = session_viewer(fs);
	struct str sql = STR_INIT;
	char name[48], *kept;
	int rc = 0;

	kept_name(&v, name);
	kept = db_meta(db, name);
	if (kept == NULL)
		rc = all_text(fs, &v, &sql, e);
	if (rc == 0)
		rc = db_exec(db, kept != NULL ? kept : sql.buf, e);
	free(kept);
	str_done(&sql);
	return rc;
}

int
views_keep(struct forms *fs, struct err *e)
{
	static const unsigned roles[] = { ROLE_ADMIN | ROLE_SUPERVISOR,
	    ROLE_ADMIN | ROLE_SUPERVISOR | ROLE_SPECIAL, ROLE_ADMIN,
	    ROLE_SUPERVISOR, ROLE_SUPERVISOR | ROLE_SPECIAL, ROLE_SPECIAL,
	    ROLE_COUNTY, ROLE_DIRECTOR, ROLE_READER };
	struct db *db = forms_db(fs);
	struct str sql = STR_INIT;
	char name[48];
	size_t i;
	int rc = db_begin(db, e);

	if (rc < 0)
		return rc;
	rc = db_run(db, e, "DELETE FROM main.meta WHERE name GLOB 'views *'",
	    "");
	for (i = 0; rc == 0 && i < 2 * COUNT_OF(roles); i++) {
		struct viewer v = { roles[i / 2], i % 2 == 0 };

		str_clear(&sql);
		kept_name(&v, name);
		rc = all_text(fs, &v, &sql, e);
		if (rc == 0)
			rc = db_set_meta(db, name, sql.buf, e);
	}
	str_done(&sql);
	if (rc < 0) {
		db_rollback(db);
		return rc;
	}
	return db_commit(db, e);
}

void
views_install(struct forms *fs)
{
	scope_set_maker(forms_db(fs), make, fs);
}
