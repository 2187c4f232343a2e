/* See filepick.h. */
#include "filepick.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "evidence.h"
#include "mem.h"
#include "picker.h"
#include "screen.h"
#include "stickfind.h"
#include "ui.h"

enum { FILES_MAX = 300 };

struct way {
	bool (*fits)(const char *name);
	const char *hint, *none;
};

struct files {
	char *path[FILES_MAX];
	size_t n;
	size_t shown[FILES_MAX];
	size_t nshown;
	char *typed;		/* an absolute path, or NULL */
	const struct way *way;
};

static bool
is_table(const char *name)
{
	static const char *const ends[] = { ".csv", ".xlsx", ".txt" };
	size_t len = strlen(name), i;

	for (i = 0; i < COUNT_OF(ends); i++)
		if (len > strlen(ends[i]) && *name != '.' &&
		    strcasecmp(name + len - strlen(ends[i]), ends[i]) == 0)
			return true;
	return false;
}

static bool
is_county_key(const char *name)
{
	return strcasecmp(name, "county.key") == 0;
}

static bool
is_enrol(const char *name)
{
	size_t len = strlen(name);

	return str_starts(name, "enrol-") && len > 10 &&
	    strcasecmp(name + len - 4, ".txt") == 0;
}

static bool
is_bundle(const char *name)
{
	size_t len = strlen(name);

	return str_starts(name, "tj1-") && len > 8 &&
	    strcmp(name + len - 4, ".age") == 0;
}

/* Cameras and scanners put their files into folders. */
static void
add_folder(struct files *f, const char *dir, int depth)
{
	DIR *d = opendir(dir);
	struct dirent *de;
	char *path;

	while (d != NULL && f->n < FILES_MAX && (de = readdir(d)) != NULL) {
		path = xasprintf("%s/%s", dir, de->d_name);
		if (f->way->fits(de->d_name) && *de->d_name != '.') {
			f->path[f->n++] = path;
			continue;
		}
		if (de->d_type == DT_DIR && *de->d_name != '.' && depth < 2)
			add_folder(f, path, depth + 1);
		free(path);
	}
	if (d != NULL)
		closedir(d);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static const struct way ways[] = {
	[FILEPICK_TABLE] = { is_table,
	    "收件箱和U盘里的表格；别处的打完整位置，如 /home/a.xlsx",
	    "收件箱和U盘里没有表格；可以打完整位置" },
	[FILEPICK_EVIDENCE] = { evidence_named,
	    "收件箱和U盘里的照片、扫描件、PDF；别处的打完整位置",
	    "收件箱和U盘里没有照片、扫描件、PDF；可以打完整位置" },
	[FILEPICK_COUNTY_KEY] = { is_county_key,
	    "收件箱和U盘里的 county.key；别处的打完整位置",
	    "收件箱和U盘里没有 county.key；可以打完整位置" },
	[FILEPICK_ENROL] = { is_enrol,
	    "收件箱和U盘里的登记文件；别处的打完整位置",
	    "收件箱和U盘里没有 enrol-区划代码.txt；可以打完整位置" },
	[FILEPICK_BUNDLE] = { is_bundle,
	    "收件箱和U盘里的上报包；别处的打完整位置",
	    "收件箱和U盘里没有上报包；可以打完整位置" },
};

static void
gather(struct files *f)
{
	struct stick_list l = { 0 };
	struct err e = ERR_INIT;
	char *in = xasprintf("%s/收件箱", ui_home());
	size_t i;

	add_folder(f, in, 0);
	free(in);
	if (stick_find(&l, NULL, NULL, &e) == 0)
		for (i = 0; i < l.n; i++)
			add_folder(f, l.v[i].path, 0);
	stick_list_done(&l);
	if (f->n > 0)
		qsort(f->path, f->n, sizeof *f->path, by_name);
}

static size_t
load(void *arg, const char *typed)
{
	struct files *f = arg;
	size_t i;

	free(f->typed);
	f->typed = *typed == '/' ? xstrdup(typed) : NULL;
	f->nshown = 0;
	if (f->typed != NULL)
		return 1;
	for (i = 0; i < f->n; i++)
		if (*typed == '\0' || pick_matches(strrchr(f->path[i], '/') + 1,
		    NULL, typed))
			f->shown[f->nshown++] = i;
	return f->nshown;
}

static void
line(void *arg, size_t i, struct str *out)
{
	struct files *f = arg;
	const char *path, *name;

	if (f->typed != NULL) {
		str_add(out, f->typed);
		return;
	}
	path = f->path[f->shown[i]];
	name = strrchr(path, '/');
	if (str_starts(path, ui_home()))
		path += strlen(ui_home()) + 1;
	str_addf(out, "%s    %.*s", name + 1, (int)(name - path), path);
}

static void
files_free(struct files *f)
{
	size_t k;

	for (k = 0; k < f->n; k++)
		free(f->path[k]);
	free(f->typed);
	free(f);
}

char *
filepick_run(const char *title, enum filepick kind)
{
	struct files *f = xcalloc(1, sizeof *f);
	struct pick p = { .title = title, .arg = f, .load = load, .row = line,
	    .hint = ways[kind].hint, .none = ways[kind].none };
	char *path = NULL;
	long i;

	f->way = &ways[kind];
	gather(f);
	pick_init(&p);
	i = pick_run(&p);
	pick_done(&p);
	if (i >= 0)
		path = xstrdup(f->typed != NULL ? f->typed :
		    f->path[f->shown[i]]);
	files_free(f);
	return path;
}

char *
filepick_only(enum filepick kind)
{
	struct files *f = xcalloc(1, sizeof *f);
	char *path;

	f->way = &ways[kind];
	gather(f);
	path = f->n == 1 ? xstrdup(f->path[0]) : NULL;
	files_free(f);
	return path;
}
