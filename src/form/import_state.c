/* A state that a file gives (办结): the record goes there by the form's own
 * moves, one after another, each with its condition and its journal entry, so
 * that last year's cases can be imported and nothing is jumped. */
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "importi.h"
#include "mem.h"
#include "safe.h"

struct path {
	const struct codes *states;
	const struct move **by;	/* per state: the move that leads there */
	size_t *from;		/* per state: the state before */
	bool *seen;
};

static size_t
number(const struct codes *cs, const char *name)
{
	size_t i;

	for (i = 0; i < cs->n; i++)
		if (strcmp(cs->rows[i].name, name) == 0)
			break;
	return i;
}

/* Does the record meet the move's condition? */
static bool
open_to(struct record *r, const struct move *m)
{
	char *v = NULL;
	bool yes;

	if (m->condition.sql == NULL)
		return true;
	if (expr_value(r->fs, r->form, &m->condition, X_CONDITION, r->uid,
	    r->state, r->val, &v, NULL) < 0)
		return false;
	yes = v != NULL && strcmp(v, "0") != 0;
	free(v);
	return yes;
}

/* Mark what one state leads to; appends to the queue. */
static size_t
spread(struct record *r, struct path *p, size_t at, size_t *queue, size_t n)
{
	char *was = r->state;
	const struct move **moves;
	size_t i, to;

	r->state = xstrdup(p->states->rows[at].name);
	moves = record_moves(r, NULL);
	for (i = 0; moves[i] != NULL; i++) {
		to = number(p->states, moves[i]->to);
		if (to == p->states->n || p->seen[to] || !open_to(r, moves[i]))
			continue;
		p->seen[to] = true;
		p->by[to] = moves[i];
		p->from[to] = at;
		queue[n++] = to;
	}
	free(moves);
	free(r->state);
	r->state = was;
	return n;
}

/* The shortest way: the moves in order, their number in *n.  NULL when there
 * is none. Heap. */
static const struct move **
find_path(struct record *r, const struct codes *cs, const char *target,
    size_t *n)
{
	struct path p = { cs, xcalloc(cs->n, sizeof *p.by),
	    xcalloc(cs->n, sizeof *p.from), xcalloc(cs->n, sizeof *p.seen) };
	size_t *queue = xcalloc(cs->n + 1, sizeof *queue), head, tail = 1;
	size_t start = number(cs, r->state), goal = number(cs, target), at;
	const struct move **out = NULL;

	*n = 0;
	if (start < cs->n && goal < cs->n) {
		queue[0] = start;
		p.seen[start] = true;
		for (head = 0; head < tail && !p.seen[goal]; head++)
			tail = spread(r, &p, queue[head], queue, tail);
		for (at = goal; p.seen[goal] && at != start; at = p.from[at])
			++*n;
		out = p.seen[goal] ? xcalloc(*n + 1, sizeof *out) : NULL;
		for (at = goal, head = *n; out != NULL && at != start;
		    at = p.from[at])
			out[--head] = p.by[at];
	}
	free(p.by);
	free(p.from);
	free(p.seen);
	free(queue);
	return out;
}

/* Why not: what the moves that lead there ask for. */
static void
explain(struct import *m, const struct record *r, const struct code *target)
{
	const struct workflow *w = r->form->workflow;
	struct str why = STR_INIT;
	size_t i;

	for (i = 0; i < w->nmoves; i++)
		if (strcmp(w->moves[i].to, target->name) == 0 &&
		    w->moves[i].condition_message != NULL)
			str_addf(&why, "%s%s：%s", why.len > 0 ? "；或" : "",
			    w->moves[i].label, w->moves[i].condition_message);
	import_problem(m, NULL, "不能到“%s”这一步%s%s", target->label,
	    why.len > 0 ? "，要先满足：" : "", why.buf);
	str_done(&why);
}

const struct code *
import_state(struct import *m, const struct record *r)
{
	const struct codes *cs;
	const struct code *c;
	char brief[SAFE_BRIEF];

	if (m->state == NULL || m->f->workflow == NULL)
		return NULL;
	cs = forms_codes(m->fs, m->f->workflow->list, NULL);
	c = cs != NULL ? codes_find(cs, m->state) : NULL;
	if (c == NULL)
		import_problem(m, NULL, "“%s”不是一种状态",
		    safe_brief(m->state, brief));
	return c == NULL || str_eq(c->name, r->state) ? NULL : c;
}

/* What the file says of fields that moves set (办结日期) wins over today. */
static int
put_back(struct import *m, struct record *r, struct err *e)
{
	size_t i;

	for (i = 0; i < m->f->nfields; i++)
		if (m->val[i] != NULL && m->f->fields[i].type != T_CALCULATE)
			record_put(r, &m->f->fields[i], m->val[i]);
	return record_changed(r) ? record_save(r, NULL, e) : 0;
}

int
import_move(struct import *m, struct record *r, const struct code *target,
    struct err *e)
{
	const struct codes *cs = forms_codes(m->fs, m->f->workflow->list, e);
	const struct move **path;
	size_t i, n;
	int rc = 0;

	path = cs != NULL ? find_path(r, cs, target->name, &n) : NULL;
	if (path == NULL) {
		explain(m, r, target);
		return err_set(e, E_REFUSED, "状态到不了");
	}
	for (i = 0; rc == 0 && i < n; i++)
		rc = record_move(r, path[i], e);
	free(path);
	return rc == 0 ? put_back(m, r, e) : rc;
}
