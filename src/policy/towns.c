/* See towns.h. */
#include "towns.h"

#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "mem.h"

const char towns_silent_sql[] =
    "SELECT t.code FROM main.village t WHERE length(t.code) = 9 AND"
    " t.valid_to IS NULL AND NOT EXISTS (SELECT 1 FROM main.incarnation i"
    " WHERE i.site = t.code)";

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
	struct str sql = STR_INIT;
	struct stmt *q;
	int rc;

	str_addf(&sql, "SELECT code FROM village WHERE length(code) = 9 AND"
	    " valid_to IS NULL AND code NOT IN (%s) ORDER BY code",
	    towns_silent_sql);
	db_trust(t->db);
	q = db_get(t->db, sql.buf, t->e);
	db_untrust(t->db);
	str_done(&sql);
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

int64_t
towns_silent(struct forms *fs)
{
	struct db *db = forms_db(fs);
	char *sql = xasprintf("SELECT count(*) FROM (%s)", towns_silent_sql);
	int64_t n;

	db_trust(db);
	n = db_int(db, 0, sql, "");
	db_untrust(db);
	free(sql);
	return n;
}

void
towns_silent_words(int64_t silent, struct str *out)
{
	if (silent > 0)
		str_addf(out, "另有 %lld 个乡镇没有报过，不在内",
		    (long long)silent);
}
