/* One row: skip, match, set, save, count. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "importi.h"
#include "mem.h"
#include "safe.h"
#include "type.h"

void
import_problem(struct import *m, const struct field *fld, const char *fmt, ...)
{
	struct problem *p;
	char *text;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		text = xstrdup("");
	m->problem = mem_grow(m->problem, m->nproblems, &m->problems_cap,
	    sizeof *m->problem);
	p = &m->problem[m->nproblems++];
	p->field = fld;
	p->label = fld != NULL ? fld->label : "";
	p->text = text;
}

bool
import_row_error(int code)
{
	return code == E_REFUSED || code == E_DENIED || code == E_RANGE ||
	    code == E_FORMAT || code == E_NOTFOUND || code == E_STALE ||
	    code == E_EXISTS;
}

/* ---- what is no record -------------------------------------------------- */

/* The first cell that is not empty, without blanks. */
static void
first_words(const struct cells *r, struct str *out)
{
	size_t i;

	for (i = 0; i < r->n && out->len == 0; i++)
		heading_fold(out, r->cell[i]);
}

static size_t
filled(const struct cells *r)
{
	size_t i, n = 0;

	for (i = 0; i < r->n; i++)
		n += r->cell[i][0] != '\0';
	return n;
}

/* Sums and signatures below a list. */
static const char *
not_a_record(struct import *m)
{
	static const char *const sums[] = { "合计", "总计", "小计", "共计",
	    "累计" };
	static const char *const feet[] = { "填表", "制表", "审核", "填报",
	    "备注", "注", "说明", "负责人", "单位", "联系", "日期", "第" };
	struct str s = STR_INIT;
	const char *what = NULL;
	size_t i;

	if (heading_repeats(&m->head, &m->row))
		return "又是表头";
	first_words(&m->row, &s);
	for (i = 0; what == NULL && i < COUNT_OF(sums); i++)
		if (str_starts(s.buf, sums[i]))
			what = "合计行";
	for (i = 0; what == NULL && i < COUNT_OF(feet) &&
	    filled(&m->row) <= 2 && m->head.known > 2; i++)
		if (str_starts(s.buf, feet[i]))
			what = "表尾的说明";
	str_done(&s);
	return what;
}

/* ---- saving ------------------------------------------------------------- */

/* Which record the messages are about. */
static void
add_who(struct import *m, struct str *out)
{
	const struct field *f = form_field(m->f, "name");
	char brief[SAFE_BRIEF];

	str_addf(out, "第 %zu 行", m->row.line);
	if (f != NULL && m->val[f->index] != NULL)
		str_addf(out, " %s", safe_brief(m->val[f->index], brief));
	str_add(out, "：");
}

static void
warn(struct import *m, const char *label, const char *text)
{
	m->out->warnings++;
	if (m->out->warnings > IMPORT_LISTED)
		return;
	str_add(&m->out->notes, "提醒 ");
	add_who(m, &m->out->notes);
	str_addf(&m->out->notes, "%s：%s\n", label, text);
}

static void
take_findings(struct import *m, const struct record *r)
{
	size_t i;

	for (i = 0; i < r->v.n; i++)
		if (r->v.findings[i].severity == SEV_ERROR)
			import_problem(m, r->v.findings[i].field, "%s",
			    r->v.findings[i].message);
}

static void
take_warnings(struct import *m, const struct record *r)
{
	size_t i;

	for (i = 0; i < r->v.n; i++)
		if (r->v.findings[i].severity == SEV_WARNING)
			warn(m, r->v.findings[i].field->label,
			    r->v.findings[i].message);
	for (i = 0; i < m->f->nfields; i++)
		if (m->val[i] != NULL && r->val[i] == NULL)
			warn(m, m->f->fields[i].label,
			    "照别的内容看这一项不用填，没有存");
}

/* Values of the file into the record; what the screens do not let people
 * change, an import does not change either. */
static void
set_values(struct import *m, struct record *r)
{
	size_t i;

	for (i = 0; i < m->f->nfields; i++) {
		const struct field *f = &m->f->fields[i];

		if (m->val[i] == NULL || f->type == T_CALCULATE ||
		    str_eq(m->val[i], r->val[i]))
			continue;
		if (!r->is_new && str_eq(f->readonly.sql, "true") &&
		    m->state == NULL) {
			import_problem(m, f, "这一项由程序填写，不能改");
			continue;
		}
		record_put(r, f, m->val[i]);
		r->typed[i] = true;
	}
}

static int
set_defaults(struct import *m, struct record *r, struct err *e)
{
	const struct field *f;
	char *v;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < m->f->nfields; i++) {
		f = &m->f->fields[i];
		if (f->default_.sql == NULL || r->val[i] != NULL ||
		    m->suggestion[i])
			continue;
		rc = expr_value(m->fs, m->f, &f->default_, X_DEFAULT, r->uid,
		    r->state, r->val, &v, e);
		if (rc == 0) {
			free(r->val[i]);
			r->val[i] = v;
		}
	}
	return rc;
}

static int
make_new(struct import *m, struct record **out, struct err *e)
{
	struct record *r = record_blank(m->fs, m->f);

	if (m->uid != NULL)
		memcpy(r->uid, m->uid, sizeof r->uid);
	r->site = xstrdup(m->site);
	set_values(m, r);
	*out = r;
	return set_defaults(m, r, e);
}

static int
load_old(struct import *m, const char *uid, struct record **out,
    struct err *e)
{
	*out = record_load(m->fs, m->f, uid, e);
	if (*out == NULL)
		return e->code;
	set_values(m, *out);
	return 0;
}

/* The record, and the way to its state: both or neither. */
static int
save_in_state(struct import *m, struct record *r, const struct code *target,
    struct err *e)
{
	struct db *db = forms_db(m->fs);
	int rc = db_begin(db, e);

	if (rc < 0)
		return rc;
	rc = record_save(r, NULL, e);
	if (rc == 0)
		rc = import_move(m, r, target, e);
	if (rc < 0)
		db_rollback(db);
	else
		rc = db_commit(db, e);
	return rc;
}

static int
save(struct import *m, struct record *r, struct err *e)
{
	const struct code *target = import_state(m, r);
	char rv[sizeof r->rv];
	bool fresh = r->is_new;
	int rc;

	if (m->nproblems > 0)
		return 0;
	memcpy(rv, r->rv, sizeof rv);
	if (!fresh && !record_changed(r) && target == NULL) {
		m->out->same++;
		return 0;
	}
	rc = target != NULL ? save_in_state(m, r, target, e) :
	    record_save(r, NULL, e);
	if (rc < 0)
		return rc;
	take_warnings(m, r);
	if (fresh)
		m->out->inserted++;
	else if (memcmp(rv, r->rv, sizeof rv) != 0)
		m->out->updated++;
	else
		m->out->same++;
	return 0;
}

/* ---- all that is wrong with a row ---------------------------------------- */

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static bool
reads(const char *sql, const char *name)
{
	size_t len = strlen(name);
	const char *p;

	for (p = sql; p != NULL && (p = strstr(p, name)) != NULL; p += len)
		if ((p == sql || !is_word(p[-1])) && !is_word(p[len]))
			return true;
	return false;
}

/* Was `f` judged by what stands in `other`?  Without a value, only whether it
 * is wanted. */
static bool
hangs_on(const struct field *f, bool has_value, const struct field *other)
{
	const char *sql[] = { f->required.sql, f->relevant.sql,
	    f->calculation.sql, f->constraint.sql };
	bool yes = f == other;
	size_t i;

	for (i = 0; !yes && i < COUNT_OF(sql); i++)
		yes = reads(sql[i], other->name);
	for (i = 0; !yes && has_value && i < f->nchecks; i++)
		yes = reads(f->checks[i].expr.sql, other->name);
	return yes;
}

static bool
in_file(const struct import *m, const struct field *f)
{
	size_t i;

	for (i = 0; i < m->head.n; i++)
		if (m->head.meaning[i] == f->index)
			return true;
	return false;
}

/* Is the finding true whatever the cells in trouble (the first `n` problems)
 * should have said?  With a key among them it may be a record that is there
 * already, which has what the file does not bring. */
static bool
stands(const struct import *m, const struct record *r, const struct field *f,
    size_t n)
{
	const struct field *other;
	size_t i;

	for (i = 0; i < n; i++) {
		other = m->problem[i].field;
		if (other == NULL)
			continue;
		if (hangs_on(f, r->val[f->index] != NULL, other) ||
		    (other->in_key && !in_file(m, f)))
			return false;
	}
	return true;
}

/* A row with a cell that cannot be read is refused in any case; say what else
 * is wrong with it, so that it need not come back twice. */
static int
tell_the_rest(struct import *m, const char *uid, struct err *e)
{
	size_t i, n = m->nproblems;
	struct err one = ERR_INIT;
	struct record *r = NULL;
	int rc;

	rc = *uid != '\0' ? load_old(m, uid, &r, &one) : make_new(m, &r, &one);
	if (rc == 0)
		rc = record_check(r, &one);
	for (i = 0; rc == 0 && i < r->v.n; i++)
		if (r->v.findings[i].severity == SEV_ERROR &&
		    stands(m, r, r->v.findings[i].field, n))
			import_problem(m, r->v.findings[i].field, "%s",
			    r->v.findings[i].message);
	record_free(r);
	if (rc < 0 && !import_row_error(rc))
		*e = one;
	return rc < 0 && !import_row_error(rc) ? rc : 0;
}

/* Match and save; a refusal becomes a problem. */
static int
apply(struct import *m, char uid[37], struct err *e)
{
	struct err one = ERR_INIT;
	struct record *r = NULL;
	int rc = import_match(m, uid, e);

	if (rc < 0)
		return rc;
	if (m->nproblems > 0)
		return tell_the_rest(m, uid, e);
	if (rc > 0)
		rc = load_old(m, uid, &r, &one);
	else
		rc = make_new(m, &r, &one);
	if (rc == 0 && m->nproblems == 0)
		rc = save(m, r, &one);
	if (r != NULL)
		memcpy(uid, r->uid, 37);
	if (rc < 0 && !import_row_error(rc))
		*e = one;
	else if (rc < 0) {
		if (r != NULL && rc == E_REFUSED)
			take_findings(m, r);
		if (m->nproblems == 0)
			import_problem(m, NULL, "%s", one.msg);
		rc = 0;
	}
	record_free(r);
	return rc;
}

/* A sentence that begins with the field's own label needs it not once more. */
static void
add_label(struct str *out, const struct problem *p)
{
	bool said = str_starts(p->text, "“") &&
	    str_starts(p->text + strlen("“"), p->label);

	if (*p->label != '\0' && !said)
		str_addf(out, "%s：", p->label);
}

static void
refuse(struct import *m)
{
	struct str why = STR_INIT;
	const char *label = m->problem[0].label;
	size_t i;

	for (i = 0; i < m->nproblems; i++) {
		const struct problem *p = &m->problem[i];

		if (i > 0)
			str_add(&why, "；");
		if (m->nproblems > 1)
			add_label(&why, p);
		str_add(&why, p->text);
	}
	rejects_add(&m->rejects, &m->row, label, why.buf);
	m->out->refused++;
	if (m->listed++ < IMPORT_LISTED) {
		str_add(&m->out->notes, "退回 ");
		add_who(m, &m->out->notes);
		if (m->nproblems == 1)
			add_label(&m->out->notes, &m->problem[0]);
		str_addf(&m->out->notes, "%s\n", why.buf);
	}
	str_done(&why);
}

int
import_row(struct import *m, struct err *e)
{
	const char *skip = not_a_record(m);
	char uid[37] = "";
	int rc;

	if (skip != NULL) {
		str_addf(&m->out->notes, "跳过第 %zu 行：%s\n", m->row.line,
		    skip);
		return 0;
	}
	rc = import_cells(m, e);
	if (rc == 0)
		rc = apply(m, uid, e);
	if (rc < 0)
		return rc;
	if (m->nproblems > 0)
		refuse(m);
	import_remember(m, m->nproblems == 0 ? uid : NULL);
	return 0;
}
