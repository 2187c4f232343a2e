/* See foreign.h. */
#include "foreign.h"

#include <string.h>

#include "db.h"
#include "mem.h"

bool
foreign_uid(const struct merging *m, const struct row *r)
{
	return db_int(m->db, 0, "SELECT EXISTS (SELECT 1 FROM main.journal"
	    " WHERE uid=?1 AND form<>?2)", "ss", r->uid, r->form_name) > 0;
}

/* Rows of one village or child come together: what was looked at lately is
 * not looked up again. */
static char *
slot(struct merging *m, const char *uid)
{
	unsigned h = 0;
	const char *p;

	for (p = uid; *p != '\0'; p++)
		h = h * 31 + (unsigned char)*p;
	return m->own[h % COUNT_OF(m->own)];
}

static bool
elsewhere(struct merging *m, const char *form, const char *uid)
{
	char *known = slot(m, uid);
	struct str sql = STR_INIT;
	int64_t n;

	if (strcmp(known, uid) == 0)
		return false;
	str_addf(&sql, "SELECT count(*) FROM main.\"%s\" WHERE uid=?1 AND"
	    " site NOT IN (?2, ?3, '')", form);
	n = db_int(m->db, 1, sql.buf, "sss", uid, m->site, m->county);
	str_done(&sql);
	if (n == 0)
		strcpy(known, uid);
	return n > 0;
}

int
foreign_refs(struct merging *m, const struct row *r, struct err *e)
{
	const struct field *f;
	size_t i;

	for (i = 0; i < r->form->nfields; i++) {
		f = &r->form->fields[i];
		if (f->type == T_REF && r->rec->val[i] != NULL &&
		    elsewhere(m, f->list, r->rec->val[i]))
			return err_set(e, E_REFUSED, "%s：那是别的单位的记录",
			    f->label);
	}
	return 0;
}
