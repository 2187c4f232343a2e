/* See handbook.h. */
#include "handbook.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "ini.h"
#include "mem.h"
#include "message.h"

struct handbook {
	struct arena arena;
	struct help_kind *v;
	size_t n, cap;
};

/* A property, the member it fills, and its word for people. */
static const struct part {
	const char *key, *word;
	size_t at;
} parts[] = {
	{ "title", NULL, offsetof(struct help_kind, title) },
	{ "who", "谁可以申请", offsetof(struct help_kind, who) },
	{ "papers", "要什么材料", offsetof(struct help_kind, papers) },
	{ "office", "找哪里办", offsetof(struct help_kind, office) },
	{ "days", "多久办好", offsetof(struct help_kind, days) },
	{ "doc", "依据", offsetof(struct help_kind, doc) },
	{ "note", "说明", offsetof(struct help_kind, note) },
};

static const char **
member(struct help_kind *k, size_t at)
{
	return (const char **)(void *)((char *)k + at);
}

static int
take_property(struct help_kind *k, const struct ini *ini,
    const struct ini_property *p, struct err *e)
{
	size_t i;

	for (i = 0; i < COUNT_OF(parts); i++) {
		if (strcmp(parts[i].key, p->key) != 0)
			continue;
		*member(k, parts[i].at) = p->value;
		return 0;
	}
	return err_set(e, E_FORMAT, "handbook/%s:%d:%d: 没有“%s”这种属性，"
	    "可以写 title who papers office days doc note", ini->file,
	    p->line, p->key_col, p->key);
}

static int
take_section(struct handbook *h, const struct ini *ini,
    const struct ini_section *sec, struct err *e)
{
	struct help_kind k = { .need = sec->name };
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < sec->n; i++)
		rc = take_property(&k, ini, &sec->props[i], e);
	if (rc < 0)
		return rc;
	if (k.title == NULL)
		return err_set(e, E_FORMAT, "handbook/%s:%d:%d: “%s”没有"
		    " title", ini->file, sec->line, sec->col, sec->name);
	if (handbook_find(h, k.need) != NULL)
		return err_set(e, E_EXISTS, "handbook/%s:%d:%d: “%s”写了两次",
		    ini->file, sec->line, sec->col, sec->name);
	h->v = mem_grow(h->v, h->n, &h->cap, sizeof *h->v);
	h->v[h->n++] = k;
	return 0;
}

static int
read_file(struct handbook *h, const char *dir, const char *name,
    struct err *e)
{
	char *path = xasprintf("%s/%s", dir, name);
	struct messages ms = MESSAGES_INIT;
	struct str text = STR_INIT;
	struct ini ini = { 0 };
	size_t i;
	int rc = file_read(&text, path, INI_LIMIT, e);

	if (rc == 0) {
		ini_read(&ini, arena_str(&h->arena, name), text.buf, text.len,
		    &h->arena, &ms);
		rc = messages_first(&ms, e);
		for (i = 0; rc == 0 && i < ini.n; i++)
			rc = take_section(h, &ini, &ini.sections[i], e);
		ini_done(&ini);
	}
	messages_done(&ms);
	str_done(&text);
	free(path);
	return rc;
}

static int
is_ini(const struct dirent *d)
{
	size_t len = strlen(d->d_name);

	return len > 4 && d->d_name[0] != '.' &&
	    strcmp(d->d_name + len - 4, ".ini") == 0;
}

int
handbook_load(struct handbook **out, const char *data, struct err *e)
{
	struct handbook *h = xcalloc(1, sizeof *h);
	char *dir = xasprintf("%s/handbook", data);
	struct dirent **found = NULL;
	int n = scandir(dir, &found, is_ini, alphasort), i, rc = 0;

	for (i = 0; i < n; i++) {
		if (rc == 0)
			rc = read_file(h, dir, found[i]->d_name, e);
		free(found[i]);
	}
	free(found);
	free(dir);
	if (rc < 0) {
		handbook_free(h);
		return rc;
	}
	*out = h;
	return 0;
}

void
handbook_free(struct handbook *h)
{
	if (h == NULL)
		return;
	free(h->v);
	arena_done(&h->arena);
	free(h);
}

size_t
handbook_count(const struct handbook *h)
{
	return h->n;
}

const struct help_kind *
handbook_at(const struct handbook *h, size_t i)
{
	return i < h->n ? &h->v[i] : NULL;
}

const struct help_kind *
handbook_find(const struct handbook *h, const char *need)
{
	size_t i;

	for (i = 0; i < h->n; i++)
		if (strcmp(h->v[i].need, need) == 0)
			return &h->v[i];
	return NULL;
}

void
handbook_write(const struct help_kind *k, struct str *out)
{
	struct help_kind copy = *k;
	const char *text;
	size_t i;

	str_addf(out, "【%s】\n", k->title);
	for (i = 0; i < COUNT_OF(parts); i++) {
		text = *member(&copy, parts[i].at);
		if (parts[i].word != NULL && text != NULL && *text != '\0')
			str_addf(out, "%s：%s\n", parts[i].word, text);
	}
}
