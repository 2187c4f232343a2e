/* See towns.h. */
#include "towns.h"

#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "mem.h"

struct tally {
	struct db *db;
	struct town {
		char code[16];
		double n;
	} *town;
	size_t n, cap;
	struct err *e;
};

static int
load_towns(struct tally *t)
{
	struct stmt *q = db_get(t->db, "SELECT code FROM village WHERE"
	    " length(code) = 9 AND valid_to IS NULL ORDER BY code", t->e);
	int rc;

	if (q == NULL)
		return t->e != NULL ? t->e->code : E_SQL;
	while ((rc = stmt_step(q, t->e)) > 0) {
		t->town = mem_grow(t->town, t->n, &t->cap, sizeof *t->town);
		memset(&t->town[t->n], 0, sizeof *t->town);
		strncpy(t->town[t->n++].code, stmt_col(q, 0),
		    sizeof t->town->code - 1);
	}
	return rc;
}

/* The township that keeps a record; heap or NULL. */
static char *
site_of(struct db *db, const char *form, const char *uid)
{
	struct str sql = STR_INIT;
	char *site;

	str_add(&sql, "SELECT site FROM main.");
	db_quote(&sql, form);
	str_add(&sql, " WHERE uid = ?1");
	db_trust(db);		/* restricted rows count too */
	site = db_str(db, sql.buf, "s", uid);
	db_untrust(db);
	str_done(&sql);
	return site;
}

static int
add_row(const struct behind *b, void *arg)
{
	struct tally *t = arg;
	char *site = b->form != NULL && b->uid != NULL ?
	    site_of(t->db, b->form, b->uid) : NULL;
	size_t i;

	for (i = 0; site != NULL && i < t->n; i++)
		if (strcmp(t->town[i].code, site) == 0)
			t->town[i].n += b->n;
	free(site);
	return 0;
}

int
towns_judge(struct forms *fs, const struct scheme *s,
    const struct indicator *it, const char *on, struct number *x,
    struct err *e)
{
	struct tally t = { .db = forms_db(fs), .e = e };
	size_t i;
	int rc = load_towns(&t);

	if (rc == 0 && t.n > 0)
		rc = indicator_rows(fs, s, it, x->part, on,
		    (int)x->period.kind, add_row, &t, e);
	if (rc == 0 && t.n > 0) {
		x->short_by = 0;
		for (i = 0; i < t.n; i++)
			if (t.town[i].n < x->target)
				x->short_by += x->target - t.town[i].n;
		x->met = x->short_by > 0 ? MET_NO : MET_YES;
	}
	free(t.town);
	return rc;
}
