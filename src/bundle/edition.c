/* See edition.h. */
#include "edition.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "utf8.h"

enum { FILES_MAX = 1000, FILE_MAX = 1 << 20, NAME_MAX_LEN = 60 };

const struct edition_kind edition_kinds[] = {
	{ "forms", ".form", NULL, "表单", 0 },
	{ "data/codes", ".csv", NULL, "代码", 1 },
	{ "data/rules", ".csv", NULL, "规则", 0 },
	{ "data/indicators", ".ini", NULL, "指标", 0 },
	{ "data/lists", ".ini", NULL, "名单", 0 },
	{ "data/handbook", ".ini", NULL, "政策手册", 0 },
	{ "data/calendar", ".csv", "workdays", "节假日", 1 },
	{ "data/scales", ".csv", NULL, "评估量表", 2 },
	{ "data", ".csv", "columns", "名册列名", 2 },
	{ "data/divisions/villages", ".csv", NULL, "村名", 1 },
	{ NULL, NULL, NULL, NULL, 0 }
};

/* Is `name` (of `len` bytes) a plain file name: a-z, 0-9 and _ ? */
static bool
plain(const char *name, size_t len)
{
	return len > 0 && len <= NAME_MAX_LEN && strspn(name,
	    "abcdefghijklmnopqrstuvwxyz0123456789_") >= len;
}

const struct edition_kind *
edition_kind(const char *path)
{
	const struct edition_kind *k;
	size_t dir, ext, len = strlen(path);

	for (k = edition_kinds; k->dir != NULL; k++) {
		const char *name;

		dir = strlen(k->dir) + 1;
		ext = strlen(k->ext);
		if (len <= dir + ext || strncmp(path, k->dir, dir - 1) != 0 ||
		    path[dir - 1] != '/' ||
		    strcmp(path + len - ext, k->ext) != 0)
			continue;
		name = path + dir;
		len -= dir + ext;
		if (k->name != NULL ? strlen(k->name) == len &&
		    strncmp(k->name, name, len) == 0 : plain(name, len))
			return k;
		len += dir + ext;
	}
	return NULL;
}

static int
bad(struct err *e, const char *what, const char *path)
{
	return err_set(e, E_FORMAT, "县里下发的资料不对：%s %.80s", what, path);
}

static int
take_file(struct edition *ed, json_t *o, struct err *e)
{
	const char *path = json_string_value(json_object_get(o, "path"));
	json_t *t = json_object_get(o, "text");
	const char *text = json_string_value(t);
	const char *last = ed->n > 0 ? ed->file[ed->n - 1].path : NULL;

	if (path == NULL || text == NULL)
		return bad(e, "缺文件名或内容", "");
	if (edition_kind(path) == NULL)
		return bad(e, "不该有这个文件", path);
	if (last != NULL && strcmp(last, path) >= 0)
		return bad(e, "文件重复或次序不对", path);
	if (json_string_length(t) > FILE_MAX ||
	    json_string_length(t) != strlen(text))
		return bad(e, "文件太大或有非法字符", path);
	ed->file[ed->n++] = (struct edition_file){ path, text };
	return 0;
}

static int
take(struct edition *ed, json_t *root, struct err *e)
{
	json_t *files = json_object_get(root, "files"), *o;
	json_int_t version = 0;
	const char *format = NULL;
	size_t i;
	int rc = 0;

	if (json_unpack(root, "{s:s,s:I,s:s,s:s,s:s,s:s,s:s,s:s}", "format",
	    &format, "version", &version, "county", &ed->county,
	    "county_name", &ed->county_name, "created", &ed->created, "doc",
	    &ed->doc, "note", &ed->note, "effective", &ed->effective) < 0 ||
	    strcmp(format, "tj1e") != 0 || version < 1 ||
	    !json_is_array(files) || json_array_size(files) == 0 ||
	    json_array_size(files) > FILES_MAX)
		return bad(e, "不是本程序认识的资料", "");
	ed->version = version;
	ed->file = xcalloc(json_array_size(files), sizeof *ed->file);
	json_array_foreach(files, i, o)
		if (rc == 0)
			rc = take_file(ed, o, e);
	return rc;
}

int
edition_parse(struct edition *ed, const char *text, size_t len, struct err *e)
{
	json_t *root = len <= EDITION_LIMIT ? json_loadb(text, len,
	    JSON_REJECT_DUPLICATES, NULL) : NULL;
	int rc;

	memset(ed, 0, sizeof *ed);
	ed->json = root;
	rc = json_is_object(root) ? take(ed, root, e) :
	    bad(e, "读不出来", "");
	if (rc < 0)
		edition_done(ed);
	return rc;
}

void
edition_done(struct edition *ed)
{
	free(ed->file);
	json_decref(ed->json);
	memset(ed, 0, sizeof *ed);
}
