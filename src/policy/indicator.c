/* See indicator.h. */
#include "indicator.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "indsql.h"
#include "mem.h"
#include "policy.h"
#include "towns.h"

enum level
indicator_own_level(struct forms *fs)
{
	char *level = db_meta(forms_db(fs), "level");
	bool county = level != NULL && strcmp(level, "county") == 0;

	free(level);
	return county ? LEVEL_COUNTY : LEVEL_TOWN;
}

static bool
in_list(const char *list, const char *name)
{
	char *word = xasprintf(";%s;", name);
	bool found = list == NULL || strstr(list, word) != NULL;

	free(word);
	return found;
}

bool
indicator_scheme_chosen(struct forms *fs, const char *name)
{
	char *list = db_meta(forms_db(fs), "schemes");
	bool chosen = in_list(list, name);

	free(list);
	return chosen;
}

char **
indicator_schemes(struct forms *fs)
{
	char **names = scheme_names(forms_data(fs));
	size_t i, n = 0;

	for (i = 0; names[i] != NULL; i++)
		if (indicator_scheme_chosen(fs, names[i]))
			names[n++] = names[i];
		else
			free(names[i]);
	names[n] = NULL;
	return names;
}

int
indicator_scheme_toggle(struct forms *fs, const char *name, struct err *e)
{
	char **all = scheme_names(forms_data(fs));
	struct str list = STR_INIT;
	size_t i;
	int rc;

	str_addc(&list, ';');
	for (i = 0; all[i] != NULL; i++)
		if (indicator_scheme_chosen(fs, all[i]) !=
		    (strcmp(all[i], name) == 0))
			str_addf(&list, "%s;", all[i]);
	rc = list.len > 1 ? db_set_meta(forms_db(fs), "schemes", list.buf, e) :
	    err_set(e, E_REFUSED, "至少要留一个方案");
	str_done(&list);
	scheme_names_free(all);
	return rc;
}

int
indicator_scheme_only(struct forms *fs, const char *name, struct err *e)
{
	char *list = xasprintf(";%s;", name);
	int rc = db_set_meta(forms_db(fs), "schemes", list, e);

	free(list);
	return rc;
}

/* Pieces of evidence for an item. */
static const char evidence_rows[] =
    "SELECT 'evidence' AS form, uid, 1 AS n, title AS note FROM evidence"
    " WHERE instr(indicator, ';%s;') > 0 AND held_on <= :today"
    " ORDER BY held_on";

/* What was stated for the year of the day, or for a period in it; the latest
 * one counts.  (Stated for a village, it is not the town's.) */
static const char stated_rows[] =
    "SELECT 'stated_value' AS form, uid, value AS n, source AS note"
    " FROM stated_value WHERE indicator = '%s' AND village IS NULL"
    " AND substr(period, 1, 4) <= substr(:today, 1, 4)"
    " ORDER BY period DESC, updated_at DESC LIMIT 1";

/* The rows of a part into `q`; the text made for it, to be freed. */
static char *
rows_of(const struct scheme *s, const struct indicator *it,
    const struct part *p, struct indsql *q)
{
	struct str sql = STR_INIT;

	*q = (struct indsql){ .file = s->file, .line = p->line, .col = p->col,
	    .body = p->rows, .tail = "" };
	if (p->rows != NULL)
		return NULL;
	if (p->measure == MEASURE_STATED)
		str_addf(&sql, stated_rows, p->stated);
	else
		str_addf(&sql, evidence_rows, it->code);
	q->line = it->line;
	q->body = sql.buf;
	return str_take(&sql);
}

static double
round_one(double v)
{
	return floor(v * 10 + 0.5) / 10;
}

/* The rows of a part, added up. */
static char *
sum_of(const struct scheme *s, const struct indicator *it,
    const struct part *p, struct indsql *q)
{
	char *made = rows_of(s, it, p, q);

	q->head = p->measure == MEASURE_RATIO ?
	    "SELECT count(*), total(n), total(d) FROM (" :
	    "SELECT count(*), total(n) FROM (";
	q->tail = ")";
	return made;
}

int
indicator_sql(struct forms *fs, const struct scheme *s,
    const struct indicator *it, const struct part *p, const char *on,
    struct str *out, struct err *e)
{
	struct period period;
	struct indsql q;
	char *made = sum_of(s, it, p, &q);
	int rc;

	period_span(&period, p->period, on);
	rc = indsql_text(fs, s, &q, &period, on, out, e);
	free(made);
	return rc;
}

static int
add_up(struct forms *fs, const struct scheme *s, const struct indicator *it,
    const struct part *p, const char *on, struct number *out, struct err *e)
{
	bool ratio = p->measure == MEASURE_RATIO;
	struct indsql q;
	char *made = sum_of(s, it, p, &q);
	struct stmt *st;
	int rc;

	st = indsql_get(fs, s, &q, &out->period, on, e);
	free(made);
	if (st == NULL)
		return e != NULL ? e->code : E_SQL;
	rc = stmt_step(st, e);
	if (rc > 0) {
		out->has_n = p->measure != MEASURE_STATED ||
		    stmt_col_int(st, 0) > 0;
		out->n = stmt_col_real(st, 1);
		out->has_d = ratio;
		out->d = ratio ? stmt_col_real(st, 2) : 0;
	}
	stmt_reset(st);
	return rc < 0 ? rc : 0;
}

/* A target that is itself a number asked of the database (an average). */
static int
ask_target(struct forms *fs, const struct scheme *s, const struct part *p,
    const char *on, struct number *out, struct err *e)
{
	struct indsql q = { .file = s->file, .line = p->line, .col = p->col,
	    .head = "", .body = p->target_sql, .tail = "" };
	struct stmt *st;
	int rc;

	out->has_target = p->has_target;
	out->target = p->target;
	if (p->target_sql == NULL)
		return 0;
	st = indsql_get(fs, s, &q, &out->period, on, e);
	if (st == NULL)
		return e != NULL ? e->code : E_SQL;
	rc = stmt_step(st, e);
	out->has_target = rc > 0 && !stmt_is_null(st, 0);
	out->target = out->has_target ? stmt_col_real(st, 0) : 0;
	stmt_reset(st);
	return rc < 0 ? rc : 0;
}

/* Does a number reach its target, and what is missing?  Whole things are
 * missing: 还差 2 人, never 1.4. */
static void
judge(struct number *x, enum level own)
{
	const double slack = 1e-9;
	bool at_most = x->part->at_most || x->part->measure == MEASURE_NONE;
	double want = x->target;

	x->met = MET_NIL;
	if (!x->has_value || !x->has_target || x->part->level > own)
		return;
	if (x->part->measure == MEASURE_RATIO)
		want = x->target * x->d / 100;
	if (at_most)
		x->met = x->n <= want + slack ? MET_YES : MET_NO;
	else
		x->met = x->n + slack >= want ? MET_YES : MET_NO;
	if (x->met == MET_NO)
		x->short_by = at_most ? x->n - floor(want + slack) :
		    ceil(want - slack) - x->n;
}

/* Another kind is a report's. */
static void
set_period(struct period *period, const struct part *p, int kind,
    const char *on)
{
	if (kind >= 0)
		period_closed(period, (enum period_kind)kind, on);
	else
		period_span(period, p->period, on);
}

int
indicator_number(struct forms *fs, const struct scheme *s,
    const struct indicator *it, const struct part *p, const char *on,
    int kind, struct number *out, struct err *e)
{
	enum level own;
	int rc;

	memset(out, 0, sizeof *out);
	out->part = p;
	set_period(&out->period, p, kind, on);
	rc = policy_open(fs, e);
	if (rc == 0)
		rc = add_up(fs, s, it, p, on, out, e);
	if (rc == 0)
		rc = ask_target(fs, s, p, on, out, e);
	if (rc < 0) {
		err_prefix(e, "%s %s", it->id, it->item);
		return rc;
	}
	if (p->measure == MEASURE_NONE) {
		out->has_target = true;
		out->target = 0;
	}
	if (p->measure == MEASURE_RATIO) {
		out->has_value = out->d > 0;
		if (out->has_value)
			out->value = round_one(100 * out->n / out->d);
	} else {
		out->has_value = out->has_n;
		out->value = p->money ? out->n / 100 : out->n;
	}
	own = out->own = indicator_own_level(fs);
	judge(out, own);
	if (own == LEVEL_COUNTY && p->level == LEVEL_TOWN && out->has_target &&
	    p->measure == MEASURE_COUNT && !p->at_most)
		return towns_judge(fs, s, it, on, out, e);
	return 0;
}

int
indicator_rows(struct forms *fs, const struct scheme *s,
    const struct indicator *it, const struct part *p, const char *on,
    int kind, behind_fn *each, void *arg, struct err *e)
{
	struct period period;
	struct indsql q;
	struct stmt *st;
	struct behind b;
	char *made;
	int rc = policy_open(fs, e), form, uid, n, d, note, i;

	if (rc < 0)
		return rc;
	set_period(&period, p, kind, on);
	made = rows_of(s, it, p, &q);
	q.head = "";
	st = indsql_get(fs, s, &q, &period, on, e);
	free(made);
	if (st == NULL)
		return e != NULL ? e->code : E_SQL;
	form = uid = n = d = note = -1;
	for (i = 0; i < stmt_columns(st); i++) {
		const char *name = stmt_name(st, i);

		form = strcmp(name, "form") == 0 ? i : form;
		uid = strcmp(name, "uid") == 0 ? i : uid;
		n = strcmp(name, "n") == 0 ? i : n;
		d = strcmp(name, "d") == 0 ? i : d;
		note = strcmp(name, "note") == 0 ? i : note;
	}
	while ((rc = stmt_step(st, e)) > 0) {
		b = (struct behind){
			.form = form < 0 ? NULL : stmt_col(st, form),
			.uid = uid < 0 ? NULL : stmt_col(st, uid),
			.n = n < 0 ? 0 : stmt_col_real(st, n),
			.d = d < 0 ? 0 : stmt_col_real(st, d),
			.note = note < 0 ? NULL : stmt_col(st, note)
		};
		rc = each(&b, arg);
		if (rc != 0)
			break;
	}
	stmt_reset(st);
	return rc < 0 ? rc : 0;
}

int
board_make(struct forms *fs, const char *scheme, const char *on,
    struct board **out, struct err *e)
{
	struct board *b = xcalloc(1, sizeof *b);
	const struct indicator *it;
	size_t i, j;
	int rc = scheme_load(&b->scheme, forms_data(fs), scheme, e);

	date_add(on, 0, b->on);
	b->n = rc == 0 ? b->scheme->n : 0;
	b->rows = xcalloc(b->n + 1, sizeof *b->rows);
	b->own = indicator_own_level(fs);
	b->silent = towns_silent(fs);
	for (i = 0; rc == 0 && i < b->n; i++) {
		it = &b->scheme->items[i];
		b->rows[i].item = it;
		b->rows[i].numbers = xcalloc(it->nparts,
		    sizeof *b->rows[i].numbers);
		for (j = 0; rc == 0 && j < it->nparts; j++)
			rc = indicator_number(fs, b->scheme, it,
			    &it->parts[j], on, -1, &b->rows[i].numbers[j], e);
	}
	if (rc < 0) {
		board_free(b);
		return rc;
	}
	*out = b;
	return 0;
}

void
board_free(struct board *b)
{
	size_t i;

	if (b == NULL)
		return;
	for (i = 0; i < b->n; i++)
		free(b->rows[i].numbers);
	free(b->rows);
	scheme_free(b->scheme);
	free(b);
}

/* The worst verdict of an item's numbers. */
static enum met
verdict(const struct board_row *r)
{
	enum met worst = MET_NIL;
	size_t i;

	for (i = 0; i < r->item->nparts; i++) {
		if (r->numbers[i].met == MET_NO)
			return MET_NO;
		if (r->numbers[i].met == MET_YES)
			worst = MET_YES;
	}
	return worst;
}

enum board_rank
board_rank(const struct board *b, const struct board_row *r)
{
	if (r->item->veto)
		return BOARD_VETO;
	if (verdict(r) == MET_NO)
		return BOARD_SHORT;
	return r->item->level > b->own ? BOARD_HIGHER : BOARD_OWN;
}

const char *
board_rank_words(enum board_rank rank)
{
	static const char *const words[BOARD_RANKS] = {
		"否决项", "还没达到的", "其余各项",
		"县级以上负责的各项（本级只提供数和材料）"
	};

	return words[rank];
}

static void
amount(double v, bool money, struct str *out)
{
	v = money ? v / 100 : v;
	if (money && fabs(v - floor(v + 0.5)) > 1e-9)
		str_addf(out, "%.2f", v);
	else if (fabs(v - floor(v + 0.5)) < 1e-9)
		str_addf(out, "%.0f", v);
	else
		str_addf(out, "%.1f", v);
}

/* Is the target that of a higher level, towards which this site counts? */
static bool
share(const struct number *x)
{
	return x->part->level > x->own && x->has_target;
}

void
number_words(const struct number *x, struct str *out)
{
	const struct part *p = x->part;

	if (p->measure == MEASURE_RATIO && !x->has_value) {
		str_add(out, p->stated != NULL ? "未填报" : "无对象");
		return;
	}
	if (!x->has_value) {
		str_add(out, "未填报");
		return;
	}
	if (p->measure == MEASURE_EVIDENCE) {
		str_addf(out, "佐证 %.0f 份", x->n);
		return;
	}
	if (share(x) && p->measure == MEASURE_COUNT)
		str_addf(out, "本%s ", level_words(x->own));
	amount(x->n, p->money, out);
	if (p->measure == MEASURE_RATIO) {
		str_addc(out, '/');
		amount(x->d, p->money, out);
		str_addf(out, " %.1f%%", x->value);
	} else if (p->unit != NULL) {
		str_addf(out, " %s", p->unit);
	}
}

void
target_words(const struct number *x, struct str *out)
{
	const struct part *p = x->part;

	if (!x->has_target)
		return;
	if (p->measure == MEASURE_NONE) {
		str_add(out, "应为 0");
		return;
	}
	if (share(x))
		str_addf(out, "全%s%s", level_words(p->level), p->level ==
		    LEVEL_COUNTY ? "目标 " : " ");
	else
		str_add(out, p->at_most ? "不高于 " : "不低于 ");
	amount(x->target, false, out);
	if (p->measure == MEASURE_RATIO)
		str_addc(out, '%');
	else if (p->unit != NULL)
		str_addf(out, " %s", p->unit);
}

void
short_words(const struct number *x, struct str *out)
{
	const struct part *p = x->part;

	if (x->met != MET_NO || x->short_by <= 0)
		return;
	str_add(out, p->at_most || p->measure == MEASURE_NONE ? "多出 " :
	    "还差 ");
	amount(x->short_by, p->money, out);
	if (p->unit != NULL && strcmp(p->unit, "%") != 0)
		str_addf(out, " %s", p->unit);
}

void
by_when_words(const struct number *x, struct str *out)
{
	if (x->met == MET_NO && x->short_by > 0 &&
	    x->part->measure != MEASURE_NONE && !x->part->at_most &&
	    x->period.kind != PERIOD_AS_OF)
		str_addf(out, "%.5s前", x->period.to + 5);
}

const char *
met_words(const struct number *x, enum level own)
{
	if (x->met == MET_YES)
		return "已达到";
	if (x->met == MET_NO)
		return "未达到";
	if (x->part->measure == MEASURE_RATIO && !x->has_value)
		return x->part->stated != NULL ? "未填报" : "无对象";
	if (x->part->level > own && x->has_target) {
		switch (x->part->level) {
		case LEVEL_COUNTY: return "县级目标";
		case LEVEL_CITY: return "市级目标";
		default: return "省级目标";
		}
	}
	if (x->part->measure == MEASURE_EVIDENCE)
		return x->n > 0 ? "有佐证" : "缺佐证";
	return x->has_value ? "参考" : "未填报";
}
