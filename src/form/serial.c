/* See serial.h. */
#include "serial.h"

#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "db.h"
#include "record.h"

/* The text of `pattern` with number `seq`; seq 0 gives the series' name. */
static void
expand(struct record *r, const char *pattern, int64_t seq, struct str *out)
{
	const char *p = pattern;
	char *site;

	while (*p != '\0') {
		if (str_starts(p, "{year}")) {
			str_addn(out, date_today(), 4);
			p += 6;
		} else if (str_starts(p, "{site}")) {
			site = db_meta(forms_db(r->fs), "site");
			str_add(out, site);
			free(site);
			p += 6;
		} else if (str_starts(p, "{seq")) {
			int width = atoi(p + 4);

			if (seq > 0)
				str_addf(out, "%0*lld", width, (long long)seq);
			p += strcspn(p, "}");
			p += *p == '}';
		} else {
			str_addc(out, *p++);
		}
	}
}

static bool
taken(struct record *r, const struct field *f, const char *number)
{
	struct str sql = STR_INIT;
	bool yes;

	str_addf(&sql, "SELECT 1 FROM main.\"%s\" WHERE \"%s\"=?1",
	    r->form->name, f->name);
	yes = db_int(forms_db(r->fs), 0, sql.buf, "s", number) != 0;
	str_done(&sql);
	return yes;
}

static int
mint(struct record *r, const struct field *f, struct err *e)
{
	struct str series = STR_INIT, number = STR_INIT;
	struct db *db = forms_db(r->fs);
	int64_t seq;
	int rc;

	str_addf(&series, "%s.%s ", r->form->name, f->name);
	expand(r, f->list, 0, &series);
	seq = db_int(db, 0, "SELECT last FROM main.series WHERE name=?1", "s",
	    series.buf);
	do {
		str_clear(&number);
		expand(r, f->list, ++seq, &number);
	} while (taken(r, f, number.buf));
	rc = db_run(db, e, "INSERT INTO main.series(name,last) VALUES(?1,?2)"
	    " ON CONFLICT(name) DO UPDATE SET last=excluded.last", "si",
	    series.buf, seq);
	if (rc == 0)
		record_put(r, f, number.buf);
	str_done(&series);
	str_done(&number);
	return rc;
}

int
serial_mint(struct record *r, struct err *e)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < r->form->nfields; i++) {
		const struct field *f = &r->form->fields[i];

		if (f->type == T_SERIAL && r->val[i] == NULL &&
		    (r->v.relevant == NULL || r->v.relevant[i]))
			rc = mint(r, f, e);
	}
	return rc;
}
