/* A whole file; see import.h. */
#include "import.h"

#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "importi.h"
#include "journal.h"
#include "mem.h"
#include "rewrite.h"
#include "safe.h"
#include "token.h"

enum { TICK_ROWS = 256, SOME_COLUMNS = 5 };

/* ---- sheet and header --------------------------------------------------- */

/* The way of reading with the best header. */
static int
choose(struct import *m, const struct heading_words *w, struct err *e)
{
	size_t way, best = 0, known = 0, ways = sheet_ways(m->sheet), others;
	struct heading h;
	bool hidden;
	int rc = 0;

	if (m->o->sheet != NULL) {
		rc = sheet_find(m->sheet, m->o->sheet, &best, e);
		return rc < 0 ? rc : sheet_choose(m->sheet, best, 0, e);
	}
	for (way = 0, others = 0; rc == 0 && way < ways; way++) {
		sheet_way_name(m->sheet, way, &hidden);
		if (hidden)
			continue;
		rc = sheet_choose(m->sheet, way, 40, e);
		if (rc == 0)
			rc = heading_find(m->sheet, w, &h, e);
		if (rc < 0 && !sheet_is_book(m->sheet) && way != 0) {
			rc = 0;		/* wrong delimiter */
			continue;
		}
		if (rc == 0 && h.known > known) {
			known = h.known;
			best = way;
		}
		others += rc == 0 && h.known > 1;
		if (rc == 0)
			heading_done(&h);
	}
	if (rc == 0 && sheet_is_book(m->sheet) && ways > 1)
		str_addf(&m->out->notes, "读的是工作表“%s”%s\n",
		    sheet_way_name(m->sheet, best, NULL), others > 1 ?
		    "；别的工作表也像名册，要导入请用 --sheet 指定" : "");
	return rc < 0 ? rc : sheet_choose(m->sheet, best, 0, e);
}

static void
list_labels(struct str *out, const struct form *f, size_t max)
{
	size_t i;

	for (i = 0; i < f->nfields && i < max; i++)
		str_addf(out, "%s%s", i > 0 ? "、" : "", f->fields[i].label);
}

static int
find_header(struct import *m, const struct heading_words *w, struct err *e)
{
	struct str labels = STR_INIT;
	int rc = choose(m, w, e);

	if (rc == 0)
		rc = heading_find(m->sheet, w, &m->head, e);
	if (rc == 0 && m->head.known == 0) {
		list_labels(&labels, m->f, 12);
		rc = err_set(e, E_FORMAT, "前 30 行里找不到表头。%s的列名可以是："
		    "%s 等（tongji form dictionary 有全部）；列名不同的，用 "
		    "--map 给一张对照表", m->f->title, labels.buf);
		str_done(&labels);
	}
	return rc < 0 ? rc : heading_check(&m->head, m->f, e);
}

/* ---- notes about columns ------------------------------------------------ */

static void
note_extra(struct import *m)
{
	struct str *s = &m->out->notes;
	char brief[SAFE_BRIEF];
	size_t i, n = 0;

	for (i = 0; i < m->head.n; i++) {
		if ((m->head.meaning[i] != HEAD_UNKNOWN &&
		    m->head.meaning[i] != HEAD_TWICE) ||
		    m->head.text[i][0] == '\0')
			continue;
		str_add(s, n++ == 0 ? "多余的列（没有导入）：" : "、");
		str_add(s, safe_brief(m->head.text[i], brief));
	}
	if (n > 0)
		str_addc(s, '\n');
}

/* Is it a column that people fill in, and not in the file? */
static bool
is_absent(const struct import *m, size_t i)
{
	const struct field *f = &m->f->fields[i];

	return !m->column[i] && f->type != T_CALCULATE &&
	    f->type != T_SERIAL && !f->implicit;
}

/* 0 must be there, 1 the lists show it, 2 the rest and what fills itself. */
static int
weight(const struct field *f)
{
	if (field_always(f))
		return 0;
	return f->in_list && f->calculation.sql == NULL ? 1 : 2;
}

/* A roster lacks dozens of a form's columns.  Those that must be there are
 * all named, of the rest the weightiest; a trial names every one. */
static void
note_missing(struct import *m)
{
	static const char *const head[] = { "缺少必填的列：",
	    "没有的列（留空）：" };
	struct str *s = &m->out->notes;
	size_t i, n = 0, optional = 0;
	int w;

	for (i = 0; i < m->f->nfields; i++)
		optional += is_absent(m, i) && !field_always(&m->f->fields[i]);
	for (w = 0; w <= 2; w++) {
		for (i = 0; i < m->f->nfields; i++) {
			if (!is_absent(m, i) || weight(&m->f->fields[i]) != w ||
			    (w > 0 && !m->o->dry_run && n >= SOME_COLUMNS))
				continue;
			str_add(s, n++ == 0 ? head[w > 0] : "、");
			str_add(s, m->f->fields[i].label);
		}
		if (w > 0)
			continue;
		if (n > 0)
			str_addc(s, '\n');
		n = 0;
	}
	if (n > 0 && n < optional)
		str_addf(s, " 等 %zu 列", optional);
	if (n > 0)
		str_addc(s, '\n');
}

/* Columns that this session may not read it may not write either. */
static void
note_columns(struct import *m)
{
	struct str denied = STR_INIT;
	size_t i;

	for (i = 0; i < m->head.n; i++) {
		int what = m->head.meaning[i];

		if (what < 0)
			continue;
		m->column[what] = true;
		if (record_may_read(m->fs, &m->f->fields[what]))
			continue;
		str_addf(&denied, "%s%s", denied.len > 0 ? "、" : "",
		    m->f->fields[what].label);
		m->head.meaning[i] = HEAD_IGNORE;
	}
	if (m->head.skip > 1)
		str_addf(&m->out->notes, "表头在第 %zu 行，上面的标题行没有导入\n",
		    m->head.line);
	note_extra(m);
	note_missing(m);
	if (denied.len > 0)
		str_addf(&m->out->notes, "您无权填写的列（没有导入）：%s\n",
		    denied.buf);
	str_done(&denied);
}

/* ---- rows --------------------------------------------------------------- */

/* A required date is the day on which something was done: 今天 is a good guess
 * while typing, and a wrong record from a file that lacks the column.  What
 * runs through a workflow begins here and now (受理), unless the file says. */
static bool
is_day_of_deed(const struct field *fld)
{
	return fld->form->workflow == NULL &&
	    (fld->type == T_DATE || fld->type == T_DATETIME) &&
	    str_eq(fld->required.sql, "true");
}

/* A default that looks at other records without regard to this one (民族 as
 * in the last record) helps a person who sees it; a file it would fill with
 * guesses. */
static bool
is_suggestion(const struct form *f, const struct expr *x)
{
	struct rewrite r = { .form = f, .style = REWRITE_PARAMS };
	bool yes;

	if (x->sql == NULL)
		return false;
	str_init(&r.sql);
	yes = rewrite_expr(&r, x->sql) == 0 && r.has_select && !r.uses_record;
	rewrite_done(&r);
	return yes;
}

/* Where a chunk begins. */
struct mark {
	struct sheet_place place;
	struct import_result out;
	size_t notes, rejects, rejected, listed;
};

static struct mark
take_mark(const struct import *m)
{
	return (struct mark){ sheet_tell(m->sheet), *m->out,
	    m->out->notes.len, m->rejects.csv.len, m->rejects.n, m->listed };
}

static void
cut(struct str *s, size_t len)
{
	if (s->len > len)
		s->buf[s->len = len] = '\0';
}

static void
back_to(struct import *m, const struct mark *k)
{
	struct str notes = m->out->notes;

	sheet_seek(m->sheet, k->place);
	*m->out = k->out;
	m->out->notes = notes;
	cut(&m->out->notes, k->notes);
	cut(&m->rejects.csv, k->rejects);
	m->rejects.n = k->rejected;
	m->listed = k->listed;
}

/* At most `max` rows (0: all): 1 when there are more, 0 at the end. Stops
 * early when the transaction is spoiled. */
static int
some_rows(struct import *m, size_t max, struct err *e)
{
	struct db *db = forms_db(m->fs);
	size_t n = 0;
	int rc;

	while ((max == 0 || n < max) && !db_spoiled(db) &&
	    (rc = sheet_next(m->sheet, &m->row, e)) != 0) {
		if (rc > 0)
			rc = import_row(m, e);
		if (rc < 0)
			return err_prefix(e, "第 %zu 行", m->row.line);
		if (++n % TICK_ROWS == 0 && m->o->tick != NULL &&
		    !m->o->tick(m->o->arg, sheet_progress(m->sheet)))
			return err_set(e, E_CANCEL, "已停止，什么都没有存");
	}
	return max > 0 && n == max;
}

/* The rows of one transaction.  First without savepoints; should a row fail
 * half-way (an error in what follows from it, or what only the database
 * refuses), all is taken back and done again with one for every row. */
static int
chunk(struct import *m, struct err *e)
{
	struct db *db = forms_db(m->fs);
	size_t max = m->o->dry_run ? 0 : IMPORT_CHUNK;
	struct mark k = take_mark(m);
	int rc;

	db_flat(db, true);
	rc = some_rows(m, max, e);
	db_flat(db, false);
	if (!db_spoiled(db))
		return rc;
	db_rollback(db);
	m->open = false;
	rc = db_begin(db, e);
	if (rc < 0)
		return rc;
	m->open = true;
	back_to(m, &k);
	return some_rows(m, max, e);
}

static int
next_chunk(struct import *m, size_t *kept, struct err *e)
{
	struct db *db = forms_db(m->fs);
	int rc;

	m->open = false;
	rc = db_commit(db, e);
	if (rc < 0)
		return rc;
	*kept = m->row.line;
	rc = db_begin(db, e);
	m->open = rc == 0;
	return rc;
}

static int
rows(struct import *m, size_t *kept, struct err *e)
{
	size_t i;
	int rc = 1;

	for (i = 0; i < m->head.skip && rc > 0; i++)
		rc = sheet_next(m->sheet, &m->row, e);
	while (rc >= 0 && (rc = chunk(m, e)) > 0)
		rc = next_chunk(m, kept, e);
	return rc;
}

static int
note_journal(struct import *m, struct err *e)
{
	const struct import_result *r = m->out;
	const char *name = strrchr(m->o->file, '/');
	struct str s = STR_INIT;
	int rc;

	str_addf(&s, "%s：新增 %zu 更新 %zu 未变 %zu 退回 %zu",
	    name != NULL ? name + 1 : m->o->file, r->inserted, r->updated,
	    r->same, r->refused);
	rc = journal_note(forms_db(m->fs), "import", m->f->name, NULL, s.buf,
	    e);
	str_done(&s);
	return rc;
}

static int
run_rows(struct import *m, struct err *e)
{
	struct db *db = forms_db(m->fs);
	size_t kept = 0;
	int rc;

	db_trust(db);
	rc = db_exec(db, "PRAGMA cache_size=-32768", e);
	db_untrust(db);
	if (rc == 0)
		rc = db_begin(db, e);

	if (rc < 0)
		return rc;
	m->open = true;
	rc = rows(m, &kept, e);
	if (rc >= 0 && !m->o->dry_run)
		rc = note_journal(m, e);
	if (rc < 0 || m->o->dry_run) {
		if (m->open)
			db_rollback(db);
	} else {
		rc = db_commit(db, e);
	}
	if (rc < 0 && kept > 0)
		err_prefix(e, "前 %zu 行已经导入，后面的没有；改好后再导入一次"
		    "就能接上", kept);
	return rc < 0 ? rc : 0;
}

static void
summarise(struct import *m)
{
	struct str *s = &m->out->notes;

	if (m->out->warnings > IMPORT_LISTED)
		str_addf(s, "提醒共 %zu 处，只列出前 %d 处\n",
		    m->out->warnings, IMPORT_LISTED);
	if (m->out->refused > IMPORT_LISTED)
		str_addf(s, "退回共 %zu 行，只列出前 %d 行\n",
		    m->out->refused, IMPORT_LISTED);
}

static void
start(struct import *m)
{
	const struct form *f = m->f;
	size_t i;

	m->val = xcalloc(f->nfields, sizeof *m->val);
	m->column = xcalloc(f->nfields, sizeof *m->column);
	m->suggestion = xcalloc(f->nfields, sizeof *m->suggestion);
	for (i = 0; i < f->nfields; i++)
		m->suggestion[i] = is_suggestion(f, &f->fields[i].default_) ||
		    is_day_of_deed(&f->fields[i]);
	m->site = db_meta(forms_db(m->fs), "site");
	if (m->site == NULL)
		m->site = xstrdup("");
	import_match_init(m);
}

static void
finish(struct import *m)
{
	size_t i;

	for (i = 0; i < m->f->nfields; i++)
		free(m->val[i]);
	while (m->nproblems > 0)
		free(m->problem[--m->nproblems].text);
	free(m->problem);
	free(m->val);
	free(m->column);
	free(m->suggestion);
	free(m->weak);
	free(m->strong_sql);
	free(m->weak_sql);
	free(m->site);
	textmap_done(&m->seen);
	textmap_done(&m->refs);
	heading_done(&m->head);
	rejects_done(&m->rejects);
	cells_done(&m->row);
	str_done(&m->clean);
	sheet_close(m->sheet);
}

int
import_run(struct forms *fs, const struct form *f,
    const struct import_options *o, struct import_result *out, struct err *e)
{
	struct import m = { .fs = fs, .f = f, .o = o, .out = out };
	struct heading_words *w;
	int rc;

	*out = (struct import_result)IMPORT_RESULT_INIT;
	str_init(&m.rejects.csv);
	str_init(&m.clean);
	str_init(&m.row.text);
	if (!record_may_write(fs, f))
		return err_set(e, E_DENIED, "您只能查看，不能导入%s", f->title);
	w = heading_words(fs, f, o->map, e);
	rc = w == NULL ? e->code : 0;
	if (rc == 0)
		rc = sheet_open(&m.sheet, o->file, o->codec, e);
	start(&m);
	if (rc == 0)
		rc = find_header(&m, w, e);
	heading_words_free(w);
	if (rc == 0) {
		note_columns(&m);
		rejects_init(&m.rejects, m.head.text, m.head.n);
		rc = run_rows(&m, e);
	}
	if (rc == 0) {
		summarise(&m);
		rc = rejects_write(&m.rejects, m.sheet, o->file,
		    &out->rejects, e);
		if (rc < 0 && !o->dry_run)
			err_prefix(e, "好的行已经导入（新增 %zu 更新 %zu 未变 "
			    "%zu 退回 %zu）", out->inserted, out->updated,
			    out->same, out->refused);
	}
	finish(&m);
	return rc;
}

void
import_result_done(struct import_result *out)
{
	str_done(&out->notes);
	free(out->rejects);
	out->rejects = NULL;
}
