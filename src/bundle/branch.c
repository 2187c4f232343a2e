/* See branch.h. */
#include "branch.h"

#include <stdio.h>
#include <string.h>

#include "date.h"
#include "db.h"

const char branch_zero[65] =
    "0000000000000000000000000000000000000000000000000000000000000000";

int
branch_find(struct db *db, const char *site, const char *inc,
    struct branch *b, struct err *e)
{
	struct stmt *q = db_get(db, "SELECT id, applied, chain, parent,"
	    " parent_seq FROM main.incarnation WHERE site=?1 AND inc=?2", e);
	int rc;

	memset(b, 0, sizeof *b);
	if (q == NULL)
		return E_SQL;
	stmt_text(q, 1, site);
	stmt_text(q, 2, inc);
	rc = stmt_step(q, e);
	if (rc <= 0)
		return rc;
	b->id = stmt_col_int(q, 0);
	b->applied = stmt_col_int(q, 1);
	snprintf(b->chain, sizeof b->chain, "%s", stmt_col(q, 2));
	b->parent = stmt_col_int(q, 3);
	b->parent_seq = stmt_col_int(q, 4);
	stmt_reset(q);
	return 1;
}

static int
add_chain(struct db *db, int64_t id, const char *chain, struct err *e)
{
	return db_run(db, e, "INSERT OR IGNORE INTO main.chain(incarnation,"
	    "chain) VALUES(?1,?2)", "is", id, chain);
}

static int
add(struct db *db, const char *site, const char *inc, const struct branch *b,
    struct err *e)
{
	char at[STAMP_SIZE];

	date_stamp(at);
	return db_run(db, e, "INSERT INTO main.incarnation(site,inc,applied,"
	    "chain,parent,parent_seq,first_at) VALUES(?1,?2,?3,?4,"
	    "nullif(?5,0),?6,?7)", "ssisiis", site, inc, b->applied, b->chain,
	    b->parent, b->parent_seq, at);
}

static int
found(struct db *db, const struct header *h, struct branch *b, struct err *e)
{
	int rc = add(db, h->site, h->inc, b, e);

	if (rc == 0)
		rc = branch_find(db, h->site, h->inc, b, e);
	if (rc == 1 && b->parent != 0 && add_chain(db, b->id, b->chain, e) < 0)
		rc = E_SQL;
	return rc;
}

int
branch_open(struct db *db, const struct header *h, struct branch *b,
    struct err *e)
{
	struct branch parent;
	int rc = branch_find(db, h->site, h->inc, b, e);

	if (rc != 0)
		return rc;
	strcpy(b->chain, branch_zero);
	if (db_int(db, 0, "SELECT count(*) FROM main.incarnation WHERE"
	    " site=?1", "s", h->site) == 0)
		return found(db, h, b, e);
	if (h->parent_inc[0] == '\0')
		return 0;
	rc = branch_find(db, h->site, h->parent_inc, &parent, e);
	if (rc <= 0)
		return rc;
	if (!branch_knows(db, &parent, h->parent_chain))
		return 0;
	b->applied = h->parent_seq;
	strcpy(b->chain, h->parent_chain);
	b->parent = parent.id;
	b->parent_seq = h->parent_seq;
	return found(db, h, b, e);
}

int
branch_accept(struct db *db, const char *site, const char *inc, struct err *e)
{
	struct branch b;
	int rc = branch_find(db, site, inc, &b, e);

	if (rc != 0)
		return rc < 0 ? rc : 0;
	strcpy(b.chain, branch_zero);
	return add(db, site, inc, &b, e);
}

bool
branch_knows(struct db *db, const struct branch *b, const char *chain)
{
	return strcmp(chain, branch_zero) == 0 || db_int(db, 0,
	    "SELECT count(*) FROM main.chain WHERE incarnation=?1 AND"
	    " chain=?2", "is", b->id, chain) > 0;
}

static bool
in_lineage(const struct header *h, const char *chain)
{
	size_t i;

	if (strcmp(chain, h->base_chain) == 0)
		return true;
	for (i = 0; i < h->nlineage; i++)
		if (strcmp(chain, h->lineage[i]) == 0)
			return true;
	return false;
}

bool
branch_forked(struct db *db, const struct branch *b, const struct header *h)
{
	struct stmt *q;
	bool forked = h->to < b->applied ||
	    !branch_knows(db, b, h->base_chain);

	if (forked)
		return true;
	q = db_get(db, "SELECT chain FROM main.chain WHERE incarnation=?1 AND"
	    " upto > ?2", NULL);
	if (q == NULL)
		return true;
	stmt_int(q, 1, b->id);
	stmt_int(q, 2, h->base);
	while (stmt_step(q, NULL) > 0)
		if (!in_lineage(h, stmt_col(q, 0))) {
			stmt_reset(q);
			return true;
		}
	return false;
}

int
branch_advance(struct db *db, struct branch *b, const struct header *h,
    const char *chain, struct err *e)
{
	size_t i;
	int rc = db_run(db, e, "INSERT OR REPLACE INTO main.chain(incarnation,"
	    "chain,upto) VALUES(?1,?2,?3)", "isi", b->id, chain, h->to);

	for (i = 0; rc == 0 && i < h->nlineage; i++)
		rc = add_chain(db, b->id, h->lineage[i], e);
	if (rc == 0)
		rc = db_run(db, e, "UPDATE main.incarnation SET applied=?2,"
		    " chain=?3 WHERE id=?1", "iis", b->id, h->to, chain);
	b->applied = h->to;
	snprintf(b->chain, sizeof b->chain, "%s", chain);
	return rc;
}
