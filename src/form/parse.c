/* See parse.h: sections in general, and groups. */
#include "parse.h"

#include <stdio.h>
#include <string.h>

#include "ddl.h"
#include "expr.h"
#include "nearest.h"
#include "parsing.h"
#include "token.h"

enum { NAME_MAX_LEN = 40 };

void
parse_at(struct parsing *p, enum msg id, const struct ini_property *pr,
    const char *a, const char *b, const char *c)
{
	messages_add(p->ms, id, p->ini.file, pr->line, pr->col, a, b, c);
}

void
parse_at_section(struct parsing *p, enum msg id, const struct ini_section *s,
    const char *a, const char *b, const char *c)
{
	messages_add(p->ms, id, p->ini.file, s->line, s->col, a, b, c);
}

void
parse_unknown(struct parsing *p, const struct ini_section *s,
    const struct ini_property *pr, const char *const *known)
{
	const char *near = nearest_of(pr->key, known);

	messages_add(p->ms,
	    near == NULL ? MSG_PROPERTY_UNKNOWN : MSG_PROPERTY_NEAR,
	    p->ini.file, pr->line, pr->key_col, pr->key, s->name, near);
}

bool
parse_once(struct parsing *p, const struct ini_section *s, size_t i)
{
	const struct ini_property *pr = &s->props[i];
	char line[16];
	size_t j;

	for (j = 0; j < i; j++)
		if (strcmp(s->props[j].key, pr->key) == 0) {
			snprintf(line, sizeof line, "%d", s->props[j].line);
			messages_add(p->ms, MSG_PROPERTY_TWICE, p->ini.file,
			    pr->line, pr->key_col, pr->key, line, NULL);
			return false;
		}
	return true;
}

void
parse_expr_from(struct parsing *p, const struct ini_property *pr, size_t from,
    struct expr *out)
{
	struct tokens t;
	int line = pr->line, col = pr->col;

	ini_place(pr->raw, from, &line, &col);
	*out = (struct expr){ pr->raw + from, line, col };
	if (tokens_read(&t, out->sql) < 0) {
		ini_place(out->sql, t.wrong_at, &line, &col);
		if (t.wrong != MSG_EXPR_EMPTY || *pr->value != '\0')
			messages_add(p->ms, t.wrong, p->ini.file, line, col,
			    t.a, t.b, NULL);
	}
	tokens_done(&t);
}

void
parse_expr(struct parsing *p, const struct ini_property *pr, struct expr *out)
{
	parse_expr_from(p, pr, 0, out);
}

const char **
parse_words(struct parsing *p, const char *text, size_t *n)
{
	size_t cap = strlen(text) / 2 + 2, len;
	const char **words = arena_alloc(p->arena, cap * sizeof *words);

	*n = 0;
	for (;;) {
		text += strspn(text, " \t");
		len = strcspn(text, " \t");
		if (len == 0)
			return words;
		words[(*n)++] = arena_strn(p->arena, text, len);
		text += len;
	}
}

bool
parse_is_name(const char *word)
{
	size_t n = strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return *word >= 'a' && *word <= 'z' && word[n] == '\0';
}

bool
parse_is_parent(const struct form *f, const char *name)
{
	size_t i;

	for (i = 0; f->of[i] != NULL; i++)
		if (strcmp(f->of[i], name) == 0)
			return true;
	return false;
}

bool
form_is_fixed(const char *name)
{
	size_t i;

	for (i = 0; ddl_fixed[i] != NULL; i++)
		if (strcmp(ddl_fixed[i], name) == 0)
			return true;
	return false;
}

struct field *
parse_new_field(struct parsing *p)
{
	struct form *f = p->form;
	struct field *old = f->fields;

	if (f->nfields == p->field_cap) {
		/* No more fields than sections, but for made refs. */
		p->field_cap = p->field_cap == 0 ? p->ini.n :
		    p->field_cap + 4;
		f->fields = arena_alloc(p->arena,
		    p->field_cap * sizeof *f->fields);
		if (f->nfields > 0)
			memcpy(f->fields, old, f->nfields * sizeof *old);
	}
	f->fields[f->nfields].form = f;
	f->fields[f->nfields].index = (int)f->nfields;
	return &f->fields[f->nfields++];
}

struct page *
parse_page(struct parsing *p)
{
	struct form *f = p->form;
	struct page *old = f->pages;

	if (f->npages == p->page_cap) {
		p->page_cap = p->page_cap == 0 ? 8 : p->page_cap * 2;
		f->pages = arena_alloc(p->arena,
		    p->page_cap * sizeof *f->pages);
		if (f->npages > 0)
			memcpy(f->pages, old, f->npages * sizeof *old);
	}
	return &f->pages[f->npages++];
}

static void
group(struct parsing *p, const struct ini_section *s)
{
	static const char *const keys[] = {
		"type", "label", "relevant", "hint", NULL
	};
	const struct ini_property *pr;
	struct page *page = parse_page(p);
	size_t i;

	page->name = s->name;
	for (i = 0; i < s->n; i++) {
		pr = &s->props[i];
		if (!parse_once(p, s, i))
			continue;
		if (strcmp(pr->key, "label") == 0)
			page->label = pr->value;
		else if (strcmp(pr->key, "relevant") == 0)
			parse_expr(p, pr, &page->relevant);
		else if (strcmp(pr->key, "type") != 0 &&
		    strcmp(pr->key, "hint") != 0)
			parse_unknown(p, s, pr, keys);
	}
	if (page->label == NULL)
		parse_at_section(p, MSG_LABEL_MISSING, s, s->name, NULL, NULL);
}

const struct ini_property *
parse_property(const struct ini_section *s, const char *key)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (strcmp(s->props[i].key, key) == 0)
			return &s->props[i];
	return NULL;
}

/* May a field or group be called so? */
static bool
name_ok(struct parsing *p, const struct ini_section *s)
{
	if (!parse_is_name(s->name))
		parse_at_section(p, MSG_SECTION_NAME, s, s->name, NULL, NULL);
	else if (strlen(s->name) > NAME_MAX_LEN)
		parse_at_section(p, MSG_FIELD_LONG, s, s->name, NULL, NULL);
	else if (form_is_fixed(s->name))
		parse_at_section(p, MSG_FIELD_FIXED, s, s->name, NULL, NULL);
	else if (expr_keyword(s->name) && !parse_is_parent(p->form, s->name))
		parse_at_section(p, MSG_FIELD_KEYWORD, s, s->name, NULL, NULL);
	else
		return true;
	return false;
}

/* "move assess" is close to no field name; "from" and "filed" might be. */
static void
named_section(struct parsing *p, const struct ini_section *s)
{
	static const char *const special[] = {
		"form", "workflow", "move", NULL
	};
	const char *blank = strpbrk(s->name, " \t"), *near;
	char *head;

	if (blank == NULL) {
		if (name_ok(p, s))
			parse_field(p, s);
		return;
	}
	head = arena_strn(p->arena, s->name, (size_t)(blank - s->name));
	blank += strspn(blank, " \t");
	if (strcmp(head, "move") == 0) {
		parse_move(p, s, blank);
		return;
	}
	near = nearest_of(head, special);
	parse_at_section(p, near == NULL ? MSG_SECTION_UNKNOWN :
	    MSG_SECTION_NEAR, s, s->name, near, NULL);
}

static void
body(struct parsing *p, const struct ini_section *s)
{
	const struct ini_property *type = parse_property(s, "type");

	if (strcmp(s->name, "form") == 0 || strcmp(s->name, "workflow") == 0)
		return;
	if (strcmp(s->name, "move") == 0)
		parse_at_section(p, MSG_MOVE_NO_NAME, s, NULL, NULL, NULL);
	else if (type != NULL && strcmp(type->value, "group") == 0) {
		if (name_ok(p, s))
			group(p, s);
	} else
		named_section(p, s);
}

static void
sections_once(struct parsing *p)
{
	const struct ini_section *s;
	char line[16];
	size_t i, j;

	for (i = 1; i < p->ini.n; i++)
		for (j = 0, s = &p->ini.sections[i]; j < i; j++)
			if (strcmp(p->ini.sections[j].name, s->name) == 0) {
				snprintf(line, sizeof line, "%d",
				    p->ini.sections[j].line);
				parse_at_section(p, MSG_SECTION_TWICE, s,
				    s->name, line, NULL);
				break;
			}
}

struct ini_section *
parse_section(struct parsing *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->ini.n; i++)
		if (strcmp(p->ini.sections[i].name, name) == 0)
			return &p->ini.sections[i];
	return NULL;
}

/* What can only be said when all fields are known. */
static void
finish(struct parsing *p, const struct ini_section *head)
{
	struct form *f = p->form;
	size_t i;

	parse_named(p, head, "list", &f->list, &f->nlist);
	parse_named(p, head, "key", &f->key, &f->nkey);
	parse_named(p, head, "find", &f->find, &f->nfind);
	for (i = 0; i < f->nlist; i++)
		f->fields[f->list[i]].in_list = true;
	for (i = 0; i < f->nkey; i++)
		f->fields[f->key[i]].in_key = true;
	for (i = 0; i < f->nfind; i++)
		f->fields[f->find[i]].in_find = true;
	if (f->nfields == 0)
		messages_add(p->ms, MSG_NO_FIELDS, p->ini.file, 0, 0, NULL,
		    NULL, NULL);
	if (f->npages == 0)
		parse_page(p);
	if (f->pages[0].name == NULL)
		f->pages[0].name = "main";
	if (f->pages[0].label == NULL)
		f->pages[0].label = f->title;
}

static void
read_form(struct parsing *p)
{
	static const char *none[] = { NULL };
	struct ini_section *head = parse_section(p, "form"), *flow;
	size_t i;

	if (head == NULL) {
		if (p->ini.n > 0)
			messages_add(p->ms, MSG_NO_FORM, p->ini.file, 0, 0,
			    NULL, NULL, NULL);
		return;
	}
	sections_once(p);
	p->form->of = none;
	parse_form(p, head);
	parse_file_name(p, head);
	parse_refs(p);
	flow = parse_section(p, "workflow");
	if (flow != NULL)
		parse_workflow(p, flow);
	for (i = 0; i < p->ini.n; i++)
		body(p, &p->ini.sections[i]);
	finish(p, head);
}

/* Not a text file: anything further would only be noise. */
static bool
is_unreadable(const struct messages *ms)
{
	size_t i;

	for (i = 0; i < ms->n; i++)
		if (ms->v[i].id == MSG_UTF8 || ms->v[i].id == MSG_NUL)
			return true;
	return false;
}

struct form *
form_parse(const char *text, size_t len, const char *file, struct arena *a,
    struct messages *ms)
{
	struct parsing p = { .arena = a, .ms = ms };
	size_t before = ms->errors;

	p.form = arena_alloc(a, sizeof *p.form);
	p.form->file = arena_str(a, file);
	if (len > INI_LIMIT) {
		messages_add(ms, MSG_TOO_BIG, file, 0, 0, NULL, NULL, NULL);
		return NULL;
	}
	ini_read(&p.ini, p.form->file, text, len, a, ms);
	if (!is_unreadable(ms))
		read_form(&p);
	ini_done(&p.ini);
	return ms->errors > before || ms->full ? NULL : p.form;
}
