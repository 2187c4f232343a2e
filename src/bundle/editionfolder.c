/* An edition between a package and folders; see edition.h. */
#include "edition.h"

#include <dirent.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "file.h"
#include "mem.h"

enum { COPY_LIMIT = 8 << 20, DEPTH_MAX = 6 };

/* ---- from folders --------------------------------------------------------- */

struct gathering {
	const char *forms, *data, *county;
	json_t *files;
};

/* The folder on disk of a kind's folder in the package. */
static char *
place(const char *forms, const char *data, const char *dir)
{
	return strcmp(dir, "forms") == 0 ? xstrdup(forms) :
	    xasprintf("%s%s", data, dir + strlen("data"));
}

static int
add_one(struct gathering *g, const struct edition_kind *k, const char *folder,
    const char *name, struct err *e)
{
	char *path = xasprintf("%s/%s", k->dir, name);
	char *from = xasprintf("%s/%s", folder, name);
	struct str text = STR_INIT;
	json_t *s;
	int rc = 0;

	if (edition_kind(path) == k && (strstr(k->dir, "villages") == NULL ||
	    strncmp(name, g->county, strlen(g->county)) == 0)) {
		rc = file_read(&text, from, COPY_LIMIT, e);
		s = rc == 0 ? json_stringn(text.buf, text.len) : NULL;
		if (s != NULL)
			json_array_append_new(g->files, json_pack("{s:s,s:o}",
			    "path", path, "text", s));
		else if (rc == 0)
			rc = err_set(e, E_FORMAT, "%s 不是 UTF-8", from);
	}
	str_done(&text);
	free(path);
	free(from);
	return rc;
}

static int
add_kind(struct gathering *g, const struct edition_kind *k, struct err *e)
{
	char *folder = place(g->forms, g->data, k->dir);
	struct dirent **v;
	int n = scandir(folder, &v, NULL, alphasort), i, rc = 0;

	for (i = 0; i < n; i++) {
		if (rc == 0 && v[i]->d_name[0] != '.')
			rc = add_one(g, k, folder, v[i]->d_name, e);
		free(v[i]);
	}
	if (n >= 0)
		free(v);
	free(folder);
	return rc;
}

static int
by_path(const void *a, const void *b)
{
	json_t *const *x = a, *const *y = b;

	return strcmp(json_string_value(json_object_get(*x, "path")),
	    json_string_value(json_object_get(*y, "path")));
}

/* The files in order of their paths, as the reader wants them. */
static void
sort(json_t *files)
{
	size_t n = json_array_size(files), i;
	json_t **v = xcalloc(n + 1, sizeof *v);

	for (i = 0; i < n; i++)
		v[i] = json_incref(json_array_get(files, i));
	qsort(v, n, sizeof *v, by_path);
	json_array_clear(files);
	for (i = 0; i < n; i++)
		json_array_append_new(files, v[i]);
	free(v);
}

static const char *
text_of(const char *s)
{
	return s != NULL ? s : "";
}

int
edition_gather(const struct edition_head *h, const char *forms,
    const char *data, struct str *out, struct err *e)
{
	struct gathering g = { forms, data, text_of(h->county), json_array() };
	const struct edition_kind *k;
	json_t *root;
	char *text;
	int rc = 0;

	for (k = edition_kinds; rc == 0 && k->dir != NULL; k++)
		rc = add_kind(&g, k, e);
	sort(g.files);
	root = json_pack("{s:s,s:I,s:s,s:s,s:s,s:s,s:s,s:s,s:o}", "format",
	    "tj1e", "version", (json_int_t)h->version, "county", g.county,
	    "county_name", text_of(h->county_name), "created",
	    text_of(h->created), "doc", text_of(h->doc), "note",
	    text_of(h->note), "effective", text_of(h->effective), "files",
	    g.files);
	text = rc == 0 ? json_dumps(root, JSON_COMPACT) : NULL;
	if (rc == 0 && (text == NULL || strlen(text) > EDITION_LIMIT))
		rc = err_set(e, E_RANGE, "资料太大，发不下去");
	if (rc == 0)
		str_add(out, text);
	free(text);
	json_decref(root);
	return rc;
}

/* ---- into folders --------------------------------------------------------- */

static int
put(const char *dir, const char *path, const char *text, size_t len,
    struct err *e)
{
	char *to = xasprintf("%s/%s", dir, path), *slash;
	int rc;

	slash = strrchr(to, '/');
	*slash = '\0';
	rc = file_mkdirs(to, 0700, e);
	*slash = '/';
	if (rc == 0)
		rc = file_write(to, text, len, 0600, e);
	free(to);
	return rc;
}

/* Copy what does not travel: `rel` ("data", "data/pinyin", …) below `data`. */
static int
copy_rest(const char *data, const char *rel, const char *dir, int depth,
    struct err *e)
{
	char *from = xasprintf("%s%s", data, rel + strlen("data"));
	struct dirent **v;
	int n = depth > 0 ? scandir(from, &v, NULL, alphasort) : -1, i, rc = 0;

	for (i = 0; i < n; i++) {
		char *path = xasprintf("%s/%s", rel, v[i]->d_name);
		char *one = xasprintf("%s/%s", from, v[i]->d_name);
		struct str text = STR_INIT;
		struct stat st;

		if (rc < 0 || v[i]->d_name[0] == '.' || stat(one, &st) < 0)
			;
		else if (S_ISDIR(st.st_mode))
			rc = copy_rest(data, path, dir, depth - 1, e);
		else if (S_ISREG(st.st_mode) && (edition_kind(path) == NULL ||
		    strstr(path, "/villages/") != NULL))
			rc = file_read(&text, one, COPY_LIMIT, e) < 0 ? E_IO :
			    put(dir, path, text.buf, text.len, e);
		str_done(&text);
		free(path);
		free(one);
		free(v[i]);
	}
	if (n >= 0)
		free(v);
	free(from);
	return rc;
}

int
edition_lay(const struct edition *ed, const char *data, const char *dir,
    struct err *e)
{
	size_t i;
	int rc = copy_rest(data, "data", dir, DEPTH_MAX, e);

	for (i = 0; rc == 0 && i < ed->n; i++)
		rc = put(dir, ed->file[i].path, ed->file[i].text,
		    strlen(ed->file[i].text), e);
	return rc;
}
