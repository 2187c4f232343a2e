/* The linter of workflows; see lint.h and linting.h. */
#include <stdlib.h>
#include <string.h>

#include "linting.h"
#include "mem.h"
#include "nearest.h"

static bool
comes_from(const struct move *m, const char *state)
{
	size_t i;

	for (i = 0; m->from[i] != NULL; i++)
		if (strcmp(m->from[i], state) == 0)
			return true;
	return false;
}

/* States that no chain of moves from the first one reaches. */
static void
lint_reach(struct lint *l, const struct codes *cs)
{
	const struct workflow *w = l->f->workflow;
	bool *reached = xcalloc(cs->n, sizeof *reached), moved = false;
	size_t i, j, k;

	for (i = 0; i < cs->n; i++)
		if (strcmp(cs->rows[i].name, w->initial) == 0)
			reached[i] = moved = true;
	while (moved) {
		moved = false;
		for (i = 0; i < cs->n; i++)
			for (j = 0; reached[i] && j < w->nmoves; j++)
				for (k = 0; k < cs->n; k++) {
					if (reached[k] || strcmp(
					    cs->rows[k].name,
					    w->moves[j].to) != 0 ||
					    !comes_from(&w->moves[j],
					    cs->rows[i].name))
						continue;
					reached[k] = moved = true;
				}
	}
	for (i = 0; i < cs->n && codes_find(cs, w->initial) != NULL; i++)
		if (!reached[i])
			lint_tell(l, MSG_STATE_UNREACHABLE, 0, 0, cs->rows[i].label,
			    NULL, NULL);
	free(reached);
}

static void
lint_move(struct lint *l, const struct move *m, const struct codes *states)
{
	const struct codes *roles = lint_list(l, m->line, "role");
	struct nearest n;
	size_t i, j;

	lint_code(l, states, m->to, m->line, MSG_STATE_UNKNOWN,
	    MSG_STATE_NEAR);
	for (i = 0; m->from[i] != NULL; i++) {
		lint_code(l, states, m->from[i], m->line, MSG_STATE_UNKNOWN,
		    MSG_STATE_NEAR);
		if (strcmp(m->from[i], m->to) == 0)
			lint_tell(l, MSG_MOVE_FROM_ITSELF, m->line, 2, m->to, NULL,
			    NULL);
	}
	for (i = 0; m->roles[i] != NULL; i++)
		lint_code(l, roles, m->roles[i], m->line, MSG_ROLE_UNKNOWN,
		    MSG_ROLE_NEAR);
	for (i = 0; i < m->nsets; i++) {
		if (form_field(l->f, m->sets[i].field) != NULL)
			continue;
		n = (struct nearest)NEAREST_INIT(m->sets[i].field);
		for (j = 0; j < l->f->nfields; j++)
			nearest_offer(&n, l->f->fields[j].name);
		lint_tell(l, n.word == NULL ? MSG_FIELD_UNKNOWN : MSG_FIELD_NEAR,
		    m->sets[i].expr.line, m->sets[i].expr.col,
		    m->sets[i].field, "sets", n.word);
	}
	if (m->condition.sql != NULL && m->condition_message == NULL)
		lint_tell(l, MSG_CONDITION_NO_MESSAGE, m->condition.line,
		    m->condition.col, m->name, NULL, NULL);
}

void
lint_workflow(struct lint *l)
{
	const struct workflow *w = l->f->workflow;
	const struct codes *cs;
	size_t i;

	if (w == NULL)
		return;
	cs = lint_list(l, 0, w->list);
	if (cs == NULL)
		return;
	lint_code(l, cs, w->initial, 0, MSG_STATE_UNKNOWN, MSG_STATE_NEAR);
	for (i = 0; i < w->nmoves; i++)
		lint_move(l, &w->moves[i], cs);
	lint_reach(l, cs);
}
