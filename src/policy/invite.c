/* See invite.h. */
#include "invite.h"

#include <stdlib.h>

#include "date.h"
#include "db.h"
#include "mem.h"
#include "record.h"
#include "str.h"

static bool
stands(struct forms *fs, const char *training, const char *staff)
{
	return db_int(forms_db(fs), 0, "SELECT 1 FROM trainee WHERE"
	    " training=?1 AND staff=?2", "ss", training, staff) != 0;
}

int
invite_one(struct forms *fs, const char *training, const char *staff,
    struct err *e)
{
	const struct form *f = forms_get(fs, "trainee", e);
	struct record *r;
	int rc;

	if (f == NULL)
		return e->code;
	if (stands(fs, training, staff))
		return 0;
	r = record_new(fs, f, e);
	if (r == NULL)
		return e->code;
	record_put(r, form_field(f, "training"), training);
	record_put(r, form_field(f, "staff"), staff);
	record_put(r, form_field(f, "invited"), "yes");
	rc = record_save(r, NULL, e);
	record_free(r);
	return rc < 0 ? rc : 1;
}

static int
invite_all(struct forms *fs, const struct listed *people,
    const char *training, struct err *e)
{
	int rc = 0, n = 0;
	size_t i;

	for (i = 0; i < people->n && rc >= 0; i++) {
		rc = invite_one(fs, training, people->row[i].uid, e);
		n += rc > 0;
	}
	return rc < 0 ? rc : n;
}

int
invite_by_rule(struct forms *fs, const struct listings *ls,
    const char *training, const char *code, struct err *e)
{
	char *name = xasprintf("invite_%s", code);
	const struct listing *l = listings_find(ls, name);
	struct listing_want want = { .on = date_today(), .uid = training };
	struct listed people;
	int rc;

	free(name);
	if (l == NULL)
		return err_set(e, E_NOTFOUND, "这个班的参训范围是自选，"
		    "名单请逐人加");
	rc = listing_run(fs, ls, l, &want, &people, e);
	if (rc < 0)
		return rc;
	rc = db_begin(forms_db(fs), e);
	if (rc == 0) {
		rc = invite_all(fs, &people, training, e);
		if (rc < 0)
			db_rollback(forms_db(fs));
		else if (db_commit(forms_db(fs), e) < 0)
			rc = e->code;
	}
	listed_done(&people);
	return rc;
}
