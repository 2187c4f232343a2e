/* See editions.h; packages themselves are edition.h's. */
#include "editionsi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "db.h"
#include "journal.h"
#include "lint.h"
#include "mem.h"
#include "modelling.h"
#include "policylint.h"
#include "safe.h"
#include "site.h"
#include "user.h"

enum { TOLD_MAX = 5 };		/* errors of the linter that are named */

char *
editions_meta(struct db *db, const char *name)
{
	char *v;

	db_trust(db);
	v = db_meta(db, name);
	db_untrust(db);
	return v;
}

char *
editions_package(struct db *db, int64_t version)
{
	char *text;

	db_trust(db);
	text = db_str(db, "SELECT package FROM main.edition WHERE version=?1",
	    "i", version);
	db_untrust(db);
	return text;
}

int64_t
editions_newest(struct db *db)
{
	int64_t n;

	db_trust(db);
	n = db_int(db, 0, "SELECT coalesce(max(version),0) FROM main.edition",
	    "");
	db_untrust(db);
	return n;
}

static void
add_line(struct str *out, const char *label, const char *value)
{
	if (str_blank(value))
		return;
	str_add(out, label);
	safe_line(out, value);
	str_addc(out, '\n');
}

void
editions_head(int64_t version, const char *created, const char *doc,
    const char *effective, const char *note, struct str *out)
{
	str_addf(out, "第%lld版资料", (long long)version);
	add_line(out, "  ", created);
	add_line(out, "文号：", doc);
	add_line(out, "生效日期：", effective);
	add_line(out, "说明：", note);
}

bool
editions_words(struct forms *fs, struct str *out)
{
	struct db *db = forms_db(fs);
	struct stmt *q;
	bool any;

	db_trust(db);
	q = db_get(db, "SELECT version, created, doc, effective, note, changes"
	    " FROM main.edition ORDER BY version DESC LIMIT 1", NULL);
	any = q != NULL && stmt_step(q, NULL) > 0;
	if (any) {
		editions_head(stmt_col_int(q, 0), stmt_col(q, 1), stmt_col(q, 2),
		    stmt_col(q, 3), stmt_col(q, 4), out);
		str_addf(out, "\n%s", stmt_col(q, 5));
		stmt_reset(q);
	}
	db_untrust(db);
	return any;
}

/* ---- judging -------------------------------------------------------------- */

/* Every form, list, rule and indicator; E_REFUSED with the first errors. */
int
editions_lint(struct forms *fs, struct err *e)
{
	struct messages ms = MESSAGES_INIT;
	struct str s = STR_INIT;
	size_t i, told = 0;
	int rc = 0;

	lint_add(policylint);
	lint_all(fs, &ms);
	messages_sort(&ms);
	for (i = 0; i < ms.n && ms.errors > 0 && told < TOLD_MAX; i++) {
		if (msg_is_warning(ms.v[i].id))
			continue;
		str_addc(&s, '\n');
		message_format(&ms.v[i], &s);
		told++;
	}
	if (ms.errors > 0)
		rc = err_set(e, E_REFUSED, "资料有 %zu 处错误，不能用：%s",
		    ms.errors, s.buf);
	messages_done(&ms);
	str_done(&s);
	return rc;
}

/* ---- the county ----------------------------------------------------------- */

/* How many files of each kind: for the first edition. */
static void
count_words(const struct edition *ed, struct str *out)
{
	const struct edition_kind *k;
	size_t i, n;

	for (k = edition_kinds; k->dir != NULL; k++) {
		for (i = n = 0; i < ed->n; i++)
			n += edition_kind(ed->file[i].path) == k;
		if (n > 0)
			str_addf(out, "%s %zu 个\n", k->title, n);
	}
}

static int
compare(struct db *db, int64_t last, const struct edition *now,
    struct str *words, struct err *e)
{
	char *text = last > 0 ? editions_package(db, last) : NULL;
	size_t before = words->len;
	struct edition old;
	int rc = 0;

	if (str_blank(text)) {
		count_words(now, words);
	} else {
		rc = edition_parse(&old, text, strlen(text), e);
		if (rc == 0)
			edition_changes(&old, now, words);
		if (rc == 0 && words->len == before)
			rc = err_set(e, E_REFUSED, "表单和资料与第%lld版一样，"
			    "没有可下发的", (long long)last);
		edition_done(&old);
	}
	free(text);
	return rc;
}

int
editions_store(struct db *db, const struct edition *ed, const char *changes,
    const char *package, struct err *e)
{
	const struct session *s = db_session(db);
	char at[STAMP_SIZE];
	int rc;

	date_stamp(at);
	rc = db_run(db, e, "INSERT OR REPLACE INTO main.edition(version,"
	    "created,doc,note,effective,by,at,changes,package) VALUES(?1,?2,"
	    "?3,?4,?5,?6,?7,?8,?9)", "issssssss", ed->version, ed->created,
	    ed->doc, ed->note, ed->effective, s != NULL ? s->login : "cli",
	    at, changes, package);
	if (rc == 0)		/* the words of older ones are enough */
		rc = db_run(db, e, "UPDATE main.edition SET package='' WHERE"
		    " version < ?1", "i", ed->version);
	return rc;
}

static int
publish(struct db *db, const struct edition *ed, const char *changes,
    const char *package, struct err *e)
{
	char note[64];
	int rc = db_begin(db, e);

	if (rc < 0)
		return rc;
	snprintf(note, sizeof note, "下发第%lld版资料",
	    (long long)ed->version);
	db_trust(db);
	rc = editions_store(db, ed, changes, package, e);
	if (rc == 0)
		rc = journal_note(db, "edition", NULL, NULL, note, e);
	db_untrust(db);
	if (rc < 0) {
		db_rollback(db);
		return rc;
	}
	return db_commit(db, e);
}

/* As `tongji form check` would, on a connection of its own. */
static int
lint_here(const char *home, struct err *e)
{
	struct forms *fs = NULL;
	int rc = site_forms(home, NULL, &fs, e);

	if (rc == 0)
		rc = editions_lint(fs, e);
	site_close(fs);
	return rc;
}

int
editions_publish(struct forms *fs, const char *home,
    const struct editions_new *by, bool dry, struct str *words,
    int64_t *version, struct err *e)
{
	struct db *db = forms_db(fs);
	char *level = editions_meta(db, "level"), *site = editions_meta(db, "site");
	char *name = editions_meta(db, "site_name"), created[STAMP_SIZE];
	struct edition_head h = { .county = site, .county_name = name,
	    .created = created, .doc = by->doc, .note = by->note,
	    .effective = by->effective };
	struct str package = STR_INIT;
	struct edition ed = { .json = NULL };
	int rc = 0;

	date_stamp(created);
	*version = h.version = editions_newest(db) + 1;
	if (!str_eq(level, "county"))
		rc = err_set(e, E_REFUSED, "只有县级数据库才下发资料");
	if (rc == 0 && !str_blank(by->effective) &&
	    date_days(by->effective) == INT32_MIN)
		rc = err_set(e, E_USAGE, "生效日期要写成 2026-12-01 这样");
	if (rc == 0)
		rc = edition_gather(&h, forms_dir(fs), forms_data(fs),
		    &package, e);
	if (rc == 0)
		rc = edition_parse(&ed, package.buf, package.len, e);
	if (rc == 0)
		rc = compare(db, h.version - 1, &ed, words, e);
	if (rc == 0)
		rc = lint_here(home, e);
	if (rc == 0 && !dry)
		rc = publish(db, &ed, words->buf, package.buf, e);
	if (rc == 0 && !dry)	/* new villages, in the county's own list */
		rc = site_new_villages(fs, e);
	edition_done(&ed);
	str_done(&package);
	free(level);
	free(site);
	free(name);
	return rc;
}

int
editions_due(struct forms *fs, const char *site, struct str *out,
    struct err *e)
{
	struct db *db = forms_db(fs);
	int64_t newest = editions_newest(db);
	char *text;

	(void)e;
	if (newest == 0 || editions_of(db, site) >= newest)
		return 0;
	text = editions_package(db, newest);
	str_add(out, text != NULL ? text : "");
	free(text);
	return 0;
}

int
editions_seen(struct db *db, const char *site, int64_t version,
    struct err *e)
{
	char at[STAMP_SIZE];

	date_stamp(at);
	return db_run(db, e, "INSERT OR REPLACE INTO main.site_edition(site,"
	    "version,at) VALUES(?1,?2,?3)", "sis", site, version, at);
}

int64_t
editions_of(struct db *db, const char *site)
{
	int64_t n;

	db_trust(db);
	n = db_int(db, 0, "SELECT version FROM main.site_edition WHERE"
	    " site=?1", "s", site);
	db_untrust(db);
	return n;
}
