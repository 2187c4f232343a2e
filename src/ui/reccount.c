/* See reccount.h. */
#include "reccount.h"

#include "db.h"
#include "mem.h"
#include "str.h"
#include "ui.h"

static const struct field *
date_field(const struct form *f)
{
	size_t i;

	for (i = 0; i < f->nlist; i++) {
		const struct field *d = &f->fields[f->list[i]];

		if (d->type == T_DATE || d->type == T_DATETIME)
			return d;
	}
	return NULL;
}

void
reccount_load(const struct form *form, const struct field *ref,
    const char *uid, long *n, char **latest)
{
	const struct field *date = date_field(form);
	struct err e = ERR_INIT;
	struct str sql = STR_INIT;
	struct stmt *q;

	str_add(&sql, "SELECT count(*),");
	if (date != NULL) {
		str_add(&sql, "max(");
		db_quote(&sql, date->name);
		str_add(&sql, ")");
	} else {
		str_add(&sql, "NULL");
	}
	str_add(&sql, " FROM ");
	db_quote(&sql, form->name);
	str_add(&sql, " WHERE ");
	db_quote(&sql, ref->name);
	str_add(&sql, "=?1");
	q = db_get(ui_db(), sql.buf, &e);
	str_done(&sql);
	if (q == NULL)
		return;
	stmt_text(q, 1, uid);
	if (stmt_step(q, &e) > 0) {
		*n = (long)stmt_col_int(q, 0);
		*latest = xstrdup(stmt_col(q, 1));
		stmt_reset(q);
	}
}
