/* See ddl.h: the SQL of one form.  Bringing a database to the forms is in
 * migrate.c. */
#include "ddl.h"

#include <stdlib.h>
#include <string.h>

#include "ddl_parts.h"
#include "rewrite.h"
#include "type.h"

const char *const ddl_fixed[] = {
	"uid", "rv", "site", "created_at", "created_by", "updated_at",
	"updated_by", "state", "deleted", NULL
};

/* A text as an SQL literal. */
static void
literal(struct str *out, const char *s)
{
	str_addc(out, '\'');
	for (; *s != '\0'; s++) {
		if (*s == '\'')
			str_addc(out, '\'');
		str_addc(out, *s);
	}
	str_addc(out, '\'');
}

void
ddl_check(const struct field *fld, struct str *out)
{
	struct rewrite r = { .form = fld->form, .style = REWRITE_COLUMNS };

	if (fld->constraint.sql == NULL)
		return;
	if (rewrite_expr(&r, fld->constraint.sql) == 0)
		str_addf(out, "deleted OR %s", r.sql.buf);
	rewrite_done(&r);
}

void
ddl_table(const struct form *f, const char *name, const bool *waits,
    struct str *out)
{
	struct str check = STR_INIT;
	size_t i;

	str_addf(out, "CREATE TABLE main.\"%s\"(\n"
	    "uid TEXT PRIMARY KEY NOT NULL, rv TEXT NOT NULL,"
	    " site TEXT NOT NULL,\n"
	    "created_at TEXT NOT NULL, created_by TEXT NOT NULL,"
	    " updated_at TEXT NOT NULL, updated_by TEXT NOT NULL,\n"
	    "state TEXT, deleted INTEGER NOT NULL DEFAULT 0", name);
	for (i = 0; i < f->nfields; i++)
		str_addf(out, ",\n\"%s\" %s", f->fields[i].name,
		    type_of(&f->fields[i])->column);
	for (i = 0; i < f->nfields; i++) {
		if (waits != NULL && waits[i])
			continue;
		str_clear(&check);
		ddl_check(&f->fields[i], &check);
		if (check.len > 0)
			str_addf(out, ",\nCHECK(%s)", check.buf);
	}
	str_add(out, ") STRICT;\n");
	str_done(&check);
}

void
ddl_column(const struct field *fld, struct str *out)
{
	str_addf(out, "ALTER TABLE main.\"%s\" ADD COLUMN \"%s\" %s;\n",
	    fld->form->name, fld->name, type_of(fld)->column);
}

static bool
wants_index(const struct field *fld)
{
	return fld->type == T_REF || (fld->in_key &&
	    (fld->type == T_ID_CARD || fld->type == T_DATE));
}

/* A date of the key goes with the key's name: namesakes of one birthday are
 * then found without reading everybody born that day. */
void
ddl_indexes(const struct form *f, struct str *out)
{
	const struct field *name = form_field(f, "name");
	size_t i;

	for (i = 0; i < f->nfields; i++) {
		const struct field *fld = &f->fields[i];

		if (!wants_index(fld))
			continue;
		str_addf(out, "CREATE INDEX IF NOT EXISTS main.\"%s__%s\" ON"
		    " \"%s\"(\"%s\"%s);\n", f->name, fld->name, f->name,
		    fld->name, fld->type == T_DATE && name != NULL &&
		    name->in_key ? ",\"name\"" : "");
	}
}

/* OLD.state IN ('a','b') */
static void
from_states(const struct move *m, struct str *out)
{
	size_t i;

	str_add(out, "OLD.state IN (");
	for (i = 0; m->from[i] != NULL; i++) {
		str_add(out, i > 0 ? "," : "");
		literal(out, m->from[i]);
	}
	str_addc(out, ')');
}

/* The move's condition for NEW.*, or "1" when there is none or it cannot be
 * said with built-ins (then only the program asks). */
static void
condition(struct forms *fs, const struct form *f, const struct move *m,
    struct str *out)
{
	struct rewrite r = {
		.form = f, .style = REWRITE_NEW, .fs = fs,
		.tables = TABLES_LIVE_TRIGGER
	};

	if (m->condition.sql == NULL || ddl_needs_us(m->condition.sql) ||
	    rewrite_expr(&r, m->condition.sql) < 0 || r.uses_params)
		str_add(out, "1");
	else
		str_addf(out, "coalesce(%s,0)", r.sql.buf);
	rewrite_done(&r);
}

static void
abort_when(struct str *out, const char *message)
{
	str_add(out, " SELECT RAISE(ABORT, ");
	literal(out, message);
	str_add(out, ") WHERE ");
}

static const char no_step[] = "流程里没有这一步，不能这样改变状态";

/* The first move that leads to the same state. */
static bool
leads_first(const struct workflow *w, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (str_eq(w->moves[j].to, w->moves[i].to))
			return false;
	return true;
}

/* Refuse to come to `to` but by a move whose condition holds; the words are
 * those of the first move that begins where the record is.  One statement for
 * each state: every condition stands in the schema, which each process holds
 * in memory, just once. */
static void
guard_state(struct forms *fs, const struct form *f, const char *to,
    struct str *out)
{
	const struct workflow *w = f->workflow;
	struct str ways = STR_INIT;
	const struct move *m;

	str_add(out, " SELECT CASE");
	for (m = w->moves; m < w->moves + w->nmoves; m++) {
		if (!str_eq(m->to, to))
			continue;
		str_add(out, "\n  WHEN ");
		from_states(m, out);
		str_add(out, " THEN RAISE(ABORT, ");
		literal(out, m->condition_message != NULL ?
		    m->condition_message : "现在还不能走这一步");
		str_addc(out, ')');
		str_add(&ways, "\n  OR ");
		from_states(m, &ways);
		str_add(&ways, " AND ");
		condition(fs, f, m, &ways);
	}
	str_add(out, "\n  ELSE RAISE(ABORT, ");
	literal(out, no_step);
	str_add(out, ") END\n WHERE NEW.state=");
	literal(out, to);
	str_addf(out, " AND NOT coalesce(0%s, 0);\n", ways.buf);
	str_done(&ways);
}

/* The record is one of this site's own, which the merge never touches. */
static const char ours[] =
    "NEW.site=(SELECT value FROM meta WHERE name='site')";

/* A form with a workflow, or what belongs to one: its rows are evidence of
 * what was done. */
static bool
in_workflow(struct forms *fs, const struct form *f)
{
	const struct form *parent;
	size_t i;

	for (i = 0; f->of[i] != NULL; i++) {
		parent = forms_get(fs, f->of[i], NULL);
		if (parent != NULL && parent->workflow != NULL)
			return true;
	}
	return f->workflow != NULL;
}

/* Rows go only as tombstones, and not while others belong to them. */
static void
guard_rows(struct forms *fs, const struct form *f, struct str *out)
{
	const struct form **kids;
	size_t i;

	if (!in_workflow(fs, f))
		return;
	str_addf(out, "CREATE TRIGGER main.\"%s__keep\" BEFORE DELETE ON"
	    " \"%s\" BEGIN\n SELECT RAISE(ABORT, '记录不能直接抹掉，请在程序里"
	    "删除并写原因');\nEND;\n", f->name, f->name);
	kids = forms_children(fs, f->name, NULL);
	if (kids == NULL || kids[0] == NULL) {
		free(kids);
		return;
	}
	str_addf(out, "CREATE TRIGGER main.\"%s__gone\" BEFORE UPDATE OF"
	    " deleted ON \"%s\"\nWHEN NEW.deleted AND NOT OLD.deleted AND %s"
	    " BEGIN\n", f->name, f->name, ours);
	for (i = 0; kids[i] != NULL; i++) {
		abort_when(out, "还有记录属于它，不能删除");
		str_addf(out, "EXISTS (SELECT 1 FROM \"%s\" WHERE \"%s\"="
		    "OLD.uid AND NOT deleted);\n", kids[i]->name, f->name);
	}
	str_add(out, "END;\n");
	free(kids);
}

void
ddl_triggers(struct forms *fs, const struct form *f, struct str *out)
{
	const struct workflow *w = f->workflow;
	size_t i;

	guard_rows(fs, f, out);
	if (w == NULL)
		return;
	str_addf(out, "CREATE TRIGGER main.\"%s__begin\" BEFORE INSERT ON \"%s\"\n"
	    "WHEN %s AND NEW.state IS NOT ", f->name, f->name, ours);
	literal(out, w->initial);
	str_add(out, " BEGIN\n");
	str_add(out, " SELECT RAISE(ABORT, '新记录只能从流程的第一步开始');"
	    "\nEND;\n");
	str_addf(out, "CREATE TRIGGER main.\"%s__move\" BEFORE UPDATE OF state ON"
	    " \"%s\"\nWHEN NEW.state IS NOT OLD.state AND %s BEGIN\n", f->name,
	    f->name, ours);
	abort_when(out, no_step);
	str_add(out, "coalesce(NEW.state, '') NOT IN (");
	for (i = 0; i < w->nmoves; i++) {
		str_add(out, i > 0 ? "," : "");
		literal(out, w->moves[i].to);
	}
	str_add(out, ");\n");
	for (i = 0; i < w->nmoves; i++)
		if (leads_first(w, i))
			guard_state(fs, f, w->moves[i].to, out);
	str_add(out, "END;\n");
}

void
ddl_create(struct forms *fs, const struct form *f, struct str *out)
{
	ddl_table(f, f->name, NULL, out);
	ddl_indexes(f, out);
	ddl_triggers(fs, f, out);
}
