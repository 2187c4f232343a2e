/* See cross.h. */
#include "cross.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "db.h"
#include "mem.h"
#include "nearest.h"
#include "str.h"
#include "type.h"

enum { KEYS_MAX = 600, COLUMNS_MAX = 60, WHERE_MAX = 8 };

/* One side of the table. */
struct side {
	const struct field *field;	/* NULL: the age */
	const char *label;
	struct key {
		char *value;		/* NULL: 未采集 */
		char *label;
		long order;
		long total;
	} key[KEYS_MAX];
	size_t n;
};

struct cross {
	struct forms *fs;
	const struct form *form;
	struct side rows, cols;
	bool two;
	long *count;			/* rows.n × KEYS_MAX, grown by row */
	size_t cap;
	long records;
};

bool
cross_fits(const struct field *f)
{
	return f->type == T_SELECT_ONE || f->type == T_SELECT_MULTIPLE ||
	    f->type == T_REF || f->type == T_INTEGER || f->type == T_DATE ||
	    f->type == T_DATETIME || f->type == T_DIVISION;
}

bool
cross_has_age(const struct form *f)
{
	return form_field(f, "birth_date") != NULL;
}

static int
set_side(struct cross *x, struct side *s, const char *name, struct err *e)
{
	struct nearest near = NEAREST_INIT(name);
	size_t i;

	s->field = form_field(x->form, name);
	if (s->field == NULL && strcmp(name, "age") == 0 &&
	    cross_has_age(x->form)) {
		s->label = "周岁";
		return 0;
	}
	if (s->field != NULL && cross_fits(s->field)) {
		s->label = s->field->label;
		return 0;
	}
	for (i = 0; i < x->form->nfields; i++)
		if (cross_fits(&x->form->fields[i]))
			nearest_offer(&near, x->form->fields[i].name);
	return err_set(e, E_USAGE, s->field == NULL ? "%s没有“%s”这个字段%s%s" :
	    "%s的“%s”不能用来分类%s%s", x->form->title, name,
	    near.word != NULL && s->field == NULL ? "，是不是 " : "",
	    near.word != NULL && s->field == NULL ? near.word : "");
}

static void
add_column(const struct side *s, struct str *sql)
{
	if (s->field == NULL) {
		str_add(sql, "age(birth_date, :today)");
	} else if (s->field->type == T_DATE || s->field->type == T_DATETIME) {
		str_add(sql, "substr(");
		db_quote(sql, s->field->name);
		str_add(sql, ", 1, 7)");
	} else {
		db_quote(sql, s->field->name);
	}
}

/* One "field=value" of the wish. */
struct condition {
	const struct field *field;
	char *value;			/* heap; NULL: empty */
	char name[16];			/* its parameter */
};

static int
read_condition(struct cross *x, const char *text, int n,
    struct condition *out, struct err *e)
{
	size_t len = strcspn(text, "=");
	char *name = xstrndup(text, len);

	*out = (struct condition){ .field = form_field(x->form, name) };
	snprintf(out->name, sizeof out->name, ":w%d", n);
	free(name);
	if (text[len] != '=' || out->field == NULL)
		return err_set(e, E_USAGE, "条件应写成 字段=值：%s", text);
	return type_parse(x->fs, out->field, text + len + 1, &out->value, e);
}

static void
add_condition(const struct condition *c, struct str *sql)
{
	bool multi = c->field->type == T_SELECT_MULTIPLE;

	str_add(sql, " AND ");
	if (multi && c->value != NULL)
		str_add(sql, "instr(");
	db_quote(sql, c->field->name);
	if (c->value == NULL)
		str_add(sql, " IS NULL");
	else if (multi)
		str_addf(sql, ", %s) > 0", c->name);
	else
		str_addf(sql, " = %s", c->name);
}

/* ---- keys --------------------------------------------------------------- */

static long
code_order(struct cross *x, const struct side *s, const char *value)
{
	const struct codes *cs = forms_codes(x->fs, s->field->list, NULL);
	size_t i;

	for (i = 0; cs != NULL && i < cs->n; i++)
		if (strcmp(cs->rows[i].name, value) == 0)
			return (long)i;
	return KEYS_MAX;
}

static char *
key_label(struct cross *x, const struct side *s, const char *value)
{
	struct str label = STR_INIT;
	const struct codes *cs;

	if (value == NULL)
		return xstrdup("未采集");
	if (s->field == NULL) {
		str_addf(&label, "%s岁", value);
	} else if (s->field->type == T_SELECT_MULTIPLE) {
		cs = forms_codes(x->fs, s->field->list, NULL);
		str_add(&label, cs != NULL ? codes_label(cs, value) : value);
	} else if (s->field->type == T_DATE || s->field->type == T_DATETIME) {
		str_add(&label, value);
	} else {
		type_show(x->fs, s->field, value, true, &label);
	}
	return str_take(&label);
}

static int
key_of(struct cross *x, struct side *s, const char *value, struct err *e)
{
	struct key *k;
	size_t i;

	for (i = 0; i < s->n; i++)
		if (str_eq(s->key[i].value, value))
			return (int)i;
	if (s->n == KEYS_MAX)
		return err_set(e, E_RANGE, "%s的种类太多（超过 %d 种），"
		    "换一个字段", s->label, (int)KEYS_MAX);
	k = &s->key[s->n];
	k->value = xstrdup(value);
	k->label = key_label(x, s, value);
	if (value == NULL)
		k->order = 2L * KEYS_MAX;
	else if (s->field == NULL || s->field->type == T_INTEGER)
		k->order = strtol(value, NULL, 10);
	else if (s->field->type == T_SELECT_ONE ||
	    s->field->type == T_SELECT_MULTIPLE)
		k->order = code_order(x, s, value);
	return (int)s->n++;
}

/* The keys of a stored value: one, or each code of ;a;b;. */
static int
keys_of(struct cross *x, struct side *s, const char *value, int *out, int max,
    struct err *e)
{
	char code[64];
	size_t len;
	int n = 0;

	if (value == NULL || s->field == NULL ||
	    s->field->type != T_SELECT_MULTIPLE) {
		out[0] = key_of(x, s, value, e);
		return out[0] < 0 ? out[0] : 1;
	}
	while (*value == ';' && value[1] != '\0' && n < max) {
		len = strcspn(++value, ";");
		snprintf(code, sizeof code, "%.*s", (int)(len < 60 ? len : 60),
		    value);
		out[n] = key_of(x, s, code, e);
		if (out[n] < 0)
			return out[n];
		n++;
		value += len;
	}
	return n;
}

static int
count_record(struct cross *x, const char *row, const char *col,
    struct err *e)
{
	int r[64], c[64], nr, nc, i, j;
	size_t need;

	nr = keys_of(x, &x->rows, row, r, 64, e);
	nc = nr < 0 ? nr : x->two ? keys_of(x, &x->cols, col, c, 64, e) : 0;
	if (nc < 0)
		return nc;
	need = x->rows.n * KEYS_MAX;
	if (need > x->cap) {
		x->count = xrealloc(x->count, need, sizeof *x->count);
		memset(x->count + x->cap, 0,
		    (need - x->cap) * sizeof *x->count);
		x->cap = need;
	}
	x->records++;
	for (i = 0; i < nr; i++) {
		x->rows.key[r[i]].total++;
		for (j = 0; j < nc; j++)
			x->count[(size_t)r[i] * KEYS_MAX + (size_t)c[j]]++;
	}
	for (j = 0; j < nc; j++)
		x->cols.key[c[j]].total++;
	return 0;
}

/* ---- reading ------------------------------------------------------------ */

static void
add_select(const struct cross *x, struct str *sql)
{
	str_add(sql, "SELECT ");
	add_column(&x->rows, sql);
	str_add(sql, ", ");
	if (x->two)
		add_column(&x->cols, sql);
	else
		str_add(sql, "NULL");
	str_add(sql, " FROM ");
	db_quote(sql, x->form->name);
	str_add(sql, " WHERE 1");
}

static void
bind(struct stmt *q, const struct condition *c, int n)
{
	int i, at = stmt_param(q, ":today");

	if (at > 0)
		stmt_text(q, at, date_today());
	for (i = 0; i < n; i++)
		if (c[i].value != NULL)
			stmt_value(q, stmt_param(q, c[i].name),
			    type_of(c[i].field)->affinity, c[i].value);
}

static int
read_all(struct cross *x, const struct cross_want *w, struct err *e)
{
	struct condition c[WHERE_MAX] = { { NULL, NULL, "" } };
	struct str sql = STR_INIT;
	struct stmt *q = NULL;
	int rc = 0, n = 0;

	add_select(x, &sql);
	if (!w->left_too && form_field(x->form, "left_on") != NULL)
		str_add(&sql, " AND (left_on IS NULL OR left_on > :today)");
	while (rc == 0 && w->where != NULL && w->where[n] != NULL &&
	    n < WHERE_MAX) {
		rc = read_condition(x, w->where[n], n, &c[n], e);
		if (rc == 0)
			add_condition(&c[n], &sql);
		n++;
	}
	if (rc == 0) {
		q = db_new(forms_db(x->fs), sql.buf, e);
		rc = q == NULL ? E_SQL : 0;
	}
	if (rc == 0)
		bind(q, c, n);
	while (rc == 0 && (rc = stmt_step(q, e)) > 0)
		rc = count_record(x, stmt_col(q, 0), stmt_col(q, 1), e);
	stmt_free(q);
	while (n > 0)
		free(c[--n].value);
	str_done(&sql);
	return rc;
}

/* ---- drawing ------------------------------------------------------------ */

/* Indexes of the keys in order: codes as their list has them, numbers and
 * months upwards, the rest by label, 未采集 last. */
static int
by_order(const struct key *a, const struct key *b)
{
	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	return strcmp(a->label, b->label);
}

static size_t *
in_order(const struct side *s)
{
	size_t *at = xcalloc(s->n + 1, sizeof *at), i, j;

	for (i = 0; i < s->n; i++) {
		for (j = i; j > 0 && by_order(&s->key[i],
		    &s->key[at[j - 1]]) < 0; j--)
			at[j] = at[j - 1];
		at[j] = i;
	}
	return at;
}

static void
counts(struct cross *x, const size_t *row, const size_t *col,
    struct paper *p)
{
	struct paper_block *t = paper_table(p, "人数（条数）");
	const struct key *r;
	size_t i, j;

	paper_column(p, t, x->rows.label, ALIGN_LEFT, 20);
	paper_column(p, t, "合计", ALIGN_RIGHT, 0);
	for (j = 0; j < x->cols.n; j++)
		paper_column(p, t, x->cols.key[col[j]].label, ALIGN_RIGHT, 0);
	for (i = 0; i < x->rows.n; i++) {
		r = &x->rows.key[row[i]];
		paper_row(t, ROW_PLAIN);
		paper_cell(p, t, r->label);
		paper_cellf(p, t, "%ld", r->total);
		for (j = 0; j < x->cols.n; j++)
			paper_cellf(p, t, "%ld", x->count[row[i] * KEYS_MAX +
			    col[j]]);
	}
	paper_row(t, ROW_TOTAL);
	paper_cell(p, t, "合计");
	paper_cellf(p, t, "%ld", x->records);
	for (j = 0; j < x->cols.n; j++)
		paper_cellf(p, t, "%ld", x->cols.key[col[j]].total);
}

static void
shares(struct cross *x, const size_t *row, const size_t *col,
    struct paper *p)
{
	struct paper_block *t = paper_table(p, "占本行的 %");
	const struct key *r;
	size_t i, j;

	paper_column(p, t, x->rows.label, ALIGN_LEFT, 20);
	for (j = 0; j < x->cols.n; j++)
		paper_column(p, t, x->cols.key[col[j]].label, ALIGN_RIGHT, 0);
	for (i = 0; i < x->rows.n; i++) {
		r = &x->rows.key[row[i]];
		paper_row(t, ROW_PLAIN);
		paper_cell(p, t, r->label);
		for (j = 0; j < x->cols.n; j++)
			paper_cellf(p, t, "%.1f", 100.0 *
			    (double)x->count[row[i] * KEYS_MAX + col[j]] /
			    (double)r->total);
	}
}

static void
bars(struct cross *x, const size_t *row, struct paper *p)
{
	struct paper_block *b = paper_bars(p, "占全部的比例");
	const struct key *r;
	char words[64];
	double share;
	size_t i;

	for (i = 0; i < x->rows.n; i++) {
		r = &x->rows.key[row[i]];
		share = 100.0 * (double)r->total / (double)x->records;
		snprintf(words, sizeof words, "%ld  %.1f%%", r->total, share);
		paper_bar(p, b, r->label, share, words);
	}
}

static void
draw(struct cross *x, struct paper *p)
{
	size_t *row = in_order(&x->rows), *col = in_order(&x->cols);

	paper_line(p, "共 %ld 条", x->records);
	if (x->records > 0) {
		counts(x, row, col, p);
		if (x->two)
			shares(x, row, col, p);
		bars(x, row, p);
	}
	free(row);
	free(col);
}

static void
forget(struct cross *x)
{
	struct side *sides[2] = { &x->rows, &x->cols };
	size_t i, j;

	for (i = 0; i < 2; i++)
		for (j = 0; j < sides[i]->n; j++) {
			free(sides[i]->key[j].value);
			free(sides[i]->key[j].label);
		}
	free(x->count);
	free(x);
}

/* A count by child or by worker is a list of their names: by a reference to
 * records that have a citizen's number, or no words of their own. */
static bool
names_people(struct cross *x, const struct side *s)
{
	const struct form *f = s->field != NULL && s->field->type == T_REF ?
	    forms_get(x->fs, s->field->list, NULL) : NULL;
	size_t i;

	for (i = 0; f != NULL && i < f->nfields; i++)
		if (f->fields[i].type == T_ID_CARD)
			return true;
	return f != NULL && f->display.sql == NULL;
}

int
cross_add(struct forms *fs, const struct cross_want *w, struct paper *p,
    struct err *e)
{
	struct cross *x = xcalloc(1, sizeof *x);
	int rc = 0;

	x->fs = fs;
	x->two = w->cols != NULL;
	x->form = forms_get(fs, w->form, e);
	if (x->form == NULL)
		rc = e != NULL ? e->code : E_NOTFOUND;
	if (rc == 0)
		rc = set_side(x, &x->rows, w->rows, e);
	if (rc == 0 && x->two)
		rc = set_side(x, &x->cols, w->cols, e);
	if (rc == 0)
		rc = read_all(x, w, e);
	if (rc == 0 && x->cols.n > COLUMNS_MAX)
		rc = err_set(e, E_RANGE, "%s有 %zu 种，太多了，请放到行上",
		    x->cols.label, x->cols.n);
	if (rc == 0) {
		p->personal = p->personal || names_people(x, &x->rows) ||
		    names_people(x, &x->cols);
		draw(x, p);
	}
	forget(x);
	return rc;
}
