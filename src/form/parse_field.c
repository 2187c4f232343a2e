/* A [field] section (see parsing.h).  One row per property. */
#include <string.h>

#include "parsing.h"
#include "type.h"

enum value_kind {
	V_TEXT,			/* const char * */
	V_NAME,			/* the same, ASCII */
	V_EXPR,			/* struct expr */
	V_OTHER			/* handled by name */
};

static const struct row {
	const char *key;
	enum value_kind kind;
	size_t at;
} rows[] = {
	{ "type", V_OTHER, 0 },
	{ "label", V_TEXT, offsetof(struct field, label) },
	{ "hint", V_TEXT, offsetof(struct field, hint) },
	{ "required", V_EXPR, offsetof(struct field, required) },
	{ "relevant", V_EXPR, offsetof(struct field, relevant) },
	{ "readonly", V_EXPR, offsetof(struct field, readonly) },
	{ "constraint", V_EXPR, offsetof(struct field, constraint) },
	{ "constraint_message", V_TEXT,
	    offsetof(struct field, constraint_message) },
	{ "check", V_OTHER, 0 },
	{ "check_message", V_OTHER, 0 },
	{ "severity", V_OTHER, 0 },
	{ "calculation", V_EXPR, offsetof(struct field, calculation) },
	{ "default", V_EXPR, offsetof(struct field, default_) },
	{ "choice_filter", V_EXPR, offsetof(struct field, choice_filter) },
	{ "access", V_NAME, offsetof(struct field, access) },
	{ "appearance", V_TEXT, offsetof(struct field, appearance) },
	{ "mirror", V_TEXT, offsetof(struct field, mirror) },
	{ "history", V_NAME, offsetof(struct field, history) },
	{ "or_other", V_NAME, offsetof(struct field, or_other) },
};

static const char *const keys[] = {
	"type", "label", "hint", "required", "relevant", "readonly",
	"constraint", "constraint_message", "check", "check_message",
	"severity", "calculation", "default", "choice_filter", "access",
	"appearance", "mirror", "history", "or_other", NULL
};

static const struct row *
find_row(const char *key)
{
	size_t i;

	for (i = 0; i < COUNT_OF(rows); i++)
		if (strcmp(rows[i].key, key) == 0)
			return &rows[i];
	return NULL;
}

static void
set_plain(struct parsing *p, const struct row *row,
    const struct ini_property *pr, struct field *f)
{
	char *slot = (char *)f + row->at;

	if (row->kind == V_EXPR) {
		parse_expr(p, pr, (struct expr *)slot);
		return;
	}
	if (row->kind == V_NAME && *pr->value != '\0' &&
	    !parse_is_name(pr->value))
		parse_at(p, MSG_NAME_BAD, pr, pr->value, NULL, NULL);
	memcpy(slot, &pr->value, sizeof pr->value);
}

/* check, and the check_message and severity that follow it. */
static void
set_check(struct parsing *p, const struct ini_property *pr, struct field *f,
    bool seen[2])
{
	struct check *c = f->nchecks > 0 ? &f->checks[f->nchecks - 1] : NULL;
	int which = strcmp(pr->key, "severity") == 0;

	if (strcmp(pr->key, "check") == 0) {
		parse_expr(p, pr, &f->checks[f->nchecks++].expr);
		seen[0] = seen[1] = false;
		return;
	}
	if (c == NULL) {
		parse_at(p, MSG_CHECK_BEFORE, pr, pr->key, NULL, NULL);
		return;
	}
	if (seen[which]) {
		messages_add(p->ms, MSG_PROPERTY_TWICE, p->ini.file, pr->line,
		    pr->key_col, pr->key, "上一", NULL);
		return;
	}
	seen[which] = true;
	if (which == 0)
		c->message = pr->value;
	else if (strcmp(pr->value, "warning") == 0)
		c->severity = SEV_WARNING;
	else if (strcmp(pr->value, "error") != 0)
		parse_at(p, MSG_SEVERITY_BAD, pr, pr->value, NULL, NULL);
}

/* Properties that fit only some types. */
static void
check_fit(struct parsing *p, const struct ini_property *pr,
    const struct field *f)
{
	bool select = f->type == T_SELECT_ONE || f->type == T_SELECT_MULTIPLE;

	if (strcmp(pr->key, "choice_filter") == 0 && !select)
		parse_at(p, MSG_FILTER_TYPE, pr, NULL, NULL, NULL);
	if (strcmp(pr->key, "history") == 0 && f->type != T_SELECT_MULTIPLE)
		parse_at(p, MSG_HISTORY_TYPE, pr, NULL, NULL, NULL);
	if (strcmp(pr->key, "default") == 0 && f->type == T_CALCULATE)
		parse_at(p, MSG_PROPERTY_MISPLACED, pr, pr->key,
		    type_of(f)->name, NULL);
}

/* mirror = FORM.FIELD where [form] has mirror = FORM. */
static void
check_mirror(struct parsing *p, const struct ini_property *pr)
{
	const char *form = p->form->mirror, *dot = strchr(pr->value, '.');

	if (form == NULL || dot == NULL || !parse_is_name(dot + 1) ||
	    strlen(form) != (size_t)(dot - pr->value) ||
	    strncmp(form, pr->value, strlen(form)) != 0)
		parse_at(p, MSG_MIRROR_BAD, pr, pr->value, NULL, NULL);
}

static void
property(struct parsing *p, const struct ini_section *s, size_t i,
    struct field *f, bool seen[2])
{
	const struct ini_property *pr = &s->props[i];
	const struct row *row = find_row(pr->key);

	if (row == NULL)
		parse_unknown(p, s, pr, keys);
	else if (str_starts(pr->key, "check") ||
	    strcmp(pr->key, "severity") == 0)
		set_check(p, pr, f, seen);
	else if (!parse_once(p, s, i))
		return;
	else if (row->kind != V_OTHER) {
		set_plain(p, row, pr, f);
		check_fit(p, pr, f);
		if (strcmp(pr->key, "mirror") == 0)
			check_mirror(p, pr);
	}
}

/* The type comes first: other properties are judged by it. */
static void
find_type(struct parsing *p, const struct ini_section *s, struct field *f)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (strcmp(s->props[i].key, "type") == 0)
			break;
	if (i < s->n)
		parse_type(p, &s->props[i], f);
	if (parse_is_parent(p->form, f->name)) {
		if (i < s->n && (f->type != T_REF ||
		    !str_eq(f->list, f->name)))
			parse_at(p, MSG_IMPLICIT_TYPE, &s->props[i], f->name,
			    NULL, NULL);
		f->type = T_REF;
		f->list = f->name;
	} else if (i == s->n)
		parse_at_section(p, MSG_TYPE_MISSING, s, s->name, NULL, NULL);
}

void
parse_field(struct parsing *p, const struct ini_section *s)
{
	struct field *f = parse_new_field(p);
	bool seen[2] = { false, false };
	size_t i, checks = 0;

	if (p->form->npages == 0)
		parse_page(p);
	f->name = s->name;
	f->line = s->line;
	f->page = (int)p->form->npages - 1;
	for (i = 0; i < s->n; i++)
		checks += strcmp(s->props[i].key, "check") == 0;
	if (checks > 0)
		f->checks = arena_alloc(p->arena, checks * sizeof *f->checks);
	find_type(p, s, f);
	for (i = 0; i < s->n; i++)
		property(p, s, i, f, seen);
	if (parse_is_parent(p->form, f->name)) {
		f->implicit = true;
		if (p->form->of[1] == NULL && f->required.sql == NULL)
			f->required = (struct expr){ "true", s->line, s->col };
	} else if (f->label == NULL)
		parse_at_section(p, MSG_LABEL_MISSING, s, s->name, NULL, NULL);
	if (f->constraint_message != NULL && f->constraint.sql == NULL)
		parse_at_section(p, MSG_CONSTRAINT_BEFORE, s, NULL, NULL,
		    NULL);
	if (f->type == T_CALCULATE && f->calculation.sql == NULL)
		parse_at_section(p, MSG_CALCULATE_EMPTY, s, s->name, NULL,
		    NULL);
}
