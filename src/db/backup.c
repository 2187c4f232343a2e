/* See backup.h. */
#include "backup.h"

#include <dirent.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "date.h"
#include "db.h"
#include "file.h"
#include "journal.h"
#include "mem.h"
#include "salvage.h"
#include "str.h"

static int
sync_file(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = 0;

	if (fd < 0 || fsync(fd) < 0)
		rc = err_errno(e, "%s 没有存稳", path);
	if (fd >= 0)
		close(fd);
	return rc;
}

/* The first sentence of what is wrong. */
static void
keep_first(void *arg, const char *text)
{
	struct str *s = arg;

	if (s->len == 0)
		str_add(s, text);
}

int
backup_verify(const char *path, struct err *e)
{
	struct str first = STR_INIT;
	struct db *db;
	char *word;
	int64_t bad;
	int rc = db_open(&db, path, DB_READONLY | DB_ANYWHERE, e);

	if (rc < 0)
		return rc;
	word = db_str(db, "SELECT integrity_check FROM"
	    " pragma_integrity_check(1)", "");
	if (word == NULL)
		rc = err_set(e, E_FORMAT, "不是童记的数据库");
	else if (!str_eq(word, "ok"))
		rc = err_set(e, E_CORRUPT, "文件已损坏：%s", word);
	free(word);
	if (rc == 0) {
		bad = journal_check(db, keep_first, &first, e);
		rc = bad < 0 ? (int)bad : bad > 0 ? err_set(e, E_CORRUPT,
		    "内容与日志不符：%s", first.buf) : 0;
	}
	str_done(&first);
	db_close(db);
	return rc;
}

/* An empty file that is private before anything is in it: VACUUM INTO fills
 * it and keeps its mode. */
static int
make_private(const char *path, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_errno(e, "建不了 %s", path);
	close(fd);
	return 0;
}

/* On a connection of its own: the session's temp views have the tables' names
 * and would get in VACUUM's way. */
static int
vacuum_into(struct db *db, const char *path, struct err *e)
{
	struct db *own;
	int rc = db_open(&own, db_path(db), DB_ANYWHERE, e);

	if (rc < 0)
		return rc;
	rc = db_run(own, e, "VACUUM main INTO ?1", "s", path);
	db_close(own);
	return rc;
}

int
backup_copy(struct db *db, const char *path, struct err *e)
{
	char *tmp = xasprintf("%s.tmp", path), *copy = xstrdup(path);
	int rc;

	unlink(tmp);
	rc = make_private(tmp, e);
	if (rc == 0)
		rc = vacuum_into(db, tmp, e);
	if (rc < 0)
		err_prefix(e, "备份到 %s", path);
	if (rc == 0)
		rc = backup_verify(tmp, e);
	if (rc == 0)
		rc = sync_file(tmp, e);
	if (rc == 0 && rename(tmp, path) < 0)
		rc = err_errno(e, "写不了 %s", path);
	if (rc == 0)
		rc = file_sync_dir(dirname(copy), e);
	if (rc < 0)
		unlink(tmp);
	free(tmp);
	free(copy);
	return rc;
}

/* ---- daily copies ------------------------------------------------------- */

static int
is_daily(const struct dirent *d)
{
	const char *n = d->d_name;

	return strlen(n) == strlen("tongji-2026-11-22.db") &&
	    str_starts(n, "tongji-") && strcmp(n + 17, ".db") == 0;
}

static int
list_daily(const char *dir, struct dirent ***v)
{
	int n = scandir(dir, v, is_daily, alphasort);

	return n < 0 ? 0 : n;
}

static void
prune(const char *dir, int keep)
{
	struct dirent **v = NULL;
	int i, n = list_daily(dir, &v);

	for (i = 0; i < n; i++) {
		if (i < n - keep) {
			char *p = xasprintf("%s/%s", dir, v[i]->d_name);

			unlink(p);
			free(p);
		}
		free(v[i]);
	}
	free(v);
}

void
backup_last(const char *home, char out[11])
{
	char *dir = xasprintf("%s/backup", home);
	struct dirent **v = NULL;
	int i, n = list_daily(dir, &v);

	out[0] = '\0';
	if (n > 0) {
		memcpy(out, v[n - 1]->d_name + 7, 10);
		out[10] = '\0';
	}
	for (i = 0; i < n; i++)
		free(v[i]);
	free(v);
	free(dir);
}

int
backup_daily(struct db *db, const char *home, int keep, struct err *e)
{
	char *dir = xasprintf("%s/backup", home);
	char *path = xasprintf("%s/tongji-%.10s.db", dir, date_today());
	char *map = xasprintf("%s/" SALVAGE_MAP, home);
	int rc = file_mkdirs(dir, 0700, e);

	if (rc == 0 && !file_exists(path)) {
		rc = backup_copy(db, path, e);
		if (rc == 0) {
			prune(dir, keep);
			rc = salvage_map(db, map, e);
		}
		if (rc == 0)
			rc = 1;
	}
	free(map);
	free(path);
	free(dir);
	return rc;
}
