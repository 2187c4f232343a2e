/* Writing records: check, merge with what others saved meanwhile, one
 * transaction of row, journal, superseded version, look-up keys, rows that
 * follow, draft dropped. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "draft.h"
#include "lookup.h"
#include "mem.h"
#include "recordi.h"
#include "user.h"
#include "views.h"

/* ---- saving ------------------------------------------------------------- */

void
clashes_done(struct clashes *c)
{
	while (c->n > 0) {
		struct clash *x = &c->row[--c->n];

		free(x->base);
		free(x->theirs);
		free(x->mine);
	}
	free(c->row);
	memset(c, 0, sizeof *c);
}

static void
note_clash(struct clashes *c, const struct record *r, const struct record *now,
    size_t i)
{
	struct clash *x;

	c->row = xrealloc(c->row, c->n + 1, sizeof *c->row);
	x = &c->row[c->n++];
	x->field = &r->form->fields[i];
	x->base = xstrdup(r->base[i]);
	x->theirs = xstrdup(now->val[i]);
	x->mine = xstrdup(r->val[i]);
}

/* What a session may not read it may not replace either. */
static int
hidden_typed(struct record *r, struct err *e)
{
	size_t i;

	for (i = 0; i < r->form->nfields; i++)
		if (r->typed[i] && !str_eq(r->val[i], r->base[i]) &&
		    !record_may_read(r->fs, &r->form->fields[i]))
			return err_set(e, E_DENIED, "您看不到“%s”，不能改它",
			    r->form->fields[i].label);
	return 0;
}

/* Three-way by field: untouched ones take what the table holds (also those
 * that this session cannot read), a field that both changed clashes. */
static int
merge(struct record *r, const struct record *now, struct clashes *c,
    struct err *e)
{
	bool stale = strcmp(r->rv, now->rv) != 0;
	size_t i;

	memcpy(c->who, now->updated_by, sizeof c->who);
	memcpy(c->when, now->updated_at, sizeof c->when);
	for (i = 0; i < r->form->nfields; i++) {
		if (str_eq(r->val[i], r->base[i])) {
			if (stale && !str_eq(r->val[i], now->val[i]) &&
			    record_may_read(r->fs, &r->form->fields[i]))
				c->merged = true;
			record_put(r, &r->form->fields[i], now->val[i]);
		} else if (stale && !str_eq(now->val[i], r->base[i]) &&
		    !str_eq(now->val[i], r->val[i])) {
			note_clash(c, r, now, i);
		}
	}
	if (c->n > 0)
		return err_set(e, E_STALE, "%s 在 %s 也改了“%s”，请选用哪一个",
		    c->who, c->when, c->row[0].field->label);
	return 0;
}

static int
refuse(struct record *r, struct err *e)
{
	size_t i;

	for (i = 0; i < r->v.n; i++)
		if (r->v.findings[i].severity == SEV_ERROR)
			return err_set(e, E_REFUSED, "%s：%s",
			    r->v.findings[i].field->label,
			    r->v.findings[i].message);
	return err_set(e, E_REFUSED, "没有存");
}

/* Irrelevant fields are not kept. */
static void
drop_irrelevant(struct record *r)
{
	size_t i;

	for (i = 0; i < r->form->nfields; i++)
		if (r->val[i] != NULL && r->v.relevant != NULL &&
		    !r->v.relevant[i] && record_may_read(r->fs, &r->form->fields[i]))
			record_put(r, &r->form->fields[i], NULL);
}

/* A director writes in her own villages only; what is in the row decides. */
static int
in_scope(struct record *r, struct err *e)
{
	const struct session *s = db_session(forms_db(r->fs));
	struct str sql = STR_INIT;
	int64_t ok;

	if (s == NULL || s->all_villages || r->form->scope == NULL)
		return 0;
	str_addf(&sql, "SELECT 1 FROM main.\"%s\" AS this WHERE uid=?1",
	    r->form->name);
	views_scope(r->fs, r->form, &sql);
	ok = db_int(forms_db(r->fs), 0, sql.buf, "s", r->uid);
	str_done(&sql);
	return ok ? 0 : err_set(e, E_DENIED, "这不是您负责的村，不能存");
}

static int
may_write(struct record *r, const struct record *now, struct err *e)
{
	char *site;
	int rc = 0;

	if (!record_may_write(r->fs, r->form))
		return err_set(e, E_DENIED, "您只能查看，不能修改%s",
		    r->form->title);
	if (now == NULL)
		return 0;
	site = db_meta(forms_db(r->fs), "site");
	if (site != NULL && now->site != NULL && *now->site != '\0' &&
	    strcmp(site, now->site) != 0)
		rc = err_set(e, E_DENIED, "这条记录由别的单位维护，"
		    "在这里只能看，请向对方提出更正");
	free(site);
	return rc;
}

/* A row that has become restricted since it was opened is no longer this
 * session's.  (Who just reported what she saw writes it to the end: nobody
 * else has touched it.) */
static int
still_hers(struct record *r, const struct record *now, struct err *e)
{
	if (strcmp(now->rv, r->rv) == 0 ||
	    !record_hidden(r->fs, r->form, r->uid))
		return 0;
	return err_set(e, E_DENIED, "这一张已归专办，只有专办人员能看能改");
}

/* What the floors above fill in, then the checks. */
static int
fill_and_check(struct record *r, struct err *e)
{
	const struct record_watch *w = forms_watch(r->fs);
	struct db *db = forms_db(r->fs);
	int rc = w != NULL ? w->fill(r, e) : 0;

	if (rc < 0)
		return rc;
	db_untrust(db);
	rc = record_check(r, e);
	db_trust(db);
	return rc == 0 && r->errors > 0 ? refuse(r, e) : rc;
}

static bool
is_deleted(struct record *r)
{
	struct str sql = STR_INIT;
	bool gone;

	str_addf(&sql, "SELECT deleted FROM main.\"%s\" WHERE uid=?1",
	    r->form->name);
	gone = db_int(forms_db(r->fs), 0, sql.buf, "s", r->uid) != 0;
	str_done(&sql);
	return gone;
}

/* Inside the transaction. Returns 1 when nothing had to be written. */
static int
write_all(struct record *r, struct clashes *c, struct err *e)
{
	struct db *db = forms_db(r->fs);
	struct err nothing = ERR_INIT;
	struct record *now = record_load_main(r->fs, r->form, r->uid,
	    &nothing);
	int rc = may_write(r, now, e);

	if (rc == 0 && now == NULL && !r->is_new)
		rc = err_set(e, E_NOTFOUND, "这条记录已不存在");
	if (rc == 0 && now != NULL && is_deleted(r))
		rc = err_set(e, E_NOTFOUND, "这条记录已被 %s 在 %s 删除，"
		    "没有存", now->updated_by, now->updated_at);
	if (rc == 0 && now != NULL)
		rc = still_hers(r, now, e);
	if (rc == 0 && now != NULL)
		rc = hidden_typed(r, e);
	if (rc == 0 && now != NULL)
		rc = merge(r, now, c, e);
	if (rc == 0 && (c->merged || now == NULL || record_changed(r)))
		rc = fill_and_check(r, e);
	if (rc == 0) {
		drop_irrelevant(r);
		if (now != NULL && str_eq(now->state, r->state)) {
			size_t i;
			bool same = true;

			for (i = 0; i < r->form->nfields; i++)
				same &= str_eq(r->val[i], now->val[i]);
			if (same)
				rc = 1;
		}
	}
	if (rc == 0)
		rc = record_write(r, now, now == NULL ? "insert" : "update",
		    NULL, e);
	if (rc == 0)
		rc = in_scope(r, e);
	if (rc == 0)
		rc = record_index(r, e);
	if (rc == 0)
		rc = effect_apply(r, now != NULL ? now->val : NULL, e);
	if (rc == 0 && forms_watch(r->fs) != NULL)
		rc = forms_watch(r->fs)->saved(r, e);
	if (rc >= 0) {
		int dropped = draft_drop(db, r->form->name, r->uid, e);

		rc = dropped < 0 ? dropped : rc;
	}
	record_free(now);
	return rc;
}

static void
settle(struct record *r)
{
	size_t i;

	r->is_new = false;
	for (i = 0; i < r->form->nfields; i++)
		if (!str_eq(r->base[i], r->val[i])) {
			free(r->base[i]);
			r->base[i] = xstrdup(r->val[i]);
		}
}

int
record_save(struct record *r, struct clashes *clash, struct err *e)
{
	struct clashes own = { 0 }, *c = clash != NULL ? clash : &own;
	struct db *db = forms_db(r->fs);
	char rv[sizeof r->rv];
	int rc;

	memset(c, 0, sizeof *c);
	memcpy(rv, r->rv, sizeof rv);
	if ((rc = db_begin(db, e)) < 0)
		return rc;
	db_trust(db);
	rc = write_all(r, c, e);
	db_untrust(db);
	if (rc < 0)
		db_rollback(db);
	else
		rc = db_commit(db, e) < 0 ? (e != NULL ? e->code : E_SQL) : rc;
	if (rc >= 0)
		settle(r);
	else
		memcpy(r->rv, rv, sizeof rv);
	if (clash == NULL)
		clashes_done(&own);
	return rc < 0 ? rc : 0;
}

int
record_resolve(struct record *r, const struct clashes *c,
    const bool *keep_mine, struct err *e)
{
	struct record *now;
	size_t i;

	db_trust(forms_db(r->fs));
	now = record_load_main(r->fs, r->form, r->uid, e);
	db_untrust(forms_db(r->fs));
	if (now == NULL)
		return e != NULL ? e->code : E_NOTFOUND;
	for (i = 0; i < c->n; i++)
		if (!keep_mine[i])
			record_put(r, c->row[i].field,
			    now->val[c->row[i].field->index]);
	for (i = 0; i < r->form->nfields; i++) {
		bool mine = !str_eq(r->val[i], r->base[i]);

		free(r->base[i]);
		r->base[i] = xstrdup(now->val[i]);
		if (!mine)
			record_put(r, &r->form->fields[i], now->val[i]);
	}
	memcpy(r->rv, now->rv, sizeof r->rv);
	record_free(now);
	return 0;
}

/* ---- deleting ----------------------------------------------------------- */

/* Live rows that refer to this one. */
static int64_t
references(struct record *r, char *words, size_t size)
{
	struct forms *fs = r->fs;
	const char *const *name;
	struct str sql = STR_INIT;
	int64_t n, all = 0;
	size_t i;

	words[0] = '\0';
	for (name = forms_names(fs); *name != NULL; name++) {
		const struct form *f = forms_get(fs, *name, NULL);

		for (i = 0; f != NULL && i < f->nfields; i++) {
			const struct field *fld = &f->fields[i];

			if (fld->type != T_REF ||
			    strcmp(fld->list, r->form->name) != 0 ||
			    effect_owns(r->form, fld))
				continue;
			str_clear(&sql);
			str_addf(&sql, "SELECT count(*) FROM main.\"%s\" WHERE"
			    " \"%s\"=?1 AND NOT deleted", f->name, fld->name);
			n = db_int(forms_db(fs), 0, sql.buf, "s", r->uid);
			if (n > 0 && words[0] == '\0')
				snprintf(words, size, "%s %lld 条", f->title,
				    (long long)n);
			all += n;
		}
	}
	str_done(&sql);
	return all;
}

/* Some rows stay for good: a number that was given out. */
static int
may_go(struct record *r, const struct record *now, struct err *e)
{
	char *kept = NULL;
	int rc;

	if (r->form->keep.sql == NULL)
		return 0;
	db_untrust(forms_db(r->fs));
	rc = expr_value(r->fs, r->form, &r->form->keep, X_RELEVANT, now->uid,
	    now->state, now->val, &kept, e);
	db_trust(forms_db(r->fs));
	if (rc == 0 && kept != NULL && strcmp(kept, "0") != 0)
		rc = err_set(e, E_REFUSED, "这一条不能删除%s%s",
		    r->form->keep_message != NULL ? "：" : "",
		    r->form->keep_message != NULL ? r->form->keep_message :
		    "");
	free(kept);
	return rc;
}

static int
delete_row(struct record *r, const char *reason, struct err *e)
{
	struct record *now = record_load_main(r->fs, r->form, r->uid, e);
	char words[128];
	int rc;

	if (now == NULL)
		return e != NULL ? e->code : E_NOTFOUND;
	rc = may_write(r, now, e);
	if (rc == 0)
		rc = still_hers(r, now, e);
	if (rc == 0)
		rc = may_go(r, now, e);
	if (rc == 0 && references(r, words, sizeof words) > 0)
		rc = err_set(e, E_REFUSED, "还有%s等记录属于它，不能删除。"
		    "请先处理那些记录，或改填离开原因", words);
	if (rc == 0)
		rc = in_scope(r, e);
	if (rc == 0) {
		struct record *gone = record_load_main(r->fs, r->form, r->uid,
		    e);

		rc = gone == NULL ? E_SQL : record_write(gone, now, "delete",
		    reason, e);
		record_free(gone);
	}
	if (rc == 0)
		rc = effect_delete(r, reason, e);
	if (rc == 0)
		rc = lookup_remove(forms_db(r->fs), r->form->name, r->uid, e);
	record_free(now);
	return rc;
}

int
record_delete(struct record *r, const char *reason, struct err *e)
{
	struct db *db = forms_db(r->fs);
	int rc;

	if (reason == NULL || reason[strspn(reason, " 　")] == '\0')
		return err_set(e, E_REFUSED, "请写删除的原因");
	if ((rc = db_begin(db, e)) < 0)
		return rc;
	db_trust(db);
	rc = delete_row(r, reason, e);
	db_untrust(db);
	if (rc < 0) {
		db_rollback(db);
		return rc;
	}
	return db_commit(db, e);
}
