/* See create.h. */
#include "create.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "age.h"
#include "bagit.h"
#include "blob.h"
#include "date.h"
#include "db.h"
#include "editions.h"
#include "enrol.h"
#include "header.h"
#include "journal.h"
#include "keyring.h"
#include "mem.h"
#include "rows.h"
#include "signer.h"
#include "tar.h"

static const char zeros[] =
    "0000000000000000000000000000000000000000000000000000000000000000";

struct making {
	struct forms *fs;
	const char *home;
	struct header h;
	struct str head;	/* header.json */
	int spool;		/* rows.jsonl, an unlinked file */
	int64_t spooled;	/* its bytes */
	struct census *census;
	const struct create_part *parts;
	size_t nparts;
	struct age_recipient to[3];
	size_t nto;
	struct minisign_secret signer;
	char name[128];		/* without ending */
	char file[160];
	char chain[65];
};

/* ---- the header --------------------------------------------------------- */

static void
meta_text(struct db *db, const char *name, const char *dflt, char *out,
    size_t size)
{
	char *v = db_meta(db, name);

	snprintf(out, size, "%s", v != NULL ? v : dflt);
	free(v);
}

static int64_t
meta_int(struct db *db, const char *name)
{
	char *v = db_meta(db, name);
	int64_t n = v != NULL ? strtoll(v, NULL, 10) : 0;

	free(v);
	return n;
}

/* One hash over the applied forms: which fields the rows may have. */
static int
schema_hash(struct db *db, char out[65], struct err *e)
{
	struct stmt *q = db_get(db, "SELECT form, text FROM main.applied"
	    " ORDER BY form", e);
	unsigned char hash[HASH_SIZE];
	struct sha s;
	int rc;

	if (q == NULL)
		return E_SQL;
	sha_init(&s);
	while ((rc = stmt_step(q, e)) > 0) {
		sha_add(&s, stmt_col(q, 0), strlen(stmt_col(q, 0)) + 1);
		sha_add(&s, stmt_col(q, 1), strlen(stmt_col(q, 1)) + 1);
	}
	sha_done(&s, hash);
	hex_encode(out, hash, sizeof hash);
	return rc;
}

static int
lineage(struct db *db, struct header *h, struct err *e)
{
	struct stmt *q = db_get(db, "SELECT chain FROM main.export WHERE inc=?1"
	    " ORDER BY rowid", e);
	size_t cap = 0;
	int rc;

	if (q == NULL)
		return E_SQL;
	stmt_text(q, 1, h->inc);
	while ((rc = stmt_step(q, e)) > 0) {
		h->lineage = mem_grow(h->lineage, h->nlineage, &cap,
		    sizeof *h->lineage);
		snprintf(h->lineage[h->nlineage++], 65, "%s", stmt_col(q, 0));
	}
	return rc;
}

int
create_header(struct forms *fs, struct header *h, struct err *e)
{
	struct db *db = forms_db(fs);
	int rc;

	strcpy(h->format, "tj1");
	strcpy(h->suite, HEADER_SUITE);
	meta_text(db, "site", "", h->site, sizeof h->site);
	meta_text(db, "site_name", "", h->site_name, sizeof h->site_name);
	meta_text(db, "inc", "", h->inc, sizeof h->inc);
	meta_text(db, "parent_inc", "", h->parent_inc, sizeof h->parent_inc);
	meta_text(db, "parent_chain", zeros, h->parent_chain,
	    sizeof h->parent_chain);
	h->parent_seq = meta_int(db, "parent_seq");
	h->base = meta_int(db, "acked_seq");
	meta_text(db, "acked_chain", zeros, h->base_chain,
	    sizeof h->base_chain);
	h->to = journal_head(db, h->journal_hash);
	h->edition = editions_newest(db);
	h->series = db_str(db, "SELECT json_group_object(name, last) FROM"
	    " main.series", "");
	h->journal_seq = h->to;
	date_stamp(h->created);
	rc = schema_hash(db, h->schema, e);
	if (rc == 0)
		rc = lineage(db, h, e);
	snprintf(h->previous, sizeof h->previous, "%s", h->nlineage > 0 ?
	    h->lineage[h->nlineage - 1] : h->parent_inc[0] != '\0' ?
	    h->parent_chain : zeros);
	return rc;
}

/* ---- the rows ----------------------------------------------------------- */

static int
open_spool(struct making *m, struct err *e)
{
	char *path = xasprintf("%s/.bundle-XXXXXX", m->home);

	/* without a name from the start: a crash leaves nothing behind */
	m->spool = open(m->home, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (m->spool < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
		m->spool = mkostemp(path, O_CLOEXEC);
		if (m->spool >= 0)
			unlink(path);
	}
	if (m->spool < 0)
		err_errno(e, "写不了临时文件 %s", path);
	free(path);
	return m->spool < 0 ? e != NULL ? e->code : E_IO : 0;
}

/* Header and rows are of one moment: one read transaction. */
static int
collect(struct making *m, struct err *e)
{
	struct db *db = forms_db(m->fs);
	struct flow_count count;
	struct census_sum sum;
	int rc = db_exec(db, "BEGIN", e);

	if (rc < 0)
		return rc;
	count.next = flow_to_fd(m->spool);
	count.n = 0;
	db_trust(db);
	rc = create_header(m->fs, &m->h, e);
	if (rc == 0) {
		m->h.rows = rows_write(m->fs, m->h.site, m->h.base,
		    flow_through_count(&count), m->census, e);
		rc = m->h.rows < 0 ? (int)m->h.rows : 0;
	}
	db_untrust(db);
	m->spooled = (int64_t)count.n;
	sum = census_sum(m->census);
	m->h.children = sum.children;
	m->h.items = sum.items;
	if (db_exec(db, "COMMIT", rc == 0 ? e : NULL) < 0 && rc == 0)
		rc = E_SQL;
	return rc;
}

/* ---- the bag ------------------------------------------------------------ */

static int
add_text(struct bagit_writer *w, const char *name, const char *text,
    size_t len, struct err *e)
{
	int rc = bagit_file(w, name, len, e);

	return rc == 0 ? bagit_data(w, text, len, e) : rc;
}

static int
add_rows(struct making *m, struct bagit_writer *w, struct err *e)
{
	char buf[FLOW_CHUNK];
	ssize_t n = 0;
	int rc = bagit_file(w, "rows.jsonl", (uint64_t)m->spooled, e);

	if (rc == 0 && lseek(m->spool, 0, SEEK_SET) < 0)
		rc = err_errno(e, "读不了临时文件");
	while (rc == 0 && (n = read(m->spool, buf, sizeof buf)) > 0)
		rc = bagit_data(w, buf, (size_t)n, e);
	if (rc == 0 && n < 0)
		rc = err_errno(e, "读不了临时文件");
	return rc;
}

/* The digest of rows.jsonl as the manifest has it: hashed once. */
static void
take_chain(struct making *m, const struct bagit_writer *w)
{
	const char *at = strstr(w->manifest.buf, "data/rows.jsonl");
	char hex[65];

	if (at == NULL || at - w->manifest.buf < 66)
		return;
	while (at > w->manifest.buf && at[-1] == ' ')
		at--;
	snprintf(hex, sizeof hex, "%.64s", at - 64);
	header_chain(&m->h, hex, m->chain);
}

static int
add_part(struct making *m, struct bagit_writer *w,
    const struct create_part *part, struct err *e)
{
	struct str bytes = STR_INIT;
	int rc;

	if (part->text != NULL)
		return add_text(w, part->name, part->text, part->len, e);
	rc = blob_get(forms_db(m->fs), part->sha256, &bytes, e);
	if (rc == 0)
		rc = add_text(w, part->name, bytes.buf, bytes.len, e);
	else
		err_prefix(e, "佐证文件 %.12s", part->sha256);
	str_done(&bytes);
	return rc;
}

static const char readme[] =
    "童记乡镇数据包\n\n"
    "header.json  包头：哪个乡镇、第几号到第几号、记录数\n"
    "rows.jsonl   有变动的记录，每行一条，JSON 格式，UTF-8 编码\n"
    "report.html  本期报表（有的话），用浏览器打开\n"
    "*.csv        全部台账（完整包才有），用表格软件打开\n"
    "evidence/    佐证文件（完整包才有），对照 evidence.csv 的校验值\n\n"
    "含个人信息，不得外传。\n";

static int
fill_bag(struct making *m, struct flow_out out, struct err *e)
{
	const struct bagit_tag tags[] = {
		{ "Source-Organization", m->h.site_name },
		{ "External-Identifier", m->name },
		{ "Bagging-Date", m->h.created },
	};
	struct bagit_tag info[COUNT_OF(tags)];
	struct bagit_writer w;
	char day[11];
	size_t i;
	int rc = bagit_begin(&w, out, m->name, date_unix_ms() / 1000, e);

	if (rc < 0)
		return rc;
	memcpy(info, tags, sizeof tags);
	snprintf(day, sizeof day, "%.10s", m->h.created);
	info[2].value = day;
	rc = add_text(&w, "header.json", m->head.buf, m->head.len, e);
	if (rc == 0)
		rc = add_rows(m, &w, e);
	if (rc == 0)		/* closes rows.jsonl: its digest is known */
		rc = add_text(&w, "README.txt", readme, strlen(readme), e);
	if (rc == 0)
		take_chain(m, &w);
	for (i = 0; rc == 0 && i < m->nparts; i++)
		rc = add_part(m, &w, &m->parts[i], e);
	if (rc < 0) {
		bagit_writer_done(&w);
		return rc;
	}
	rc = bagit_finish(&w, info, COUNT_OF(info), true, e);
	return rc;
}

static int
fill(void *ctx, struct flow_out out, struct err *e)
{
	struct making *m = ctx;
	struct age_writer *w = age_writer_new(out, m->to, m->nto, e);
	int rc = w == NULL ? E_CRYPTO : fill_bag(m, age_writer_flow(w), e);

	if (rc == 0)
		rc = age_writer_finish(w, e);
	age_writer_free(w);
	return rc;
}

/* ---- the marker --------------------------------------------------------- */

/* The export is remembered, durably, before the marker makes it valid: a
 * receipt can then never name a chain that this site has forgotten. */
int
create_remember(struct forms *fs, const struct header *h, const char *chain,
    const char *file, struct err *e)
{
	struct db *db = forms_db(fs);
	int rc;

	db_trust(db);
	rc = db_begin(db, e);
	if (rc == 0) {
		rc = db_run(db, e, "INSERT INTO main.export(inc,base,upto,"
		    "chain,rows,at,file) VALUES(?1,?2,?3,?4,?5,?6,?7)",
		    "siisiss", h->inc, h->base, h->to, chain, h->rows,
		    h->created, file);
		if (rc == 0)
			rc = journal_note(db, "bundle", NULL, NULL, file, e);
		if (rc < 0)
			db_rollback(db);
		else
			rc = db_commit(db, e);
	}
	db_untrust(db);
	return rc;
}

static int
mark(void *ctx, const unsigned char hash[MINISIGN_HASH], struct str *out,
    struct err *e)
{
	struct making *m = ctx;
	char comment[256];
	int rc = create_remember(m->fs, &m->h, m->chain, m->file, e);

	/* in the clear on the stick: nothing but the name, which is */
	snprintf(comment, sizeof comment, "file:%s", m->file);
	if (rc == 0)
		rc = minisign_sign(out, &m->signer, hash, comment, e);
	return rc;
}

/* ---- all together ------------------------------------------------------- */

static int
recipients(struct making *m, bool *for_county, struct err *e)
{
	struct keycard own, county;
	struct err none = ERR_INIT;
	int rc = keyring_site(m->home, m->h.site, m->h.site_name, &own, e);

	if (rc < 0)
		return rc;
	m->to[m->nto++] = own.recipient;
	rc = keyring_county(m->home, &county, &none);
	*for_county = rc == 0;
	if (rc == E_NOTFOUND)
		return 0;
	if (rc < 0)
		return err_set(e, rc, "%s", none.msg);
	m->to[m->nto++] = county.recipient;
	if (county.has_archive)
		m->to[m->nto++] = county.archive;
	snprintf(m->h.county, sizeof m->h.county, "%s", county.division);
	return 0;
}

/* Room for the whole tar and encryption, generously. */
static uint64_t
size_of(const struct making *m)
{
	uint64_t n = (uint64_t)m->spooled + m->head.len + 65536;
	size_t i;

	for (i = 0; i < m->nparts; i++)
		n += tar_member_size(m->parts[i].len);
	return age_payload_size(tar_padme(n + 8192)) + 4096;
}

static int
deliver(struct making *m, const char *dir, stick_progress_fn *progress,
    void *ctx, struct create_result *out, struct err *e)
{
	struct str bad = STR_INIT;
	struct stick_delivery d = { .name = m->file, .size = size_of(m),
	    .fill = fill, .mark = mark, .ctx = m };
	struct signer *own = NULL;
	struct stick s;
	char prefix[32];
	size_t nown;
	int rc = stick_open(&s, dir, NULL, e);

	if (rc < 0)
		return rc;
	s.progress = progress;
	s.ctx = ctx;
	rc = signer_own(m->home, &own, &nown, e);
	if (rc == 0)
		rc = stick_deliver(&s, &d, e);
	snprintf(prefix, sizeof prefix, "tj1-%s-", m->h.site);
	if (rc == 0)
		rc = stick_recheck(&s, prefix, own, nown, &out->rechecked,
		    &bad, e);
	free(own);
	stick_close(&s);
	if (bad.len > 0)
		out->damaged = str_take(&bad);
	str_done(&bad);
	return rc;
}

static int
prepare(struct making *m, struct create_result *out, struct err *e)
{
	int rc = open_spool(m, e);

	if (rc == 0)
		rc = collect(m, e);
	if (rc == 0)
		rc = recipients(m, &out->for_county, e);
	if (rc == 0)
		rc = keyring_signer(m->home, &m->signer, e);
	header_text(&m->h, &m->head);
	header_name(&m->h, m->name, sizeof m->name);
	snprintf(m->file, sizeof m->file, "%s.age", m->name);
	return rc;
}

int
create_bundle(struct forms *fs, const char *home, const char *dir,
    const struct create_part *parts, size_t nparts,
    stick_progress_fn *progress, void *ctx, struct create_result *out,
    struct err *e)
{
	struct making m = { .fs = fs, .home = home, .spool = -1,
	    .parts = parts, .nparts = nparts, .head = STR_INIT };
	int rc;

	memset(out, 0, sizeof *out);
	m.census = &out->census;
	rc = census_init(m.census, fs, e);
	if (rc == 0)
		rc = prepare(&m, out, e);
	if (rc == 0 && strlen(m.h.site) == 9 && (m.h.base == 0 ||
	    meta_int(forms_db(fs), "enrol_again") != 0))
		rc = enrol_write(fs, home, dir, out->enrol, e);
	if (rc == 0)
		rc = deliver(&m, dir, progress, ctx, out, e);
	snprintf(out->file, sizeof out->file, "%s", m.file);
	out->rows = m.h.rows;
	out->number = (int64_t)m.h.nlineage + 1;
	if (m.spool >= 0)
		close(m.spool);
	minisign_wipe(&m.signer);
	header_done(&m.h);
	str_done(&m.head);
	return rc;
}

void
create_sentence(const struct create_result *r, struct str *out)
{
	struct census_sum sum = census_sum(&r->census);

	str_addf(out, "第%lld包：", (long long)r->number);
	census_words(sum.children, sum.items, out);
}

void
create_result_done(struct create_result *r)
{
	census_done(&r->census);
	free(r->damaged);
	r->damaged = NULL;
}
