/* See journal.h. */
#include "journali.h"

#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "json.h"
#include "log.h"
#include "mem.h"
#include "uid.h"
#include "user.h"

enum { SALT_SIZE = 16 };

/* Nettle's, which uses the processor's own instructions where it has them: of
 * a bundle of thousands of records every one is hashed four times. */
_Static_assert(sizeof(struct sha256_ctx) <= sizeof(struct sha),
    "struct sha holds nettle's state");

void
sha_init(struct sha *s)
{
	sha256_init((struct sha256_ctx *)(void *)s);
}

void
sha_add(struct sha *s, const void *p, size_t len)
{
	sha256_update((struct sha256_ctx *)(void *)s, len, p);
}

void
sha_done(struct sha *s, unsigned char out[HASH_SIZE])
{
	sha256_digest((struct sha256_ctx *)(void *)s, HASH_SIZE, out);
}

void
journal_salted(unsigned char out[HASH_SIZE], const void *salt, size_t salt_len,
    const void *p, size_t len)
{
	struct sha s;

	sha_init(&s);
	sha_add(&s, salt, salt_len);
	sha_add(&s, p, len);
	sha_done(&s, out);
}

static void
add_part(struct str *head, const char *v)
{
	str_addc(head, '\x1f');
	str_add(head, v);
}

void
journal_link(unsigned char out[HASH_SIZE],
    const unsigned char prev[HASH_SIZE], const struct entry *n)
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
	journal_salted(vhash, salt, sizeof salt, vals->buf, vals->len);
	n->seq = db->head.seq + 1;
	n->at = stamp;
	n->by = s != NULL ? s->login : "cli";
	n->vhash = vhash;
	n->image = NULL;
	if (image != NULL) {
		journal_salted(ihash, salt, sizeof salt, image->buf, image->len);
		n->image = ihash;
	}
	journal_link(hash, db->head.hash, n);
	db_trust(db);
	rc = insert(db, n, salt, vals, hash, e);
	db_untrust(db);
	if (rc < 0)
		return rc;
	db->head.seq = n->seq;
	memcpy(db->head.hash, hash, HASH_SIZE);
	return n->seq;
}

int
journal_after(struct db *db, int64_t floor, struct err *e)
{
	int rc = load_head(db, e);

	if (rc == 0 && db->head.seq < floor)
		db->head.seq = floor;
	return rc;
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
