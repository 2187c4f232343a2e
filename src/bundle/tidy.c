/* See tidy.h. */
#include "tidy.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db.h"
#include "file.h"
#include "mem.h"
#include "str.h"

struct found {
	char **v;		/* names ending in .age */
	size_t n, cap;
	long long top;		/* the last number of the newest */
};

/* tj1-SITE-INC-FROM-TO.age, tj1r-SITE-INC-APPLIED-SERIAL.age: the last
 * number, -1 if it is no such name. */
static long long
last_number(const char *name)
{
	const char *dash = strrchr(name, '-');
	char *end;
	long long n;

	if (dash == NULL)
		return -1;
	n = strtoll(dash + 1, &end, 10);
	return end > dash + 1 && strcmp(end, ".age") == 0 ? n : -1;
}

static int
look(const char *dir, const char *prefix, struct found *f, struct err *e)
{
	DIR *d = opendir(dir);
	struct dirent *one;

	if (d == NULL)
		return err_errno(e, "打不开 %s", dir);
	f->top = -1;
	while ((one = readdir(d)) != NULL) {
		long long n = last_number(one->d_name);

		if (n < 0 || !str_starts(one->d_name, prefix))
			continue;
		f->v = mem_grow(f->v, f->n, &f->cap, sizeof *f->v);
		f->v[f->n++] = xstrdup(one->d_name);
		if (n > f->top)
			f->top = n;
	}
	closedir(d);
	return 0;
}

static int
remove_one(const char *dir, const char *name, struct err *e)
{
	char *path = xasprintf("%s/%s", dir, name);
	char *marker = xasprintf("%s.minisig", path);
	int rc = 0;

	if (unlink(marker) < 0 && errno != ENOENT)
		rc = err_errno(e, "删不掉 %s", marker);
	if (rc == 0 && unlink(path) < 0 && errno != ENOENT)
		rc = err_errno(e, "删不掉 %s", path);
	free(path);
	free(marker);
	return rc;
}

/* Those whose number is at most `upto`, but never the newest: count them, and
 * with `remove` take them away. */
static int
sweep(const char *dir, const char *prefix, long long upto, bool remove,
    size_t *n, struct err *e)
{
	struct found f = { .v = NULL };
	size_t i;
	int rc = look(dir, prefix, &f, e);

	for (i = 0; i < f.n; i++) {
		long long k = last_number(f.v[i]);

		if (rc == 0 && k <= upto && k < f.top) {
			rc = remove ? remove_one(dir, f.v[i], e) : 0;
			*n += rc == 0;
		}
		free(f.v[i]);
	}
	free(f.v);
	return rc;
}

static int
walk(struct forms *fs, const char *dir, bool remove, size_t *n,
    struct err *e)
{
	struct db *db = forms_db(fs);
	char *site = db_meta(db, "site"), *inc = db_meta(db, "inc");
	char *acked = db_meta(db, "acked_seq"), *prefix;
	int rc = 0;

	*n = 0;
	if (site != NULL && inc != NULL && acked != NULL) {
		prefix = xasprintf("tj1-%s-%.8s-", site, inc);
		rc = sweep(dir, prefix, strtoll(acked, NULL, 10),
		    remove, n, e);
		free(prefix);
		prefix = xasprintf("tj1r-%s-", site);
		if (rc == 0)
			rc = sweep(dir, prefix, LLONG_MAX, remove, n, e);
		free(prefix);
		if (rc == 0 && remove && *n > 0)
			rc = file_sync_dir(dir, e);
	}
	free(site);
	free(inc);
	free(acked);
	return rc;
}

int
tidy_stick(struct forms *fs, const char *dir, size_t *n, struct err *e)
{
	int rc = walk(fs, dir, true, n, e);

	if (rc < 0)
		err_prefix(e, "县回执已用，旧包没有从U盘上清掉");
	return rc;
}

size_t
tidy_waiting(struct forms *fs, const char *dir)
{
	size_t n;

	return walk(fs, dir, false, &n, NULL) < 0 ? 0 : n;
}
