/* See scheme.h. */
#include "scheme.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "ini.h"
#include "mem.h"
#include "nearest.h"

struct loading {
	struct scheme *s;
	struct arena *arena;
	struct ini *ini;
	size_t cap, cap_with, cap_parts;
	struct err *e;
};

/* A scheme and the arena it lives in. */
struct owned {
	struct scheme s;
	struct arena arena;
};

static const char *const measures[] = {
	"ratio", "count", "none", "stated", "evidence", NULL
};
static const char *const modes[] = {
	"computed", "entered", "evidence", NULL
};
static const char *const levels[] = {
	"village", "town", "county", "city", "province", NULL
};

const char *
level_words(enum level level)
{
	static const char *const words[] = { "村", "镇", "县", "市", "省" };

	return words[level];
}

const char *
mode_words(enum mode mode)
{
	static const char *const words[] = { "自动算", "填报后算",
	    "佐证材料" };

	return words[mode];
}

const char *
mode_name(enum mode mode)
{
	return modes[mode];
}

void
deadline_words(const char *deadline, const char *on, struct str *out)
{
	if (deadline == NULL)
		return;
	if (!isdigit((unsigned char)*deadline) ||
	    strncmp(deadline, on, strlen(deadline)) >= 0)
		str_add(out, deadline);
	else
		str_addf(out, "原时限%s，现按长期", deadline);
}

static int
wrong(struct loading *l, int line, int col, const char *what,
    const char *word)
{
	return err_set(l->e, E_FORMAT, "indicators/%s:%d:%d: %s%s%s",
	    l->ini->file, line, col, what, word != NULL ? "：" : "",
	    word != NULL ? word : "");
}

static int
unknown(struct loading *l, const struct ini_property *p,
    const char *const *known)
{
	const char *near = nearest_of(p->value, known);

	return wrong(l, p->line, p->col, near != NULL ?
	    "不认识这个词，是不是想写" : "不认识这个词", near != NULL ? near :
	    p->value);
}

static int
word_of(struct loading *l, const struct ini_property *p,
    const char *const *known, int *out)
{
	int i;

	for (i = 0; known[i] != NULL; i++)
		if (strcmp(known[i], p->value) == 0) {
			*out = i;
			return 0;
		}
	return unknown(l, p, known);
}

static int
yes_no(struct loading *l, const struct ini_property *p, bool *out)
{
	if (strcmp(p->value, "yes") != 0 && strcmp(p->value, "no") != 0)
		return wrong(l, p->line, p->col, "应写 yes 或 no", p->value);
	*out = *p->value == 'y';
	return 0;
}

static int
number(struct loading *l, const struct ini_property *p, struct part *part)
{
	char *end;

	part->target = strtod(p->value, &end);
	part->has_target = true;
	if (*end != '\0')
		return wrong(l, p->line, p->col, "目标应是数", p->value);
	return 0;
}

/* One property of a number.  1: not one of those. */
static int
part_property(struct loading *l, struct part *part,
    const struct ini_property *p)
{
	int n = 0, rc = 0;

	if (strcmp(p->key, "rows") == 0) {
		part->rows = arena_str(l->arena, p->raw);
		part->line = p->line;
		part->col = p->col;
	} else if (strcmp(p->key, "label") == 0) {
		part->label = arena_str(l->arena, p->value);
	} else if (strcmp(p->key, "unit") == 0) {
		part->unit = arena_str(l->arena, p->value);
	} else if (strcmp(p->key, "stated") == 0) {
		part->stated = arena_str(l->arena, p->value);
	} else if (strcmp(p->key, "list") == 0) {
		part->list = arena_str(l->arena, p->value);
	} else if (strcmp(p->key, "target") == 0) {
		rc = number(l, p, part);
	} else if (strcmp(p->key, "target_sql") == 0) {
		part->target_sql = arena_str(l->arena, p->raw);
		part->has_target = true;
	} else if (strcmp(p->key, "at_most") == 0) {
		rc = yes_no(l, p, &part->at_most);
	} else if (strcmp(p->key, "money") == 0) {
		rc = yes_no(l, p, &part->money);
	} else if (strcmp(p->key, "measure") == 0) {
		rc = word_of(l, p, measures, &n);
		part->measure = (enum measure)n;
	} else if (strcmp(p->key, "level") == 0) {
		rc = word_of(l, p, levels, &n);
		part->level = (enum level)n;
	} else if (strcmp(p->key, "period") == 0) {
		n = period_kind(p->value);
		if (n < 0)
			return wrong(l, p->line, p->col, "期间应是 as_of week "
			    "month quarter half year two_years", p->value);
		part->period = (enum period_kind)n;
	} else {
		return 1;
	}
	return rc;
}

static int
item_property(struct loading *l, struct indicator *it,
    const struct ini_property *p)
{
	static const char *const known[] = {
		"section", "item", "words", "target_words", "units",
		"units_inferred", "deadline", "mode", "veto", "level",
		"rows", "label", "unit", "stated", "target", "target_sql",
		"at_most", "money", "measure", "period", "list", NULL
	};
	struct { const char *key; const char **to; } texts[] = {
		{ "section", &it->section }, { "item", &it->item },
		{ "words", &it->words }, { "target_words", &it->target },
		{ "units", &it->units }, { "deadline", &it->deadline },
	};
	const char *near;
	int n = 0, rc;
	size_t i;

	for (i = 0; i < COUNT_OF(texts); i++)
		if (strcmp(texts[i].key, p->key) == 0) {
			*texts[i].to = arena_str(l->arena, p->value);
			return 0;
		}
	if (strcmp(p->key, "units_inferred") == 0)
		return yes_no(l, p, &it->units_inferred);
	if (strcmp(p->key, "veto") == 0)
		return yes_no(l, p, &it->veto);
	if (strcmp(p->key, "mode") == 0) {
		rc = word_of(l, p, modes, &n);
		it->mode = (enum mode)n;
		return rc;
	}
	rc = part_property(l, &it->parts[0], p);
	if (rc <= 0)
		return rc;
	near = nearest_of(p->key, known);
	return wrong(l, p->line, p->key_col, near != NULL ?
	    "不认识这个属性，是不是想写" : "不认识这个属性",
	    near != NULL ? near : p->key);
}

static struct part *
add_part(struct loading *l, struct indicator *it, const char *name)
{
	struct part *p, *old = it->parts;

	/* The arena does not grow arrays; parts are few. */
	it->parts = arena_alloc(l->arena, (it->nparts + 1) * sizeof *p);
	if (it->nparts > 0)
		memcpy(it->parts, old, it->nparts * sizeof *p);
	p = &it->parts[it->nparts++];
	p->name = arena_str(l->arena, name);
	p->period = PERIOD_AS_OF;
	p->level = LEVEL_TOWN;
	return p;
}

static int
read_item(struct loading *l, const struct ini_section *sec)
{
	struct indicator *it;
	char *code;
	size_t i;
	int rc = 0;

	l->s->items = mem_grow(l->s->items, l->s->n, &l->cap,
	    sizeof *l->s->items);
	it = &l->s->items[l->s->n++];
	memset(it, 0, sizeof *it);
	it->id = arena_str(l->arena, sec->name);
	it->line = sec->line;
	code = arena_str(l->arena, sec->name);
	for (i = 0; code[i] != '\0'; i++)
		code[i] = (char)tolower((unsigned char)code[i]);
	it->code = code;
	it->level = LEVEL_TOWN;
	add_part(l, it, "");
	for (i = 0; rc == 0 && i < sec->n; i++)
		rc = item_property(l, it, &sec->props[i]);
	it->level = it->parts[0].level;
	return rc;
}

/* [S16 attended]: a number of the item just read.  The item's own number is
 * replaced by its first part when it has no rows itself. */
static int
read_part(struct loading *l, const struct ini_section *sec, const char *blank)
{
	struct indicator *it = l->s->n > 0 ? &l->s->items[l->s->n - 1] : NULL;
	size_t i, len = (size_t)(blank - sec->name);
	struct part *p;
	int rc = 0;

	if (it == NULL || strlen(it->id) != len ||
	    strncmp(it->id, sec->name, len) != 0)
		return wrong(l, sec->line, sec->col, "分项要写在它的指标之后",
		    sec->name);
	if (it->nparts == 1 && *it->parts[0].name == '\0' &&
	    it->parts[0].rows == NULL && it->parts[0].stated == NULL)
		it->nparts = 0;
	p = add_part(l, it, blank + 1);
	p->level = it->level;
	for (i = 0; rc == 0 && i < sec->n; i++) {
		rc = part_property(l, p, &sec->props[i]);
		if (rc > 0)
			rc = wrong(l, sec->props[i].line,
			    sec->props[i].key_col, "分项里没有这个属性",
			    sec->props[i].key);
	}
	return rc;
}

static int
read_with(struct loading *l, const struct ini_section *sec)
{
	struct with *w;
	const char *name = sec->name + strlen("with ");

	if (sec->n != 1 || strcmp(sec->props[0].key, "sql") != 0)
		return wrong(l, sec->line, sec->col, "这一节只写一个 sql",
		    sec->name);
	l->s->with = mem_grow(l->s->with, l->s->nwith, &l->cap_with, sizeof *w);
	w = &l->s->with[l->s->nwith++];
	w->name = arena_str(l->arena, name);
	w->sql = arena_str(l->arena, sec->props[0].raw);
	w->file = arena_str(l->arena, l->ini->file);
	w->line = sec->props[0].line;
	w->col = sec->props[0].col;
	return 0;
}

static int
read_head(struct loading *l, const struct ini_section *sec)
{
	struct { const char *key; const char **to; } texts[] = {
		{ "name", &l->s->name }, { "title", &l->s->title },
		{ "short", &l->s->brief }, { "note", &l->s->note }, { "source", &l->s->source },
	};
	size_t i, j;

	for (i = 0; i < sec->n; i++) {
		for (j = 0; j < COUNT_OF(texts); j++)
			if (strcmp(texts[j].key, sec->props[i].key) == 0)
				break;
		if (j == COUNT_OF(texts))
			return wrong(l, sec->props[i].line,
			    sec->props[i].key_col, "不认识这个属性",
			    sec->props[i].key);
		*texts[j].to = arena_str(l->arena, sec->props[i].value);
	}
	return 0;
}

/* What an item must say, after all its sections are read. */
static int
check_item(struct loading *l, const struct indicator *it)
{
	const struct part *p;
	const char *lack = NULL;
	size_t i;

	if (it->section == NULL)
		lack = "section";
	else if (it->item == NULL)
		lack = "item";
	else if (it->words == NULL)
		lack = "words";
	if (lack != NULL)
		return wrong(l, it->line, 1, "这一项缺少属性", lack);
	for (i = 0; i < it->nparts; i++) {
		p = &it->parts[i];
		if (p->measure == MEASURE_STATED ? p->stated == NULL :
		    p->rows == NULL && p->measure != MEASURE_EVIDENCE)
			return wrong(l, it->line, 1, "没有写数从哪里来"
			    "（rows 或 stated）", it->id);
		if (p->measure == MEASURE_NONE && p->has_target)
			return wrong(l, it->line, 1, "应为零的项不写 target",
			    it->id);
	}
	return 0;
}

static int
read_sections(struct loading *l)
{
	const struct ini_section *sec;
	const char *blank;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < l->ini->n; i++) {
		sec = &l->ini->sections[i];
		blank = strchr(sec->name, ' ');
		if (strcmp(sec->name, "scheme") == 0)
			rc = read_head(l, sec);
		else if (str_starts(sec->name, "with "))
			rc = read_with(l, sec);
		else if (blank != NULL)
			rc = read_part(l, sec, blank);
		else
			rc = read_item(l, sec);
	}
	return rc;
}

static int
read_one(struct loading *l, const char *data, const char *name)
{
	char *path = xasprintf("%s/indicators/%s.ini", data, name);
	struct messages ms = MESSAGES_INIT;
	struct str text = STR_INIT;
	struct ini ini = { 0 };
	char *file = xasprintf("%s.ini", name);
	int rc;

	rc = file_read(&text, path, INI_LIMIT, l->e);
	if (rc == 0) {
		ini_read(&ini, arena_str(l->arena, file), text.buf, text.len,
		    l->arena, &ms);
		l->ini = &ini;
		rc = messages_first(&ms, l->e);
		if (rc < 0)
			err_prefix(l->e, "indicators");
		else
			rc = read_sections(l);
		ini_done(&ini);
	}
	messages_done(&ms);
	str_done(&text);
	free(file);
	free(path);
	return rc;
}

static int
no_such(const char *data, const char *name, struct err *e)
{
	char **names = scheme_names(data);
	struct str s = STR_INIT;
	size_t i;

	for (i = 0; names[i] != NULL; i++)
		str_addf(&s, "%s%s", i > 0 ? "、" : "", names[i]);
	scheme_names_free(names);
	err_set(e, E_USAGE, "没有指标方案“%s”；有：%s", name, s.buf);
	str_done(&s);
	return E_USAGE;
}

static bool
exists(const char *data, const char *name)
{
	char *path = xasprintf("%s/indicators/%s.ini", data, name);
	bool there = name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
	    "0123456789_")] == '\0' && file_exists(path);

	free(path);
	return there;
}

int
scheme_load(struct scheme **out, const char *data, const char *name,
    struct err *e)
{
	struct owned *o = xcalloc(1, sizeof *o);
	struct loading l = { .s = &o->s, .arena = &o->arena, .e = e };
	int rc = exists(data, name) ? 0 : no_such(data, name, e);
	char *file;
	size_t i;

	if (rc == 0)
		rc = read_one(&l, data, "common");
	if (rc == 0)
		rc = read_one(&l, data, name);
	file = xasprintf("%s.ini", name);
	o->s.file = arena_str(&o->arena, file);
	free(file);
	for (i = 0; rc == 0 && i < o->s.n; i++) {
		struct ini here = { .file = o->s.file };

		l.ini = &here;
		rc = check_item(&l, &o->s.items[i]);
	}
	if (rc < 0) {
		scheme_free(&o->s);
		return rc;
	}
	if (o->s.name == NULL)
		o->s.name = arena_str(&o->arena, name);
	if (o->s.title == NULL)
		o->s.title = o->s.name;
	*out = &o->s;
	return 0;
}

void
scheme_free(struct scheme *s)
{
	struct owned *o = (struct owned *)(void *)s;

	if (s == NULL)
		return;
	free(s->items);
	free(s->with);
	arena_done(&o->arena);
	free(o);
}

static int
plans_only(const struct dirent *d)
{
	static const char *const ours[] = { "common.ini", "home.ini",
	    "monthly.ini" };
	const char *dot = strrchr(d->d_name, '.');
	size_t i;

	for (i = 0; i < COUNT_OF(ours); i++)
		if (strcmp(d->d_name, ours[i]) == 0)
			return 0;
	return *d->d_name != '.' && dot != NULL && strcmp(dot, ".ini") == 0;
}

char **
scheme_names(const char *data)
{
	char *dir = xasprintf("%s/indicators", data), **names;
	struct dirent **list = NULL;
	int i, n = scandir(dir, &list, plans_only, alphasort);

	if (n < 0)
		n = 0;
	names = xcalloc((size_t)n + 1, sizeof *names);
	for (i = 0; i < n; i++) {
		names[i] = xstrndup(list[i]->d_name,
		    strlen(list[i]->d_name) - strlen(".ini"));
		free(list[i]);
	}
	free(list);
	free(dir);
	return names;
}

void
scheme_names_free(char **names)
{
	size_t i;

	for (i = 0; names[i] != NULL; i++)
		free(names[i]);
	free(names);
}

char *
scheme_caption(const struct scheme *s)
{
	return xasprintf("%s%s%s%s", s->title, s->note != NULL ? "（" : "",
	    s->note != NULL ? s->note : "", s->note != NULL ? "）" : "");
}

const struct indicator *
scheme_find(const struct scheme *s, const char *id)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (strcmp(s->items[i].id, id) == 0)
			return &s->items[i];
	return NULL;
}
