/* Two editions compared, in words; see edition.h.
 *
 * A file is cut into units that people know by a name: sections of a form or
 * an .ini, rows of a CSV.  A unit that both have and that reads otherwise is
 * changed. */
#include "edition.h"

#include <stdlib.h>
#include <string.h>

#include "csvline.h"
#include "ini.h"
#include "mem.h"
#include "message.h"
#include "safe.h"

enum { NAMED_MAX = 6, CELLS_MAX = 16 };

struct unit {
	char *key, *words, *body;
};

struct units {
	struct unit *v;
	size_t n, cap;
	char *title;		/* 儿童台账, 风险等级; "" when it has none */
};

static void
add(struct units *u, const char *key, const char *words, struct str *body)
{
	u->v = mem_grow(u->v, u->n, &u->cap, sizeof *u->v);
	u->v[u->n++] = (struct unit){ xstrdup(key), xstrdup(words),
	    str_take(body) };
}

static void
units_done(struct units *u)
{
	while (u->n > 0) {
		struct unit *one = &u->v[--u->n];

		free(one->key);
		free(one->words);
		free(one->body);
	}
	free(u->v);
	free(u->title);
}

/* ---- sections ------------------------------------------------------------- */

static const char *
property(const struct ini_section *s, const char *key)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (strcmp(s->props[i].key, key) == 0)
			return s->props[i].value;
	return NULL;
}

/* What people call a section: its label, title or item, else its name. */
static const char *
section_words(const struct ini_section *s)
{
	static const char *const keys[] = { "label", "title", "item" };
	const char *v = NULL;
	size_t i;

	for (i = 0; v == NULL && i < COUNT_OF(keys); i++)
		v = property(s, keys[i]);
	return v != NULL ? v : s->name;
}

static void
cut_sections(const char *text, struct units *u)
{
	struct messages ms = MESSAGES_INIT;
	struct arena arena = ARENA_INIT;
	struct ini ini = { .file = "" };
	size_t i, k;

	ini_read(&ini, "", text, strlen(text), &arena, &ms);
	for (i = 0; i < ini.n; i++) {
		const struct ini_section *s = &ini.sections[i];
		struct str body = STR_INIT, words = STR_INIT;

		for (k = 0; k < s->n; k++)
			str_addf(&body, "%s=%s\n", s->props[k].key,
			    s->props[k].value);
		if (strcmp(s->name, "form") == 0) {
			free(u->title);
			u->title = xstrdup(property(s, "title"));
			str_add(&words, "整张表");
		} else {
			str_add(&words, section_words(s));
		}
		add(u, s->name, words.buf, &body);
		str_done(&body);
		str_done(&words);
	}
	ini_done(&ini);
	arena_done(&arena);
	messages_done(&ms);
}

/* ---- rows ----------------------------------------------------------------- */

static const char *
unit_words(const char *unit)
{
	static const char *const words[][2] = {
		{ "day", "天" }, { "workday", "个工作日" }, { "week", "周" },
		{ "month", "个月" }, { "year", "年" }, { "hour", "小时" },
		{ "minute", "分钟" }
	};
	size_t i;

	for (i = 0; i < COUNT_OF(words); i++)
		if (strcmp(unit, words[i][0]) == 0)
			return words[i][1];
	return unit;
}

/* A row of rules: the note says what it is about. */
static void
rule_words(char **cell, int n, struct str *out)
{
	str_addf(out, "%s %s%s", n > 8 && *cell[8] != '\0' ? cell[8] : cell[0],
	    n > 2 ? cell[2] : "", n > 3 ? unit_words(cell[3]) : "");
	if (n > 4 && *cell[4] != '\0')
		str_addf(out, "（%s）", cell[4]);
	if (n > 5 && *cell[5] != '\0')
		str_addf(out, " %s起", cell[5]);
}

static void
cut_rows(const struct edition_kind *k, const char *text, struct units *u)
{
	static const char mark[] = "# 名称：";
	char *copy = xstrdup(text), *cell[CELLS_MAX], *at;
	struct csvline c;
	int n, i, rows = 0;

	if (strncmp(text, mark, strlen(mark)) == 0) {
		at = copy + strlen(mark);
		free(u->title);
		u->title = xasprintf("%.*s", (int)strcspn(at, "\r\n"), at);
	}
	csvline_start(&c, copy);
	while ((n = csvline_next(&c, cell, CELLS_MAX)) > 0) {
		struct str key = STR_INIT, words = STR_INIT, body = STR_INIT;

		for (i = 0; i < n; i++)
			str_addf(i < k->key || k->key == 0 ? &key : &body,
			    "%s,", cell[i]);
		if (k->key == 0)	/* rules: a new day is a new row */
			rule_words(cell, n, &words);
		else
			str_add(&words, n > k->key && *cell[k->key] != '\0' ?
			    cell[k->key] : cell[0]);
		if (rows++ > 0)		/* not the heading */
			add(u, key.buf, words.buf, &body);
		str_done(&key);
		str_done(&words);
		str_done(&body);
	}
	free(copy);
}

static void
cut(const struct edition_file *f, struct units *u)
{
	const struct edition_kind *k = edition_kind(f->path);

	*u = (struct units){ NULL, 0, 0, NULL };
	if (strcmp(k->ext, ".csv") == 0)
		cut_rows(k, f->text, u);
	else
		cut_sections(f->text, u);
}

/* ---- comparing ------------------------------------------------------------ */

static const struct unit *
find(const struct units *u, const char *key)
{
	size_t i;

	for (i = 0; i < u->n; i++)
		if (strcmp(u->v[i].key, key) == 0)
			return &u->v[i];
	return NULL;
}

/* Which units of `a` to name: those that `b` lacks (`other` false) or has
 * otherwise. */
static void
name_units(const struct units *a, const struct units *b, bool other,
    const char *word, struct str *out)
{
	struct str s = STR_INIT;
	size_t i, n = 0;

	for (i = 0; i < a->n; i++) {
		const struct unit *same = find(b, a->v[i].key);

		if (other ? same == NULL || strcmp(same->body,
		    a->v[i].body) == 0 : same != NULL)
			continue;
		if (n++ >= NAMED_MAX)
			continue;
		str_add(&s, n > 1 ? "、" : "");
		safe_line(&s, a->v[i].words);
	}
	if (n > NAMED_MAX)
		str_addf(&s, " 等 %zu 项", n);
	if (n > 0)
		str_addf(out, "%s%s %s", out->len > 0 ? "；" : "", word,
		    s.buf);
	str_done(&s);
}

/* 「表单 儿童台账：」 */
static void
add_title(const struct edition_file *f, const struct units *u,
    struct str *out)
{
	const char *slash = strrchr(f->path, '/') + 1;

	str_addf(out, "%s ", edition_kind(f->path)->title);
	if (!str_blank(u->title))
		safe_line(out, u->title);
	else
		str_addf(out, "%.*s", (int)strcspn(slash, "."), slash);
	str_add(out, "：");
}

/* One file against the other; either may be NULL. */
static void
compare(const struct edition_file *old, const struct edition_file *now,
    struct str *out)
{
	struct units a = { NULL, 0, 0, NULL }, b = { NULL, 0, 0, NULL };
	struct str s = STR_INIT;

	if (old != NULL && now != NULL && strcmp(old->text, now->text) == 0)
		return;
	if (old != NULL)
		cut(old, &a);
	if (now != NULL)
		cut(now, &b);
	add_title(now != NULL ? now : old, now != NULL ? &b : &a, out);
	if (old != NULL && now != NULL) {
		name_units(&b, &a, false, "新增", &s);
		name_units(&b, &a, true, "改动", &s);
		name_units(&a, &b, false, "去掉", &s);
		str_add(out, s.len > 0 ? s.buf : "只改了说明");
	} else {
		str_add(out, now != NULL ? "新的" : "不再用");
	}
	str_addc(out, '\n');
	units_done(&a);
	units_done(&b);
	str_done(&s);
}

void
edition_changes(const struct edition *old, const struct edition *now,
    struct str *out)
{
	size_t i = 0, k = 0;

	while (i < old->n || k < now->n) {
		int c = i == old->n ? 1 : k == now->n ? -1 :
		    strcmp(old->file[i].path, now->file[k].path);

		compare(c <= 0 ? &old->file[i] : NULL, c >= 0 ? &now->file[k] :
		    NULL, out);
		i += c <= 0;
		k += c >= 0;
	}
}
