/* See rewrite.h. */
#include "rewrite.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "expr.h"
#include "mem.h"
#include "modelling.h"

int
rewrite_today(const struct form *f)
{
	return PARAM_FIELD + (int)f->nfields;
}

int
rewrite_choice(const struct form *f)
{
	return rewrite_today(f) + 3;
}

size_t
rewrite_params(const struct form *f, const struct codes *choices)
{
	size_t n = (size_t)rewrite_choice(f) + 1, i;

	if (choices == NULL)
		return n;
	for (i = 0; choices->columns[i] != NULL; i++)
		n++;
	return n + 2;
}

static void
piece(struct rewrite *r, size_t from)
{
	r->pieces = mem_grow(r->pieces, r->n, &r->cap, sizeof *r->pieces);
	r->pieces[r->n++] = (struct piece){ r->sql.len, from };
}

static void
put_param(struct rewrite *r, int number)
{
	r->uses_record = true;
	if (r->used != NULL)
		r->used[number] = true;
	str_addf(&r->sql, "?%d", number);
}

static bool
known_name(const char *name, int *number, const struct form *f)
{
	const struct field *fld = form_field(f, name);

	if (fld != NULL)
		*number = PARAM_FIELD + fld->index;
	else if (strcmp(name, "uid") == 0)
		*number = PARAM_UID;
	else if (strcmp(name, "state") == 0)
		*number = PARAM_STATE;
	else
		return false;
	return true;
}

/* A field, uid or state by its name.  False if it is none of them. */
static bool
put_name(struct rewrite *r, const char *name)
{
	int number;

	if (!known_name(name, &number, r->form))
		return false;
	r->uses_record = true;
	if (r->style == REWRITE_PARAMS)
		put_param(r, number);
	else
		str_addf(&r->sql, "%s\"%s\"",
		    r->style == REWRITE_NEW ? "NEW." : "", name);
	return true;
}

static bool
put_choice(struct rewrite *r, const char *name)
{
	int base = rewrite_choice(r->form), i;

	if (r->choices == NULL)
		return false;
	if (strcmp(name, "name") == 0 || strcmp(name, "label") == 0) {
		put_param(r, base + (*name == 'l'));
		return true;
	}
	for (i = 0; r->choices->columns[i] != NULL; i++)
		if (strcmp(r->choices->columns[i], name) == 0) {
			put_param(r, base + 2 + i);
			return true;
		}
	return false;
}

static void
put_day(struct rewrite *r, const struct tokens *t, size_t i)
{
	int n = rewrite_today(r->form);

	r->uses_params = true;
	if (r->style != REWRITE_PARAMS)
		str_addn(&r->sql, t->sql + t->v[i].at, t->v[i].len);
	else if (token_is(t, i, ":today"))
		put_param(r, n);
	else
		put_param(r, token_is(t, i, ":user") ? n + 1 : n + 2);
}

/* Is token `i` the name of a table behind FROM, JOIN, or a comma between
 * tables? */
static bool
is_table(const struct rewrite *r, const struct tokens *t, size_t i,
    char *name, size_t size)
{
	const struct token *k = &t->v[i];
	size_t j = i;
	int depth = 0;

	if (k->select == 0 || i == 0 || (k->kind != TOK_WORD &&
	    k->kind != TOK_QUOTED) || token_is(t, i + 1, "."))
		return false;
	token_name(t, i, name, size);
	if (!forms_exist(r->fs, name))
		return false;
	if (!token_is(t, i - 1, ","))
		return token_is(t, i - 1, "from") ||
		    token_is(t, i - 1, "join");
	/* A comma: the nearest clause before it at this depth is FROM. */
	while (j-- > 0) {
		if (token_is(t, j, ")"))
			depth++;
		else if (token_is(t, j, "(") && depth-- == 0)
			return false;
		if (depth != 0)
			continue;
		if (token_is(t, j, "from"))
			return true;
		if (token_is(t, j, "select") || token_is(t, j, "where") ||
		    token_is(t, j, "by"))
			return false;
	}
	return false;
}

static void
put_table(struct rewrite *r, const struct tokens *t, size_t i,
    const char *name)
{
	char next[64] = "";
	bool alias = false;

	str_addf(&r->sql, "(SELECT * FROM %s\"%s\" WHERE NOT deleted)",
	    r->tables == TABLES_LIVE ? "main." : "", name);
	if (i + 1 < t->n && (t->v[i + 1].kind == TOK_WORD ||
	    t->v[i + 1].kind == TOK_QUOTED)) {
		token_name(t, i + 1, next, sizeof next);
		alias = t->v[i + 1].kind == TOK_QUOTED ||
		    strcasecmp(next, "as") == 0 || !expr_keyword(next);
	}
	if (!alias)
		str_addf(&r->sql, " AS \"%s\"", name);
}

/* Does a term begin at token `i`, so that nothing before it binds tighter
 * than IN? */
static bool
begins_term(const struct tokens *t, size_t i)
{
	static const char *const before[] = {
		"(", "or", "not", "when", "then", "else", ",", NULL
	};
	const char *const *w;
	size_t j;

	if (i == 0)
		return true;
	for (w = before; *w != NULL; w++)
		if (token_is(t, i - 1, *w))
			return true;
	if (!token_is(t, i - 1, "and"))
		return false;
	for (j = 0; j < i; j++)
		if (token_is(t, j, "between"))
			return false;
	return true;
}

/* The end of `IN ('a', 'b', …)` that starts at token `i`, plain values only;
 * 0 if it is anything else. */
static size_t
plain_list(const struct tokens *t, size_t i)
{
	if (!token_is(t, i, "in") || !token_is(t, i + 1, "("))
		return 0;
	for (i += 2; i + 1 < t->n; i += 2) {
		if (t->v[i].kind != TOK_STRING && t->v[i].kind != TOK_NUMBER)
			return 0;
		if (token_is(t, i + 1, ")"))
			return i + 2;
		if (!token_is(t, i + 1, ","))
			return 0;
	}
	return 0;
}

/* SQLite opens a temporary b-tree for a list of three and more at every
 * evaluation, which costs more than all the rest: write it as comparisons.
 * `name` is the first token of the field, `i` the one behind it.  Returns
 * the token behind the list, 0 if nothing was written. */
static size_t
put_list(struct rewrite *r, const struct tokens *t, size_t name, size_t i,
    int number)
{
	bool negated = token_is(t, i, "not");
	size_t in = negated ? i + 1 : i, end = plain_list(t, in), k;

	if (r->style != REWRITE_PARAMS || end == 0 || !begins_term(t, name))
		return 0;
	str_add(&r->sql, negated ? "(NOT(" : "((");
	for (k = in + 2; k + 1 < end; k += 2) {
		str_add(&r->sql, k > in + 2 ? " OR " : "");
		put_param(r, number);
		str_addc(&r->sql, '=');
		piece(r, t->v[k].at);
		str_addn(&r->sql, t->sql + t->v[k].at, t->v[k].len);
	}
	str_add(&r->sql, "))");
	return end;
}

/* One token or `this.x`; returns the next one's index. */
static size_t
put_token(struct rewrite *r, const struct tokens *t, size_t i)
{
	const struct token *k = &t->v[i];
	enum token_name_kind kind;
	char name[64];
	size_t last, end;
	int number;

	piece(r, k->at);
	if (k->kind == TOK_PARAM) {
		put_day(r, t, i);
		return i + 1;
	}
	if (r->tables != TABLES_AS_WRITTEN &&
	    is_table(r, t, i, name, sizeof name)) {
		put_table(r, t, i, name);
		return i + 1;
	}
	kind = token_classify(t, i, &last);
	if (kind != NAME_OTHER) {
		token_name(t, last, name, sizeof name);
		if ((kind == NAME_THIS || (kind == NAME_BARE &&
		    k->select == 0)) && known_name(name, &number, r->form) &&
		    (end = put_list(r, t, i, last + 1, number)) > 0)
			return end;
		if ((kind == NAME_THIS && put_name(r, name)) ||
		    (kind == NAME_CHOICE && put_choice(r, name)) ||
		    (kind == NAME_BARE && k->select == 0 &&
		    put_name(r, name)))
			return last + 1;
	}
	str_addn(&r->sql, t->sql + k->at, k->len);
	return i + 1;
}

void
rewrite_tokens(struct rewrite *r, const struct tokens *t)
{
	size_t i, next;

	if (r->sql.buf == NULL)
		str_init(&r->sql);
	str_addc(&r->sql, '(');
	for (i = 0; i < t->n; i = next) {
		if (t->v[i].select > 0)
			r->has_select = true;
		next = put_token(r, t, i);
		if (next < t->n && t->v[next].at >
		    t->v[next - 1].at + t->v[next - 1].len)
			str_addc(&r->sql, ' ');
	}
	str_addc(&r->sql, ')');
	piece(r, strlen(t->sql));
}

int
rewrite_expr(struct rewrite *r, const char *sql)
{
	struct tokens t;
	int rc = tokens_read(&t, sql);

	if (rc == 0)
		rewrite_tokens(r, &t);
	tokens_done(&t);
	return rc;
}

size_t
rewrite_origin(const struct rewrite *r, size_t at)
{
	size_t i, from = 0;

	for (i = 0; i < r->n && r->pieces[i].to <= at; i++)
		from = r->pieces[i].from + (at - r->pieces[i].to);
	if (i < r->n && from > r->pieces[i].from)
		from = r->pieces[i].from;
	return from;
}

void
rewrite_done(struct rewrite *r)
{
	if (r->sql.buf != NULL)
		str_done(&r->sql);
	free(r->pieces);
	r->pieces = NULL;
	r->n = r->cap = 0;
}
