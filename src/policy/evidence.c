/* See evidence.h. */
#include "evidence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "blob.h"
#include "date.h"
#include "db.h"
#include "file.h"
#include "mem.h"
#include "policy.h"
#include "record.h"
#include "rules.h"
#include "utf8.h"

enum { MEGABYTE = 1024 * 1024, NAME_MOST = 74	/* code points */ };

/* What is taken, by its first bytes. */
static const struct type {
	const char *ending, *also;	/* as people name such files */
	const char *kind;		/* code of evidence_kind */
	size_t at, len;
	const char *magic;
} types[] = {
	{ ".jpg", ".jpeg", "photo", 0, 3, "\xff\xd8\xff" },
	{ ".png", NULL, "photo", 0, 8, "\x89PNG\r\n\x1a\n" },
	{ ".webp", NULL, "photo", 8, 4, "WEBP" },
	{ ".heic", NULL, "photo", 4, 8, "ftypheic" },
	{ ".bmp", NULL, "photo", 6, 4, "\0\0\0\0" },
	{ ".tif", ".tiff", "scan", 0, 4, "II*\0" },
	{ ".tif", ".tiff", "scan", 0, 4, "MM\0*" },
	{ ".pdf", NULL, "document", 0, 5, "%PDF-" },
};

static const struct type *
type_of(const char *p, size_t len)
{
	size_t i;

	for (i = 0; i < COUNT_OF(types); i++)
		if (len >= types[i].at + types[i].len && memcmp(p +
		    types[i].at, types[i].magic, types[i].len) == 0 &&
		    (strcmp(types[i].ending, ".bmp") != 0 ||
		    memcmp(p, "BM", 2) == 0))
			return &types[i];
	return NULL;
}

const char *
evidence_ending(const void *p, size_t len)
{
	const struct type *t = type_of(p, len);

	return t != NULL ? t->ending : NULL;
}

static bool
ends(const char *name, const char *ending)
{
	size_t len = strlen(name);

	return ending != NULL && len > strlen(ending) &&
	    strcasecmp(name + len - strlen(ending), ending) == 0;
}

bool
evidence_named(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT_OF(types); i++)
		if (ends(name, types[i].ending) || ends(name, types[i].also))
			return true;
	return false;
}

static size_t
limit(struct forms *fs, const char *key, long dflt)
{
	struct err e = ERR_INIT;

	if (policy_open(fs, &e) == 0)
		dflt = rules_number(policy_rules(fs), "evidence", key,
		    date_today(), dflt);
	return (size_t)(dflt > 0 ? dflt : 0) * MEGABYTE;
}

size_t
evidence_limit(struct forms *fs)
{
	return limit(fs, "file_max", 10);
}

/* ---- taking ----------------------------------------------------------- */

static int
read_checked(struct forms *fs, const char *path, struct str *out,
    const struct type **t, struct err *e)
{
	size_t most = evidence_limit(fs);
	int rc = file_read(out, path, most, e);

	if (rc == E_RANGE)
		return err_set(e, E_RANGE, "文件太大：一份最多 %zu MB，"
		    "请把照片缩小或分开扫描", most / MEGABYTE);
	if (rc < 0)
		return rc;
	*t = type_of(out->buf, out->len);
	if (*t == NULL)
		return err_set(e, E_FORMAT, "只收照片、扫描件和 PDF（%s），"
		    "按内容认，改扩展名没有用", "jpg png webp heic bmp tif pdf");
	if ((uint64_t)blob_total(forms_db(fs)) + out->len >
	    limit(fs, "total_max", 1000))
		return err_set(e, E_FULL, "佐证文件合计超过 %zu MB，请先把"
		    "不用的删掉", limit(fs, "total_max", 1000) / MEGABYTE);
	return 0;
}

/* The name without folder and ending, cut to what a field holds. */
static char *
bare_name(const char *path)
{
	const char *name = strrchr(path, '/'), *dot;
	struct str clean = STR_INIT;
	char *whole, *bare;

	name = name != NULL ? name + 1 : path;
	dot = evidence_named(name) ? strrchr(name, '.') : NULL;
	whole = dot != NULL ? xstrndup(name, (size_t)(dot - name)) :
	    xstrdup(name);
	utf8_repair(&clean, whole, strlen(whole));
	bare = xstrndup(clean.buf, utf8_skip(clean.buf, NAME_MOST));
	str_done(&clean);
	free(whole);
	return bare;
}

static void
describe(struct record *r, const struct type *t, const char *path,
    size_t len, const char *hex)
{
	char *bare = bare_name(path), *name, size[32];
	const struct form *f = r->form;

	name = xasprintf("%s%s", bare, t->ending);
	snprintf(size, sizeof size, "%zu", len);
	record_put(r, form_field(f, "file"), name);
	record_put(r, form_field(f, "size"), size);
	record_put(r, form_field(f, "sha256"), hex);
	if (str_blank(record_get(r, "title")))
		record_put(r, form_field(f, "title"), bare);
	free(name);
	free(bare);
}

/* Nobody keeps the same paper twice: one record can prove several items. */
static int
not_yet(struct record *r, const char *hex, struct err *e)
{
	char *title = db_str(forms_db(r->fs), "SELECT title FROM evidence"
	    " WHERE sha256=?1 AND uid<>?2 LIMIT 1", "ss", hex, r->uid);
	int rc = title == NULL ? 0 : err_set(e, E_EXISTS, "这份文件已经收过："
	    "“%s”。要证明别的指标，在那条材料上加选", title);

	free(title);
	return rc;
}

/* The first thing that the form refuses, in words. */
static int
refused(struct record *r, int rc, struct err *e)
{
	size_t i;

	for (i = 0; rc == E_REFUSED && i < r->v.n; i++)
		if (r->v.findings[i].severity == SEV_ERROR)
			return err_set(e, rc, "%s：%s",
			    r->v.findings[i].field->label,
			    r->v.findings[i].message);
	return rc;
}

int
evidence_put(struct record *r, const char *path, struct err *e)
{
	struct db *db = forms_db(r->fs);
	const struct type *t = NULL;
	struct str bytes = STR_INIT;
	char hex[HASH_HEX];
	int rc;

	if (!record_may_write(r->fs, r->form))
		return err_set(e, E_DENIED, "您的身份不能收佐证材料");
	rc = read_checked(r->fs, path, &bytes, &t, e);
	if (rc == 0)
		rc = db_begin(db, e);
	if (rc < 0) {
		str_done(&bytes);
		return rc;
	}
	rc = blob_put(db, bytes.buf, bytes.len, hex, e);
	if (rc == 0)
		rc = not_yet(r, hex, e);
	if (rc == 0) {
		describe(r, t, path, bytes.len, hex);
		if (r->is_new && str_eq(record_get(r, "kind"), "document"))
			record_put(r, form_field(r->form, "kind"), t->kind);
		rc = refused(r, record_save(r, NULL, e), e);
	}
	str_done(&bytes);
	if (rc < 0) {
		db_rollback(db);
		return rc;
	}
	return db_commit(db, e);
}

/* ---- giving out ------------------------------------------------------- */

int
evidence_save(struct forms *fs, const char *uid, const char *dir,
    char **path, struct err *e)
{
	const struct form *f = forms_get(fs, "evidence", e);
	struct record *r = f != NULL ? record_load(fs, f, uid, e) : NULL;
	struct str bytes = STR_INIT;
	const char *hex, *name;
	int rc = 0;

	if (r == NULL)
		return e != NULL ? e->code : E_NOTFOUND;
	hex = record_get(r, "sha256");
	name = record_get(r, "file");
	*path = NULL;
	if (hex == NULL || name == NULL)
		rc = err_set(e, E_NOTFOUND, "这条材料没有文件");
	if (rc == 0)
		rc = blob_get(forms_db(fs), hex, &bytes, e);
	if (rc == 0) {
		*path = xasprintf("%s/%.8s-%s", dir, hex, name);
		if (file_exists(*path))
			rc = err_set(e, E_EXISTS, "%s 已经有了", *path);
	}
	if (rc == 0)
		rc = journal_note(forms_db(fs), "export", "evidence", uid,
		    *path, e);
	if (rc == 0)
		rc = file_write(*path, bytes.buf, bytes.len, 0600, e);
	if (rc < 0) {
		free(*path);
		*path = NULL;
	}
	str_done(&bytes);
	record_free(r);
	return rc;
}

/* ---- with bundles ----------------------------------------------------- */

int
evidence_accept(struct forms *fs, const char *sha256, const void *p,
    size_t len, struct err *e)
{
	struct db *db = forms_db(fs);
	char hex[HASH_HEX];
	bool wanted;
	int rc;

	db_trust(db);
	wanted = db_int(db, 0, "SELECT count(*) FROM main.evidence WHERE"
	    " sha256=?1 AND NOT deleted", "s", sha256) > 0;
	db_untrust(db);
	if (!wanted || blob_has(db, sha256) || evidence_ending(p, len) == NULL)
		return 0;
	rc = db_begin(db, e);
	if (rc < 0)
		return rc;
	rc = blob_put(db, p, len, hex, e);
	if (rc == 0 && strcmp(hex, sha256) != 0)
		rc = err_set(e, E_CORRUPT, "佐证文件与校验值不符");
	if (rc < 0) {
		db_rollback(db);
		return rc;
	}
	rc = db_commit(db, e);
	return rc < 0 ? rc : 1;
}

int
evidence_sweep(struct forms *fs, struct err *e)
{
	struct db *db = forms_db(fs);
	int rc = db_begin(db, e);

	if (rc < 0)
		return rc;
	db_trust(db);
	rc = db_run(db, e, "DELETE FROM main.blob WHERE NOT EXISTS (SELECT 1"
	    " FROM main.evidence v WHERE v.sha256 = blob.sha256 AND NOT"
	    " v.deleted)", "");
	db_untrust(db);
	if (rc < 0) {
		db_rollback(db);
		return rc;
	}
	return db_commit(db, e);
}

static const char files_sql[] =
    "SELECT b.sha256, b.size, v.file FROM main.blob b JOIN main.evidence v ON"
    " v.uid = (SELECT w.uid FROM main.evidence w WHERE w.sha256 = b.sha256"
    " AND NOT w.deleted AND (?1 IS NULL OR w.site = ?1) LIMIT 1)"
    " ORDER BY b.sha256";

int
evidence_files(struct forms *fs, const char *site,
    struct evidence_file **out, size_t *n, struct err *e)
{
	struct db *db = forms_db(fs);
	struct stmt *q;
	size_t cap = 0;
	int rc;

	*out = NULL;
	*n = 0;		/* also where it fails */
	db_trust(db);
	q = db_get(db, files_sql, e);
	db_untrust(db);
	if (q == NULL)
		return E_SQL;
	stmt_text(q, 1, site);
	while ((rc = stmt_step(q, e)) > 0) {
		const char *dot = stmt_col(q, 2) != NULL ?
		    strrchr(stmt_col(q, 2), '.') : NULL;
		struct evidence_file *v;

		*out = mem_grow(*out, *n, &cap, sizeof **out);
		v = &(*out)[(*n)++];
		snprintf(v->sha256, sizeof v->sha256, "%s", stmt_col(q, 0));
		snprintf(v->name, sizeof v->name, "evidence/%s%.6s",
		    v->sha256, dot != NULL ? dot : "");
		v->size = (size_t)stmt_col_int(q, 1);
	}
	return rc < 0 ? rc : 0;
}
