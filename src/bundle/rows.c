/* See rows.h. */
#include "rows.h"

#include <string.h>

#include "db.h"
#include "journal.h"
#include "json.h"
#include "str.h"

static void
select_text(const struct form *f, const char *fresh, const char *where,
    struct str *sql)
{
	size_t i;

	str_addf(sql, "SELECT t.uid,t.rv,(SELECT group_concat('\"'||s.rv||'\"')"
	    " FROM main.sup s WHERE s.uid=t.uid),t.site,t.deleted,"
	    "t.created_at,t.created_by,t.updated_at,t.updated_by,t.state,%s",
	    fresh);
	for (i = 0; i < f->nfields; i++)
		str_addf(sql, ",t.\"%s\"", f->fields[i].name);
	str_addf(sql, " FROM main.\"%s\" t WHERE %s", f->name, where);
}

static void
text_member(struct str *out, const char *name, const char *value)
{
	str_addn(out, ",\"", 2);
	str_add(out, name);
	str_addn(out, "\":", 2);
	json_text(out, value);
}

static void
pair(struct str *out, const char *name, const char *a, const char *b)
{
	str_addn(out, ",\"", 2);
	str_add(out, name);
	str_addn(out, "\":[", 3);
	json_text(out, a);
	str_addc(out, ',');
	json_text(out, b);
	str_addc(out, ']');
}

static void
values(const struct form *f, struct stmt *q, struct str *out)
{
	const char *v;
	size_t i;
	int n = 0;

	str_add(out, ",\"v\":{");
	for (i = 0; i < f->nfields; i++) {
		v = stmt_col(q, 11 + (int)i);
		if (v == NULL)
			continue;
		if (n++ > 0)
			str_addc(out, ',');
		str_addc(out, '"');
		str_add(out, f->fields[i].name);
		str_addn(out, "\":", 2);
		json_text(out, v);
	}
	str_addc(out, '}');
}

static void
line(const struct form *f, struct stmt *q, struct str *out)
{
	const char *sup;

	str_add(out, "{\"form\":");
	json_text(out, f->name);
	text_member(out, "uid", stmt_col(q, 0));
	text_member(out, "rv", stmt_col(q, 1));
	sup = stmt_col(q, 2);
	str_add(out, ",\"sup\":[");
	str_add(out, sup);
	str_addc(out, ']');
	text_member(out, "site", stmt_col(q, 3));
	if (stmt_col_int(q, 4) != 0) {
		str_add(out, ",\"deleted\":true}\n");
		return;
	}
	pair(out, "created", stmt_col(q, 5), stmt_col(q, 6));
	pair(out, "updated", stmt_col(q, 7), stmt_col(q, 8));
	text_member(out, "state", stmt_col(q, 9));
	values(f, q, out);
	str_add(out, "}\n");
}

/* Up to this many journal entries are noted in memory; behind that nearly
 * every row has changed, and each is held against the journal. */
enum { NOTED_MAX = 20000 };

/* Which rows have changed since `base`, and whether they are new since then,
 * noted in one walk of the journal: it is the largest table, and there are
 * thirty forms. */
static int
note_changed(struct db *db, int64_t base, struct err *e)
{
	int rc = db_exec(db, "CREATE TEMP TABLE IF NOT EXISTS changed("
	    "form TEXT NOT NULL, uid TEXT NOT NULL, fresh INTEGER NOT NULL,"
	    " PRIMARY KEY(form, uid)) WITHOUT ROWID; DELETE FROM temp.changed", e);

	if (rc < 0)
		return rc;
	return db_run(db, e, "INSERT OR IGNORE INTO temp.changed(form,uid,"
	    "fresh) SELECT j.form, j.uid, j.op='insert' FROM main.journal j"
	    " WHERE j.seq > ?1 AND j.image IS NOT NULL AND j.form IS NOT NULL"
	    " AND j.uid IS NOT NULL ORDER BY j.seq", "i", base);
}

/* A row that came and went unseen by the county is neither. */
static void
count(struct census *what, const struct form *f, struct stmt *q)
{
	bool gone = stmt_col_int(q, 4) != 0, fresh = stmt_col_int(q, 10) != 0;

	if (what != NULL && !(gone && fresh))
		census_add(what, f, gone ? CENSUS_REMOVED : fresh ?
		    CENSUS_ADDED : CENSUS_CHANGED);
}

static int64_t
form_rows(struct forms *fs, const struct form *f, const char *site,
    int64_t base, bool noted, struct flow_out out, struct census *what,
    struct err *e)
{
	struct str sql = STR_INIT, buf = STR_INIT;
	struct stmt *q;
	int64_t n = 0;
	int rc = 0;

	select_text(f, noted ? "(SELECT c.fresh FROM temp.changed c WHERE"
	    " c.form=?2 AND c.uid=t.uid)" : base == 0 ? "1" : "(SELECT"
	    " j.op='insert' FROM main.journal j WHERE j.uid=t.uid AND"
	    " j.seq > ?3 AND j.form=?2 AND j.image IS NOT NULL ORDER BY j.seq"
	    " LIMIT 1)", noted ? "t.site=?1 AND t.uid IN (SELECT c.uid FROM"
	    " temp.changed c WHERE c.form=?2) AND ?3 IS NOT NULL" :
	    "t.site=?1 AND EXISTS (SELECT 1 FROM main.journal j WHERE"
	    " j.uid=t.uid AND j.seq > ?3 AND j.form=?2 AND"
	    " j.image IS NOT NULL)", &sql);
	q = db_new(forms_db(fs), sql.buf, e);
	str_done(&sql);
	if (q == NULL)
		return e != NULL ? e->code : E_SQL;
	stmt_text(q, 1, site);
	stmt_text(q, 2, f->name);
	stmt_int(q, 3, base);
	while (rc == 0 && (rc = stmt_step(q, e)) > 0) {
		rc = 0;
		line(f, q, &buf);
		count(what, f, q);
		n++;
		if (buf.len >= FLOW_CHUNK) {
			rc = flow_write(out, buf.buf, buf.len, e);
			str_clear(&buf);
		}
	}
	if (rc == 0)
		rc = flow_write(out, buf.buf, buf.len, e);
	stmt_free(q);
	str_done(&buf);
	return rc < 0 ? rc : n;
}

int64_t
rows_write(struct forms *fs, const char *site, int64_t base,
    struct flow_out out, struct census *what, struct err *e)
{
	struct db *db = forms_db(fs);
	const char *const *name;
	int64_t n, all = 0;
	bool noted;

	db_trust(db);
	noted = journal_head(db, NULL) - base <= NOTED_MAX;
	if (noted)
		all = note_changed(db, base, e);
	for (name = forms_names(fs); all >= 0 && *name != NULL; name++) {
		const struct form *f = forms_get(fs, *name, e);

		n = f == NULL ? E_FORMAT : form_rows(fs, f, site, base, noted,
		    out, what, e);
		if (n < 0) {
			all = n;
			break;
		}
		all += n;
	}
	if (all >= 0 && noted && db_exec(db, "DELETE FROM temp.changed",
	    e) < 0)
		all = E_SQL;
	db_untrust(db);
	return all;
}

int
rows_one(struct forms *fs, const struct form *f, const char *uid,
    struct str *out, struct err *e)
{
	struct str sql = STR_INIT;
	struct stmt *q;
	int rc;

	select_text(f, "0", "t.uid=?1", &sql);
	db_trust(forms_db(fs));
	q = db_get(forms_db(fs), sql.buf, e);
	str_done(&sql);
	rc = q == NULL ? E_SQL : 0;
	if (rc == 0) {
		stmt_text(q, 1, uid);
		rc = stmt_step(q, e);
	}
	if (rc > 0) {
		line(f, q, out);
		stmt_reset(q);
		rc = 0;
	} else if (rc == 0) {
		rc = err_set(e, E_NOTFOUND, "找不到这条记录");
	}
	db_untrust(forms_db(fs));
	return rc;
}
