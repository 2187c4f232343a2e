/* See apply.h; what a receipt brings besides the acknowledgement is in
 * applyrow.c. */
#include "applyi.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "branch.h"
#include "date.h"
#include "db.h"
#include "edition.h"
#include "file.h"
#include "incarnation.h"
#include "journal.h"
#include "keyring.h"
#include "mem.h"
#include "minisign.h"

enum { JSON_LIMIT = 64 << 20, MARKER_LIMIT = 8192 };

static int64_t
meta_int(struct db *db, const char *name)
{
	char *v = db_meta(db, name);
	int64_t n = v != NULL ? strtoll(v, NULL, 10) : 0;

	free(v);
	return n;
}

static bool
meta_is(struct db *db, const char *name, const char *dflt, const char *want)
{
	char *v = db_meta(db, name);
	bool same = strcmp(v != NULL ? v : dflt, want) == 0;

	free(v);
	return same;
}

/* ---- the acknowledgement ------------------------------------------------ */

/* Is the point that the county names one that this database made? */
static bool
ours(struct db *db, const struct receipt *r)
{
	if (r->applied == 0)
		return true;
	if (r->applied == meta_int(db, "acked_seq") &&
	    meta_is(db, "acked_chain", branch_zero, r->chain))
		return true;
	return r->applied <= journal_head(db, NULL) && db_int(db, 0,
	    "SELECT count(*) FROM main.export WHERE inc=?1 AND chain=?2",
	    "ss", r->inc, r->chain) > 0;
}

static int
set_point(struct db *db, const struct receipt *r, struct err *e)
{
	char n[24];
	int rc;

	snprintf(n, sizeof n, "%lld", (long long)r->applied);
	rc = db_set_meta(db, "acked_seq", n, e);
	return rc == 0 ? db_set_meta(db, "acked_chain", r->chain, e) : rc;
}

/* The county has everything up to r->applied: versions replaced before need
 * not be named any more, unless their record changed again since. */
static int
advance(struct db *db, const struct receipt *r, struct err *e)
{
	char at[STAMP_SIZE];
	char n[24];
	int rc = set_point(db, r, e);

	date_stamp(at);
	snprintf(n, sizeof n, "%lld", (long long)r->number);
	if (rc == 0)
		rc = db_set_meta(db, "acked_number", n, e);
	if (rc == 0)		/* it knows the key that signed this */
		rc = db_set_meta(db, "enrol_again", "0", e);
	if (rc == 0)
		rc = db_run(db, e, "UPDATE main.export SET acked_at=?3 WHERE"
		    " inc=?1 AND chain=?2 AND acked_at IS NULL", "sss",
		    r->inc, r->chain, at);
	if (rc == 0)
		rc = db_run(db, e, "DELETE FROM main.sup WHERE NOT EXISTS"
		    " (SELECT 1 FROM main.journal j WHERE j.uid=sup.uid AND"
		    " j.seq > ?1 AND j.image IS NOT NULL)", "i", r->applied);
	return rc;
}

static int
acknowledge(struct applying *a, struct err *e)
{
	const struct receipt *r = a->receipt;
	struct apply_result *out = a->out;

	if (!meta_is(a->db, "inc", "", r->inc)) {
		out->outcome = APPLY_OTHER;
		return 0;
	}
	if (r->status == RECEIPT_QUARANTINE) {
		out->outcome = APPLY_QUARANTINE;
		return 0;
	}
	if (r->status == RECEIPT_FORK || !ours(a->db, r)) {
		out->outcome = r->status == RECEIPT_FORK ? APPLY_FORK :
		    APPLY_RESTORED;
		return incarnation_new(a->db, "fork", e);
	}
	if (r->status == RECEIPT_GAP) {
		out->outcome = APPLY_GAP;
		return r->applied < meta_int(a->db, "acked_seq") ?
		    set_point(a->db, r, e) : 0;
	}
	return r->applied > meta_int(a->db, "acked_seq") ?
	    advance(a->db, r, e) : 0;
}

/* ---- the whole ---------------------------------------------------------- */

static int
note(struct applying *a, struct err *e)
{
	struct str s = STR_INIT;
	int rc;

	str_addf(&s, "县回执 %lld：收到第%lld包，退回 %lld，更正 %lld，待定"
	    " %lld，下发 %lld", (long long)a->receipt->serial,
	    (long long)a->out->number, (long long)a->out->returns,
	    (long long)a->out->proposals_taken, (long long)a->out->tray,
	    (long long)a->out->issued);
	rc = journal_note(a->db, "receipt", NULL, NULL, s.buf, e);
	str_done(&s);
	return rc;
}

static int
apply_all(struct applying *a, struct incoming_part *part, struct err *e)
{
	int rc = acknowledge(a, e);

	if (rc == 0 && (a->out->outcome == APPLY_OK ||
	    a->out->outcome == APPLY_GAP)) {
		rc = applying_lacks(a, &part[RECEIPT_LACKS],
		    &part[RECEIPT_CONFLICTS], e);
		if (rc == 0)
			rc = applying_conflicts(a, &part[RECEIPT_CONFLICTS],
			    e);
		if (rc == 0)
			rc = applying_issued(a, &part[RECEIPT_ISSUED], e);
		if (rc == 0)
			rc = applying_returns(a, e);
		if (rc == 0)
			rc = applying_proposals(a, e);
		if (rc == 0)
			rc = applying_twins(a, e);
		if (rc == 0)
			rc = applying_transfers(a, &part[RECEIPT_TRANSFERS],
			    e);
	}
	a->out->acked = meta_int(a->db, "acked_seq");
	return rc == 0 ? note(a, e) : rc;
}

static int
for_us(struct applying *a, struct err *e)
{
	char *site = db_meta(a->db, "site");
	int rc = 0;

	a->site = site;
	if (site == NULL || strcmp(site, a->receipt->site) != 0)
		rc = err_set(e, E_REFUSED, "这是给别的乡镇（%.12s）的县回执",
		    a->receipt->site);
	else if (!str_starts(site, a->receipt->county))
		rc = err_set(e, E_REFUSED, "这不是本县的县回执");
	return rc;
}

int
apply_parts(struct forms *fs, const struct receipt *r,
    struct incoming_part part[RECEIPT_PARTS], struct outcomes *lines,
    struct apply_result *out, struct err *e)
{
	struct applying a = { .fs = fs, .db = forms_db(fs), .receipt = r,
	    .out = out, .lines = lines };
	int rc;

	memset(out, 0, sizeof *out);
	out->number = r->number;
	snprintf(out->reason, sizeof out->reason, "%s", r->reason);
	snprintf(out->county, sizeof out->county, "%s", r->county_name);
	snprintf(out->created, sizeof out->created, "%s", r->created);
	rc = db_begin(a.db, e);
	if (rc < 0)
		return rc;
	db_trust(a.db);
	rc = for_us(&a, e);
	if (rc == 0)
		rc = apply_all(&a, part, e);
	db_untrust(a.db);
	free(a.site);
	if (rc < 0) {
		db_rollback(a.db);
		return rc;
	}
	return db_commit(a.db, e);
}

static int
read_receipt(const char *home, const char *path, struct incoming *in,
    struct incoming_part *part, struct err *e)
{
	struct age_keys keys = AGE_KEYS_INIT;
	struct keycard county;
	int i, rc = keyring_county(home, &county, e);

	for (i = 0; i < RECEIPT_PARTS; i++)
		part[i] = (struct incoming_part){ .name = receipt_names[i],
		    .fd = -1 };
	if (rc < 0)
		return err_set(e, E_NOTFOUND, "还没有导入县里的公钥，"
		    "请先运行 tongji key import county.key");
	rc = keyring_identity(home, &keys, e);
	if (rc == 0)
		rc = incoming_read(in, path, &keys, &county.signer, home,
		    part, RECEIPT_PARTS, e);
	if (rc == E_DENIED)
		err_set(e, E_DENIED, "签名不是本机认识的县级密钥。县里换了"
		    "密钥的话，请先运行 tongji key import，导入U盘上的"
		    " county.key");
	age_keys_done(&keys);
	return rc;
}

int
apply_receipt(struct forms *fs, const char *home, const char *path, bool dry,
    struct outcomes *lines, struct apply_result *out, struct err *e)
{
	struct incoming in = INCOMING_INIT;
	struct incoming_part part[RECEIPT_PARTS];
	struct str text = STR_INIT;
	struct receipt r = { .json = NULL };
	struct db *db = forms_db(fs);
	int rc = read_receipt(home, path, &in, part, e);

	if (rc == 0)
		rc = incoming_text(&part[RECEIPT_JSON], JSON_LIMIT, &text, e);
	if (rc == 0)
		rc = receipt_parse(&r, text.buf, text.len, e);
	if (rc == 0)
		rc = db_begin(db, e);
	if (rc == 0) {
		rc = apply_parts(fs, &r, part, lines, out, e);
		if (rc < 0 || dry)
			db_rollback(db);
		else
			rc = db_commit(db, e);
	}
	receipt_done(&r);
	str_done(&text);
	incoming_done(&in, part, RECEIPT_PARTS);
	return rc;
}

int
apply_edition(const char *home, const char *path, struct str *out,
    struct err *e)
{
	struct incoming in = INCOMING_INIT;
	struct incoming_part part[RECEIPT_PARTS];
	int rc = read_receipt(home, path, &in, part, e);

	if (rc == 0 && part[RECEIPT_EDITION].found &&
	    part[RECEIPT_EDITION].size > 0)
		rc = incoming_text(&part[RECEIPT_EDITION], EDITION_LIMIT + 1,
		    out, e) < 0 ? E_RANGE : 1;
	incoming_done(&in, part, RECEIPT_PARTS);
	return rc;
}

/* ---- finding ------------------------------------------------------------ */

static long long
serial_of(const char *name)
{
	const char *dash = strrchr(name, '-');

	return dash != NULL ? strtoll(dash + 1, NULL, 10) : -1;
}

/* Is it finished: does a whole marker lie beside it? */
static bool
finished(const char *path)
{
	char *marker = xasprintf("%s.minisig", path);
	struct str text = STR_INIT;
	struct minisign_sig sig;
	bool yes = file_read(&text, marker, MARKER_LIMIT, NULL) == 0 &&
	    minisign_sig_parse(&sig, text.buf, text.len, NULL) == 0;

	str_done(&text);
	free(marker);
	return yes;
}

char *
apply_find(struct forms *fs, const char *dir)
{
	char *site = db_meta(forms_db(fs), "site"), *prefix, *best = NULL;
	long long top = -1;
	bool whole = false;
	struct dirent *d;
	DIR *all = opendir(dir);

	prefix = xasprintf("tj1r-%s-", site != NULL ? site : "?");
	while (all != NULL && (d = readdir(all)) != NULL) {
		long long serial = serial_of(d->d_name);
		size_t len = strlen(d->d_name);
		char *path;
		bool done;

		if (!str_starts(d->d_name, prefix) || len < 5 ||
		    strcmp(d->d_name + len - 4, ".age") != 0)
			continue;
		path = xasprintf("%s/%s", dir, d->d_name);
		done = finished(path);
		if (done > whole || (done == whole && serial > top)) {
			free(best);
			best = path;
			whole = done;
			top = serial;
		} else {
			free(path);
		}
	}
	if (all != NULL)
		closedir(all);
	free(prefix);
	free(site);
	return best;
}
