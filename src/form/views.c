/* See views.h. */
#include "views.h"

#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "ddl.h"
#include "mem.h"
#include "scope.h"
#include "user.h"

static unsigned
session_roles(struct forms *fs)
{
	const struct session *s = db_session(forms_db(fs));

	return s != NULL ? s->roles : ~0u;
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

bool
views_may(struct forms *fs, const char *access)
{
	unsigned have = session_roles(fs);
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

/* One step of a scope path: a ref column and the form it leads to. */
static const struct form *
step(struct forms *fs, const struct form *f, const char *name)
{
	const struct field *fld = form_field(f, name);

	return fld != NULL && fld->type == T_REF ?
	    forms_get(fs, fld->list, NULL) : NULL;
}

void
views_scope(struct forms *fs, const struct form *f, struct str *sql)
{
	const struct session *s = db_session(forms_db(fs));
	char *path, *save = NULL, *w, *next;
	const struct form *at = f, *to;
	struct str tail = STR_INIT;
	char alias[16] = "this";
	int n = 0;

	if (s == NULL || s->all_villages || f->scope == NULL)
		return;
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
	str_done(&tail);
	free(path);
}

static void
columns(struct forms *fs, const struct form *f, struct str *sql)
{
	bool hidden = !views_may(fs, f->access);
	size_t i;
	int c;

	for (c = 0; c < DDL_FIXED; c++)
		if (strcmp(ddl_fixed[c], "deleted") != 0)
			str_addf(sql, "%sthis.%s", c > 0 ? "," : "",
			    ddl_fixed[c]);
	for (i = 0; i < f->nfields; i++) {
		const struct field *fld = &f->fields[i];

		if ((hidden && !fld->implicit) || !views_may(fs, fld->access))
			str_addf(sql, ",NULL AS \"%s\"", fld->name);
		else
			str_addf(sql, ",this.\"%s\"", fld->name);
	}
}

static int
make_view(struct forms *fs, const struct form *f, struct err *e)
{
	struct str sql = STR_INIT;
	int rc;

	str_addf(&sql, "CREATE TEMP VIEW \"%s\" AS SELECT ", f->name);
	columns(fs, f, &sql);
	str_addf(&sql, " FROM main.\"%s\" AS this WHERE NOT this.deleted",
	    f->name);
	if (f->row_access.sql != NULL &&
	    (session_roles(fs) & ROLE_SPECIAL) == 0)
		str_addf(&sql, " AND (%s) IS NOT TRUE", f->row_access.sql);
	views_scope(fs, f, &sql);
	rc = db_exec(forms_db(fs), sql.buf, e);
	if (rc < 0)
		err_prefix(e, "表单 %s", f->name);
	str_done(&sql);
	return rc;
}

static int
make(struct db *db, void *arg, struct err *e)
{
	struct forms *fs = arg;
	const char *const *name;
	const struct form *f;
	int rc = 0;

	(void)db;
	for (name = forms_names(fs); rc == 0 && *name != NULL; name++) {
		f = forms_get(fs, *name, e);
		rc = f == NULL ? E_FORMAT : make_view(fs, f, e);
	}
	return rc;
}

void
views_install(struct forms *fs)
{
	scope_set_maker(forms_db(fs), make, fs);
}
