/* The [form] section and what it names (see parsing.h). */
#include <string.h>

#include "nearest.h"
#include "parsing.h"

/* [form], every property in one row. */
static const struct {
	const char *key;
	size_t at;		/* in struct form, of a const char * */
	bool is_name;
} texts[] = {
	{ "name", offsetof(struct form, name), true },
	{ "title", offsetof(struct form, title), false },
	{ "scope", offsetof(struct form, scope), false },
	{ "own", offsetof(struct form, own), true },
	{ "access", offsetof(struct form, access), true },
	{ "mirror", offsetof(struct form, mirror), true },
	{ "keep_message", offsetof(struct form, keep_message), false },
};

static const char *const form_keys[] = {
	"name", "title", "of", "scope", "own", "list", "key", "find", "display",
	"row_access", "access", "mirror", "keep", "keep_message", NULL
};

static bool
form_text(struct parsing *p, const struct ini_property *pr)
{
	size_t i;

	for (i = 0; i < COUNT_OF(texts); i++)
		if (strcmp(pr->key, texts[i].key) == 0)
			break;
	if (i == COUNT_OF(texts))
		return false;
	if (texts[i].is_name && *pr->value != '\0' &&
	    !parse_is_name(pr->value))
		parse_at(p, MSG_NAME_BAD, pr, pr->value, NULL, NULL);
	memcpy((char *)p->form + texts[i].at, &pr->value, sizeof pr->value);
	return true;
}

static void
form_of(struct parsing *p, const struct ini_property *pr)
{
	struct form *f = p->form;
	size_t n, i;

	f->of = parse_words(p, pr->value, &n);
	for (i = 0; i < n; i++)
		if (!parse_is_name(f->of[i]))
			parse_at(p, MSG_NAME_BAD, pr, f->of[i], NULL, NULL);
}

void
parse_form(struct parsing *p, const struct ini_section *s)
{
	struct form *f = p->form;
	const struct ini_property *pr;
	size_t i;

	for (i = 0; i < s->n; i++) {
		pr = &s->props[i];
		if (!parse_once(p, s, i) || form_text(p, pr))
			continue;
		if (strcmp(pr->key, "of") == 0)
			form_of(p, pr);
		else if (strcmp(pr->key, "display") == 0)
			parse_expr(p, pr, &f->display);
		else if (strcmp(pr->key, "row_access") == 0)
			parse_expr(p, pr, &f->row_access);
		else if (strcmp(pr->key, "keep") == 0)
			parse_expr(p, pr, &f->keep);
		else if (strcmp(pr->key, "list") != 0 &&
		    strcmp(pr->key, "key") != 0 &&
		    strcmp(pr->key, "find") != 0)
			parse_unknown(p, s, pr, form_keys);
	}
	if (f->name == NULL)
		parse_at_section(p, MSG_PROPERTY_MISSING, s, "form", "name",
		    NULL);
	if (f->title == NULL)
		parse_at_section(p, MSG_PROPERTY_MISSING, s, "form", "title",
		    NULL);
}

/* The file is called after the form. */
void
parse_file_name(struct parsing *p, const struct ini_section *s)
{
	const char *name = p->form->name;
	size_t len, i;
	char *stem;

	if (name == NULL || strchr(p->ini.file, '.') == NULL)
		return;
	len = (size_t)(strchr(p->ini.file, '.') - p->ini.file);
	if (strlen(name) == len && strncmp(name, p->ini.file, len) == 0)
		return;
	stem = arena_strn(p->arena, p->ini.file, len);
	for (i = 0; i < s->n; i++)
		if (strcmp(s->props[i].key, "name") == 0)
			parse_at(p, MSG_FORM_NAME, &s->props[i], name, stem,
			    NULL);
}

/* A ref column for each parent that the file does not describe itself. */
void
parse_refs(struct parsing *p)
{
	struct form *f = p->form;
	struct field *fld;
	size_t i;

	for (i = 0; f->of[i] != NULL; i++) {
		if (parse_section(p, f->of[i]) != NULL)
			continue;
		fld = parse_new_field(p);
		fld->name = fld->list = f->of[i];
		fld->type = T_REF;
		fld->implicit = true;
		if (f->of[1] == NULL)
			fld->required = (struct expr){ "true", 0, 0 };
	}
}

/* list, key, find: words into field indexes. */
void
parse_named(struct parsing *p, const struct ini_section *s, const char *key,
    int **out, size_t *n)
{
	const struct ini_property *pr = parse_property(s, key);
	struct form *f = p->form;
	const struct field *fld;
	struct nearest near;
	const char **words;
	size_t i, j, nwords;

	if (pr == NULL)
		return;
	words = parse_words(p, pr->value, &nwords);
	*out = arena_alloc(p->arena, (nwords + 1) * sizeof **out);
	for (i = 0; i < nwords; i++) {
		for (j = 0; j < i && strcmp(words[i], words[j]) != 0; j++)
			;
		if (j < i)
			parse_at(p, MSG_WORD_TWICE, pr, words[i], key, NULL);
		fld = form_field(f, words[i]);
		if (fld != NULL) {
			(*out)[(*n)++] = fld->index;
			continue;
		}
		if (strcmp(words[i], "state") == 0 && f->workflow != NULL &&
		    strcmp(key, "list") == 0) {
			f->list_state = true;
			continue;
		}
		near = (struct nearest)NEAREST_INIT(words[i]);
		for (j = 0; j < f->nfields; j++)
			nearest_offer(&near, f->fields[j].name);
		parse_at(p, near.word == NULL ? MSG_FIELD_UNKNOWN :
		    MSG_FIELD_NEAR, pr, words[i], key, near.word);
	}
}
