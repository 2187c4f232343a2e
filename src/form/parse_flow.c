/* [workflow] and [move NAME] (see parsing.h). */
#include <string.h>

#include "parsing.h"

static const char *const flow_keys[] = { "states", "initial", NULL };
static const char *const move_keys[] = {
	"from", "to", "label", "roles", "condition", "condition_message",
	"sets", NULL
};

static void
name_value(struct parsing *p, const struct ini_property *pr, const char **out)
{
	if (*pr->value != '\0' && !parse_is_name(pr->value))
		parse_at(p, MSG_NAME_BAD, pr, pr->value, NULL, NULL);
	*out = pr->value;
}

static size_t
count_moves(const struct parsing *p)
{
	size_t i, n = 0;

	for (i = 0; i < p->ini.n; i++)
		n += str_starts(p->ini.sections[i].name, "move ") ||
		    str_starts(p->ini.sections[i].name, "move\t");
	return n;
}

void
parse_workflow(struct parsing *p, const struct ini_section *s)
{
	struct workflow *w = arena_alloc(p->arena, sizeof *w);
	const struct ini_property *pr;
	size_t i;

	p->form->workflow = w;
	w->moves = arena_alloc(p->arena, count_moves(p) * sizeof *w->moves);
	for (i = 0; i < s->n; i++) {
		pr = &s->props[i];
		if (!parse_once(p, s, i))
			continue;
		if (strcmp(pr->key, "states") == 0)
			name_value(p, pr, &w->list);
		else if (strcmp(pr->key, "initial") == 0)
			name_value(p, pr, &w->initial);
		else
			parse_unknown(p, s, pr, flow_keys);
	}
	if (w->list == NULL)
		parse_at_section(p, MSG_INITIAL_MISSING, s, "states", NULL,
		    NULL);
	if (w->initial == NULL)
		parse_at_section(p, MSG_INITIAL_MISSING, s, "initial", NULL,
		    NULL);
}

/* sets = FIELD = EXPRESSION. */
static void
set(struct parsing *p, const struct ini_property *pr, struct move *m)
{
	const char *eq = strchr(pr->raw, '=');
	size_t len = strspn(pr->raw, "abcdefghijklmnopqrstuvwxyz0123456789_");
	size_t from;

	if (eq == NULL || len == 0 ||
	    len + strspn(pr->raw + len, " \t") != (size_t)(eq - pr->raw)) {
		parse_at(p, MSG_SETS_BAD, pr, NULL, NULL, NULL);
		return;
	}
	from = (size_t)(eq - pr->raw) + 1;
	from += strspn(pr->raw + from, " \t");
	m->sets[m->nsets].field = arena_strn(p->arena, pr->raw, len);
	parse_expr_from(p, pr, from, &m->sets[m->nsets].expr);
	m->nsets++;
}

static void
move_property(struct parsing *p, const struct ini_section *s, size_t i,
    struct move *m)
{
	const struct ini_property *pr = &s->props[i];
	size_t n;

	if (strcmp(pr->key, "sets") == 0)
		set(p, pr, m);
	else if (!parse_once(p, s, i))
		return;
	else if (strcmp(pr->key, "from") == 0)
		m->from = parse_words(p, pr->value, &n);
	else if (strcmp(pr->key, "roles") == 0)
		m->roles = parse_words(p, pr->value, &n);
	else if (strcmp(pr->key, "to") == 0)
		name_value(p, pr, &m->to);
	else if (strcmp(pr->key, "label") == 0)
		m->label = pr->value;
	else if (strcmp(pr->key, "condition") == 0)
		parse_expr(p, pr, &m->condition);
	else if (strcmp(pr->key, "condition_message") == 0)
		m->condition_message = pr->value;
	else
		parse_unknown(p, s, pr, move_keys);
}

void
parse_move(struct parsing *p, const struct ini_section *s, const char *name)
{
	static const char *nobody[] = { NULL };
	struct workflow *w = p->form->workflow;
	struct move *m;
	size_t i;

	if (w == NULL) {
		parse_at_section(p, MSG_MOVE_ALONE, s, name, NULL, NULL);
		return;
	}
	if (!parse_is_name(name))
		parse_at_section(p, MSG_NAME_BAD, s, name, NULL, NULL);
	m = &w->moves[w->nmoves++];
	m->name = name;
	m->line = s->line;
	m->roles = nobody;
	m->sets = arena_alloc(p->arena, (s->n + 1) * sizeof *m->sets);
	for (i = 0; i < s->n; i++)
		move_property(p, s, i, m);
	if (m->from == NULL)
		parse_at_section(p, MSG_PROPERTY_MISSING, s, s->name, "from",
		    NULL);
	if (m->to == NULL)
		parse_at_section(p, MSG_PROPERTY_MISSING, s, s->name, "to",
		    NULL);
	if (m->label == NULL)
		parse_at_section(p, MSG_PROPERTY_MISSING, s, s->name, "label",
		    NULL);
}
