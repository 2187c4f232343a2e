/* See model.h: the set of forms and code lists, each read when first asked
 * for. */
#include "model.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "code.h"
#include "db.h"
#include "exprin.h"
#include "file.h"
#include "mem.h"
#include "modelling.h"
#include "nearest.h"
#include "parse.h"
#include "rowsql.h"

enum { FILE_LIMIT = 4 << 20 };	/* bytes read; parse.c accepts less */

struct forms {
	struct db *db;
	char *dir, *data;
	struct arena arena;
	const char **names;	/* sorted, NULL-terminated */
	struct form **parsed;	/* by the same index; NULL until asked for */
	bool *busy;		/* being parsed (its parents' titles are read) */
	size_t n;
	struct codes **lists;
	size_t nlists, cap_lists;
	struct db *scratch;
	const struct record_watch *watch;
};

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool
stem(const char *file, size_t *len)
{
	static const char suffix[] = ".form";
	size_t n = strlen(file);

	if (n <= strlen(suffix) || *file == '.' ||
	    strcmp(file + n - strlen(suffix), suffix) != 0)
		return false;
	*len = n - strlen(suffix);
	return true;
}

static int
list_folder(struct forms *fs, struct err *e)
{
	DIR *d = opendir(fs->dir);
	struct dirent *entry;
	size_t cap = 0, len;

	if (d == NULL)
		return err_errno(e, "打不开表单文件夹 %s", fs->dir);
	while ((entry = readdir(d)) != NULL) {
		if (!stem(entry->d_name, &len))
			continue;
		fs->names = mem_grow(fs->names, fs->n, &cap,
		    sizeof *fs->names);
		fs->names[fs->n++] = arena_strn(&fs->arena, entry->d_name,
		    len);
	}
	closedir(d);
	fs->names = mem_grow(fs->names, fs->n, &cap, sizeof *fs->names);
	fs->names[fs->n] = NULL;
	qsort(fs->names, fs->n, sizeof *fs->names, by_text);
	return 0;
}

int
forms_open(struct forms **out, struct db *db, const char *dir,
    const char *data, struct err *e)
{
	struct forms *fs = xcalloc(1, sizeof *fs);
	int rc;

	fs->db = db;
	fs->dir = xstrdup(dir);
	fs->data = xstrdup(data);
	rc = list_folder(fs, e);
	if (rc == 0 && db != NULL)
		rc = expr_install(db, data, e);
	if (rc < 0) {
		forms_close(fs);
		return rc;
	}
	fs->parsed = xcalloc(fs->n, sizeof *fs->parsed);
	fs->busy = xcalloc(fs->n, sizeof *fs->busy);
	*out = fs;
	return 0;
}

void
forms_close(struct forms *fs)
{
	size_t i;

	if (fs == NULL)
		return;
	for (i = 0; fs->parsed != NULL && i < fs->n; i++)
		if (fs->parsed[i] != NULL) {
			rowsql_forget(fs->parsed[i]);
			expr_forget(fs->parsed[i]);
		}
	db_close(fs->scratch);
	arena_done(&fs->arena);
	free(fs->names);
	free(fs->parsed);
	free(fs->busy);
	free(fs->lists);
	free(fs->dir);
	free(fs->data);
	free(fs);
}

struct db *
forms_db(struct forms *fs)
{
	return fs->db;
}

const char *
forms_data(struct forms *fs)
{
	return fs->data;
}

const char *
forms_dir(struct forms *fs)
{
	return fs->dir;
}

const char *const *
forms_names(struct forms *fs)
{
	return (const char *const *)fs->names;
}

static bool
find_name(struct forms *fs, const char *name, size_t *index)
{
	const char **hit = bsearch(&name, fs->names, fs->n,
	    sizeof *fs->names, by_text);

	if (hit == NULL)
		return false;
	*index = (size_t)(hit - fs->names);
	return true;
}

const struct record_watch *
forms_watch(struct forms *fs)
{
	return fs->watch;
}

void
forms_set_watch(struct forms *fs, const struct record_watch *w)
{
	fs->watch = w;
}

struct db **
forms_scratch(struct forms *fs)
{
	return &fs->scratch;
}

bool
forms_exist(struct forms *fs, const char *name)
{
	size_t i;

	return find_name(fs, name, &i);
}

/* What one record of a form is called: the title without the words for the
 * whole book (儿童台账: 儿童). */
static char *
singular(struct forms *fs, const char *title)
{
	static const char *const books[] = { "台账", "记录", "登记表" };
	size_t len = strlen(title), n, i;

	for (i = 0; i < COUNT_OF(books); i++) {
		n = strlen(books[i]);
		if (len > n && strcmp(title + len - n, books[i]) == 0)
			len -= n;
	}
	return arena_strn(&fs->arena, title, len);
}

/* A ref made by `of =` is called after its parent, unless the file gives it a
 * label of its own. */
static void
label_implicit(struct forms *fs, struct form *f)
{
	const struct form *parent;
	size_t i;

	for (i = 0; i < f->nfields; i++) {
		if (f->fields[i].label != NULL)
			continue;
		parent = forms_get(fs, f->fields[i].name, NULL);
		f->fields[i].label = parent != NULL ?
		    singular(fs, parent->title) : f->fields[i].name;
	}
}

int
forms_text(struct forms *fs, const char *name, struct str *out,
    struct err *e)
{
	char *path = xasprintf("%s/%s.form", fs->dir, name);
	int rc = file_read(out, path, FILE_LIMIT, e);

	free(path);
	return rc;
}

struct form *
forms_parse(struct forms *fs, const char *name, struct messages *ms)
{
	char *file = xasprintf("%s.form", name);
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	struct form *f = NULL;

	if (forms_text(fs, name, &text, &e) < 0)
		messages_add(ms, MSG_READ, file, 0, 0, e.msg, NULL, NULL);
	else
		f = form_parse(text.buf, text.len, file, &fs->arena, ms);
	str_done(&text);
	free(file);
	return f;
}

const struct form *
forms_get(struct forms *fs, const char *name, struct err *e)
{
	struct messages ms = MESSAGES_INIT;
	const char *near;
	size_t i;

	if (!find_name(fs, name, &i)) {
		near = nearest_of(name, forms_names(fs));
		err_set(e, E_NOTFOUND, "没有“%s”这张表单%s%s%s", name,
		    near == NULL ? "" : "，是不是“", near == NULL ? "" : near,
		    near == NULL ? "" : "”？");
		return NULL;
	}
	if (fs->parsed[i] != NULL)
		return fs->parsed[i];
	if (fs->busy[i]) {
		err_set(e, E_FORMAT, "表单“%s”的 of 绕成了圈", name);
		return NULL;
	}
	fs->busy[i] = true;
	fs->parsed[i] = forms_parse(fs, name, &ms);
	if (fs->parsed[i] == NULL)
		messages_first(&ms, e);
	else
		label_implicit(fs, fs->parsed[i]);
	fs->busy[i] = false;
	messages_done(&ms);
	return fs->parsed[i];
}

const struct form **
forms_children(struct forms *fs, const char *parent, struct err *e)
{
	const struct form **out = xcalloc(fs->n + 1, sizeof *out), *f;
	size_t i, j, n = 0;

	for (i = 0; i < fs->n; i++) {
		f = forms_get(fs, fs->names[i], e);
		if (f == NULL) {
			free(out);
			return NULL;
		}
		for (j = 0; f->of[j] != NULL; j++)
			if (strcmp(f->of[j], parent) == 0)
				out[n++] = f;
	}
	return out;
}

const struct field *
form_field(const struct form *f, const char *name)
{
	size_t i;

	for (i = 0; i < f->nfields; i++)
		if (strcmp(f->fields[i].name, name) == 0)
			return &f->fields[i];
	return NULL;
}

bool
field_always(const struct field *f)
{
	return str_eq(f->required.sql, "true") && f->relevant.sql == NULL &&
	    f->default_.sql == NULL && f->calculation.sql == NULL;
}

char *
forms_list_path(struct forms *fs, const char *list)
{
	return xasprintf("%s/codes/%s.csv", fs->data, list);
}

const struct codes *
forms_codes(struct forms *fs, const char *list, struct err *e)
{
	struct codes *cs;
	char *path;
	size_t i;
	int rc;

	for (i = 0; i < fs->nlists; i++)
		if (strcmp(fs->lists[i]->list, list) == 0)
			return fs->lists[i];
	path = forms_list_path(fs, list);
	rc = code_read(&cs, path, list, &fs->arena, e);
	free(path);
	if (rc < 0) {
		err_prefix(e, "代码表“%s”", list);
		return NULL;
	}
	fs->lists = mem_grow(fs->lists, fs->nlists, &fs->cap_lists,
	    sizeof *fs->lists);
	fs->lists[fs->nlists++] = cs;
	return cs;
}
