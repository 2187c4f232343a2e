/* Shared by the tests of the stick's full circle: databases of a county and of
 * townships with two small forms, copied from a template file, and what moves
 * between them without stick and keys. */
#ifndef CIRCLE_HELP_H
#define CIRCLE_HELP_H

#include "bundle_help.h"

#include <sqlite3.h>

#include "answer.h"
#include "apply.h"
#include "create.h"
#include "db.h"
#include "ddl.h"
#include "header.h"
#include "journal.h"
#include "merge.h"
#include "receipt.h"
#include "recordi.h"
#include "rows.h"
#include "schema.h"
#include "tray.h"
#include "uid.h"

static struct err circle_err;
#define ER (&circle_err)
#define OK(call) do { \
	circle_err = (struct err)ERR_INIT; \
	if ((call) < 0) \
		fail_msg("%s:%d: %s", __FILE__, __LINE__, circle_err.msg); \
} while (0)

static const char circle_village[] =
    "[form]\nname = village\ntitle = 村\nlist = name\n"
    "[name]\ntype = text 1..40\nlabel = 村名\n";
static const char circle_item[] =
    "[form]\nname = item\ntitle = 事项\nlist = val state\nfind = val\n"
    "[val]\ntype = text 1..40\nlabel = 内容\n"
    "constraint = val <> 'bad'\nconstraint_message = 不能是 bad\n"
    "[other]\ntype = text 1..40\nlabel = 另一项\n"
    "[workflow]\nstates = flow_state\ninitial = open\n"
    "[move check]\nfrom = open\nto = checked\nlabel = 评估\n";

struct node {
	struct db *db;
	struct forms *fs;
	char path[96];
	char site[13];
};

/* In memory: thousands of small databases. */
HELPER int
circle_setup(void **state)
{
	assert_int_equal(help_setup_memory(state), 0);
	assert_int_equal(mkdir(help_path("forms"), 0700), 0);
	help_put(help_path("forms/village.form"), circle_village,
	    sizeof circle_village - 1);
	help_put(help_path("forms/item.form"), circle_item,
	    sizeof circle_item - 1);
	return 0;
}

/* Open a node's file; nothing is to survive a power cut here. */
HELPER void
node_open(struct node *n)
{
	struct str notes = STR_INIT;

	OK(db_open(&n->db, n->path, DB_CREATE, ER));
	OK(db_exec(n->db, "PRAGMA journal_mode=MEMORY;"
	    "PRAGMA synchronous=OFF; PRAGMA secure_delete=OFF;"
	    "PRAGMA locking_mode=EXCLUSIVE", ER));
	OK(schema_apply(n->db, ER));
	OK(forms_open(&n->fs, n->db, help_path("forms"), "tests/form/data",
	    ER));
	if (ddl_stale(n->fs))
		OK(ddl_apply(n->fs, &notes, ER));
	str_done(&notes);
}

HELPER void
node_close(struct node *n)
{
	forms_close(n->fs);
	db_close(n->db);
	n->fs = NULL;
	n->db = NULL;
}

HELPER void
copy_file(const char *from, const char *to)
{
	struct str s = STR_INIT;

	help_get(&s, from);
	help_put(to, s.buf, s.len);
	str_done(&s);
}

/* Databases of histories that are over, open: their statements are prepared
 * already. */
static struct {
	struct node v[16];
	int n;
	struct str empty;	/* SQL */
} pool;

HELPER int
circle_teardown(void **state)
{
	while (pool.n > 0) {
		pool.n--;
		forms_close(pool.v[pool.n].fs);
		db_close(pool.v[pool.n].db);
	}
	str_done(&pool.empty);
	return help_teardown(state);
}

/* Empty every table that the template has empty. */
static void
node_empty(struct node *n)
{
	struct stmt *q;

	if (pool.empty.len == 0) {
		str_add(&pool.empty, "BEGIN IMMEDIATE;");
		q = db_new(n->db, "SELECT name FROM sqlite_schema WHERE"
		    " type='table' AND name NOT LIKE 'applied%' AND name NOT"
		    " LIKE 'sqlite%'", ER);
		assert_non_null(q);
		while (stmt_step(q, ER) > 0)
			str_addf(&pool.empty, "DELETE FROM main.\"%s\";",
			    stmt_col(q, 0));
		stmt_free(q);
		str_add(&pool.empty, "COMMIT");
	}
	sqlite3_db_config(db_handle(n->db), SQLITE_DBCONFIG_ENABLE_TRIGGER, 0,
	    NULL);
	OK(db_exec(n->db, pool.empty.buf, ER));
	sqlite3_db_config(db_handle(n->db), SQLITE_DBCONFIG_ENABLE_TRIGGER, 1,
	    NULL);
}

static void
node_fresh(struct node *n, const char *name)
{
	static unsigned count;

	if (pool.n > 0) {
		*n = pool.v[--pool.n];
		node_empty(n);
		return;
	}
	if (access(help_path("template.db"), R_OK) != 0) {
		snprintf(n->path, sizeof n->path, "%s", help_path(
		    "template.db"));
		node_open(n);
		node_close(n);
	}
	snprintf(n->path, sizeof n->path, "%s/%s-%u.db", help_dir, name,
	    count++);
	copy_file(help_path("template.db"), n->path);
	node_open(n);
}

/* A new site in a file of its own. */
HELPER void
node_new(struct node *n, const char *name, const char *site,
    const char *level)
{
	unsigned char inc[16];
	char hex[33];

	memset(n, 0, sizeof *n);
	node_fresh(n, name);
	snprintf(n->site, sizeof n->site, "%s", site);
	random_bytes(inc, sizeof inc);
	hex_encode(hex, inc, sizeof inc);
	OK(db_set_meta(n->db, "site", site, ER));
	OK(db_set_meta(n->db, "site_name", name, ER));
	OK(db_set_meta(n->db, "level", level, ER));
	OK(db_set_meta(n->db, "inc", hex, ER));
}

HELPER void
node_drop(struct node *n)
{
	if (pool.n < (int)COUNT_OF(pool.v)) {
		pool.v[pool.n++] = *n;
		memset(n, 0, sizeof *n);
		return;
	}
	node_close(n);
	unlink(n->path);
}

/* ---- a bundle in memory --------------------------------------------------- */

struct parcel {
	char *site;
	struct str head, rows;
	char chain[65];
	int copies;		/* references to it on sticks */
};

HELPER void
sha_text(const char *p, size_t len, char out[65])
{
	unsigned char hash[HASH_SIZE];
	struct sha s;

	sha_init(&s);
	sha_add(&s, p, len);
	sha_done(&s, hash);
	hex_encode(out, hash, sizeof hash);
}

/* What `tongji bundle create` does, without stick and keys. */
HELPER struct parcel *
node_export(struct node *n)
{
	struct parcel *p = xcalloc(1, sizeof *p);
	struct header h = { .rows = 0 };
	char sha[65], file[128];

	str_init(&p->head);
	str_init(&p->rows);
	p->site = xstrdup(n->site);
	OK(create_header(n->fs, &h, ER));
	snprintf(h.county, sizeof h.county, "370323");
	h.rows = rows_write(n->fs, n->site, h.base, flow_to_str(&p->rows), NULL,
	    ER);
	assert_true(h.rows >= 0);
	sha_text(p->rows.buf, p->rows.len, sha);
	header_chain(&h, sha, p->chain);
	header_name(&h, file, sizeof file);
	OK(create_remember(n->fs, &h, p->chain, file, ER));
	header_text(&h, &p->head);
	header_done(&h);
	p->copies = 1;
	return p;
}

HELPER void
parcel_free(struct parcel *p)
{
	if (p == NULL || --p->copies > 0)
		return;
	free(p->site);
	str_done(&p->head);
	str_done(&p->rows);
	free(p);
}

/* What `tongji bundle receive` does with it. */
HELPER void
county_merge(struct node *c, const struct parcel *p, bool dry,
    struct merge_result *out, char inc[33])
{
	struct flow_mem m = { (const unsigned char *)p->rows.buf,
	    p->rows.len };
	struct header h;
	struct merge_job job = { .header = &h, .chain = p->chain,
	    .file = "parcel", .dry = dry };

	OK(header_parse(&h, p->head.buf, p->head.len, ER));
	job.rows = flow_from_mem(&m);
	OK(merge_bundle(c->fs, &job, out, ER));
	if (inc != NULL)
		strcpy(inc, h.inc);
	header_done(&h);
}

/* The county's answer; answer_done() and free it. */
HELPER struct answer *
county_answer(struct node *c, const char *site, const char *inc,
    const struct merge_result *m)
{
	struct answer *a = xcalloc(1, sizeof *a);

	OK(answer_build(c->fs, help_dir, site, inc, m->status, m->reason, a,
	    ER));
	return a;
}

/* What `tongji bundle apply` does with it; may be repeated. */
HELPER void
node_apply(struct node *n, const struct answer *a, struct apply_result *out)
{
	struct incoming_part part[RECEIPT_PARTS];
	struct receipt r;
	int i;

	for (i = 0; i < RECEIPT_PARTS; i++)
		part[i] = (struct incoming_part){ .name = receipt_names[i],
		    .found = a->fd[i] >= 0, .fd = a->fd[i] };
	OK(receipt_parse(&r, a->json.buf, a->json.len, ER));
	OK(apply_parts(n->fs, &r, part, NULL, out, ER));
	receipt_done(&r);
}

/* ---- records ------------------------------------------------------------- */

/* Insert an item; its uid goes to `uid`. */
HELPER void
node_insert(struct node *n, const char *val, char uid[37])
{
	const struct form *f = forms_get(n->fs, "item", ER);
	struct record *r = record_new(n->fs, f, ER);

	assert_non_null(r);
	record_put(r, form_field(f, "val"), val);
	OK(db_begin(n->db, ER));
	OK(record_write(r, NULL, "insert", NULL, ER));
	OK(db_commit(n->db, ER));
	if (uid != NULL)
		strcpy(uid, r->uid);
	record_free(r);
}

/* Change an item's value, or delete it (val NULL). */
HELPER void
node_change(struct node *n, const char *uid, const char *val)
{
	const struct form *f = forms_get(n->fs, "item", ER);
	struct record *old = record_load_main(n->fs, f, uid, ER);
	struct record *r = record_load_main(n->fs, f, uid, ER);

	assert_non_null(old);
	if (val != NULL)
		record_put(r, form_field(f, "val"), val);
	OK(db_begin(n->db, ER));
	OK(record_write(r, old, val != NULL ? "update" : "delete",
	    val != NULL ? NULL : "测试", ER));
	OK(db_commit(n->db, ER));
	record_free(old);
	record_free(r);
}

HELPER char *
node_value(struct node *n, const char *uid)
{
	return db_str(n->db, "SELECT iif(deleted,'-',val) FROM main.item WHERE"
	    " uid=?1", "s", uid);
}

#endif
