/* See issued.h. */
#include "issued.h"

#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "mem.h"
#include "rows.h"

enum { ROUNDS = 8 };		/* of parents of parents */

/* The condition that follows a form's scope (child.village) from the row
 * `this` to a village of the township ?2. */
static bool
scope_path(struct forms *fs, const struct form *f, struct str *sql)
{
	char *path = xstrdup(f->scope), *save = NULL, *w, *next;
	struct str tail = STR_INIT;
	const struct form *at = f;
	const struct field *fld;
	char from[16] = "this";
	int n = 0;

	w = strtok_r(path, ".", &save);
	while ((next = strtok_r(NULL, ".", &save)) != NULL) {
		fld = form_field(at, w);
		at = fld != NULL && fld->type == T_REF ?
		    forms_get(fs, fld->list, NULL) : NULL;
		if (at == NULL || ++n > 9)
			break;
		str_addf(sql, "EXISTS (SELECT 1 FROM main.\"%s\" s%d WHERE"
		    " s%d.uid = %s.\"%s\" AND ", at->name, n, n, from, w);
		str_addc(&tail, ')');
		from[0] = 's';
		from[1] = (char)('0' + n);
		from[2] = '\0';
		w = next;
	}
	str_addf(sql, "%s.\"%s\" IN (SELECT uid FROM main.village WHERE"
	    " site=?2)%s", from, w, tail.buf);
	str_done(&tail);
	free(path);
	return at != NULL && next == NULL;
}

static int
by_scope(struct forms *fs, const struct form *f, const char *county,
    const char *site, struct err *e)
{
	struct str sql = STR_INIT;
	int rc = 0;

	str_addf(&sql, "INSERT OR IGNORE INTO temp.issuing(form,uid) SELECT"
	    " '%s', this.uid FROM main.\"%s\" this WHERE this.site=?1 AND ",
	    f->name, f->name);
	if (f->scope != NULL && scope_path(fs, f, &sql))
		rc = db_run(forms_db(fs), e, sql.buf, "ss", county, site);
	str_done(&sql);
	return rc;
}

/* A record of the township that the county's record names: a supervisor, who
 * has no village, in a class. */
static int
by_ref(struct forms *fs, const struct form *f, const char *county,
    const char *site, struct err *e)
{
	struct str sql = STR_INIT;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < f->nfields; i++) {
		const struct field *ref = &f->fields[i];

		if (ref->type != T_REF)
			continue;
		str_clear(&sql);
		str_addf(&sql, "INSERT OR IGNORE INTO temp.issuing(form,uid)"
		    " SELECT '%s', this.uid FROM main.\"%s\" this JOIN"
		    " main.\"%s\" p ON p.uid=this.\"%s\" WHERE"
		    " this.site=?1 AND p.site=?2", f->name, f->name,
		    ref->list, ref->name);
		rc = db_run(forms_db(fs), e, sql.buf, "ss", county, site);
	}
	str_done(&sql);
	return rc;
}

/* What a chosen record belongs to (the class of a result). */
static int
by_child(struct forms *fs, const struct form *f, const char *county,
    int64_t *more, struct err *e)
{
	struct str sql = STR_INIT;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && f->of[i] != NULL; i++) {
		str_clear(&sql);
		str_addf(&sql, "INSERT OR IGNORE INTO temp.issuing(form,uid)"
		    " SELECT '%s', p.uid FROM temp.issuing s JOIN main.\"%s\""
		    " c ON c.uid=s.uid JOIN main.\"%s\" p ON p.uid=c.\"%s\""
		    " WHERE s.form='%s' AND p.site=?1", f->of[i], f->name,
		    f->of[i], f->of[i], f->name);
		rc = db_run(forms_db(fs), e, sql.buf, "s", county);
		if (rc == 0)
			*more += db_changes(forms_db(fs));
	}
	str_done(&sql);
	return rc;
}

static int
choose(struct forms *fs, const char *county, const char *site, struct err *e)
{
	const char *const *name;
	const struct form *f;
	int64_t more = 1;
	int rc = db_exec(forms_db(fs), "CREATE TEMP TABLE IF NOT EXISTS"
	    " issuing(form TEXT, uid TEXT PRIMARY KEY) WITHOUT ROWID;"
	    "DELETE FROM temp.issuing", e), round;

	for (name = forms_names(fs); rc == 0 && *name != NULL; name++) {
		f = forms_get(fs, *name, e);
		rc = f == NULL ? E_FORMAT : by_scope(fs, f, county, site, e);
		if (rc == 0)
			rc = by_ref(fs, f, county, site, e);
	}
	for (round = 0; rc == 0 && more > 0 && round < ROUNDS; round++) {
		more = 0;
		for (name = forms_names(fs); rc == 0 && *name != NULL; name++)
			rc = by_child(fs, forms_get(fs, *name, NULL), county,
			    &more, e);
	}
	return rc;
}

static int
give(struct forms *fs, int (*put)(void *ctx, struct str *line), void *ctx,
    struct err *e)
{
	struct stmt *q = db_new(forms_db(fs), "SELECT form, uid FROM"
	    " temp.issuing ORDER BY form, uid", e);
	struct str line = STR_INIT;
	const struct form *f;
	int rc;

	if (q == NULL)
		return E_SQL;
	while ((rc = stmt_step(q, e)) > 0) {
		f = forms_get(fs, stmt_col(q, 0), e);
		str_clear(&line);
		rc = f == NULL ? E_FORMAT : rows_one(fs, f, stmt_col(q, 1),
		    &line, e);
		if (rc == 0)
			rc = put(ctx, &line);
		if (rc < 0)
			break;
	}
	stmt_free(q);
	str_done(&line);
	return rc;
}

int
issued_each(struct forms *fs, const char *site,
    int (*put)(void *ctx, struct str *line), void *ctx, struct err *e)
{
	struct db *db = forms_db(fs);
	char *county = db_meta(db, "site");
	int rc;

	db_trust(db);
	rc = choose(fs, county != NULL ? county : "", site, e);
	if (rc == 0)
		rc = give(fs, put, ctx, e);
	db_untrust(db);
	free(county);
	return rc;
}
