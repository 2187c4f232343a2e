/* See journal.h. */
#include "dbi.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "json.h"
#include "log.h"
#include "mem.h"
#include "uid.h"
#include "user.h"

enum { SALT_SIZE = 16 };

_Static_assert(sizeof(crypto_hash_sha256_state) <= sizeof(struct sha),
    "struct sha holds libsodium's state");

void
sha_init(struct sha *s)
{
	crypto_hash_sha256_init((crypto_hash_sha256_state *)(void *)s);
}

void
sha_add(struct sha *s, const void *p, size_t len)
{
	crypto_hash_sha256_update((crypto_hash_sha256_state *)(void *)s, p,
	    len);
}

void
sha_done(struct sha *s, unsigned char out[HASH_SIZE])
{
	crypto_hash_sha256_final((crypto_hash_sha256_state *)(void *)s, out);
}

/* SHA-256(salt ‖ p). */
static void
salted(unsigned char out[HASH_SIZE], const void *salt, size_t salt_len,
    const void *p, size_t len)
{
	struct sha s;

	sha_init(&s);
	sha_add(&s, salt, salt_len);
	sha_add(&s, p, len);
	sha_done(&s, out);
}

struct entry {
	int64_t seq;
	const char *at, *by, *form, *uid, *op;
	const void *vhash, *image;	/* image may be NULL */
};

static void
add_part(struct str *head, const char *v)
{
	str_addc(head, '\x1f');
	str_add(head, v);
}

static void
chain(unsigned char out[HASH_SIZE], const unsigned char prev[HASH_SIZE],
    const struct entry *n)
{
	static struct str head;
	struct sha s;

	str_clear(&head);
	str_addf(&head, "%lld", (long long)n->seq);
	add_part(&head, n->at);
	add_part(&head, n->by);
	add_part(&head, n->form);
	add_part(&head, n->uid);
	add_part(&head, n->op);
	sha_init(&s);
	sha_add(&s, prev, HASH_SIZE);
	sha_add(&s, head.buf, head.len);
	sha_add(&s, n->vhash, HASH_SIZE);
	if (n->image != NULL)
		sha_add(&s, n->image, HASH_SIZE);
	sha_done(&s, out);
}

/* The chain's end into db->head, read once a transaction. */
static int
load_head(struct db *db, struct err *e)
{
	struct stmt *q;
	const void *p;
	size_t len;
	int rc;

	if (db->head.txn == db->txn && db->txn > 0)
		return 0;
	q = db_get(db, "SELECT seq, hash FROM main.journal"
	    " ORDER BY seq DESC LIMIT 1", e);
	if (q == NULL)
		return e != NULL ? e->code : E_SQL;
	rc = stmt_step(q, e);
	if (rc < 0)
		return rc;
	db->head.txn = db->txn;
	db->head.seq = 0;
	memset(db->head.hash, 0, HASH_SIZE);
	if (rc > 0) {
		db->head.seq = stmt_col_int(q, 0);
		p = stmt_col_blob(q, 1, &len);
		if (len == HASH_SIZE)
			memcpy(db->head.hash, p, HASH_SIZE);
		stmt_reset(q);
	}
	return 0;
}

static void
json_changes(struct str *out, const struct journal_change *c, size_t n)
{
	size_t i;

	str_addc(out, '{');
	for (i = 0; i < n; i++) {
		if (i > 0)
			str_addc(out, ',');
		json_text(out, c[i].field);
		str_addn(out, ":[", 2);
		json_text(out, c[i].old);
		str_addc(out, ',');
		json_text(out, c[i].now);
		str_addc(out, ']');
	}
	str_addc(out, '}');
}

static int
insert(struct db *db, const struct entry *n, const void *salt,
    const struct str *vals, const void *hash, struct err *e)
{
	struct stmt *q = db_get(db, "INSERT INTO main.journal(seq,at,by,form,"
	    "uid,op,salt,vals,vhash,image,hash)"
	    " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)", e);

	if (q == NULL)
		return e != NULL ? e->code : E_SQL;
	stmt_int(q, 1, n->seq);
	stmt_lend(q, 2, n->at);
	stmt_lend(q, 3, n->by);
	stmt_lend(q, 4, n->form);
	stmt_lend(q, 5, n->uid);
	stmt_lend(q, 6, n->op);
	stmt_blob(q, 7, salt, SALT_SIZE);
	stmt_textn(q, 8, vals->buf, vals->len);
	stmt_blob(q, 9, n->vhash, HASH_SIZE);
	if (n->image != NULL)
		stmt_blob(q, 10, n->image, HASH_SIZE);
	stmt_blob(q, 11, hash, HASH_SIZE);
	return stmt_run(q, e);
}

static int64_t
append(struct db *db, struct entry *n, const struct str *vals,
    const struct str *image, struct err *e)
{
	unsigned char salt[SALT_SIZE], vhash[HASH_SIZE], ihash[HASH_SIZE],
	    hash[HASH_SIZE];
	char stamp[STAMP_SIZE];
	const struct session *s = db_session(db);
	int rc;

	if (!db_in_write(db))
		BUG("journal outside a transaction");
	db_trust(db);
	rc = load_head(db, e);
	db_untrust(db);
	if (rc < 0)
		return rc;
	date_stamp(stamp);
	random_bytes(salt, sizeof salt);
	salted(vhash, salt, sizeof salt, vals->buf, vals->len);
	n->seq = db->head.seq + 1;
	n->at = stamp;
	n->by = s != NULL ? s->login : "cli";
	n->vhash = vhash;
	n->image = NULL;
	if (image != NULL) {
		salted(ihash, salt, sizeof salt, image->buf, image->len);
		n->image = ihash;
	}
	chain(hash, db->head.hash, n);
	db_trust(db);
	rc = insert(db, n, salt, vals, hash, e);
	db_untrust(db);
	if (rc < 0)
		return rc;
	db->head.seq = n->seq;
	memcpy(db->head.hash, hash, HASH_SIZE);
	return n->seq;
}

int64_t
journal_append(struct db *db, const char *form, const char *uid,
    const char *op, const struct journal_change *c, size_t n,
    const struct str *image, struct err *e)
{
	static struct str vals;
	struct entry entry = { .form = form, .uid = uid, .op = op };

	str_clear(&vals);
	json_changes(&vals, c, n);
	return append(db, &entry, &vals, image, e);
}

int
journal_note(struct db *db, const char *op, const char *form, const char *uid,
    const char *text, struct err *e)
{
	struct journal_change c = { "note", NULL, text };
	int64_t seq;
	int rc;

	if ((rc = db_begin(db, e)) < 0)
		return rc;
	seq = journal_append(db, form, uid, op, &c, 1, NULL, e);
	if (seq < 0) {
		db_rollback(db);
		return (int)seq;
	}
	return db_commit(db, e);
}

void
journal_image_add(struct str *image, const char *name, const char *value)
{
	if (value == NULL || *value == '\0')
		return;
	str_add(image, name);
	str_addc(image, '\x1f');
	str_add(image, value);
	str_addc(image, '\x1e');
}

int64_t
journal_head(struct db *db, char hash_hex[HASH_HEX])
{
	struct stmt *q;
	int64_t seq = 0;
	const void *p;
	size_t len;

	if (hash_hex != NULL)
		memset(hash_hex, '0', HASH_HEX - 1), hash_hex[HASH_HEX - 1] = 0;
	db_trust(db);
	q = db_get(db, "SELECT seq, hash FROM main.journal"
	    " ORDER BY seq DESC LIMIT 1", NULL);
	if (q != NULL && stmt_step(q, NULL) > 0) {
		seq = stmt_col_int(q, 0);
		p = stmt_col_blob(q, 1, &len);
		if (hash_hex != NULL && len == HASH_SIZE)
			hex_encode(hash_hex, p, len);
		stmt_reset(q);
	}
	db_untrust(db);
	return seq;
}

/* ---- the check ---------------------------------------------------------- */

struct checker {
	struct db *db;
	void (*bad)(void *arg, const char *text);
	void *arg;
	int64_t nbad;
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

static void
check_entry(struct checker *k, struct stmt *q, unsigned char prev[HASH_SIZE],
    int64_t want)
{
	struct entry n = { .seq = stmt_col_int(q, 0), .at = stmt_col(q, 1),
	    .by = stmt_col(q, 2), .form = stmt_col(q, 3),
	    .uid = stmt_col(q, 4), .op = stmt_col(q, 5) };
	unsigned char h[HASH_SIZE], v[HASH_SIZE] = { 0 };
	size_t len[4];
	const void *salt = stmt_col_blob(q, 6, &len[0]);
	const char *vals = stmt_col(q, 7);
	const void *hash;

	n.vhash = stmt_col_blob(q, 8, &len[1]);
	n.image = stmt_col_blob(q, 9, &len[2]);
	hash = stmt_col_blob(q, 10, &len[3]);
	if (n.seq != want)
		found(k, "日志缺少%s第 %lld 条", "", (long long)want);
	if (len[1] != HASH_SIZE || len[3] != HASH_SIZE ||
	    (n.image != NULL && len[2] != HASH_SIZE)) {
		found(k, "日志%s第 %lld 条损坏", "", (long long)n.seq);
		return;
	}
	if (salt != NULL && vals != NULL) {
		salted(v, salt, len[0], vals, strlen(vals));
		if (memcmp(v, n.vhash, HASH_SIZE) != 0)
			found(k, "日志%s第 %lld 条的内容被改动", "",
			    (long long)n.seq);
	}
	chain(h, prev, &n);
	if (memcmp(h, hash, HASH_SIZE) != 0)
		found(k, "日志%s第 %lld 条与前一条接不上", "",
		    (long long)n.seq);
	memcpy(prev, hash, HASH_SIZE);
}

static int
check_chain(struct checker *k, struct err *e)
{
	struct stmt *q = db_new(k->db, "SELECT seq,at,by,form,uid,op,salt,vals,"
	    "vhash,image,hash FROM main.journal ORDER BY seq", e);
	unsigned char prev[HASH_SIZE] = { 0 };
	int64_t want = 1;
	int rc;

	if (q == NULL)
		return e != NULL ? e->code : E_SQL;
	while ((rc = stmt_step(q, e)) > 0) {
		check_entry(k, q, prev, want);
		want = stmt_col_int(q, 0) + 1;
	}
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

/* `kept`: how many records of the form the journal knows.  Rows are never
 * removed (deletion and purge leave them), so each must still be there. */
static int
check_rows(struct checker *k, const char *form, int64_t kept, struct err *e)
{
	struct str sql = STR_INIT, image = STR_INIT;
	unsigned char h[HASH_SIZE];
	struct stmt *q = NULL;
	size_t slen, ilen;
	int rc = select_rows(k, form, &sql, e);

	if (rc > 0) {
		q = db_new(k->db, sql.buf, e);
		rc = q == NULL ? E_SQL : 0;
	}
	while (q != NULL && (rc = stmt_step(q, e)) > 0) {
		const void *salt = stmt_col_blob(q, 1, &slen);
		const void *want = stmt_col_blob(q, 2, &ilen);

		if (want == NULL) {
			found(k, "%s 的一条记录没有日志（第 %lld 处）", form,
			    (long long)k->nbad + 1);
			continue;
		}
		kept--;
		if (salt == NULL)
			continue;		/* purged */
		row_image(&image, q, 3);
		salted(h, salt, slen, image.buf, image.len);
		if (ilen != HASH_SIZE || memcmp(h, want, HASH_SIZE) != 0)
			found(k, "%s 的一条记录与日志不符，可能被绕过程序改动"
			    "（第 %lld 处）", form, (long long)k->nbad + 1);
	}
	if (rc >= 0 && kept > 0)
		found(k, "%s 有 %lld 条记录被绕过程序删掉，日志里还在", form,
		    (long long)kept);
	stmt_free(q);
	str_done(&sql);
	str_done(&image);
	return rc;
}

int64_t
journal_check(struct db *db, void (*bad)(void *arg, const char *text),
    void *arg, struct err *e)
{
	struct checker k = { db, bad, arg, 0 };
	struct stmt *q;
	int rc;

	db_trust(db);
	rc = check_chain(&k, e);
	q = db_new(db, "SELECT a.form, coalesce(j.n, 0) FROM main.applied a"
	    " LEFT JOIN (SELECT form, count(DISTINCT uid) AS n FROM"
	    " main.journal WHERE image IS NOT NULL GROUP BY form) j"
	    " ON j.form = a.form ORDER BY a.form", e);
	if (q == NULL)
		rc = E_SQL;
	while (rc >= 0 && (rc = stmt_step(q, e)) > 0)
		rc = check_rows(&k, stmt_col(q, 0), stmt_col_int(q, 1), e);
	stmt_free(q);
	db_untrust(db);
	return rc < 0 ? rc : k.nbad;
}
