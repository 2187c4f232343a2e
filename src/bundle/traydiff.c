/* See traydiff.h. */
#include "traydiff.h"

#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "mem.h"
#include "record.h"
#include "row.h"
#include "type.h"

static char *
shown(struct forms *fs, const struct field *f, const char *v)
{
	struct str s = STR_INIT;

	if (v == NULL)
		str_add(&s, "空");
	else
		type_show(fs, f, v, true, &s);
	return str_take(&s);
}

/* What the last change of the field here replaced. */
static char *
before(struct forms *fs, const struct tray_item *t, const struct field *f)
{
	struct db *db = forms_db(fs);
	char *path = xasprintf("$.%s", f->name), *v = NULL;
	struct err none = ERR_INIT;
	struct stmt *q;

	db_trust(db);
	q = db_new(db, "SELECT json_extract(vals, ?2 || '[0]') FROM"
	    " main.journal WHERE uid=?1 AND form=?3 AND json_valid(vals) AND"
	    " json_type(vals, ?2)='array' ORDER BY seq DESC LIMIT 1", &none);
	db_untrust(db);
	if (q != NULL) {
		stmt_text(q, 1, t->uid);
		stmt_text(q, 2, path);
		stmt_text(q, 3, t->form);
		if (stmt_step(q, &none) > 0)
			v = shown(fs, f, stmt_col(q, 0));
	}
	stmt_free(q);
	free(path);
	return v;
}

int
tray_diff(struct forms *fs, const struct tray_item *t, struct tray_diff **out,
    size_t *n, struct err *e)
{
	struct row r;
	struct record *mine = NULL;
	bool deleted = false;
	size_t cap = 0, i;
	int rc;

	*out = NULL;
	*n = 0;
	rc = row_parse(&r, fs, t->theirs, strlen(t->theirs), e);
	if (rc == 0)
		rc = row_values(&r, fs, e);
	if (rc == 0)
		mine = row_present(&r, fs, &deleted);
	for (i = 0; mine != NULL && !r.deleted && i < r.form->nfields; i++) {
		const struct field *f = &r.form->fields[i];

		if (str_eq(mine->val[i], r.rec->val[i]) ||
		    !record_may_read(fs, f))
			continue;
		*out = mem_grow(*out, *n, &cap, sizeof **out);
		(*out)[(*n)++] = (struct tray_diff){ .field = f,
		    .base = before(fs, t, f),
		    .theirs = shown(fs, f, r.rec->val[i]),
		    .mine = shown(fs, f, mine->val[i]) };
	}
	record_free(mine);
	row_done(&r);
	return rc;
}

void
tray_diff_free(struct tray_diff *v, size_t n)
{
	while (n-- > 0) {
		free(v[n].base);
		free(v[n].theirs);
		free(v[n].mine);
	}
	free(v);
}
