/* See site.h. */
#include "site.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calendar.h"
#include "date.h"
#include "db.h"
#include "ddl.h"
#include "division.h"
#include "editions.h"
#include "file.h"
#include "highwater.h"
#include "keyring.h"
#include "mem.h"
#include "period.h"
#include "pinyin.h"
#include "policy.h"
#include "recordi.h"
#include "schema.h"
#include "uid.h"
#include "views.h"
#include "watch.h"
#include "wreck.h"

/* The day this program was finished: no true clock is earlier. */
#define PROGRAM_DAY "2026-11-01"
enum { AHEAD_DAYS = 30 };

char *
site_home(const char *given)
{
	const char *home = given != NULL ? given : getenv("TONGJI_HOME");
	const char *xdg = getenv("XDG_DATA_HOME"), *user = getenv("HOME");

	if (!str_blank(home))
		return xstrdup(home);
	if (!str_blank(xdg))
		return xasprintf("%s/tongji", xdg);
	return xasprintf("%s/.local/share/tongji", str_blank(user) ? "." :
	    user);
}

static char *
db_file(const char *home)
{
	return xasprintf("%s/tongji.db", home);
}

bool
site_exists(const char *home)
{
	char *path = db_file(home);
	bool yes = file_exists(path);

	free(path);
	return yes;
}

/* The folder `name`: one of this home's own, else the county's edition, else
 * the shipped one.  Heap or NULL. */
static char *
folder(const char *home, const char *edition, const char *name)
{
	char *own = xasprintf("%s/%s", home, name);
	bool here = file_exists(own);

	free(own);
	return edition != NULL && !here ? xasprintf("%s/%s", edition, name) :
	    file_share(home, name);
}

/* Forms and data folders for this home. */
static int
open_forms(const char *home, const char *given, struct db *db,
    struct forms **out, struct err *e)
{
	char *edition = NULL, *dir, *data, *pinyin;
	int rc = db != NULL ? editions_folder(db, home, &edition, e) : 0;

	if (rc < 0) {
		free(edition);
		return rc;
	}
	dir = given != NULL ? xstrdup(given) : folder(home, edition, "forms");
	data = folder(home, edition, "data");
	free(edition);
	if (dir == NULL || data == NULL) {
		rc = err_set(e, E_NOTFOUND, "找不到表单（forms）或政策数据"
		    "（data）文件夹，请重新安装童记");
	} else {
		pinyin = xasprintf("%s/pinyin/pinyin.txt", data);
		rc = pinyin_open(pinyin, false, e);
		free(pinyin);
		if (rc == 0)
			rc = forms_open(out, db, dir, data, e);
		if (db != NULL)		/* only lint has none */
			period_load(db);
	}
	free(dir);
	free(data);
	return rc;
}

static int
apply(struct forms *fs, struct str *notes, struct err *e)
{
	int rc = ddl_apply(fs, notes, e);

	return rc == 0 ? views_keep(fs, e) : rc;
}

static int
open_db(const char *home, const char *path, unsigned flags,
    struct forms **out, struct str *notes, struct err *e)
{
	struct db *db;
	int rc = db_open(&db, path, flags, e);

	if (rc < 0)
		return rc;
	/* a crash of the file system can leave an empty file: not a new site */
	if ((flags & DB_CREATE) == 0 && db_int(db, 0,
	    "SELECT count(*) FROM sqlite_schema", "") == 0)
		rc = err_set(e, E_CORRUPT, "%s 是空的，请恢复备份", path);
	if (rc == 0)
		rc = schema_apply(db, e);
	if (rc == 0)
		rc = open_forms(home, NULL, db, out, e);
	if (rc < 0) {
		db_close(db);
		return rc;
	}
	if (calendar_register(db_handle(db), forms_data(*out)) < 0)
		rc = err_set(e, E_SQL, "SQL 函数注册失败");
	views_install(*out);
	forms_set_watch(*out, &policy_watch);
	if (rc == 0 && ddl_stale(*out)) {
		rc = apply(*out, notes, e);
		if (rc == 0 && editions_newest(db) > 0)
			rc = site_new_villages(*out, e);
		if ((flags & DB_CREATE) == 0)
			wreck_map_stale(home);
	}
	if (rc < 0) {
		site_close(*out);
		*out = NULL;
	}
	return rc;
}

bool
site_day_plausible(struct db *db, int32_t day)
{
	int32_t from;
	char *last;

	db_trust(db);
	/* some of the last ones may have been stamped by the wrong clock,
	 * before a person was asked */
	last = db_str(db, "SELECT max(at) FROM (SELECT at FROM main.journal"
	    " ORDER BY seq DESC LIMIT 20)", "");
	db_untrust(db);
	from = last != NULL ? date_days(last) : INT32_MIN;
	free(last);
	return day >= date_days(PROGRAM_DAY) && (from == INT32_MIN ||
	    (day >= from && day <= from + AHEAD_DAYS));
}

/* The offset that a person gave counts only while the bare clock is wrong:
 * the battery may have been changed since. */
static void
take_clock(struct db *db)
{
	char *days = db_meta(db, "clock_offset"), now[DATE_SIZE];

	date_clock(now);
	if (days != NULL && !site_day_plausible(db, date_days(now)) &&
	    site_day_plausible(db, date_days(now) + atoi(days)))
		date_set_offset(atoi(days));
	free(days);
}

int
site_open(const char *home, struct forms **out, struct str *notes,
    struct err *e)
{
	char *path = db_file(home);
	int rc;

	*out = NULL;
	if (!file_exists(path))
		rc = err_set(e, E_NOTFOUND, "%s 里还没有数据库，"
		    "请先运行 tongji init --division 区划代码", home);
	else
		rc = open_db(home, path, 0, out, notes, e);
	if (rc < 0 && e != NULL && e->code == E_CORRUPT)
		wreck_explain(home, e);
	if (rc == 0)
		wreck_map(forms_db(*out), home);
	if (rc == 0) {
		take_clock(forms_db(*out));
		rc = highwater_check(forms_db(*out), home, notes, e);
		if (rc < 0) {
			site_close(*out);
			*out = NULL;
		}
	}
	free(path);
	return rc < 0 ? rc : 0;
}

int
site_forms(const char *home, const char *dir, struct forms **out,
    struct err *e)
{
	struct db *db = NULL;
	char *path = db_file(home);
	int rc = 0;

	*out = NULL;
	if (file_exists(path))
		rc = db_open(&db, path, DB_READONLY, e);
	if (rc == 0)
		rc = open_forms(home, dir, db, out, e);
	if (rc == 0 && db != NULL &&
	    calendar_register(db_handle(db), forms_data(*out)) < 0)
		rc = err_set(e, E_SQL, "SQL 函数注册失败");
	if (rc < 0 && *out == NULL)
		db_close(db);
	free(path);
	return rc;
}

void
site_close(struct forms *fs)
{
	struct db *db;

	if (fs == NULL)
		return;
	db = forms_db(fs);
	if (db != NULL)
		highwater_raise(db);
	policy_close(fs);
	forms_close(fs);
	db_close(db);
}

/* ---- a new site --------------------------------------------------------- */

/* The list names the committee, people name the village: 悦庄村委会 is 悦庄村,
 * 南埠村村委会 is 南埠村, 悦庄社区居委会 is 悦庄社区. */
static void
village_name(const char *nbs, char out[96])
{
	static const struct {
		const char *tail, *instead;
	} tails[] = {
		{ "村村委会", "村" }, { "村委会", "村" },
		{ "社区居委会", "社区" },
	};
	size_t len = strlen(nbs), n, i;

	snprintf(out, 96, "%s", nbs);
	for (i = 0; i < COUNT_OF(tails); i++) {
		n = strlen(tails[i].tail);
		if (len > n && strcmp(nbs + len - n, tails[i].tail) == 0) {
			strcpy(out + len - n, tails[i].instead);
			return;
		}
	}
}

static int
put_code(struct record *r, const char *field, const char *text, struct err *e)
{
	const struct field *f = form_field(r->form, field);

	return f == NULL ? 0 : record_set(r, f, text, e);
}

/* GB/T 10114: the last three digits of a village are 001–199 for residents'
 * and 200–399 for villagers' committees. */
static const char *
village_kind(const char *code)
{
	if (strlen(code) != 12)
		return "township";
	return code[9] < '2' ? "community" : "village";
}

/* The same row on the township's and the county's machine: uid and first
 * version follow from the code. */
static int
add_village(struct forms *fs, const struct division *d, const char *site,
    struct err *e)
{
	const struct form *f = forms_get(fs, "village", e);
	struct record *r = f != NULL ? record_new(fs, f, e) : NULL;
	char name[96], rv[UID_SIZE];
	int rc;

	if (r == NULL)
		return E_FORMAT;
	uid_derived(r->uid, "village", d->code);
	uid_derived(rv, "village-rv", d->code);
	memcpy(r->rv, rv, 8);
	memcpy(r->rv + 8, rv + 24, 8);
	free(r->site);
	r->site = xstrdup(site);
	village_name(d->name, name);
	rc = put_code(r, "code", d->code, e);
	if (rc == 0)
		rc = put_code(r, "name", name, e);
	if (rc == 0)
		rc = put_code(r, "kind", village_kind(d->code), e);
	if (rc == 0)
		rc = record_write(r, NULL, "insert", NULL, e);
	if (rc == 0)
		rc = record_index(r, e);
	record_free(r);
	return rc;
}

static int
add_division(struct db *db, const struct division *d, struct err *e)
{
	size_t len = strlen(d->code);

	return db_run(db, e, "INSERT OR IGNORE INTO main.division(code,name,"
	    "level) VALUES(?1,?2,?3)", "sss", d->code, d->name,
	    len == 2 ? "province" : len == 6 ? "county" : len == 9 ? "town" :
	    "village");
}

/* The chain above the site, for headings. */
static int
add_above(struct forms *fs, const char *division, struct err *e)
{
	static const size_t lengths[] = { 2, 6, 9 };
	struct division d;
	char code[13];
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < COUNT_OF(lengths) &&
	    lengths[i] <= strlen(division); i++) {
		snprintf(code, sizeof code, "%.*s", (int)lengths[i], division);
		rc = division_find(forms_data(fs), code, &d, e);
		if (rc == 0)
			rc = add_division(forms_db(fs), &d, e);
	}
	return rc;
}

static int
add_all(struct forms *fs, struct division *v, size_t n, struct err *e)
{
	char site[13];
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < n; i++) {
		snprintf(site, sizeof site, "%.9s", v[i].code);
		rc = add_division(forms_db(fs), &v[i], e);
		if (rc == 0)
			rc = add_village(fs, &v[i], site, e);
	}
	return rc;
}

static int
load_divisions(struct forms *fs, const char *division, struct err *e)
{
	struct division *v;
	size_t n;
	int rc = add_above(fs, division, e);

	if (rc == 0 && strlen(division) == 6) {
		rc = division_children(forms_data(fs), division, &v, &n, e);
		if (rc == 0) {
			rc = add_all(fs, v, n, e);
			free(v);
		}
	}
	if (rc == 0)
		rc = division_villages(forms_data(fs), division, &v, &n, e);
	if (rc == E_NOTFOUND)	/* only some counties' villages are shipped */
		return 1;
	if (rc == 0) {
		rc = add_all(fs, v, n, e);
		free(v);
	}
	return rc;
}

/* Of `v` what the database lacks; a village that was typed by hand is here. */
static int
add_missing(struct forms *fs, struct division *v, size_t n, struct err *e)
{
	char name[96];
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < n; i++) {
		village_name(v[i].name, name);
		if (db_int(forms_db(fs), 0, "SELECT (SELECT count(*) FROM"
		    " main.division WHERE code=?1) + (SELECT count(*) FROM"
		    " main.village WHERE code=?1 OR (name=?2 AND"
		    " substr(site, 1, 9)=substr(?1, 1, 9)))", "ss",
		    v[i].code, name) == 0)
			rc = add_all(fs, &v[i], 1, e);
	}
	return rc;
}

int
site_new_villages(struct forms *fs, struct err *e)
{
	struct db *db = forms_db(fs);
	struct division *v = NULL;
	size_t n = 0;
	char *site;
	int rc = db_begin(db, e);

	if (rc < 0)
		return rc;
	db_trust(db);
	site = db_meta(db, "site");
	if (site != NULL && division_villages(forms_data(fs), site, &v, &n,
	    NULL) == 0)
		rc = add_missing(fs, v, n, e);
	free(v);
	free(site);
	db_untrust(db);
	if (rc < 0) {
		db_rollback(db);
		return rc;
	}
	return db_commit(db, e);
}

static int
fill(struct forms *fs, const struct division *d, struct err *e)
{
	struct db *db = forms_db(fs);
	unsigned char inc[16];
	char hex[33];
	int rc = db_begin(db, e);

	if (rc < 0)
		return rc;
	random_bytes(inc, sizeof inc);
	hex_encode(hex, inc, sizeof inc);
	rc = db_set_meta(db, "site", d->code, e);
	if (rc == 0)
		rc = db_set_meta(db, "site_name", d->name, e);
	if (rc == 0)
		rc = db_set_meta(db, "level", strlen(d->code) == 6 ? "county" :
		    "town", e);
	if (rc == 0)
		rc = db_set_meta(db, "inc", hex, e);
	if (rc == 0)
		rc = load_divisions(fs, d->code, e);
	if (rc < 0) {
		db_rollback(db);
		return rc;
	}
	return db_commit(db, NULL) < 0 ? E_IO : rc;
}

int
site_blank(const char *home, const char *path, struct forms **out,
    struct err *e)
{
	return open_db(home, path, DB_CREATE, out, NULL, e);
}

/* Everything is made under another name; the rename is the birth. */
static int
build(const char *home, const char *tmp, const struct division *d,
    struct err *e)
{
	struct forms *fs = NULL;
	int rc = open_db(home, tmp, DB_CREATE, &fs, NULL, e);

	if (rc == 0)
		rc = fill(fs, d, e);
	if (rc >= 0 && db_exec(forms_db(fs), "PRAGMA wal_checkpoint(TRUNCATE)",
	    NULL) < 0)
		rc = E_IO;
	site_close(fs);
	return rc;
}

static void
unlink_all(const char *path)
{
	static const char *const tails[] = { "", "-wal", "-shm", "-journal" };
	size_t i;

	for (i = 0; i < COUNT_OF(tails); i++) {
		char *p = xasprintf("%s%s", path, tails[i]);

		unlink(p);
		free(p);
	}
}

static int
find_division(const char *home, const char *division, struct division *d,
    struct err *e)
{
	char *data = file_share(home, "data");
	int rc;

	if (strlen(division) != 6 && strlen(division) != 9)
		rc = err_set(e, E_USAGE, "区划代码要 9 位（乡镇）或 6 位（县）");
	else if (data == NULL)
		rc = err_set(e, E_NOTFOUND, "找不到政策数据（data）文件夹");
	else
		rc = division_find(data, division, d, e);
	free(data);
	return rc;
}

int
site_init(const char *home, const char *division, struct err *e)
{
	char *path = db_file(home), *tmp = xasprintf("%s.new", path);
	const char *bad = file_bad_fs(home);
	struct division d;
	mode_t mask = umask(077);
	int rc, built = 0;

	if (file_exists(path))
		rc = err_set(e, E_EXISTS, "%s 里已经有数据库，不会覆盖", home);
	else if (bad != NULL)
		rc = err_set(e, E_REFUSED, "%s 在%s上，断电会丢数据。"
		    "请把数据文件夹放在本机硬盘", home, bad);
	else
		rc = find_division(home, division, &d, e);
	if (rc == 0)
		rc = file_mkdirs(home, 0700, e);
	if (rc == 0 && chmod(home, 0700) < 0)
		rc = err_errno(e, "设不了 %s 的权限", home);
	if (rc == 0) {
		unlink_all(tmp);
		built = build(home, tmp, &d, e);
		rc = built < 0 ? built : keyring_init(home, e);
		if (rc == 0 && rename(tmp, path) < 0)
			rc = err_errno(e, "建不了 %s", path);
		if (rc == 0)
			rc = file_sync_dir(home, e);
		unlink_all(tmp);
		rc = rc < 0 ? rc : built;
	}
	if (rc == 1)
		err_set(e, E_NOTFOUND, "没有%s的村名数据：村要自己录入；"
		    "或者先运行 make divisions COUNTY=%.6s，再重新建库",
		    d.name, d.code);
	umask(mask);
	free(path);
	free(tmp);
	return rc;
}
