/* See join.h. */
#include "join.h"

#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "journal.h"
#include "mem.h"
#include "record.h"
#include "str.h"
#include "user.h"

static const char reason[] = "重复登记，已并入另一条";

/* Is `f` kept by a field of `owner` (its history)? */
static bool
is_history(const struct form *owner, const struct form *f)
{
	size_t i;

	for (i = 0; i < owner->nfields; i++)
		if (str_eq(owner->fields[i].history, f->name))
			return true;
	return false;
}

static int
drop_row(struct forms *fs, const struct form *f, const char *uid,
    struct joined *out, struct err *e)
{
	struct record *r = record_load(fs, f, uid, e);
	int rc = r == NULL ? e->code : record_delete(r, reason, e);

	record_free(r);
	out->dropped += rc == 0;
	return rc;
}

/* A second current guardian would take the first one's place. */
static void
step_back(struct forms *fs, struct record *r, const char *keep)
{
	const struct field *f = form_field(r->form, "is_current");

	if (f != NULL && str_eq(r->val[f->index], "yes") &&
	    form_field(r->form, "child") != NULL &&
	    db_int(forms_db(fs), 0, "SELECT count(*) FROM guardian WHERE"
	    " child=?1 AND is_current='yes'", "s", keep) > 0)
		record_put(r, f, "no");
}

/* One row that names the second.  What a check refuses, because the first has
 * the same already, is dropped. */
static int
carry_row(struct forms *fs, const struct form *f, const struct field *ref,
    const char *uid, const char *keep, struct joined *out, struct err *e)
{
	struct record *r = record_load(fs, f, uid, e);
	int rc;

	if (r == NULL)
		return e->code;
	record_put(r, ref, keep);
	r->typed[ref->index] = true;
	step_back(fs, r, keep);
	rc = record_save(r, NULL, e);
	record_free(r);
	if (rc == E_REFUSED) {
		*e = (struct err)ERR_INIT;
		return drop_row(fs, f, uid, out, e);
	}
	out->moved += rc == 0;
	return rc;
}

static int
carry_form(struct forms *fs, const struct form *owner, const struct form *f,
    const struct field *ref, const char *keep, const char *drop,
    struct joined *out, struct err *e)
{
	struct str sql = STR_INIT;
	char **uid = NULL;
	size_t n = 0, cap = 0, i;
	struct stmt *q;
	int rc = E_SQL;

	str_add(&sql, "SELECT uid FROM ");
	db_quote(&sql, f->name);
	str_add(&sql, " WHERE ");
	db_quote(&sql, ref->name);
	str_add(&sql, "=?1");
	q = db_new(forms_db(fs), sql.buf, e);
	str_done(&sql);
	if (q != NULL) {
		stmt_text(q, 1, drop);
		while ((rc = stmt_step(q, e)) > 0) {
			uid = mem_grow(uid, n, &cap, sizeof *uid);
			uid[n++] = xstrdup(stmt_col(q, 0));
		}
		stmt_free(q);
	}
	for (i = 0; rc == 0 && i < n; i++)
		rc = is_history(owner, f) ? drop_row(fs, f, uid[i], out, e) :
		    carry_row(fs, f, ref, uid[i], keep, out, e);
	while (n > 0)
		free(uid[--n]);
	free(uid);
	return rc;
}

static int
carry_all(struct forms *fs, const struct form *owner, const char *keep,
    const char *drop, struct joined *out, struct err *e)
{
	const char *const *names = forms_names(fs);
	const struct form *f;
	size_t i, k;
	int rc = 0;

	for (i = 0; rc == 0 && names[i] != NULL; i++) {
		f = forms_get(fs, names[i], e);
		if (f == NULL)
			return e->code;
		for (k = 0; rc == 0 && k < f->nfields; k++)
			if (f->fields[k].type == T_REF &&
			    str_eq(f->fields[k].list, owner->name))
				rc = carry_form(fs, owner, f, &f->fields[k],
				    keep, drop, out, e);
	}
	return rc;
}

/* What `to` lacks, from the values of the one that is gone. */
static int
fill(struct record *to, char *const *from, struct joined *out, struct err *e)
{
	const struct field *why = form_field(to->form, "no_id_reason"), *f;
	const struct field *id = form_field(to->form, "id_number");
	size_t i;

	for (i = 0; i < to->form->nfields; i++) {
		f = &to->form->fields[i];
		if (f->mirror != NULL || f->implicit || f->history != NULL ||
		    f->type == T_SERIAL || f->type == T_CALCULATE ||
		    to->val[i] != NULL || from[i] == NULL ||
		    str_starts(f->name, "left_") || f == why)
			continue;
		record_put(to, f, from[i]);
		to->typed[i] = true;
		out->filled++;
	}
	if (why != NULL && id != NULL && to->val[id->index] != NULL)
		record_put(to, why, NULL);
	return out->filled > 0 ? record_save(to, NULL, e) : 0;
}

static int
join(struct forms *fs, const struct form *f, const char *keep,
    const char *drop, struct joined *out, struct err *e)
{
	struct record *gone = record_load(fs, f, drop, e), *to;
	int rc;

	if (gone == NULL)
		return e->code;
	rc = carry_all(fs, f, keep, drop, out, e);
	if (rc == 0) {		/* its rows may have written it back */
		record_free(gone);
		gone = record_load(fs, f, drop, e);
		rc = gone == NULL ? e->code : record_delete(gone, reason, e);
	}
	if (rc == 0) {
		to = record_load(fs, f, keep, e);
		rc = to == NULL ? e->code : fill(to, gone->val, out, e);
		record_free(to);
	}
	record_free(gone);
	return rc;
}

int
join_records(struct forms *fs, const struct form *f, const char *keep,
    const char *drop, struct joined *out, struct err *e)
{
	struct db *db = forms_db(fs);
	int rc = user_require(db, ROLE_ADMIN | ROLE_SUPERVISOR, e);

	memset(out, 0, sizeof *out);
	if (rc == 0 && strcmp(keep, drop) == 0)
		rc = err_set(e, E_REFUSED, "两条是同一条");
	if (rc == 0)
		rc = db_begin(db, e);
	if (rc < 0)
		return rc;
	rc = join(fs, f, keep, drop, out, e);
	if (rc == 0)
		rc = journal_note(db, "join", f->name, keep, drop, e);
	if (rc == 0)
		return db_commit(db, e);
	db_rollback(db);
	return rc;
}
