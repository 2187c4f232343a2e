/* See blob.h. */
#include "blob.h"

#include <string.h>

#include "db.h"

static void
digest(const void *p, size_t len, char hex[HASH_HEX])
{
	unsigned char hash[HASH_SIZE];
	struct sha s;

	sha_init(&s);
	sha_add(&s, p, len);
	sha_done(&s, hash);
	hex_encode(hex, hash, sizeof hash);
}

int
blob_put(struct db *db, const void *p, size_t len, char hex[HASH_HEX],
    struct err *e)
{
	struct stmt *q;
	int rc = E_SQL;

	digest(p, len, hex);
	db_trust(db);
	q = db_get(db, "INSERT INTO main.blob(sha256, size, data)"
	    " VALUES(?1, ?2, ?3) ON CONFLICT(sha256) DO NOTHING", e);
	if (q != NULL) {
		stmt_text(q, 1, hex);
		stmt_int(q, 2, (int64_t)len);
		stmt_blob(q, 3, p, len);
		rc = stmt_run(q, e);
	}
	db_untrust(db);
	return rc;
}

int
blob_get(struct db *db, const char *hex, struct str *out, struct err *e)
{
	char found[HASH_HEX] = "";
	struct stmt *q;
	const void *p;
	size_t len;
	int rc;

	db_trust(db);
	q = db_get(db, "SELECT data FROM main.blob WHERE sha256=?1", e);
	db_untrust(db);
	if (q == NULL)
		return E_SQL;
	stmt_text(q, 1, hex);
	rc = stmt_step(q, e);
	str_clear(out);
	if (rc > 0) {
		p = stmt_col_blob(q, 0, &len);
		digest(p, len, found);
		str_addn(out, p, len);
		stmt_reset(q);
	}
	if (rc == 0)
		return err_set(e, E_NOTFOUND, "文件内容不在本机");
	if (rc > 0 && strcmp(found, hex) != 0)
		return err_set(e, E_CORRUPT, "文件内容与校验值不符，已损坏");
	return rc < 0 ? rc : 0;
}

bool
blob_has(struct db *db, const char *hex)
{
	bool there;

	db_trust(db);
	there = hex != NULL && db_int(db, 0, "SELECT count(*) FROM main.blob"
	    " WHERE sha256=?1", "s", hex) > 0;
	db_untrust(db);
	return there;
}

int64_t
blob_total(struct db *db)
{
	int64_t n;

	db_trust(db);
	n = db_int(db, 0, "SELECT coalesce(sum(size), 0) FROM main.blob", "");
	db_untrust(db);
	return n;
}

int64_t
blob_check(struct db *db, void (*bad)(void *arg, const char *text),
    void *arg, struct err *e)
{
	struct stmt *q;
	struct str text = STR_INIT;
	char found[HASH_HEX];
	const void *p;
	size_t len;
	int64_t n = 0;
	int rc;

	db_trust(db);
	q = db_get(db, "SELECT sha256, data FROM main.blob", e);
	db_untrust(db);
	if (q == NULL)
		return E_SQL;
	while ((rc = stmt_step(q, e)) > 0) {
		p = stmt_col_blob(q, 1, &len);
		digest(p, len, found);
		if (strcmp(found, stmt_col(q, 0)) == 0)
			continue;
		n++;
		str_clear(&text);
		str_addf(&text, "佐证文件 %.12s… 的内容与校验值不符",
		    stmt_col(q, 0));
		if (bad != NULL)
			bad(arg, text.buf);
	}
	str_done(&text);
	return rc < 0 ? rc : n;
}
