/* The journal after a rescue: what is left of it, and a note of what is not.
 * See journal_mend(). */
#include "journali.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "str.h"

struct mending {
	struct db *db;
	struct str note;
	int64_t lost, last;	/* entries; the last one's number */
	int64_t *bad;		/* numbers of entries to drop */
	size_t nbad, cap;
};

static void
put_down(struct mending *m, int64_t from, int64_t upto)
{
	if (from > upto)
		return;
	str_addf(&m->note, " %lld-%lld", (long long)from, (long long)upto);
	m->lost += upto - from + 1;
	m->last = upto;
}

/* Find the entries that are not what was hashed.  After a gap nothing can be
 * said of the link. */
static int
find_bad(struct mending *m, struct err *e)
{
	struct stmt *q = db_new(m->db, "SELECT " JOURNAL_COLUMNS
	    " FROM main.journal ORDER BY seq", e);
	unsigned char prev[HASH_SIZE] = { 0 };
	int64_t want = 1;
	bool hole = false;
	int rc;

	if (q == NULL)
		return e != NULL ? e->code : E_SQL;
	while ((rc = stmt_step(q, e)) > 0) {
		unsigned f = journal_judge(q, prev, &want);

		if (hole || (f & FAULT_GAP) != 0)
			f &= ~(unsigned)FAULT_LOOSE;
		hole = (f & ~(unsigned)FAULT_GAP) != 0;
		if (!hole)
			continue;
		m->bad = mem_grow(m->bad, m->nbad, &m->cap, sizeof *m->bad);
		m->bad[m->nbad++] = stmt_col_int(q, 0);
	}
	stmt_free(q);
	return rc;
}

static int
drop_bad(struct mending *m, struct err *e)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < m->nbad; i++)
		rc = db_run(m->db, e, "DELETE FROM main.journal WHERE seq=?1",
		    "i", m->bad[i]);
	return rc;
}

static int
find_gaps(struct mending *m, int64_t floor, struct err *e)
{
	struct stmt *q = db_new(m->db, "SELECT seq FROM main.journal ORDER BY"
	    " seq", e);
	int64_t want = 1;
	int rc;

	if (q == NULL)
		return e != NULL ? e->code : E_SQL;
	while ((rc = stmt_step(q, e)) > 0) {
		put_down(m, want, stmt_col_int(q, 0) - 1);
		want = stmt_col_int(q, 0) + 1;
	}
	stmt_free(q);
	put_down(m, want, floor);
	return rc;
}

int64_t
journal_mend(struct db *db, int64_t floor, int64_t *last, struct err *e)
{
	struct mending m = { .db = db };
	int64_t rc = find_bad(&m, e);

	if (rc == 0)
		rc = drop_bad(&m, e);
	if (rc == 0)
		rc = find_gaps(&m, floor, e);
	if (rc == 0 && m.lost > 0) {
		struct str text = STR_INIT;
		struct journal_change note = { "note", NULL, NULL };

		str_addf(&text, "日志丢失%s", m.note.buf);
		note.now = text.buf;
		rc = journal_after(db, floor, e);
		if (rc == 0)
			rc = journal_append(db, NULL, NULL, "salvage", &note,
			    1, NULL, e);
		str_done(&text);
	}
	*last = m.last;
	free(m.bad);
	str_done(&m.note);
	return rc < 0 ? rc : m.lost;
}
