/* See certificate.h. */
#include "certificate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "db.h"
#include "journal.h"
#include "mem.h"
#include "record.h"
#include "str.h"

enum { COUNTY_CODE = 6 };

int
certificate_here(struct forms *fs, const struct roll *r, struct err *e)
{
	char *site = db_meta(forms_db(fs), "site");
	bool county = site != NULL && strlen(site) == COUNTY_CODE;

	free(site);
	if (!str_eq(r->level, "county"))
		return err_set(e, E_REFUSED, "只有县级班编证书；镇级班打参训证明，"
		    "省、市班把证书编号抄进培训签到");
	if (!county)
		return err_set(e, E_REFUSED, "县级班的证书由县民政局的库编号，"
		    "编好后随县回执下来；镇里可以打参训证明");
	if (strcmp(r->ends_on, date_today()) > 0)
		return err_set(e, E_REFUSED, "这个班 %s 才结束，还不能发证书",
		    r->ends_on);
	return 0;
}

bool
certificate_due(const struct roll_person *p)
{
	return p->present && str_eq(p->result, "passed") &&
	    p->certificate == NULL;
}

bool
certificate_valid(const struct roll_person *p)
{
	return p->certificate != NULL && p->revoked_on == NULL;
}

/* 字头〔2026〕 of the class, heap; NULL and `e` when it has none. */
static char *
series_of(struct forms *fs, const struct roll *r, struct err *e)
{
	char *prefix = db_str(forms_db(fs), "SELECT certificate_prefix FROM"
	    " training WHERE uid=?1 AND gives_certificate='yes'", "s",
	    r->training), *series;

	if (prefix == NULL) {
		err_set(e, E_REFUSED, "先在培训班里填“发证书”为是，再填发证单位"
		    "和证书字头，例如：沂民培");
		return NULL;
	}
	series = xasprintf("%s〔%.4s〕", prefix, date_today());
	free(prefix);
	return series;
}

/* The next number of a series that nobody ever had.  Deleted rows count. */
static int
next_number(struct db *db, const char *series, struct str *out, struct err *e)
{
	char *name = xasprintf("trainee.certificate_no %s", series);
	int64_t seq;
	int rc;

	db_trust(db);
	seq = db_int(db, 0, "SELECT last FROM main.series WHERE name=?1", "s",
	    name);
	do {
		str_clear(out);
		str_addf(out, "%s%04lld号", series, (long long)++seq);
	} while (db_int(db, 0, "SELECT 1 FROM main.trainee WHERE"
	    " certificate_no=?1", "s", out->buf) != 0);
	rc = db_run(db, e, "INSERT INTO main.series(name,last) VALUES(?1,?2)"
	    " ON CONFLICT(name) DO UPDATE SET last=excluded.last", "si", name,
	    seq);
	db_untrust(db);
	free(name);
	return rc;
}

static struct record *
row_of(struct forms *fs, const char *row, struct err *e)
{
	const struct form *f = forms_get(fs, "trainee", e);

	return f != NULL ? record_load(fs, f, row, e) : NULL;
}

/* The row as it is now decides, not the list on the screen. */
static int
issue_one(struct forms *fs, const struct roll_person *p, const char *series,
    struct err *e)
{
	struct record *rec = row_of(fs, p->row, e);
	struct str number = STR_INIT;
	int rc;

	if (rec == NULL)
		return e->code;
	if (record_get(rec, "certificate_no") != NULL) {
		record_free(rec);
		return 0;
	}
	rc = next_number(forms_db(fs), series, &number, e);
	record_fill(rec, "certificate_no", number.buf);
	record_fill(rec, "issued_on", date_today());
	if (rc == 0)
		rc = record_save(rec, NULL, e);
	if (rc < 0)
		err_prefix(e, "%s", p->name);
	record_free(rec);
	str_done(&number);
	return rc < 0 ? rc : 1;
}

int
certificate_issue(struct forms *fs, const struct roll *r, struct err *e)
{
	struct db *db = forms_db(fs);
	char *series;
	int rc = certificate_here(fs, r, e), n = 0;
	size_t i;

	if (rc < 0)
		return rc;
	series = series_of(fs, r, e);
	if (series == NULL)
		return e->code;
	rc = db_begin(db, e);
	if (rc == 0) {
		for (i = 0; i < r->n && rc >= 0; i++) {
			if (!certificate_due(&r->p[i]))
				continue;
			rc = issue_one(fs, &r->p[i], series, e);
			n += rc > 0;
		}
		if (rc < 0)
			db_rollback(db);
		else
			rc = db_commit(db, e);
	}
	free(series);
	return rc < 0 ? rc : n;
}

int
certificate_revoke(struct forms *fs, const struct roll_person *p,
    const char *reason, struct err *e)
{
	struct record *rec = row_of(fs, p->row, e);
	int rc;

	if (rec == NULL)
		return e->code;
	if (record_get(rec, "certificate_no") == NULL ||
	    record_get(rec, "revoked_on") != NULL) {
		record_free(rec);
		return err_set(e, E_REFUSED, "%s 没有可作废的证书", p->name);
	}
	record_fill(rec, "revoked_on", date_today());
	record_fill(rec, "revoked_reason", reason);
	rc = record_save(rec, NULL, e);
	record_free(rec);
	return rc;
}

int
certificate_printed(struct forms *fs, const struct roll_person *p,
    const char *reason, struct err *e)
{
	struct record *rec = row_of(fs, p->row, e);
	struct str text = STR_INIT;
	const char *times;
	char count[16];
	int rc, n;

	if (rec == NULL)
		return e->code;
	times = record_get(rec, "reprints");
	n = times != NULL ? atoi(times) + 1 : 0;
	if (n > 0 && str_blank(reason)) {
		record_free(rec);
		return err_set(e, E_REFUSED, "%s 的证书已经打过，补打要写原因",
		    p->name);
	}
	snprintf(count, sizeof count, "%d", n);
	record_fill(rec, "reprints", count);
	rc = record_save(rec, NULL, e);
	str_addf(&text, "%s证书 %s%s%s", n > 0 ? "补打" : "打印",
	    p->certificate, n > 0 ? "：" : "", n > 0 ? reason : "");
	if (rc == 0)
		rc = journal_note(forms_db(fs), "print", "trainee", p->row,
		    text.buf, e);
	str_done(&text);
	record_free(rec);
	return rc;
}
