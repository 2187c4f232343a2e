/* See export.h. */
#include "export.h"

#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "json.h"
#include "mem.h"
#include "number.h"
#include "record.h"
#include "safe.h"

enum { FLUSH = 64 * 1024 };

struct export {
	struct forms *fs;
	const struct form *f;
	struct stmt *q;
	const struct field **col;	/* NULL for uid and state */
	size_t n, rows;
	bool has_state;
	struct str cell;
};

/* The field by which people and files refer to records of `t`. */
static const struct field *
own_key(struct forms *fs, const struct form *t)
{
	size_t i;

	for (i = 0; t != NULL && i < t->nkey; i++) {
		const struct field *f = &t->fields[t->key[i]];

		if ((f->type == T_ID_CARD || f->type == T_SERIAL ||
		    strcmp(f->name, "code") == 0) && record_may_read(fs, f))
			return f;
	}
	return NULL;
}

static void
add_column(struct export *x, struct str *sql, const struct field *f)
{
	const struct field *key = f->type == T_REF ?
	    own_key(x->fs, forms_get(x->fs, f->list, NULL)) : NULL;

	if (key != NULL)
		str_addf(sql, ",coalesce((SELECT k.\"%s\" FROM \"%s\" k WHERE"
		    " k.uid=t.\"%s\"),t.\"%s\")", key->name, f->list, f->name,
		    f->name);
	else
		str_addf(sql, ",t.\"%s\"", f->name);
	x->col[x->n++] = f;
}

struct export *
export_new(struct forms *fs, const struct form *f, struct err *e)
{
	struct export *x = xcalloc(1, sizeof *x);
	struct str sql = STR_INIT;
	size_t i;

	x->fs = fs;
	x->f = f;
	x->col = xcalloc(f->nfields + 2, sizeof *x->col);
	str_init(&x->cell);
	str_add(&sql, "SELECT t.uid");
	x->n = 1;
	x->has_state = f->workflow != NULL;
	if (x->has_state) {
		str_add(&sql, ",t.state");
		x->n = 2;
	}
	for (i = 0; i < f->nfields; i++)
		if (record_may_read(fs, &f->fields[i]))
			add_column(x, &sql, &f->fields[i]);
	str_addf(&sql, " FROM \"%s\" t ORDER BY t.uid", f->name);
	x->q = db_new(forms_db(fs), sql.buf, e);
	str_done(&sql);
	if (x->q == NULL) {
		export_free(x);
		return NULL;
	}
	return x;
}

void
export_free(struct export *x)
{
	if (x == NULL)
		return;
	stmt_free(x->q);
	str_done(&x->cell);
	free(x->col);
	free(x);
}

size_t
export_columns(const struct export *x)
{
	return x->n;
}

const char *
export_name(const struct export *x, size_t col)
{
	return x->col[col] != NULL ? x->col[col]->name :
	    col == 0 ? "uid" : "state";
}

const char *
export_label(const struct export *x, size_t col)
{
	return x->col[col] != NULL ? x->col[col]->label :
	    col == 0 ? "记录编号（不要改）" : "状态";
}

int
export_next(struct export *x, struct err *e)
{
	int rc = stmt_step(x->q, e);

	if (rc > 0)
		x->rows++;
	return rc;
}

size_t
export_rows(const struct export *x)
{
	return x->rows;
}

const char *
export_cell(struct export *x, size_t col)
{
	const struct field *f = x->col[col];
	const char *v = stmt_col(x->q, (int)col);
	char money[NUMBER_MONEY_SIZE];
	size_t len;

	if (v == NULL || f == NULL)
		return v;
	if (f->type == T_MONEY) {
		number_money_text(stmt_col_int(x->q, (int)col), money);
		str_clear(&x->cell);
		str_add(&x->cell, money);
		return x->cell.buf;
	}
	if (f->type == T_SELECT_MULTIPLE && *v == ';') {
		len = strlen(v);
		str_clear(&x->cell);
		str_addn(&x->cell, v + 1, len > 2 ? len - 2 : 0);
		return x->cell.buf;
	}
	return v;
}

/* ---- CSV ---------------------------------------------------------------- */

struct out {
	struct str text;	/* UTF-8 that waits */
	struct str coded;
	enum codec codec;
	export_sink *sink;
	void *arg;
	struct codec_loss *loss;
};

static int
flush(struct out *o, size_t more_than, struct err *e)
{
	const struct str *s = &o->text;
	int rc;

	if (s->len <= more_than)
		return 0;
	if (o->codec != CODEC_UTF8) {
		str_clear(&o->coded);
		codec_write(&o->coded, s->buf, s->len, o->codec, o->loss);
		s = &o->coded;
	}
	rc = o->sink(o->arg, s->buf, s->len, e);
	str_clear(&o->text);
	return rc;
}

static void
csv_row(struct export *x, struct str *out)
{
	const char *v;
	size_t i;

	for (i = 0; i < x->n; i++) {
		if (i > 0)
			str_addc(out, ',');
		v = export_cell(x, i);
		if (v != NULL)
			safe_csv(out, v);
	}
	str_addn(out, "\r\n", 2);
}

int
export_csv(struct export *x, enum codec c, bool bom, export_sink *sink,
    void *arg, struct codec_loss *loss, struct err *e)
{
	struct out o = { STR_INIT, STR_INIT, c, sink, arg, loss };
	size_t i;
	int rc = 0;

	if (bom && c == CODEC_UTF8)
		str_add(&o.text, "\xEF\xBB\xBF");
	for (i = 0; i < x->n; i++)
		str_addf(&o.text, "%s%s", i > 0 ? "," : "",
		    export_name(x, i));
	str_addn(&o.text, "\r\n", 2);
	while (rc == 0 && (rc = export_next(x, e)) > 0) {
		csv_row(x, &o.text);
		rc = flush(&o, FLUSH, e);
	}
	if (rc == 0)
		rc = flush(&o, 0, e);
	str_done(&o.text);
	str_done(&o.coded);
	return rc;
}

/* ---- JSON --------------------------------------------------------------- */

static void
json_codes(struct str *out, const char *v)
{
	char *one;
	size_t len;

	str_addc(out, '[');
	while (*v != '\0') {
		len = strcspn(v, ";");
		one = xstrndup(v, len);
		json_text(out, one);
		free(one);
		v += len + (v[len] == ';');
		if (*v != '\0')
			str_addc(out, ',');
	}
	str_addc(out, ']');
}

static void
json_row(struct export *x, struct str *out)
{
	const char *v;
	size_t i;

	str_addc(out, '{');
	for (i = 0; i < x->n; i++) {
		enum field_type t = x->col[i] != NULL ? x->col[i]->type :
		    T_TEXT;

		if (i > 0)
			str_addc(out, ',');
		json_text(out, export_name(x, i));
		str_addc(out, ':');
		v = export_cell(x, i);
		if (v == NULL)
			str_add(out, "null");
		else if (t == T_INTEGER || t == T_DECIMAL || t == T_MONEY)
			str_add(out, v);
		else if (t == T_SELECT_MULTIPLE)
			json_codes(out, v);
		else
			json_text(out, v);
	}
	str_addc(out, '}');
}

int
export_json(struct export *x, export_sink *sink, void *arg, struct err *e)
{
	struct out o = { STR_INIT, STR_INIT, CODEC_UTF8, sink, arg, NULL };
	int rc = 0;

	str_addc(&o.text, '[');
	while (rc == 0 && (rc = export_next(x, e)) > 0) {
		str_add(&o.text, x->rows > 1 ? ",\n" : "\n");
		json_row(x, &o.text);
		rc = flush(&o, FLUSH, e);
	}
	str_add(&o.text, "\n]\n");
	if (rc == 0)
		rc = flush(&o, 0, e);
	str_done(&o.text);
	return rc;
}
