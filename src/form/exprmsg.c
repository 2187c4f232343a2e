/* SQLite's words about a wrong expression, in Chinese, with the place in the
 * form file and the nearest known name (see exprin.h). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ddl.h"
#include "exprin.h"
#include "ini.h"
#include "mem.h"
#include "modelling.h"
#include "nearest.h"
#include "rewrite.h"

struct complaint {
	struct forms *fs;
	const struct form *f;
	const struct expr *x;
	const struct tokens *t;
	const struct rewrite *r;
	int offset;		/* in r->sql, or -1 */
	struct messages *ms;
	char word[64];
};

/* The place in the expression: SQLite's, else the word's first occurrence. */
static size_t
place(const struct complaint *c)
{
	size_t at = c->offset >= 0 ?
	    rewrite_origin(c->r, (size_t)c->offset) :
	    token_find(c->t, c->word);

	return at > strlen(c->x->sql) ? 0 : at;
}

static void
say(struct complaint *c, enum msg id, const char *b)
{
	int line = c->x->line, col = c->x->col;

	ini_place(c->x->sql, place(c), &line, &col);
	messages_add(c->ms, id, c->f->file, line, col, c->word, b, NULL);
}

static void
near_or(struct complaint *c, const struct nearest *n, enum msg with,
    enum msg without)
{
	say(c, n->word != NULL ? with : without, n->word);
}

static void
offer_columns(const struct form *f, struct nearest *n)
{
	size_t i;

	for (i = 0; i < f->nfields; i++)
		nearest_offer(n, f->fields[i].name);
	nearest_offer(n, "uid");
	nearest_offer(n, "state");
}

static bool
in_select(const struct complaint *c)
{
	size_t at = place(c), i;

	for (i = 0; i < c->t->n; i++)
		if (c->t->v[i].at <= at && at < c->t->v[i].at +
		    c->t->v[i].len)
			return c->t->v[i].select > 0;
	return false;
}

static void
no_column(struct complaint *c)
{
	const char *const *names = forms_names(c->fs);
	const char *dot = strrchr(c->word, '.');
	const struct form *inner;
	struct nearest n;
	char qualifier[64] = "";
	size_t i;

	if (dot != NULL) {
		memcpy(qualifier, c->word, (size_t)(dot - c->word));
		qualifier[dot - c->word] = '\0';
		memmove(c->word, dot + 1, strlen(dot));
	}
	if (strcmp(qualifier, "choice") == 0) {
		if (c->r->choices == NULL)
			say(c, MSG_EXPR_CHOICE_HERE, NULL);
		else
			say(c, MSG_EXPR_CHOICE, c->r->choices->list);
		return;
	}
	n = (struct nearest)NEAREST_INIT(c->word);
	if (dot == NULL && in_select(c) &&
	    form_field(c->f, c->word) != NULL) {
		say(c, MSG_EXPR_THIS, NULL);
		return;
	}
	if (qualifier[0] == '\0' || strcmp(qualifier, "this") == 0)
		offer_columns(c->f, &n);
	for (i = 0; names[i] != NULL && strcmp(qualifier, "this") != 0; i++) {
		if (token_find(c->t, names[i]) == TOKEN_NONE)
			continue;
		inner = forms_get(c->fs, names[i], NULL);
		if (inner != NULL)
			offer_columns(inner, &n);
	}
	near_or(c, &n, MSG_EXPR_COLUMN_NEAR, c->x->sql[place(c)] == '"' ?
	    MSG_EXPR_QUOTED : MSG_EXPR_COLUMN);
}

static void
no_table(struct complaint *c)
{
	const char *near = nearest_of(c->word, forms_names(c->fs));

	if (forms_exist(c->fs, c->word))
		return;			/* its own mistakes are reported */
	say(c, near != NULL ? MSG_EXPR_TABLE_NEAR : MSG_EXPR_TABLE, near);
}

static void
no_function(struct complaint *c)
{
	struct nearest n = NEAREST_INIT(c->word);
	size_t i;

	for (i = 0; expr_builtins[i] != NULL; i++)
		nearest_offer(&n, expr_builtins[i]);
	for (i = 0; expr_ours[i] != NULL; i++)
		nearest_offer(&n, expr_ours[i]);
	near_or(c, &n, MSG_EXPR_FUNCTION_NEAR, MSG_EXPR_FUNCTION);
}

static void
bad_syntax(struct complaint *c)
{
	/* A bracket of ours at the end: it simply stops too early. */
	if (strcmp(c->word, ")") == 0 &&
	    place(c) >= strlen(c->x->sql)) {
		say(c, MSG_EXPR_INCOMPLETE, NULL);
		return;
	}
	say(c, MSG_EXPR_SYNTAX, NULL);
}

static void
plain(struct complaint *c)
{
	say(c, MSG_EXPR_OTHER, NULL);
}

static void
ambiguous(struct complaint *c)
{
	say(c, MSG_EXPR_AMBIGUOUS, NULL);
}

static void
arguments(struct complaint *c)
{
	say(c, MSG_EXPR_ARGS, NULL);
}

static void
forbidden(struct complaint *c)
{
	say(c, MSG_EXPR_FORBIDDEN_FUNCTION, NULL);
}

static void
aggregate(struct complaint *c)
{
	say(c, MSG_EXPR_AGGREGATE, NULL);
}

static void
incomplete(struct complaint *c)
{
	say(c, MSG_EXPR_INCOMPLETE, NULL);
}

static void
columns(struct complaint *c)
{
	snprintf(c->word, sizeof c->word, "子查询只能有一列");
	say(c, MSG_EXPR_OTHER, NULL);
}

/* SQLite's sentences: what stands before the word in question, what behind
 * it, and who answers. */
static const struct {
	const char *before, *after;
	void (*answer)(struct complaint *);
} sentences[] = {
	{ "no such column: ", "", no_column },
	{ "no such table: ", "", no_table },
	{ "no such function: ", "", no_function },
	{ "near \"", "\": syntax error", bad_syntax },
	{ "wrong number of arguments to function ", "()", arguments },
	{ "not authorized to use function: ", "", forbidden },
	{ "ambiguous column name: ", "", ambiguous },
	{ "misuse of aggregate: ", "()", aggregate },
	{ "misuse of aggregate function ", "()", aggregate },
	{ "incomplete input", "", incomplete },
	{ "sub-select returns ", "", columns },
};

void
expr_translate(struct forms *fs, const struct form *f, const struct expr *x,
    const struct tokens *t, const struct rewrite *r, int offset,
    const char *words, struct messages *ms)
{
	struct complaint c = { fs, f, x, t, r, offset, ms, "" };
	const char *hit, *end;
	size_t i, len;

	for (i = 0; i < COUNT_OF(sentences); i++) {
		hit = strstr(words, sentences[i].before);
		if (hit == NULL)
			continue;
		hit += strlen(sentences[i].before);
		end = *sentences[i].after == '\0' ? hit + strlen(hit) :
		    strstr(hit, sentences[i].after);
		len = end == NULL ? strlen(hit) : (size_t)(end - hit);
		if (len >= sizeof c.word)
			len = sizeof c.word - 1;
		memcpy(c.word, hit, len);
		c.word[len] = '\0';
		sentences[i].answer(&c);
		return;
	}
	snprintf(c.word, sizeof c.word, "%.60s", words);
	plain(&c);
}
