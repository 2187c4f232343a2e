/* See survey.h. */
#include "survey.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "indsql.h"
#include "mem.h"
#include "policy.h"
#include "towns.h"

enum { ITEMS_MAX = 40, BLOCKS = 9, MULTI = BLOCKS - 1 };

/* A block: the words above it, the SQL that sorts a child into one of its
 * items, and the items: codes of a list, or written here. */
static const struct block {
	const char *title, *expr, *list;
	const char *items[ITEMS_MAX];	/* code, label, … NULL */
} blocks[BLOCKS] = {
	{ "年龄和性别", "CASE WHEN k.years <= 5 THEN '0' WHEN k.years <= 13"
	  " THEN '6' ELSE '14' END || CASE k.sex WHEN '1' THEN 'm' WHEN '2'"
	  " THEN 'f' END", NULL,
	  { "0m", "0-5岁男", "0f", "0-5岁女", "6m", "6-13岁男", "6f",
	    "6-13岁女", "14m", "14-16岁男", "14f", "14-16岁女" } },
	{ "就学情况", "CASE WHEN k.study_status IN ('dropout', 'not_enrolled',"
	  " 'left_school') THEN k.study_status ELSE k.stage END",
	  "school_stage", { "dropout", "辍学", "not_enrolled", "适龄未入学",
	    "left_school", "毕业或离校" } },
	{ "户籍性质", "k.hukou_kind", "hukou_kind", { NULL } },
	{ "健康状况", "k.health", "health_state", { NULL } },
	{ "是否寄宿", "k.boarding", "yes_no", { NULL } },
	{ "委托原因", "k.away_reason", "away_reason", { NULL } },
	{ "实际监护", "k.care_kind", "care_kind", { NULL } },
	{ "监护情况", "coalesce((SELECT a.level FROM assessment a WHERE"
	  " a.child = k.uid AND a.assessed_on <= :today ORDER BY"
	  " a.assessed_on DESC LIMIT 1), k.guardianship)",
	  "guardianship_level", { NULL } },
	{ "救助措施（可多项）", "nullif(coalesce(k.relief, ';') || coalesce("
	  "(SELECT group_concat(CASE b.kind WHEN 'medical_aid' THEN 'medical'"
	  " ELSE b.kind END, ';') || ';' FROM paid b WHERE b.child = k.uid),"
	  " ''), ';')", "relief", { NULL } },
};

struct item {
	const char *code, *label;	/* borrowed; code NULL: 未采集 */
};

struct survey {
	char on[DATE_SIZE];
	struct item item[BLOCKS][ITEMS_MAX];
	int nitems[BLOCKS];
	struct place {
		char *uid, *name;
		long total, count[BLOCKS][ITEMS_MAX];
	} *place;
	size_t n, cap;
	struct place sum;
	long uncollected;
	int64_t silent;
	struct missing {
		char *name, *village;
		bool block[BLOCKS];
	} *missing;
	size_t nmissing, cap_missing;
	/* who stands behind every count; `multi` has a bit an item */
	struct counted {
		char uid[37];
		char *name;
		size_t place;
		int item[BLOCKS];
		uint64_t multi;
	} *kid;
	size_t nkids, cap_kids;
};

static int
lay_out(struct survey *s, struct forms *fs, struct err *e)
{
	const struct codes *cs;
	size_t i;
	int b, n;

	for (b = 0; b < BLOCKS; b++) {
		n = 0;
		if (blocks[b].list != NULL) {
			cs = forms_codes(fs, blocks[b].list, e);
			if (cs == NULL)
				return e != NULL ? e->code : E_NOTFOUND;
			for (i = 0; i < cs->n && n < ITEMS_MAX - 8; i++)
				s->item[b][n++] = (struct item){
					cs->rows[i].name, cs->rows[i].label };
		}
		for (i = 0; i + 1 < ITEMS_MAX && blocks[b].items[i] != NULL &&
		    n < ITEMS_MAX - 1; i += 2)
			s->item[b][n++] = (struct item){ blocks[b].items[i],
			    blocks[b].items[i + 1] };
		s->item[b][n++] = (struct item){ NULL, "未采集" };
		s->nitems[b] = n;
	}
	return 0;
}

static struct place *
place_of(struct survey *s, const char *uid, const char *name)
{
	struct place *p;

	/* The rows come in order of villages. */
	if (s->n > 0 && str_eq(s->place[s->n - 1].uid, uid))
		return &s->place[s->n - 1];
	s->place = mem_grow(s->place, s->n, &s->cap, sizeof *s->place);
	p = &s->place[s->n++];
	memset(p, 0, sizeof *p);
	p->uid = xstrdup(uid);
	p->name = xstrdup(name);
	return p;
}

/* The items of a ;a;b; value, each once; a bit for each. */
static uint64_t
count_multi(struct survey *s, struct place *p, const char *value, int b)
{
	char want[80];
	uint64_t bits = 0;
	int i, found = 0;

	for (i = 0; i < s->nitems[b] - 1; i++) {
		snprintf(want, sizeof want, ";%.70s;", s->item[b][i].code);
		if (strstr(value, want) != NULL) {
			p->count[b][i]++;
			s->sum.count[b][i]++;
			bits |= UINT64_C(1) << i;
			found++;
		}
	}
	if (found == 0) {	/* a kind of help the form does not list */
		for (i = 0; i < s->nitems[b] - 1; i++)
			if (strcmp(s->item[b][i].code, "other") == 0)
				break;
		p->count[b][i]++;
		s->sum.count[b][i]++;
		bits = UINT64_C(1) << i;
	}
	return bits;
}

static int
item_of(const struct survey *s, int b, const char *value)
{
	int i;

	for (i = 0; value != NULL && i < s->nitems[b] - 1; i++)
		if (strcmp(s->item[b][i].code, value) == 0)
			return i;
	return s->nitems[b] - 1;
}

static void
remember_missing(struct survey *s, const char *name, const char *village,
    const bool *lacks)
{
	struct missing *m;

	s->uncollected++;
	s->missing = mem_grow(s->missing, s->nmissing, &s->cap_missing,
	    sizeof *s->missing);
	m = &s->missing[s->nmissing++];
	m->name = xstrdup(name);
	m->village = xstrdup(village);
	memcpy(m->block, lacks, sizeof m->block);
}

static void
count_child(struct survey *s, struct stmt *q)
{
	struct place *p = place_of(s, stmt_col(q, 0), stmt_col(q, 1));
	struct counted *k;
	bool lacks[BLOCKS], any = false;
	const char *v;
	int b, i;

	s->kid = mem_grow(s->kid, s->nkids, &s->cap_kids, sizeof *s->kid);
	k = &s->kid[s->nkids++];
	memset(k, 0, sizeof *k);
	snprintf(k->uid, sizeof k->uid, "%s", stmt_col(q, 3));
	k->name = xstrdup(stmt_col(q, 2));
	k->place = s->n - 1;
	p->total++;
	s->sum.total++;
	for (b = 0; b < BLOCKS; b++) {
		v = stmt_col(q, 4 + b);
		i = b == MULTI && v != NULL ? 0 : item_of(s, b, v);
		lacks[b] = b == MULTI ? v == NULL : i == s->nitems[b] - 1;
		any |= lacks[b];
		k->item[b] = i;
		if (b == MULTI && v != NULL) {
			k->multi = count_multi(s, p, v, b);
			continue;
		}
		p->count[b][i]++;
		s->sum.count[b][i]++;
	}
	if (any)
		remember_missing(s, stmt_col(q, 2), p->name, lacks);
}

static int
count_all(struct survey *s, struct forms *fs, struct err *e)
{
	struct indsql q = { .file = "home.ini", .line = 1, .col = 1,
	    .head = "", .tail = "" };
	const struct scheme *home = policy_home(fs, e);
	struct str sql = STR_INIT;
	struct period p;
	struct stmt *st;
	int b, rc;

	if (home == NULL)
		return e != NULL ? e->code : E_SQL;
	str_add(&sql, "SELECT k.village, coalesce(v.name, '未填村'), k.name,"
	    " k.uid");
	for (b = 0; b < BLOCKS; b++)
		str_addf(&sql, ", %s", blocks[b].expr);
	str_add(&sql, " FROM left_kid k LEFT JOIN village v ON v.uid ="
	    " k.village ORDER BY v.code, k.village, k.name");
	q.body = sql.buf;
	period_of(&p, PERIOD_AS_OF, s->on);
	st = indsql_get(fs, home, &q, &p, s->on, e);
	str_done(&sql);
	if (st == NULL)
		return e != NULL ? e->code : E_SQL;
	while ((rc = stmt_step(st, e)) > 0)
		count_child(s, st);
	stmt_reset(st);
	return rc;
}

int
survey_make(struct forms *fs, const char *on, struct survey **out,
    struct err *e)
{
	struct survey *s = xcalloc(1, sizeof *s);
	int rc = policy_open(fs, e);

	date_add(on, 0, s->on);
	s->silent = towns_silent(fs);
	if (rc == 0)
		rc = lay_out(s, fs, e);
	if (rc == 0)
		rc = count_all(s, fs, e);
	if (rc < 0) {
		survey_free(s);
		return rc;
	}
	*out = s;
	return 0;
}

void
survey_free(struct survey *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i < s->n; i++) {
		free(s->place[i].uid);
		free(s->place[i].name);
	}
	for (i = 0; i < s->nmissing; i++) {
		free(s->missing[i].name);
		free(s->missing[i].village);
	}
	for (i = 0; i < s->nkids; i++)
		free(s->kid[i].name);
	free(s->kid);
	free(s->place);
	free(s->missing);
	free(s);
}

long
survey_total(const struct survey *s)
{
	return s->sum.total;
}

int64_t
survey_silent(const struct survey *s)
{
	return s->silent;
}

long
survey_uncollected(const struct survey *s)
{
	return s->uncollected;
}

size_t
survey_places(const struct survey *s)
{
	return s->n;
}

int
survey_nblocks(const struct survey *s)
{
	(void)s;
	return BLOCKS;
}

const char *
survey_block(const struct survey *s, int b, int *nitems)
{
	*nitems = s->nitems[b];
	return blocks[b].title;
}

const char *
survey_item(const struct survey *s, int b, int i)
{
	return s->item[b][i].label;
}

const char *
survey_place(const struct survey *s, size_t at)
{
	return at < s->n ? s->place[at].name : "合计";
}

long
survey_count(const struct survey *s, size_t at, int b, int i)
{
	const struct place *p = at < s->n ? &s->place[at] : &s->sum;

	return b < 0 ? p->total : p->count[b][i];
}

const char *
survey_behind(const struct survey *s, size_t at, int b, int i, size_t *from,
    const char **name)
{
	const struct counted *k;

	while (*from < s->nkids) {
		k = &s->kid[(*from)++];
		if (at < s->n && k->place != at)
			continue;
		if (b >= 0 && (b == MULTI && k->multi != 0 ?
		    (k->multi >> i & 1) == 0 : k->item[b] != i))
			continue;
		*name = k->name;
		return k->uid;
	}
	return NULL;
}

static bool
adds_up(const struct survey *s, const struct place *p)
{
	long sum;
	int b, i;

	for (b = 0; b < MULTI; b++) {
		for (i = 0, sum = 0; i < s->nitems[b]; i++)
			sum += p->count[b][i];
		if (sum != p->total)
			return false;
	}
	return true;
}

bool
survey_crossfoot(const struct survey *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (!adds_up(s, &s->place[i]))
			return false;
	return adds_up(s, &s->sum);
}

/* ---- what changed ------------------------------------------------------- */

/* On one day but not on the other, with the reason.  %s: came or went. */
static const char came_sql[] =
    "SELECT k.name, v.name, CASE WHEN k.registered_on > :from THEN '新登记'"
    " ELSE '新列入留守' END FROM left_kid k LEFT JOIN village v"
    " ON v.uid = k.village WHERE k.uid NOT IN (SELECT uid FROM left_before)"
    " ORDER BY 3, v.code, k.name";
static const char went_sql[] =
    "SELECT k.name, v.name, CASE WHEN c.left_on <= :today THEN coalesce("
    "c.left_reason, 'other') WHEN age(c.birth_date, :today) >="
    " rule('age', 'left_behind', :today) THEN 'aged_out' ELSE 'category' END"
    " FROM left_before k JOIN child c ON c.uid = k.uid LEFT JOIN village v"
    " ON v.uid = c.village WHERE k.uid NOT IN (SELECT uid FROM left_kid)"
    " ORDER BY 3, v.code, k.name";

struct tally {
	char word[48];
	long n;
};

static const char *
reason_words(struct forms *fs, const char *code, bool went)
{
	const struct codes *cs = forms_codes(fs, "left_reason", NULL);

	if (!went)
		return code;
	if (strcmp(code, "category") == 0)
		return "不再是留守";
	if (strcmp(code, "aged_out") == 0)
		return "年满十六周岁";
	return cs != NULL ? codes_label(cs, code) : code;
}

/* Count one direction; with names into the table `t` (may be NULL). */
static int
one_way(struct forms *fs, const char *sql, const char *on, const char *before,
    bool went, struct tally *tally, size_t *n, struct paper *p,
    struct paper_block *t, struct err *e)
{
	struct indsql q = { .file = "home.ini", .line = 1, .col = 1,
	    .head = "", .body = sql, .tail = "" };
	const struct scheme *home = policy_home(fs, e);
	struct period span;
	struct stmt *st;
	const char *word;
	size_t i;
	int rc;

	period_of(&span, PERIOD_AS_OF, on);
	memcpy(span.from, before, sizeof span.from);
	st = home != NULL ? indsql_get(fs, home, &q, &span, on, e) : NULL;
	if (st == NULL)
		return e != NULL ? e->code : E_SQL;
	while ((rc = stmt_step(st, e)) > 0) {
		word = reason_words(fs, stmt_col(st, 2), went);
		for (i = 0; i < *n; i++)
			if (strcmp(tally[i].word, word) == 0)
				break;
		if (i == *n && *n < ITEMS_MAX - 1)
			snprintf(tally[(*n)++].word, sizeof tally[i].word,
			    "%s", word);
		tally[i].n++;
		if (t == NULL)
			continue;
		paper_row(t, ROW_PLAIN);
		paper_cell(p, t, went ? "减少" : "增加");
		paper_cell(p, t, word);
		paper_cell(p, t, stmt_col(st, 0));
		paper_cell(p, t, stmt_col(st, 1));
	}
	stmt_reset(st);
	return rc;
}

static void
say_tally(struct paper *p, const char *word, const struct tally *tally,
    size_t n)
{
	struct str s = STR_INIT;
	long sum = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		sum += tally[i].n;
		str_addf(&s, "%s%s %ld", i > 0 ? "，" : "：", tally[i].word,
		    tally[i].n);
	}
	paper_line(p, "%s %ld 人%s", word, sum, s.buf);
	str_done(&s);
}

static void
missing_table(const struct survey *s, struct paper *p)
{
	struct paper_block *t = paper_table(p, "未采集的孩子");
	struct str lacks = STR_INIT;
	size_t i;
	int b;

	paper_column(p, t, "村（社区）", ALIGN_LEFT, 14);
	paper_column(p, t, "姓名", ALIGN_LEFT, 12);
	paper_column(p, t, "缺什么", ALIGN_LEFT, 0);
	for (i = 0; i < s->nmissing; i++) {
		str_clear(&lacks);
		for (b = 0; b < BLOCKS; b++)
			if (s->missing[i].block[b])
				str_addf(&lacks, "%s%s", lacks.len > 0 ?
				    "、" : "", blocks[b].title);
		paper_row(t, ROW_PLAIN);
		paper_cell(p, t, s->missing[i].village);
		paper_cell(p, t, s->missing[i].name);
		paper_cell(p, t, lacks.buf);
	}
	str_done(&lacks);
}

int
survey_changes(struct forms *fs, const struct survey *s, const char *before,
    bool names, struct paper *p, struct err *e)
{
	struct tally came[ITEMS_MAX] = { 0 }, went[ITEMS_MAX] = { 0 };
	struct paper_block *t = NULL;
	size_t ncame = 0, nwent = 0;
	int rc;

	if (names) {
		t = paper_table(p, "增减名单");
		paper_column(p, t, "", ALIGN_LEFT, 0);
		paper_column(p, t, "原因", ALIGN_LEFT, 16);
		paper_column(p, t, "姓名", ALIGN_LEFT, 12);
		paper_column(p, t, "村（社区）", ALIGN_LEFT, 0);
	}
	rc = one_way(fs, came_sql, s->on, before, false, came, &ncame, p, t,
	    e);
	if (rc == 0)
		rc = one_way(fs, went_sql, s->on, before, true, went, &nwent,
		    p, t, e);
	if (rc < 0)
		return rc;
	paper_line(p, "与 %s 相比", before);
	say_tally(p, "增加", came, ncame);
	say_tally(p, "减少", went, nwent);
	if (names)
		missing_table(s, p);
	return 0;
}
