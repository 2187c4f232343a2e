/* A township takes an edition of its county; see editions.h. */
#include "editionsi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backup.h"
#include "calendar.h"
#include "db.h"
#include "ddl.h"
#include "file.h"
#include "journal.h"
#include "mem.h"
#include "modelling.h"
#include "site.h"
#include "uid.h"
#include "views.h"

/* ---- judging -------------------------------------------------------------- */

/* Lint the folders against a copy of this database and migrate the copy. */
static int
try_on(const char *copy, const char *dir, struct err *e)
{
	char *forms = xasprintf("%s/forms", dir);
	char *data = xasprintf("%s/data", dir);
	struct forms *fs = NULL;
	struct db *db = NULL;
	int rc = db_open(&db, copy, 0, e);

	if (rc == 0)
		rc = forms_open(&fs, db, forms, data, e);
	if (rc == 0 && calendar_register(db_handle(db), data) < 0)
		rc = err_set(e, E_SQL, "SQL 函数注册失败");
	if (rc == 0)
		rc = editions_lint(fs, e);
	if (rc == 0)
		rc = ddl_apply(fs, NULL, e);
	if (rc == 0)
		views_install(fs);
	if (rc == 0)
		rc = views_keep(fs, e);
	if (fs != NULL)
		site_close(fs);
	else
		db_close(db);
	free(forms);
	free(data);
	return rc;
}

static int
try_edition(struct forms *fs, const char *home, const char *dir,
    struct err *e)
{
	char *folder = xasprintf("%s/edition/.try", home);
	char *copy = xasprintf("%s/tongji.db", folder);
	int rc = file_mkdirs(folder, 0700, e);

	if (rc == 0)
		rc = backup_copy(forms_db(fs), copy, e);
	if (rc == 0)
		rc = try_on(copy, dir, e);
	file_remove_tree(folder);
	free(copy);
	free(folder);
	return rc;
}

/* May this package be used here, and is it newer?  1, 0 or an error. */
static int
judge(struct db *db, const struct edition *ed, struct err *e)
{
	char *level = editions_meta(db, "level"), *site = editions_meta(db, "site"), *created;
	int64_t newest = editions_newest(db);
	int rc = 1;

	db_trust(db);
	created = db_str(db, "SELECT created FROM main.edition WHERE"
	    " version=?1", "i", newest);
	db_untrust(db);
	if (str_eq(level, "county") || site == NULL ||
	    *ed->county == '\0' || !str_starts(site, ed->county))
		rc = err_set(e, E_REFUSED, "这不是本县下发的资料");
	else if (ed->version < newest || (ed->version == newest &&
	    strcmp(ed->created, created) < 0))
		rc = err_set(e, E_STALE, "县里带来的是第%lld版资料，本机已是"
		    "第%lld版，不换", (long long)ed->version,
		    (long long)newest);
	else if (ed->version == newest && strcmp(ed->created, created) == 0)
		rc = 0;
	free(level);
	free(site);
	free(created);
	return rc;
}

/* What the package would change against what is used now. */
static int
changes_here(struct forms *fs, const struct edition *ed, struct str *out,
    struct err *e)
{
	struct edition_head h = { .county = ed->county, .version = 1 };
	struct str text = STR_INIT;
	struct edition now;
	int rc = edition_gather(&h, forms_dir(fs), forms_data(fs), &text, e);
	size_t before = out->len;

	if (rc == 0)
		rc = edition_parse(&now, text.buf, text.len, e);
	if (rc == 0) {
		edition_changes(&now, ed, out);
		if (out->len == before)
			str_add(out, "与本机现在用的一样\n");
		edition_done(&now);
	}
	str_done(&text);
	return rc;
}

int
editions_look(struct forms *fs, const char *package, size_t len,
    struct str *words, struct err *e)
{
	struct edition ed;
	int rc = edition_parse(&ed, package, len, e), more;

	if (rc < 0)
		return rc;
	rc = judge(forms_db(fs), &ed, e);
	if (rc == 1) {
		editions_head(ed.version, ed.created, ed.doc, ed.effective,
		    ed.note, words);
		str_addc(words, '\n');
		more = changes_here(fs, &ed, words, e);
		rc = more < 0 ? more : rc;
	}
	edition_done(&ed);
	return rc;
}

/* Folders that a technician put here go first: then a package would be taken
 * and not used. */
static int
no_own_folders(const char *home, struct err *e)
{
	static const char *const own[] = { "forms", "data" };
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < COUNT_OF(own); i++) {
		char *path = xasprintf("%s/%s", home, own[i]);

		if (file_exists(path))
			rc = err_set(e, E_REFUSED, "本机自己放了 %s，县里的资料"
			    "换不上。请技术人员先把它移走", path);
		free(path);
	}
	return rc;
}

/* Lay the package out as HOME/edition/NAME. */
static int
lay(const struct edition *ed, const char *home, const char *name,
    struct err *e)
{
	char *base = file_share(NULL, "data");
	char *dir = xasprintf("%s/edition/%s", home, name);
	char *part = xasprintf("%s.part", dir);
	int rc = base != NULL ? 0 : err_set(e, E_NOTFOUND, "找不到政策数据"
	    "（data）文件夹");

	file_remove_tree(part);
	if (rc == 0)
		rc = file_mkdirs(part, 0700, e);
	if (rc == 0)
		rc = edition_lay(ed, base, part, e);
	if (rc == 0) {
		file_remove_tree(dir);
		if (rename(part, dir) < 0)
			rc = err_errno(e, "建不了文件夹 %s", dir);
	}
	if (rc < 0)
		file_remove_tree(part);
	free(base);
	free(dir);
	free(part);
	return rc;
}

static int
use(struct forms *fs, const struct edition *ed, const char *name,
    const char *package, struct err *e)
{
	struct db *db = forms_db(fs);
	struct str words = STR_INIT, note = STR_INIT;
	int rc = changes_here(fs, ed, &words, e);

	str_addf(&note, "换上县里下发的第%lld版资料%s%s",
	    (long long)ed->version, *ed->doc != '\0' ? "，" : "", ed->doc);
	if (rc == 0)
		rc = db_begin(db, e);
	if (rc == 0) {
		db_trust(db);
		rc = editions_store(db, ed, words.buf, package, e);
		if (rc == 0)
			rc = db_set_meta(db, "edition_folder", name, e);
		if (rc == 0)
			rc = journal_note(db, "edition", NULL, NULL, note.buf,
			    e);
		db_untrust(db);
		if (rc < 0)
			db_rollback(db);
		else
			rc = db_commit(db, e);
	}
	str_done(&words);
	str_done(&note);
	return rc;
}

int
editions_take(struct forms *fs, const char *home, const char *package,
    size_t len, struct err *e)
{
	struct edition ed;
	unsigned char salt[4];
	char name[40], hex[9], *dir;
	int rc = edition_parse(&ed, package, len, e);

	if (rc < 0)
		return rc;
	random_bytes(salt, sizeof salt);
	hex_encode(hex, salt, sizeof salt);
	snprintf(name, sizeof name, "%lld-%s", (long long)ed.version, hex);
	dir = xasprintf("%s/edition/%s", home, name);
	rc = judge(forms_db(fs), &ed, e);
	if (rc == 1)
		rc = no_own_folders(home, e);
	if (rc == 0)
		rc = lay(&ed, home, name, e);
	if (rc == 0)
		rc = try_edition(fs, home, dir, e);
	if (rc == 0)
		rc = use(fs, &ed, name, package, e);
	if (rc < 0)
		file_remove_tree(dir);
	free(dir);
	edition_done(&ed);
	return rc;
}

int
editions_folder(struct db *db, const char *home, char **out, struct err *e)
{
	char *name = editions_meta(db, "edition_folder"), *text = NULL;
	struct edition ed;
	int rc = 1;

	*out = NULL;
	if (str_blank(name)) {
		free(name);
		return 0;
	}
	*out = xasprintf("%s/edition/%s", home, name);
	if (!file_exists(*out)) {
		text = editions_package(db, editions_newest(db));
		rc = edition_parse(&ed, text != NULL ? text : "", text != NULL ?
		    strlen(text) : 0, e);
		if (rc == 0) {
			rc = lay(&ed, home, name, e);
			edition_done(&ed);
		}
		rc = rc < 0 ? rc : 1;
	}
	free(text);
	free(name);
	return rc;
}
