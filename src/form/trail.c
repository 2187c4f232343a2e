/* What a record leaves behind it: drafts while it is typed, history after. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "draft.h"
#include "json.h"
#include "lookup.h"
#include "mem.h"
#include "recordi.h"
#include "type.h"

/* ---- drafts --------------------------------------------------------------
 * {"": version it was typed over, "field": [value then, value typed], …} */

static void
draft_json(const struct record *r, struct str *out)
{
	size_t i;

	str_add(out, "{\"\":");
	json_text(out, r->rv);
	for (i = 0; i < r->form->nfields; i++) {
		if (str_eq(r->val[i], r->base[i]))
			continue;
		str_addc(out, ',');
		json_text(out, r->form->fields[i].name);
		str_addn(out, ":[", 2);
		json_text(out, r->base[i]);
		str_addc(out, ',');
		json_text(out, r->val[i]);
		str_addc(out, ']');
	}
	str_addc(out, '}');
}

/* Would the row be restricted?  Then only the one who types it may find the
 * draft: nobody looks it up by what is in it. */
static bool
secret(struct record *r)
{
	const struct expr *x = &r->form->row_access;
	char *v = NULL;
	bool yes;

	if (x->sql == NULL)
		return false;
	yes = expr_value(r->fs, r->form, x, X_RELEVANT, r->uid, r->state,
	    r->val, &v, NULL) < 0 || (v != NULL && strcmp(v, "0") != 0);
	free(v);
	return yes;
}

/* The keys of a draft of a new record. */
static int
index_draft(struct record *r, struct err *e)
{
	return secret(r) ? lookup_remove(forms_db(r->fs), r->form->name,
	    r->uid, e) : record_index(r, e);
}

int
record_draft(struct record *r, const struct field *at, struct err *e)
{
	struct str json = STR_INIT;
	struct db *db = forms_db(r->fs);
	const struct expr *d = &r->form->display;
	char *display = NULL;
	int rc;

	if (!record_changed(r))
		return draft_drop(db, r->form->name, r->uid, e);
	draft_json(r, &json);
	if (d->sql != NULL && expr_value(r->fs, r->form, d, X_DISPLAY, r->uid,
	    r->state, r->val, &display, NULL) < 0)
		display = NULL;
	if (str_blank(display)) {	/* no name of its own, or none yet */
		free(display);
		display = record_words(r);
	}
	rc = db_begin(db, e);
	if (rc == 0) {
		rc = draft_put(db, r->form->name, r->uid,
		    at != NULL ? at->name : NULL, display, json.buf, e);
		if (rc == 0 && r->is_new)
			rc = index_draft(r, e);
		if (rc < 0)
			db_rollback(db);
		else
			rc = db_commit(db, e);
	}
	str_done(&json);
	free(display);
	return rc;
}

static void
take_draft(struct record *r, json_t *root)
{
	const char *name;
	json_t *v;

	json_object_foreach(root, name, v) {
		const struct field *f = form_field(r->form, name);

		if (f == NULL)
			continue;
		free(r->base[f->index]);
		r->base[f->index] = xstrdup(json_string_value(
		    json_array_get(v, 0)));
		record_put(r, f, json_string_value(json_array_get(v, 1)));
		r->typed[f->index] = true;
	}
}

struct record *
record_resume(struct forms *fs, const struct form *f, const char *uid,
    const struct field **at, struct err *e)
{
	struct draft d = { 0 };
	struct record *r = NULL;
	json_error_t je;
	json_t *root;
	const char *rv;

	if (draft_get(forms_db(fs), f->name, uid, &d, e) < 0)
		return NULL;
	root = json_loads(d.data, JSON_REJECT_DUPLICATES, &je);
	rv = json_string_value(json_object_get(root, ""));
	if (root == NULL || rv == NULL) {
		err_set(e, E_CORRUPT, "草稿已损坏，读不出来");
	} else if (*rv == '\0') {
		r = record_new(fs, f, e);
		if (r != NULL)
			memcpy(r->uid, uid, strlen(uid) + 1);
	} else {
		r = record_load(fs, f, uid, e);
		/* the version it was typed over: a save merges or asks */
		if (r != NULL)
			strncpy(r->rv, rv, sizeof r->rv - 1);
	}
	if (r != NULL)
		take_draft(r, root);
	if (at != NULL)
		*at = d.field != NULL ? form_field(f, d.field) : NULL;
	json_decref(root);
	draft_free(&d);
	return r;
}

/* ---- history ------------------------------------------------------------ */

static const struct {
	const char *op, *label;
} ops[] = {
	{ "insert", "新增" }, { "update", "修改" }, { "delete", "删除" },
	{ "salvage", "救回" }, { "lost", "丢失" },
	{ "merge", "并入" }, { "unmask", "查看号码" }, { "print", "打印" },
	{ "export", "导出" }, { "purge", "销毁" },
};

static const char *
op_label(const char *op)
{
	size_t i;

	for (i = 0; i < COUNT_OF(ops); i++)
		if (strcmp(op, ops[i].op) == 0)
			return ops[i].label;
	return op;
}

static void
show_value(struct forms *fs, const struct field *f, json_t *v, struct str *out)
{
	const char *text = json_string_value(v);

	if (text == NULL)
		str_add(out, "空");
	else
		type_show(fs, f, text, true, out);
}

static void
state_label(struct forms *fs, const struct form *f, json_t *v, struct str *out)
{
	const struct codes *cs = f->workflow != NULL ?
	    forms_codes(fs, f->workflow->list, NULL) : NULL;
	const char *text = json_string_value(v);

	if (text == NULL)
		str_add(out, "空");
	else
		str_add(out, cs != NULL ? codes_label(cs, text) : text);
}

static void
show_changes(struct forms *fs, const struct form *f, const char *op,
    json_t *vals, struct str *out)
{
	const struct field *fld;
	const char *name;
	json_t *pair;
	int n = 0;

	json_object_foreach(vals, name, pair) {
		fld = form_field(f, name);
		if (fld != NULL && !record_may_read(fs, fld))
			continue;
		if (fld == NULL && strcmp(name, "state") != 0 &&
		    strcmp(name, "reason") != 0 && strcmp(name, "note") != 0)
			continue;
		str_add(out, n++ > 0 ? "；" : " ");
		if (fld == NULL && strcmp(name, "state") != 0) {
			str_add(out, json_string_value(json_array_get(pair, 1)));
			continue;
		}
		str_addf(out, "%s：", fld != NULL ? fld->label : "状态");
		if (strcmp(op, "insert") != 0) {
			if (fld != NULL)
				show_value(fs, fld, json_array_get(pair, 0),
				    out);
			else
				state_label(fs, f, json_array_get(pair, 0),
				    out);
			str_add(out, " -> ");
		}
		if (fld != NULL)
			show_value(fs, fld, json_array_get(pair, 1), out);
		else
			state_label(fs, f, json_array_get(pair, 1), out);
	}
}

/* One journal row as a line. */
static char *
line_of(struct forms *fs, const struct form *f, struct stmt *q)
{
	struct str s = STR_INIT;
	json_t *vals = NULL;

	str_addf(&s, "%.16s %s %s", stmt_col(q, 0), stmt_col(q, 1),
	    op_label(stmt_col(q, 2)));
	if (stmt_col(q, 3) == NULL)
		str_add(&s, " （内容已按规定销毁）");
	else
		vals = json_loads(stmt_col(q, 3), 0, NULL);
	if (vals != NULL)
		show_changes(fs, f, stmt_col(q, 2), vals, &s);
	json_decref(vals);
	return str_take(&s);
}

int
record_history(struct forms *fs, const struct form *f, const char *uid,
    char ***lines, size_t *n, struct err *e)
{
	struct db *db = forms_db(fs);
	struct stmt *q;
	char *seen;
	size_t cap = 0;
	int rc;

	*lines = NULL;
	*n = 0;
	seen = record_display(fs, f, uid);	/* through the view */
	rc = seen[0] != '\0';
	free(seen);
	if (!rc)
		return err_set(e, E_NOTFOUND, "找不到这条记录");
	db_trust(db);
	q = db_new(db, "SELECT j.at, coalesce(u.name, j.by), j.op, j.vals"
	    " FROM main.journal j LEFT JOIN main.user u ON u.login = j.by"
	    " WHERE j.uid=?1 ORDER BY j.seq DESC LIMIT 500", e);
	db_untrust(db);
	if (q == NULL)
		return e != NULL ? e->code : E_SQL;
	stmt_text(q, 1, uid);
	while ((rc = stmt_step(q, e)) > 0) {
		*lines = mem_grow(*lines, *n, &cap, sizeof **lines);
		(*lines)[(*n)++] = line_of(fs, f, q);
	}
	stmt_free(q);
	return rc;
}
