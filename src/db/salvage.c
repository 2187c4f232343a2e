/* See salvage.h. */
#include "salvagei.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "mem.h"
#include "orphan.h"
#include "pagefix.h"
#include "str.h"

enum {
	REACH = 65536,		/* rows looked for past the last one found */
	TRIES = 400000		/* look-ups that one table may cost */
};

int
salvage_open(struct salvage **out, const char *path, const char *map,
    struct db *to, struct err *e)
{
	struct salvage *s;
	int rc = pagefix(path, map, to, e);

	*out = NULL;
	if (rc < 0)
		return rc;
	s = xcalloc(1, sizeof *s);
	s->to = to;
	if (sqlite3_open_v2(path, &s->from, SQLITE_OPEN_READONLY, NULL) !=
	    SQLITE_OK) {
		salvage_close(s);
		return err_set(e, E_CORRUPT, "损坏的文件打不开");
	}
	*out = s;
	return 0;
}

void
salvage_close(struct salvage *s)
{
	if (s == NULL)
		return;
	sqlite3_close_v2(s->from);
	free(s);
}

/* ---- one table ---------------------------------------------------------- */

/* `up` and `down` read the table from either end; ?1 and ?2 are the limits of
 * row numbers, for tables that have them. */
struct taking {
	sqlite3_stmt *up, *down, *put;
	int cols, tries;
};

/* A row that the new table refuses is garbage on a whole page. */
static void
put_row(struct taking *t, sqlite3_stmt *q)
{
	int i;

	sqlite3_reset(t->put);
	for (i = 0; i < t->cols; i++)
		sqlite3_bind_value(t->put, i + 1, sqlite3_column_value(q,
		    i + 1));
	sqlite3_step(t->put);
}

/* Read rows lo…hi; true when all of them were.  `*last` is the number of the
 * last one that could be read, unchanged if none could. */
static bool
run(struct taking *t, sqlite3_stmt *q, int64_t lo, int64_t hi, int64_t *last)
{
	int rc;

	t->tries++;
	sqlite3_reset(q);
	sqlite3_bind_int64(q, 1, lo);
	sqlite3_bind_int64(q, 2, hi);
	while ((rc = sqlite3_step(q)) == SQLITE_ROW) {
		*last = sqlite3_column_int64(q, 0);
		put_row(t, q);
	}
	sqlite3_reset(q);
	return rc == SQLITE_DONE;
}

/* From both ends, then the two halves of what is left. */
static void
walk(struct taking *t, int64_t lo, int64_t hi)
{
	int64_t last = lo - 1, first, mid;

	if (lo > hi || t->tries > TRIES || run(t, t->up, lo, hi, &last))
		return;
	lo = last + 1;
	first = hi + 1;
	if (lo > hi || run(t, t->down, lo, hi, &first))
		return;
	hi = first - 1;
	if (lo >= hi)
		return;
	mid = lo + (hi - lo) / 2;
	walk(t, lo, mid);
	walk(t, mid + 1, hi);
}

/* The last row number there can be. */
static int64_t
upper(struct taking *t)
{
	int64_t last = 0, top = 0;

	if (!run(t, t->up, 1, INT64_MAX, &last) &&
	    !run(t, t->down, last + 1, INT64_MAX, &top) && top == 0)
		return last + REACH;
	return top > last ? top : last;
}

static bool
prepare(struct salvage *s, const struct passage *p, struct taking *t)
{
	struct str up = STR_INIT, down = STR_INIT, put = STR_INIT;
	int i;
	bool good;

	str_addf(&up, "SELECT %s,%s FROM \"%s\" NOT INDEXED WHERE %s",
	    p->rows ? "rowid" : "0", p->in.buf, p->from, p->rows ?
	    "rowid BETWEEN ?1 AND ?2 ORDER BY rowid" : "?1 IS NOT ?2");
	str_add(&down, up.buf);
	if (p->rows)
		str_add(&down, " DESC");
	else
		str_addf(&down, " ORDER BY (%.*s) DESC",
		    (int)strcspn(p->in.buf, ","), p->in.buf);
	str_addf(&put, "INSERT OR IGNORE INTO main.\"%s\"(%s) VALUES(?1",
	    p->to, p->out.buf);
	for (i = 1; i < p->cols; i++)
		str_addf(&put, ",?%d", i + 1);
	str_addc(&put, ')');
	good = sqlite3_prepare_v2(s->from, up.buf, -1, &t->up, NULL) ==
	    SQLITE_OK && sqlite3_prepare_v2(s->from, down.buf, -1, &t->down,
	    NULL) == SQLITE_OK && sqlite3_prepare_v2(s->to->h, put.buf, -1,
	    &t->put, NULL) == SQLITE_OK;
	t->cols = p->cols;
	str_done(&up);
	str_done(&down);
	str_done(&put);
	return good;
}

void
salvage_take(struct salvage *s, const struct passage *p)
{
	struct taking t = { .tries = 0 };
	int64_t last = 0;

	if (p->cols > 0 && prepare(s, p, &t)) {
		if (p->rows)
			walk(&t, 1, upper(&t));
		else if (!run(&t, t.up, 0, 1, &last))
			run(&t, t.down, 0, 1, &last);
	}
	sqlite3_finalize(t.up);
	sqlite3_finalize(t.down);
	sqlite3_finalize(t.put);
}

void
passage_done(struct passage *p)
{
	str_done(&p->in);
	str_done(&p->out);
}

/* A table under its own name: the columns that both have. */
static void
take_table(struct salvage *s, const char *table)
{
	struct passage p = { .from = table, .to = table };
	struct stmt *q = db_get(s->to, "SELECT name FROM"
	    " pragma_table_info(?1,'main') ORDER BY cid", NULL);

	p.rows = db_int(s->to, 1, "SELECT wr FROM pragma_table_list(?1) WHERE"
	    " schema='main'", "s", table) == 0;
	if (q != NULL)
		stmt_text(q, 1, table);
	while (q != NULL && stmt_step(q, NULL) > 0)
		if (sqlite3_table_column_metadata(s->from, NULL, table,
		    stmt_col(q, 0), NULL, NULL, NULL, NULL, NULL) ==
		    SQLITE_OK)
			str_addf(&p.in, "%s\"%s\"", p.cols++ > 0 ? "," : "",
			    stmt_col(q, 0));
	str_add(&p.out, p.in.buf);
	salvage_take(s, &p);
	passage_done(&p);
}

/* ---- all of them -------------------------------------------------------- */

int
salvage_copy(struct salvage *s, struct err *e)
{
	struct stmt *q = db_new(s->to, "SELECT name FROM main.sqlite_schema"
	    " WHERE type='table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
	    " ORDER BY rowid", e);
	int rc = q == NULL ? E_SQL : db_exec(s->to,
	    "PRAGMA ignore_check_constraints=ON", e);

	/* meta comes last: before it no record is this site's own, and the
	 * rules of its workflow mind no state */
	while (rc >= 0 && (rc = stmt_step(q, e)) > 0)
		if (strcmp(stmt_col(q, 0), "meta") != 0)
			take_table(s, stmt_col(q, 0));
	stmt_free(q);
	orphan_copy(s);
	take_table(s, "meta");
	if (rc == 0)
		rc = db_exec(s->to, "PRAGMA ignore_check_constraints=OFF", e);
	return rc;
}

int
salvage_map(struct db *db, const char *path, struct err *e)
{
	struct str text = STR_INIT;
	struct stmt *q;
	int rc;

	db_trust(db);
	q = db_get(db, "SELECT rootpage, name FROM main.sqlite_schema WHERE"
	    " type='table' ORDER BY rootpage", e);
	rc = q == NULL ? E_SQL : 0;
	while (rc >= 0 && (rc = stmt_step(q, e)) > 0)
		str_addf(&text, "%s %s\n", stmt_col(q, 0), stmt_col(q, 1));
	db_untrust(db);
	if (rc == 0)
		rc = file_write(path, text.buf, text.len, 0600, e);
	str_done(&text);
	return rc;
}
