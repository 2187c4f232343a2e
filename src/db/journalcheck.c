/* The journal examined: its chain, and every row against its last entry.  See
 * journal.h. */
#include "journali.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "str.h"

/* ---- the check ---------------------------------------------------------- */

struct checker {
	struct db *db;
	void (*bad)(void *arg, const char *text);
	void *arg;
	int64_t nbad;
	struct str lost;	/* 5-9 12-12 */
	void (*row)(void *arg, const char *uid);	/* or NULL */
};

static void
found(struct checker *k, const char *fmt, const char *a, long long b)
{
	struct str s = STR_INIT;

	k->nbad++;
	str_addf(&s, fmt, a, b);
	if (k->bad != NULL)
		k->bad(k->arg, s.buf);
	str_done(&s);
}

unsigned
journal_judge(struct stmt *q, unsigned char prev[HASH_SIZE], int64_t *want)
{
	struct entry n = { .seq = stmt_col_int(q, 0), .at = stmt_col(q, 1),
	    .by = stmt_col(q, 2), .form = stmt_col(q, 3),
	    .uid = stmt_col(q, 4), .op = stmt_col(q, 5) };
	unsigned char h[HASH_SIZE], v[HASH_SIZE] = { 0 };
	size_t len[4];
	const void *salt = stmt_col_blob(q, 6, &len[0]);
	const char *vals = stmt_col(q, 7);
	const void *hash;
	unsigned faults = n.seq != *want ? FAULT_GAP : 0;

	n.vhash = stmt_col_blob(q, 8, &len[1]);
	n.image = stmt_col_blob(q, 9, &len[2]);
	hash = stmt_col_blob(q, 10, &len[3]);
	*want = n.seq + 1;
	if (len[1] != HASH_SIZE || len[3] != HASH_SIZE ||
	    (n.image != NULL && len[2] != HASH_SIZE))
		return faults | FAULT_BROKEN;
	if (salt != NULL && vals != NULL) {
		journal_salted(v, salt, len[0], vals, strlen(vals));
		if (memcmp(v, n.vhash, HASH_SIZE) != 0)
			faults |= FAULT_ALTERED;
	}
	journal_link(h, prev, &n);
	if (memcmp(h, hash, HASH_SIZE) != 0)
		faults |= FAULT_LOOSE;
	memcpy(prev, hash, HASH_SIZE);
	return faults;
}

/* Is the gap from…upto one that a rescue has put on record? */
static bool
on_record(const struct checker *k, int64_t from, int64_t upto)
{
	const char *p = k->lost.len > 0 ? k->lost.buf : "";
	long long a, b;

	for (; (p = strpbrk(p, "0123456789")) != NULL; p += strcspn(p, " "))
		if (sscanf(p, "%lld-%lld", &a, &b) == 2 && a <= from &&
		    upto <= b)
			return true;
	return false;
}

static void
check_entry(struct checker *k, struct stmt *q, unsigned char prev[HASH_SIZE],
    int64_t *want)
{
	static const struct {
		unsigned fault;
		const char *text;
	} words[] = {
		{ FAULT_BROKEN, "日志%s第 %lld 条损坏" },
		{ FAULT_ALTERED, "日志%s第 %lld 条的内容被改动" },
		{ FAULT_LOOSE, "日志%s第 %lld 条与前一条接不上" },
	};
	int64_t from = *want, seq = stmt_col_int(q, 0);
	unsigned faults = journal_judge(q, prev, want);
	size_t i;

	if ((faults & FAULT_GAP) != 0) {
		if (on_record(k, from, seq - 1))
			faults &= ~(unsigned)FAULT_LOOSE;
		else
			found(k, "日志缺少%s第 %lld 条", "", (long long)from);
	}
	for (i = 0; i < COUNT_OF(words); i++)
		if ((faults & words[i].fault) != 0)
			found(k, words[i].text, "", (long long)seq);
}

/* What rescues have put on record as lost. */
static void
load_lost(struct checker *k)
{
	struct stmt *q = db_new(k->db, "SELECT json_extract(vals,'$.note[1]')"
	    " FROM main.journal WHERE op='salvage' AND form IS NULL AND"
	    " json_valid(vals)", NULL);

	while (q != NULL && stmt_step(q, NULL) > 0) {
		str_add(&k->lost, stmt_col(q, 0));
		str_addc(&k->lost, ' ');
	}
	stmt_free(q);
}

static int
check_chain(struct checker *k, struct err *e)
{
	struct stmt *q = db_new(k->db, "SELECT " JOURNAL_COLUMNS
	    " FROM main.journal ORDER BY seq", e);
	unsigned char prev[HASH_SIZE] = { 0 };
	int64_t want = 1;
	int rc;

	if (q == NULL)
		return e != NULL ? e->code : E_SQL;
	load_lost(k);
	while ((rc = stmt_step(q, e)) > 0)
		check_entry(k, q, prev, &want);
	stmt_free(q);
	return rc;
}

static bool
fixed_out(const char *name)
{
	static const char *const out[] = { "uid", "site", "created_at",
	    "created_by", "updated_at", "updated_by" };
	size_t i;

	for (i = 0; i < COUNT_OF(out); i++)
		if (strcmp(name, out[i]) == 0)
			return true;
	return false;
}

/* One row as record.c imaged it: columns in name order, REAL as %.15g. */
static void
row_image(struct str *image, struct stmt *q, int skip)
{
	int i, n = stmt_columns(q);

	str_clear(image);
	for (i = skip; i < n; i++) {
		const char *name = stmt_name(q, i);

		if (!fixed_out(name) && !(strcmp(name, "deleted") == 0 &&
		    stmt_col_int(q, i) == 0))
			journal_image_add(image, name, stmt_col(q, i));
	}
}

static int
select_rows(struct checker *k, const char *form, struct str *sql, struct err *e)
{
	struct stmt *q = db_get(k->db, "SELECT name, type FROM"
	    " pragma_table_info(?1,'main') ORDER BY name", e);
	bool any = false;
	int rc;

	if (q == NULL)
		return e != NULL ? e->code : E_SQL;
	stmt_text(q, 1, form);
	str_add(sql, "SELECT t.uid, j.salt, j.image");
	while ((rc = stmt_step(q, e)) > 0) {
		any = true;
		if (strcmp(stmt_col(q, 1), "REAL") == 0)
			str_addf(sql, ", CASE WHEN t.\"%s\" IS NOT NULL THEN"
			    " printf('%%.15g',t.\"%s\") END AS \"%s\"",
			    stmt_col(q, 0), stmt_col(q, 0), stmt_col(q, 0));
		else
			str_addf(sql, ", t.\"%s\"", stmt_col(q, 0));
	}
	str_addf(sql, " FROM main.\"%s\" t LEFT JOIN main.journal j ON j.seq ="
	    " (SELECT max(seq) FROM main.journal WHERE uid=t.uid"
	    " AND image IS NOT NULL)", form);
	return rc < 0 ? rc : any;
}

/* One row against its last entry.  1: fits, 0: does not. */
static int
check_row(struct checker *k, const char *form, struct stmt *q,
    struct str *image)
{
	unsigned char h[HASH_SIZE];
	size_t slen, ilen;
	const void *salt = stmt_col_blob(q, 1, &slen);
	const void *want = stmt_col_blob(q, 2, &ilen);
	const char *words = NULL;

	if (want == NULL) {
		words = "%s 的一条记录没有日志（第 %lld 处）";
	} else if (salt != NULL) {	/* not purged */
		row_image(image, q, 3);
		journal_salted(h, salt, slen, image->buf, image->len);
		if (ilen != HASH_SIZE || memcmp(h, want, HASH_SIZE) != 0)
			words = "%s 的一条记录与日志不符，可能被绕过程序改动"
			    "（第 %lld 处）";
	}
	if (words != NULL && k->row != NULL)
		k->row(k->arg, stmt_col(q, 0));
	else if (words != NULL)
		found(k, words, form, (long long)k->nbad + 1);
	return want != NULL;
}

/* `kept`: how many records of the form the journal knows.  Rows are never
 * removed (deletion and purge leave them), so each must still be there. */
static int
check_rows(struct checker *k, const char *form, int64_t kept, struct err *e)
{
	struct str sql = STR_INIT, image = STR_INIT;
	struct stmt *q = NULL;
	int rc = select_rows(k, form, &sql, e);

	if (rc > 0) {
		q = db_new(k->db, sql.buf, e);
		rc = q == NULL ? E_SQL : 0;
	}
	while (q != NULL && (rc = stmt_step(q, e)) > 0)
		kept -= check_row(k, form, q, &image);
	if (rc >= 0 && kept > 0)
		found(k, "%s 有 %lld 条记录被绕过程序删掉，日志里还在", form,
		    (long long)kept);
	stmt_free(q);
	str_done(&sql);
	str_done(&image);
	return rc;
}

bool
journal_had(struct db *db, const char *uid, const struct str *image)
{
	struct stmt *q;
	unsigned char h[HASH_SIZE];
	bool had = false;
	size_t slen, ilen;

	db_trust(db);
	q = db_get(db, "SELECT salt, image FROM main.journal WHERE uid=?1 AND"
	    " image IS NOT NULL AND salt IS NOT NULL", NULL);
	if (q != NULL)
		stmt_text(q, 1, uid);
	while (q != NULL && stmt_step(q, NULL) > 0) {
		const void *salt = stmt_col_blob(q, 0, &slen);
		const void *want = stmt_col_blob(q, 1, &ilen);

		journal_salted(h, salt, slen, image->buf, image->len);
		had |= ilen == HASH_SIZE && memcmp(h, want, HASH_SIZE) == 0;
	}
	db_untrust(db);
	return had;
}

int
journal_doubtful(struct db *db, const char *form,
    void (*row)(void *arg, const char *uid), void *arg, struct err *e)
{
	struct checker k = { .db = db, .arg = arg, .row = row };

	return check_rows(&k, form, 0, e);
}

int64_t
journal_check(struct db *db, void (*bad)(void *arg, const char *text),
    void *arg, struct err *e)
{
	struct checker k = { .db = db, .bad = bad, .arg = arg };
	struct stmt *q;
	int rc;

	db_trust(db);
	rc = check_chain(&k, e);
	q = db_new(db, "SELECT a.form, coalesce(j.n, 0) FROM main.applied a"
	    " LEFT JOIN (SELECT form, count(DISTINCT uid) AS n FROM"
	    " main.journal WHERE image IS NOT NULL AND uid NOT IN (SELECT uid"
	    " FROM main.journal WHERE op='lost') GROUP BY form) j"
	    " ON j.form = a.form ORDER BY a.form", e);
	if (q == NULL)
		rc = E_SQL;
	while (rc >= 0 && (rc = stmt_step(q, e)) > 0)
		rc = check_rows(&k, stmt_col(q, 0), stmt_col_int(q, 1), e);
	stmt_free(q);
	db_untrust(db);
	str_done(&k.lost);
	return rc < 0 ? rc : k.nbad;
}
