/* See give.h. */
#include "give.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "applyi.h"
#include "branch.h"
#include "date.h"
#include "db.h"
#include "enclosed.h"
#include "evidence.h"
#include "file.h"
#include "incoming.h"
#include "journal.h"
#include "keyring.h"
#include "mem.h"
#include "rows.h"
#include "seal.h"

enum { JSON_LIMIT = 65536 };

/* ---- the county's half ---------------------------------------------------- */

struct giving {
	struct forms *fs;
	struct db *db;
	const char *site;
	char *inc, *chain, *county, *from;
	int64_t applied, serial, rows;
	char name[140];
	stick_progress_fn *progress;
	void *ctx;
};

static int
load_state(struct giving *g, struct err *e)
{
	struct stmt *q = db_get(g->db, "SELECT i.inc, i.chain, i.applied FROM"
	    " main.bundle b JOIN main.incarnation i ON i.site=b.site AND"
	    " i.inc=b.inc WHERE b.site=?1 AND b.status='ok' ORDER BY b.id DESC"
	    " LIMIT 1", e);
	int rc;

	if (q == NULL)
		return E_SQL;
	stmt_text(q, 1, g->site);
	rc = stmt_step(q, e);
	if (rc == 0)
		return err_set(e, E_NOTFOUND, "还没有收到过 %.12s 的包",
		    g->site);
	if (rc < 0)
		return rc;
	g->inc = xstrdup(stmt_col(q, 0));
	g->chain = xstrdup(stmt_col(q, 1));
	g->applied = stmt_col_int(q, 2);
	stmt_reset(q);
	g->county = db_meta(g->db, "site");
	g->from = db_meta(g->db, "site_name");
	g->serial = db_int(g->db, 0, "SELECT coalesce(max(serial),0)+1 FROM"
	    " main.receipt WHERE site=?1", "s", g->site);
	snprintf(g->name, sizeof g->name, "tj1g-%s-%.8s-%lld-%lld", g->site,
	    g->inc, (long long)g->applied, (long long)g->serial);
	return 0;
}

static char *
head_text(const struct giving *g)
{
	char at[STAMP_SIZE], *text, *series;
	json_t *root;

	date_stamp(at);
	db_trust(g->db);
	series = db_str(g->db, "SELECT json_group_object(name, last) FROM"
	    " main.site_series WHERE site=?1", "s", g->site);
	db_untrust(g->db);
	root = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:I}", "format",
	    "tj1g", "suite", HEADER_SUITE, "site", g->site, "county",
	    g->county, "incarnation", g->inc, "chain", g->chain, "created",
	    at, "rows", (json_int_t)g->rows);
	json_object_set_new(root, "series", json_loads(series != NULL ?
	    series : "{}", 0, NULL));
	text = json_dumps(root, JSON_INDENT(1));
	json_decref(root);
	free(series);
	return text;
}

static int
remember(void *ctx, struct err *e)
{
	struct giving *g = ctx;
	char at[STAMP_SIZE];
	int rc;

	date_stamp(at);
	rc = db_begin(g->db, e);
	if (rc < 0)
		return rc;
	db_trust(g->db);
	rc = db_run(g->db, e, "INSERT INTO main.receipt(site,inc,serial,"
	    "status,applied,chain,file,at) VALUES(?1,?2,?3,'give',?4,?5,?6,"
	    "?7)", "ssiisss", g->site, g->inc, g->serial, g->applied,
	    g->chain, g->name, at);
	if (rc == 0)
		rc = journal_note(g->db, "give", NULL, NULL, g->name, e);
	db_untrust(g->db);
	if (rc < 0) {
		db_rollback(g->db);
		return rc;
	}
	return db_commit(g->db, e);
}

static int
step(void *ctx, uint64_t done, uint64_t whole)
{
	struct giving *g = ctx;

	return g->progress != NULL ? g->progress(g->ctx, done, whole) : 0;
}

static int
open_spool(const char *home, struct err *e)
{
	char *path = xasprintf("%s/.give-XXXXXX", home);
	int fd = mkostemp(path, O_CLOEXEC);

	if (fd < 0)
		err_errno(e, "写不了临时文件 %s", path);
	else
		unlink(path);
	free(path);
	return fd;
}

static int
deliver(struct giving *g, const struct keycard *card, int fd, const char *dir,
    const struct minisign_secret *signer, struct err *e)
{
	char *head = head_text(g);
	struct evidence_file *v = NULL;
	struct seal_part *part;
	struct seal s = { .name = g->name, .from = g->from,
	    .to = &card->recipient, .nto = 1, .signer = signer,
	    .commit = remember, .progress = step, .ctx = g };
	size_t i, n;
	int rc = evidence_files(g->fs, g->site, &v, &n, e);

	part = xcalloc(n + 2, sizeof *part);
	part[0] = (struct seal_part){ .name = "give.json", .text = head,
	    .fd = -1, .size = strlen(head) };
	part[1] = (struct seal_part){ .name = "rows.jsonl", .fd = fd,
	    .size = (uint64_t)lseek(fd, 0, SEEK_END) };
	for (i = 0; i < n; i++)
		part[2 + i] = (struct seal_part){ .name = v[i].name, .fd = -1,
		    .size = v[i].size, .db = g->db, .sha256 = v[i].sha256 };
	s.part = part;
	s.nparts = n + 2;
	if (rc == 0)
		rc = seal_deliver(&s, dir, e);
	free(part);
	free(v);
	free(head);
	return rc;
}

int
give_write(struct forms *fs, const char *home, const char *site,
    const struct minisign_secret *signer, const char *dir,
    stick_progress_fn *progress, void *ctx, char file[160], int64_t *rows,
    struct err *e)
{
	struct giving g = { .fs = fs, .db = forms_db(fs), .site = site,
	    .progress = progress, .ctx = ctx };
	struct keycard card;
	int fd = -1, rc = keyring_enrolled(home, site, &card, e);

	db_trust(g.db);
	if (rc == 0)
		rc = load_state(&g, e);
	db_untrust(g.db);
	if (rc == 0)
		rc = (fd = open_spool(home, e)) < 0 ? E_IO : 0;
	if (rc == 0) {
		g.rows = rows_write(fs, site, 0, flow_to_fd(fd), NULL, e);
		rc = g.rows < 0 ? (int)g.rows : 0;
	}
	if (rc == 0)
		rc = deliver(&g, &card, fd, dir, signer, e);
	if (fd >= 0)
		close(fd);
	snprintf(file, 160, "%s.age", g.name);
	*rows = g.rows;
	free(g.inc);
	free(g.chain);
	free(g.county);
	free(g.from);
	return rc;
}

/* ---- the township's half -------------------------------------------------- */

bool
give_is(const char *path)
{
	const char *name = strrchr(path, '/');

	return str_starts(name != NULL ? name + 1 : path, "tj1g-");
}

struct taking {
	json_t *head;
	const char *site, *county, *inc, *chain;
};

static int
parse(struct taking *t, const struct str *text, struct err *e)
{
	t->head = json_loadb(text->buf, text->len, JSON_REJECT_DUPLICATES,
	    NULL);
	if (t->head == NULL || json_unpack(t->head, "{s:s,s:s,s:s,s:s}",
	    "site", &t->site, "county", &t->county, "incarnation", &t->inc,
	    "chain", &t->chain) < 0 || strlen(t->inc) != 32 ||
	    strlen(t->chain) != 64)
		return err_set(e, E_FORMAT, "这不是县里给的数据文件");
	return 0;
}

static int
may_take(struct db *db, const struct taking *t, struct err *e)
{
	char *site = db_meta(db, "site"), *acked = db_meta(db, "acked_seq");
	int rc = 0;

	if (!str_eq(site, t->site))
		rc = err_set(e, E_REFUSED, "这是给别的乡镇（%.12s）的数据",
		    t->site);
	else if (acked != NULL && strcmp(acked, "0") != 0)
		rc = err_set(e, E_REFUSED, "这个数据库已经和县里对上了，"
		    "不用再取回");
	free(site);
	free(acked);
	return rc;
}

/* The next bundle carries everything once more, so nothing depends on the
 * numbers of the lost database. */
static int
continue_from(struct db *db, const struct taking *t, struct err *e)
{
	const char *const set[][2] = {
		{ "parent_inc", t->inc }, { "parent_seq", "0" },
		{ "parent_chain", t->chain }, { "acked_seq", "0" },
		{ "acked_chain", t->chain },
	};
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < COUNT_OF(set); i++)
		rc = db_set_meta(db, set[i][0], set[i][1], e);
	return rc == 0 ? journal_note(db, "restore", NULL, NULL, t->inc, e) :
	    rc;
}

/* Mint on behind the lost database's numbers, also those of records that it
 * had deleted. */
static int
go_on_behind(struct db *db, const struct taking *t, struct err *e)
{
	json_t *series = json_object_get(t->head, "series");
	char *text = json_is_object(series) ? json_dumps(series,
	    JSON_COMPACT) : NULL;
	int rc = text == NULL ? 0 : db_run(db, e, "INSERT INTO main.series("
	    "name,last) SELECT key, value FROM json_each(?1) WHERE"
	    " type='integer' ON CONFLICT(name) DO UPDATE SET"
	    " last=max(last,excluded.last)", "s", text);

	free(text);
	return rc;
}

static int
take_rows(struct forms *fs, struct taking *t, struct incoming_part *rows,
    struct give_result *out, struct err *e)
{
	struct incoming_part none = { .found = false };
	struct apply_result got = { .taken = 0 };
	struct applying a = { .fs = fs, .db = forms_db(fs), .out = &got };
	int rc = may_take(a.db, t, e);

	a.site = xstrdup(t->site);
	if (rc == 0)
		rc = applying_lacks(&a, rows, &none, e);
	if (rc == 0)
		rc = go_on_behind(a.db, t, e);
	if (rc == 0)
		rc = continue_from(a.db, t, e);
	out->rows = json_integer_value(json_object_get(t->head, "rows"));
	out->taken = got.taken;
	out->tray = got.tray;
	free(a.site);
	return rc;
}

int
give_take(struct forms *fs, const char *home, const char *path,
    struct give_result *out, struct err *e)
{
	struct incoming in = INCOMING_INIT;
	struct incoming_part part[2] = { { .name = "give.json", .fd = -1 },
	    { .name = "rows.jsonl", .fd = -1 } };
	struct age_keys keys = AGE_KEYS_INIT;
	struct taking t = { .head = NULL };
	struct str text = STR_INIT;
	struct db *db = forms_db(fs);
	struct keycard county;
	size_t files = 0;
	int rc = keyring_county(home, &county, e);

	in.folder = "evidence";
	memset(out, 0, sizeof *out);
	if (rc == 0)
		rc = keyring_identity(home, &keys, e);
	if (rc == 0)
		rc = incoming_read(&in, path, &keys, &county.signer, home,
		    part, 2, e);
	if (rc == 0)
		rc = incoming_text(&part[0], JSON_LIMIT, &text, e);
	if (rc == 0)
		rc = parse(&t, &text, e);
	if (rc == 0)
		rc = db_begin(db, e);
	if (rc == 0) {
		db_trust(db);
		rc = take_rows(fs, &t, &part[1], out, e);
		db_untrust(db);
		if (rc < 0)
			db_rollback(db);
		else
			rc = db_commit(db, e);
	}
	if (rc == 0)
		rc = enclosed_take(fs, &in, &files, e);
	json_decref(t.head);
	str_done(&text);
	age_keys_done(&keys);
	incoming_done(&in, part, 2);
	return rc;
}
