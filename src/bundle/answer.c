/* See answer.h. */
#include "answer.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "branch.h"
#include "date.h"
#include "editions.h"
#include "db.h"
#include "file.h"
#include "issued.h"
#include "journal.h"
#include "mem.h"
#include "record.h"
#include "rotate.h"
#include "rows.h"
#include "seal.h"
#include "transfer.h"

struct asking {
	struct forms *fs;
	struct db *db;
	const char *site;
	struct branch b;
	json_t *root;
	struct answer *a;
	struct err *e;
};

/* ---- small lists, in the JSON ------------------------------------------- */

static json_t *
text_or_null(const char *v)
{
	return v != NULL ? json_string(v) : json_null();
}

/* Put one object a row into the array `name`; the statement's columns are its
 * members. */
static int64_t
collect(struct asking *k, const char *name, const char *sql)
{
	struct stmt *q = db_get(k->db, sql, k->e);
	json_t *a = json_array(), *o;
	int64_t n = 0;
	int rc, i;

	json_object_set_new(k->root, name, a);
	if (q == NULL)
		return E_SQL;
	stmt_text(q, 1, k->site);
	while ((rc = stmt_step(q, k->e)) > 0) {
		o = json_object();
		for (i = 0; i < stmt_columns(q); i++)
			json_object_set_new(o, stmt_name(q, i),
			    text_or_null(stmt_col(q, i)));
		json_array_append_new(a, o);
		n++;
	}
	return rc < 0 ? rc : n;
}

static const char returns_sql[] =
    "SELECT r.form AS form, r.uid AS uid, h.rv AS rv,"
    " coalesce(r.reason,'') AS reason FROM main.review r"
    " JOIN main.held h ON h.uid=r.uid"
    " JOIN main.incarnation i ON i.id=h.incarnation"
    " WHERE r.status='退回' AND i.site=?1"
    " UNION ALL SELECT q.form, q.uid, q.rv, '县里没能并入：' || q.reason"
    " FROM main.quarantine q WHERE q.site=?1 AND q.resolved_at IS NULL"
    " AND q.uid IS NOT NULL";

static const char proposals_sql[] =
    "SELECT CAST(p.id AS TEXT) AS id, p.form AS form, p.uid AS uid,"
    " p.field AS field, p.old AS old, p.new AS new, p.reason AS reason"
    " FROM main.proposal p JOIN main.held h ON h.uid=p.uid"
    " JOIN main.incarnation i ON i.id=h.incarnation"
    " WHERE p.status='open' AND i.site=?1 ORDER BY p.id";

/* The other township and the name there: enough to telephone. */
static void
add_twin(struct asking *k, json_t *list, const struct form *f,
    struct stmt *q)
{
	char *name = record_display(k->fs, f, stmt_col(q, 1));
	char *where = db_str(k->db, "SELECT name FROM main.division WHERE"
	    " code=?1", "s", stmt_col(q, 2)), *other;

	other = xasprintf("%s %s", where != NULL ? where : stmt_col(q, 2),
	    name);
	json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:s}", "form",
	    f->name, "uid", stmt_col(q, 0), "other", other, "why",
	    stmt_col(q, 3)));
	k->a->twins++;
	free(other);
	free(where);
	free(name);
}

static int
twins_of(struct asking *k, json_t *list, const struct form *f)
{
	struct str sql = STR_INIT;
	struct stmt *q;
	int rc;

	str_addf(&sql, "SELECT m.uid, o.uid, o.site, t.why FROM main.twin t"
	    " JOIN main.\"%s\" m ON m.uid IN (t.a, t.b)"
	    " JOIN main.\"%s\" o ON o.uid IN (t.a, t.b) AND o.uid<>m.uid"
	    " WHERE t.form=?2 AND m.site=?1 AND t.decision IS NULL AND"
	    " NOT m.deleted AND NOT o.deleted", f->name, f->name);
	q = db_new(k->db, sql.buf, k->e);
	str_done(&sql);
	if (q == NULL)
		return E_SQL;
	stmt_text(q, 1, k->site);
	stmt_text(q, 2, f->name);
	while ((rc = stmt_step(q, k->e)) > 0)
		add_twin(k, list, f, q);
	stmt_free(q);
	return rc;
}

static int
twins(struct asking *k)
{
	struct stmt *q = db_new(k->db, "SELECT DISTINCT form FROM main.twin"
	    " WHERE decision IS NULL", k->e);
	json_t *list = json_array();
	const struct form *f;
	int rc;

	json_object_set_new(k->root, "duplicates", list);
	if (q == NULL)
		return E_SQL;
	while ((rc = stmt_step(q, k->e)) > 0) {
		f = forms_get(k->fs, stmt_col(q, 0), k->e);
		rc = f == NULL ? E_FORMAT : twins_of(k, list, f);
		if (rc < 0)
			break;
	}
	stmt_free(q);
	return rc;
}

/* ---- rows, in files ----------------------------------------------------- */

static int
open_spool(const char *spool, struct err *e)
{
	char *path = xasprintf("%s/.answer-XXXXXX", spool);
	int fd = mkostemp(path, O_CLOEXEC);

	if (fd < 0)
		err_errno(e, "写不了临时文件 %s", path);
	else
		unlink(path);
	free(path);
	return fd;
}

static int
put_line(struct asking *k, enum receipt_part part, struct str *line)
{
	while (line->len > 0 && line->buf[line->len - 1] == '\n')
		line->buf[--line->len] = '\0';
	if (line->len == 0)
		return 0;
	str_addc(line, '\n');
	k->a->rows[part]++;
	if (file_write_all(k->a->fd[part], line->buf, line->len) < 0)
		return err_errno(k->e, "写不了临时文件");
	return 0;
}

/* What the county holds of this township that this incarnation cannot have:
 * taken from another branch of its history, after the paths parted.  The
 * first one may lack something, too: a backup that is older than the renewal
 * was put back. */
static int
lacks(struct asking *k)
{
	struct stmt *q = db_new(k->db, "WITH RECURSIVE way(id, cut) AS ("
	    "SELECT parent, parent_seq FROM main.incarnation WHERE id=?2"
	    " UNION ALL SELECT i.parent, i.parent_seq FROM way"
	    " JOIN main.incarnation i ON i.id=way.id)"
	    " SELECT h.form, h.uid, (SELECT q.line FROM main.quarantine q"
	    " WHERE q.uid=h.uid AND q.rv=h.rv AND q.resolved_at IS NULL)"
	    " FROM main.incarnation s JOIN main.held h ON h.incarnation=s.id"
	    " WHERE s.site=?1 AND s.id<>?2 AND NOT EXISTS (SELECT 1 FROM way"
	    " WHERE way.id=h.incarnation AND h.upto <= way.cut)", k->e);
	struct str line = STR_INIT;
	const struct form *f;
	int rc;

	if (q == NULL)
		return E_SQL;
	stmt_text(q, 1, k->site);
	stmt_int(q, 2, k->b.id);
	while ((rc = stmt_step(q, k->e)) > 0) {
		str_clear(&line);
		str_add(&line, stmt_col(q, 2));
		f = line.len == 0 ? forms_get(k->fs, stmt_col(q, 0), NULL) :
		    NULL;
		rc = f != NULL ? rows_one(k->fs, f, stmt_col(q, 1), &line,
		    k->e) : 0;
		if (rc == 0)
			rc = put_line(k, RECEIPT_LACKS, &line);
		if (rc < 0)
			break;
	}
	stmt_free(q);
	str_done(&line);
	return rc;
}

static int
conflicts(struct asking *k)
{
	struct stmt *q = db_new(k->db, "SELECT lost FROM main.conflict WHERE"
	    " site=?1 AND resolved_at IS NULL ORDER BY id", k->e);
	struct str line = STR_INIT;
	int rc;

	if (q == NULL)
		return E_SQL;
	stmt_text(q, 1, k->site);
	while ((rc = stmt_step(q, k->e)) > 0) {
		str_clear(&line);
		str_add(&line, stmt_col(q, 0));
		rc = put_line(k, RECEIPT_CONFLICTS, &line);
		if (rc < 0)
			break;
	}
	stmt_free(q);
	str_done(&line);
	return rc;
}

static int
put_issued(void *ctx, struct str *line)
{
	return put_line(ctx, RECEIPT_ISSUED, line);
}

static int
put_transfer(void *ctx, struct str *line)
{
	return put_line(ctx, RECEIPT_TRANSFERS, line);
}

/* The county's forms and policy data, while the township has older ones. */
static int
edition(struct asking *k)
{
	struct str text = STR_INIT;
	int rc = editions_due(k->fs, k->site, &text, k->e);

	if (rc == 0 && text.len > 0)
		rc = put_line(k, RECEIPT_EDITION, &text);
	str_done(&text);
	return rc;
}

/* ---- the whole ---------------------------------------------------------- */

static void
set_meta(struct asking *k, const char *member, const char *name)
{
	char *v = db_meta(k->db, name);

	json_object_set_new(k->root, member, json_string(v != NULL ? v : ""));
	free(v);
}

static void
head(struct asking *k, const char *inc, enum merge_status status,
    const char *reason)
{
	char stamp[STAMP_SIZE];
	int64_t number = db_int(k->db, 0, "SELECT number FROM main.bundle"
	    " WHERE site=?1 AND inc=?2 AND chain=?3", "sss", k->site, inc,
	    k->a->chain);

	date_stamp(stamp);
	json_object_set_new(k->root, "format", json_string("tj1r"));
	json_object_set_new(k->root, "suite", json_string(HEADER_SUITE));
	json_object_set_new(k->root, "site", json_string(k->site));
	set_meta(k, "county", "site");
	set_meta(k, "county_name", "site_name");
	json_object_set_new(k->root, "incarnation", json_string(inc));
	json_object_set_new(k->root, "status",
	    json_string(merge_status_word(status)));
	json_object_set_new(k->root, "reason", json_string(reason));
	json_object_set_new(k->root, "applied", json_integer(k->a->applied));
	json_object_set_new(k->root, "chain", json_string(k->a->chain));
	json_object_set_new(k->root, "number", json_integer(number));
	json_object_set_new(k->root, "serial", json_integer(k->a->serial));
	json_object_set_new(k->root, "created", json_string(stamp));
}

static int
gather(struct asking *k)
{
	int rc = 0;

	k->a->returns = collect(k, "returns", returns_sql);
	k->a->proposals = collect(k, "proposals", proposals_sql);
	if (k->a->returns < 0 || k->a->proposals < 0)
		return E_SQL;
	rc = twins(k);
	if (rc == 0)
		rc = lacks(k);
	if (rc == 0)
		rc = conflicts(k);
	if (rc == 0)
		rc = issued_each(k->fs, k->site, put_issued, k, k->e);
	if (rc == 0)
		rc = transfer_each(k->fs, k->site, put_transfer, k, k->e);
	return rc == 0 ? edition(k) : rc;
}

int
answer_build(struct forms *fs, const char *spool, const char *site,
    const char *inc, enum merge_status status, const char *reason,
    struct answer *a, struct err *e)
{
	struct asking k = { .fs = fs, .db = forms_db(fs), .site = site,
	    .root = json_object(), .a = a, .e = e };
	char *text;
	int i, rc = 0;

	memset(a, 0, sizeof *a);
	str_init(&a->json);
	for (i = 0; i < RECEIPT_PARTS; i++)
		a->fd[i] = -1;
	for (i = RECEIPT_LACKS; rc == 0 && i < RECEIPT_PARTS; i++)
		rc = (a->fd[i] = open_spool(spool, e)) < 0 ? E_IO : 0;
	db_trust(k.db);
	if (rc == 0)
		rc = branch_find(k.db, site, inc, &k.b, e);
	a->applied = k.b.applied;
	snprintf(a->chain, sizeof a->chain, "%s", k.b.id != 0 ? k.b.chain :
	    branch_zero);
	a->serial = db_int(k.db, 0, "SELECT coalesce(max(serial),0)+1 FROM"
	    " main.receipt WHERE site=?1", "s", site);
	head(&k, inc, status, reason);
	if (rc >= 0)
		rc = gather(&k);
	db_untrust(k.db);
	text = json_dumps(k.root, JSON_INDENT(1));
	str_add(&a->json, text);
	free(text);
	json_decref(k.root);
	return rc;
}

void
answer_done(struct answer *a)
{
	int i;

	for (i = 0; i < RECEIPT_PARTS; i++)
		if (a->fd[i] >= 0)
			close(a->fd[i]);
	str_done(&a->json);
}

/* ---- onto the stick ----------------------------------------------------- */

static const char readme[] =
    "县回执：用童记打开（tongji bundle apply）。\n\n"
    "receipt.json     收到哪里、退回、更正建议、可能重复\n"
    "lacks.jsonl      县里有、乡镇数据库里没有的记录\n"
    "conflicts.jsonl  两边都改过的记录，县里留下的另一份\n"
    "issued.jsonl     县里下发的记录\n"
    "transfers.jsonl  转入本镇、等待接收的孩子\n"
    "edition.json     县里下发的表单和政策资料（有新版时才有）\n\n"
    "含个人信息，不得外传。\n";

struct delivering {
	struct forms *fs;
	const char *site, *inc, *status, *file;
	const struct answer *a;
	stick_progress_fn *progress;
	void *ctx;
};

/* Remembered before the marker makes it valid. */
static int
commit(void *ctx, struct err *e)
{
	struct delivering *d = ctx;
	struct db *db = forms_db(d->fs);
	char at[STAMP_SIZE];
	int rc = db_begin(db, e);

	if (rc < 0)
		return rc;
	date_stamp(at);
	db_trust(db);
	rc = db_run(db, e, "INSERT INTO main.receipt(site,inc,serial,status,"
	    "applied,chain,file,at) VALUES(?1,?2,?3,?4,?5,?6,?7,?8)",
	    "ssisisss", d->site, d->inc, d->a->serial, d->status,
	    d->a->applied, d->a->chain, d->file, at);
	if (rc == 0)
		rc = journal_note(db, "receipt", NULL, NULL, d->file, e);
	db_untrust(db);
	if (rc < 0) {
		db_rollback(db);
		return rc;
	}
	return db_commit(db, e);
}

static int
step(void *ctx, uint64_t done, uint64_t whole)
{
	struct delivering *d = ctx;

	return d->progress != NULL ? d->progress(d->ctx, done, whole) : 0;
}

static int
deliver(struct delivering *d, const struct seal *base, const char *dir,
    struct err *e)
{
	struct seal_part part[RECEIPT_PARTS + 1];
	struct seal s = *base;
	size_t n = 1;
	int i;

	part[0] = (struct seal_part){
	    .name = receipt_names[RECEIPT_JSON], .text = d->a->json.buf,
	    .fd = -1, .size = d->a->json.len };
	for (i = RECEIPT_LACKS; i < RECEIPT_PARTS; i++)
		if (i != RECEIPT_EDITION || d->a->rows[i] > 0)
			part[n++] = (struct seal_part){
			    .name = receipt_names[i], .fd = d->a->fd[i],
			    .size = (uint64_t)lseek(d->a->fd[i], 0,
			    SEEK_END) };
	part[n++] = (struct seal_part){ .name = "README.txt",
	    .text = readme, .fd = -1, .size = sizeof readme - 1 };
	s.part = part;
	s.nparts = n;
	s.commit = commit;
	s.progress = step;
	s.ctx = d;
	return seal_deliver(&s, dir, e);
}

/* After a change of keys: the new county.key, with the former key's word. */
static int
carry_key(const char *home, const char *dir, struct err *e)
{
	struct str text = STR_INIT;
	struct keycard card;
	int rc = keyring_county(home, &card, e);

	if (rc == 0) {
		keycard_text(&card, "county", &text);
		rc = rotate_carry(home, "county.key.minisig", "county.key",
		    &text, dir, e);
	}
	str_done(&text);
	return rc;
}

int
answer_deliver(struct forms *fs, const char *home, const char *site,
    const char *inc, enum merge_status status, const char *reason,
    const struct minisign_secret *signer, const char *dir,
    stick_progress_fn *progress, void *ctx, char file[160], struct err *e)
{
	struct answer a;
	struct keycard card;
	char name[140], *from = db_meta(forms_db(fs), "site_name");
	struct delivering d = { fs, site, inc, merge_status_word(status), file,
	    &a, progress, ctx };
	struct seal s = { .name = name, .from = from != NULL ? from : "",
	    .to = &card.recipient, .nto = 1, .signer = signer };
	int rc = answer_build(fs, home, site, inc, status, reason, &a, e);

	if (rc == 0)
		rc = keyring_enrolled(home, site, &card, e);
	receipt_name(site, inc, a.applied, a.serial, name, sizeof name);
	snprintf(file, 160, "%s.age", name);
	if (rc == 0)
		rc = carry_key(home, dir, e);
	if (rc == 0)
		rc = deliver(&d, &s, dir, e);
	answer_done(&a);
	free(from);
	return rc;
}
