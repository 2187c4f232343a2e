/* See handover.h. */
#include "handover.h"

#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "mem.h"
#include "str.h"

static const char changes[] =
    "SELECT v.uid,v.name,o.name,coalesce(o.left_on,(SELECT max(t.ends_on)"
    " FROM tenure t WHERE t.staff=o.uid AND t.role='director'"
    " AND t.village=v.uid)),n.name,n.appointed_on FROM staff n"
    " JOIN village v ON v.uid=n.village"
    " JOIN staff o ON o.uid=n.predecessor"
    " WHERE n.left_on IS NULL AND instr(n.role,';director;')"
    " AND (v.uid=?1 OR (?1 IS NULL AND"
    " substr(n.appointed_on,1,4)=substr(?2,1,4))) ORDER BY v.code,n.uid";

struct change {
	char uid[37];
	char *words;		/* heap */
};

/* Read them first: the list needs statements of its own. */
static int
load(struct forms *fs, const char *uid, const char *on, struct change **out,
    size_t *n, struct err *e)
{
	struct stmt *q = db_new(forms_db(fs), changes, e);
	size_t cap = 0;
	int rc;

	*out = NULL;
	*n = 0;
	if (q == NULL)
		return e->code;
	stmt_text(q, 1, uid);
	stmt_text(q, 2, on);
	while ((rc = stmt_step(q, e)) > 0) {
		struct change *c;

		*out = mem_grow(*out, *n, &cap, sizeof **out);
		c = &(*out)[(*n)++];
		memset(c, 0, sizeof *c);
		memcpy(c->uid, stmt_col(q, 0), 36);
		c->words = xasprintf("%s  前任 %s（%s 离任）  新任 %s（%s 任职）",
		    stmt_col(q, 1), stmt_col(q, 2), stmt_is_null(q, 3) ? "" :
		    stmt_col(q, 3), stmt_col(q, 4), stmt_is_null(q, 5) ? "" :
		    stmt_col(q, 5));
	}
	stmt_free(q);
	return rc;
}

static void
table(struct paper *p, const struct change *c, const struct listed *r)
{
	struct paper_block *b = paper_table(p, c->words);
	size_t i, k;

	paper_column(p, b, "序号", ALIGN_RIGHT, 4);
	for (k = 0; k < r->ncols; k++)
		paper_column(p, b, r->head[k], ALIGN_LEFT, 28);
	for (i = 0; i < r->n; i++) {
		paper_row(b, ROW_PLAIN);
		paper_cellf(p, b, "%zu", i + 1);
		for (k = 0; k < r->ncols; k++)
			paper_cell(p, b, r->row[i].cell[k]);
	}
	paper_line(p, "以上 %zu 项已当面交清。台账、走访本、证件复印件、儿童之家"
	    "钥匙和物资另附清单。", r->n);
	paper_line(p, "移交人（签名）：____________　接收人（签名）：____________");
	paper_line(p, "监交人（签名）：____________　日期：______年____月____日");
}

int
handover_paper(struct forms *fs, const struct listings *ls, const char *uid,
    const char *on, struct paper **out, struct err *e)
{
	const struct listing *l = listings_find(ls, "handover");
	struct listing_want want = { .on = on };
	struct change *c;
	struct listed r;
	size_t n, i;
	int rc;

	if (l == NULL)
		return err_set(e, E_NOTFOUND, "data/lists 里没有“交接清单”");
	rc = load(fs, uid, on, &c, &n, e);
	if (rc == 0 && n == 0)
		rc = err_set(e, E_NOTFOUND, "没有换届：现任儿童主任没有填“前任”");
	*out = paper_new("儿童主任工作交接清单");
	(*out)->personal = true;
	for (i = 0; i < n; i++) {
		want.village = c[i].uid;
		if (rc == 0)
			rc = listing_run(fs, ls, l, &want, &r, e);
		if (rc == 0) {
			table(*out, &c[i], &r);
			listed_done(&r);
		}
		free(c[i].words);
	}
	free(c);
	if (rc < 0) {
		paper_free(*out);
		*out = NULL;
	}
	return rc;
}
