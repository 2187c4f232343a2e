/* Moves of a record's workflow.  The rules are in the form; the database
 * enforces them again with triggers (ddl.c), so that no other program jumps a
 * state. */
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "mem.h"
#include "recordi.h"
#include "user.h"

static bool
listed(const char *const *words, const char *word)
{
	for (; *words != NULL; words++)
		if (strcmp(*words, word) == 0)
			return true;
	return false;
}

static bool
entitled(struct forms *fs, const struct move *m)
{
	const struct session *s = db_session(forms_db(fs));
	const char **r;

	if (s == NULL || m->roles[0] == NULL)
		return true;
	for (r = m->roles; *r != NULL; r++)
		if ((role_from_name(*r) & s->roles) != 0)
			return true;
	return false;
}

const struct move **
record_moves(struct record *r, struct err *e)
{
	const struct workflow *w = r->form->workflow;
	const struct move **out;
	size_t i, n = 0;

	(void)e;
	out = xcalloc((w != NULL ? w->nmoves : 0) + 1, sizeof *out);
	for (i = 0; w != NULL && i < w->nmoves; i++)
		if (r->state != NULL && entitled(r->fs, &w->moves[i]) &&
		    listed((const char *const *)w->moves[i].from, r->state))
			out[n++] = &w->moves[i];
	return out;
}

static int
condition(struct record *r, const struct move *m, struct err *e)
{
	char *v = NULL;
	int rc;

	if (m->condition.sql == NULL)
		return 0;
	rc = expr_value(r->fs, r->form, &m->condition, X_CONDITION, r->uid,
	    r->state, r->val, &v, e);
	if (rc == 0 && (v == NULL || strcmp(v, "0") == 0))
		rc = err_set(e, E_REFUSED, "还不能%s：%s", m->label,
		    m->condition_message != NULL ? m->condition_message :
		    "条件未满足");
	free(v);
	return rc;
}

static int
apply_sets(struct record *r, const struct move *m, struct err *e)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < m->nsets; i++) {
		const struct field *f = form_field(r->form, m->sets[i].field);
		char *v = NULL;

		rc = expr_value(r->fs, r->form, &m->sets[i].expr, X_SET,
		    r->uid, r->state, r->val, &v, e);
		if (rc == 0 && f != NULL)
			record_put(r, f, v);
		free(v);
	}
	return rc;
}

/* The fields a move sets, as they were; undoes them when `r` is not moved. */
static char **
remember(const struct record *r, const struct move *m)
{
	char **was = xcalloc(m->nsets + 1, sizeof *was);
	size_t i;

	for (i = 0; i < m->nsets; i++)
		was[i] = xstrdup(record_get(r, m->sets[i].field));
	return was;
}

static void
forget(struct record *r, const struct move *m, char **was, bool undo)
{
	size_t i;

	for (i = m->nsets; i > 0; i--) {
		const struct field *f = form_field(r->form,
		    m->sets[i - 1].field);

		if (undo && f != NULL)
			record_put(r, f, was[i - 1]);
		free(was[i - 1]);
	}
	free(was);
}

static int
move_on(struct record *r, const struct move *m, struct err *e)
{
	char *was = r->state, **sets = remember(r, m);
	int rc = apply_sets(r, m, e);

	if (rc == 0)
		rc = condition(r, m, e);
	if (rc == 0) {
		r->state = xstrdup(m->to);
		rc = record_save(r, NULL, e);
		if (rc < 0) {
			free(r->state);
			r->state = was;
		} else {
			free(was);
		}
	}
	forget(r, m, sets, rc < 0);
	return rc;
}

/* Has somebody else moved it since it was loaded?  Two people may want the
 * same step; the second must see that it was done, not do it again. */
static int
still_there(struct record *r, struct err *e)
{
	struct db *db = forms_db(r->fs);
	const struct codes *cs = forms_codes(r->fs, r->form->workflow->list,
	    NULL);
	struct str sql = STR_INIT;
	char *state, *who;
	int rc = 0;

	str_addf(&sql, "SELECT state FROM main.\"%s\" WHERE uid=?1",
	    r->form->name);
	db_trust(db);
	state = db_str(db, sql.buf, "s", r->uid);
	str_clear(&sql);
	str_addf(&sql, "SELECT updated_by FROM main.\"%s\" WHERE"
	    " uid=?1", r->form->name);
	who = db_str(db, sql.buf, "s", r->uid);
	db_untrust(db);
	if (state != NULL && !str_eq(state, r->state))
		rc = err_set(e, E_STALE, "%s 刚办过，现在是“%s”。请看清了再办",
		    who != NULL ? who : "别人", cs != NULL ?
		    codes_label(cs, state) : state);
	free(state);
	free(who);
	str_done(&sql);
	return rc;
}

int
record_move(struct record *r, const struct move *m, struct err *e)
{
	struct db *db = forms_db(r->fs);
	int rc;

	if (r->state == NULL || !listed((const char *const *)m->from,
	    r->state))
		return err_set(e, E_REFUSED, "现在的状态不能%s", m->label);
	if (!entitled(r->fs, m))
		return err_set(e, E_DENIED, "您没有%s的权限", m->label);
	if ((rc = db_begin(db, e)) < 0)
		return rc;
	rc = still_there(r, e);
	if (rc == 0)
		rc = move_on(r, m, e);
	if (rc < 0) {
		db_rollback(db);
		return rc;
	}
	return db_commit(db, e);
}
