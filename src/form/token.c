/* See token.h. */
#include "token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mem.h"
#include "nearest.h"
#include "utf8.h"

enum { DEPTH_MAX = 60 };

struct walk {
	struct tokens *t;
	size_t at;
	int depth, select;
	size_t open_at[DEPTH_MAX];
	bool is_select[DEPTH_MAX + 1];
};

static const char *const params[] = { ":today", ":user", ":site", NULL };

/* Full-width signs that a Chinese input method leaves, and their twins. */
static const struct {
	const char *wide, *narrow;
} signs[] = {
	{ "（", "(" }, { "）", ")" }, { "，", "," }, { "＝", "=" },
	{ "‘", "'" }, { "’", "'" }, { "“", "'" }, { "”", "'" },
	{ "＇", "'" }, { "＂", "'" }, { "＜", "<" }, { "＞", ">" },
	{ "：", ":" }, { "！", "!" }, { "＋", "+" }, { "－", "-" },
	{ "＊", "*" }, { "／", "/" }, { "。", "." }, { "．", "." },
	{ "　", "空格" }, { "｜", "|" }, { "％", "%" }, { "；", ";" },
	{ "、", "," }, { "≤", "<=" }, { "≥", ">=" }, { "≠", "<>" },
};

static int
refuse(struct walk *w, enum msg id, size_t at, const char *a, size_t len,
    const char *b)
{
	struct tokens *t = w->t;

	t->wrong = id;
	t->wrong_at = at;
	if (len >= sizeof t->a)
		len = sizeof t->a - 1;
	memcpy(t->a, a == NULL ? "" : a, a == NULL ? 0 : len);
	t->a[a == NULL ? 0 : len] = '\0';
	snprintf(t->b, sizeof t->b, "%s", b == NULL ? "" : b);
	return -1;
}

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	    (c >= '0' && c <= '9');
}

static void
add(struct walk *w, enum token_kind kind, size_t len)
{
	struct tokens *t = w->t;

	t->v = mem_grow(t->v, t->n, &t->cap, sizeof *t->v);
	t->v[t->n++] = (struct token){
		.kind = kind, .at = w->at, .len = len, .select = w->select
	};
	w->at += len;
}

/* Text in quotes `q`, doubled to stand for itself. */
static int
quoted(struct walk *w, char q)
{
	const char *s = w->t->sql + w->at;
	size_t i = 1;

	for (;; i++) {
		if (s[i] == '\0' || (s[i] == '\n' && q == '"'))
			return refuse(w, q == '"' ? MSG_EXPR_DQUOTE :
			    MSG_EXPR_QUOTE, w->at, NULL, 0, NULL);
		if (s[i] == q && s[i + 1] == q)
			i++;
		else if (s[i] == q)
			break;
	}
	add(w, q == '"' ? TOK_QUOTED : TOK_STRING, i + 1);
	return 0;
}

static int
param(struct walk *w)
{
	const char *s = w->t->sql + w->at, *near;
	char word[64];
	size_t n = 1, i;

	while (is_word(s[n]))
		n++;
	for (i = 0; params[i] != NULL; i++)
		if (strlen(params[i]) == n && memcmp(params[i], s, n) == 0) {
			add(w, TOK_PARAM, n);
			return 0;
		}
	snprintf(word, sizeof word, "%.*s", (int)(n < 60 ? n : 60), s);
	near = nearest_of(word, params);
	return refuse(w, near == NULL ? MSG_EXPR_PARAM : MSG_EXPR_PARAM_NEAR,
	    w->at, s, n, near);
}

static int
word(struct walk *w)
{
	const char *s = w->t->sql + w->at;
	bool number = *s >= '0' && *s <= '9';
	size_t n = 1;

	while (is_word(s[n]) || (number && s[n] == '.'))
		n++;
	if (n == 4 && strncasecmp(s, "with", 4) == 0)
		return refuse(w, MSG_EXPR_RECURSIVE, w->at, NULL, 0, NULL);
	if (((n == 6 && strncasecmp(s, "select", 6) == 0) ||
	    (n == 6 && strncasecmp(s, "values", 6) == 0)) &&
	    !w->is_select[w->depth]) {
		w->is_select[w->depth] = true;
		w->select++;
	}
	add(w, number ? TOK_NUMBER : TOK_WORD, n);
	return 0;
}

static int
open_bracket(struct walk *w)
{
	struct tokens *t = w->t;

	if (w->depth == DEPTH_MAX)
		return refuse(w, MSG_EXPR_OTHER, w->at, "括号套得太深",
		    strlen("括号套得太深"), NULL);
	if (t->n > 0 && (t->v[t->n - 1].kind == TOK_WORD ||
	    t->v[t->n - 1].kind == TOK_QUOTED))
		t->v[t->n - 1].call = true;
	w->open_at[w->depth++] = w->at;
	w->is_select[w->depth] = false;
	add(w, TOK_OP, 1);
	return 0;
}

static int
close_bracket(struct walk *w)
{
	if (w->depth == 0)
		return refuse(w, MSG_EXPR_PAREN_EARLY, w->at, NULL, 0, NULL);
	if (w->is_select[w->depth])
		w->select--;
	w->depth--;
	add(w, TOK_OP, 1);
	return 0;
}

static int
strange(struct walk *w)
{
	const char *s = w->t->sql + w->at;
	uint32_t cp;
	size_t i, len = (size_t)(utf8_next(s, &cp) - s);

	for (i = 0; i < COUNT_OF(signs); i++)
		if (strlen(signs[i].wide) == len &&
		    memcmp(signs[i].wide, s, len) == 0)
			return refuse(w, MSG_EXPR_WIDE, w->at, s, len,
			    signs[i].narrow);
	return refuse(w, MSG_EXPR_CHAR, w->at, s, len, NULL);
}

static int
operator(struct walk *w)
{
	static const char *const two[] = {
		"||", "<>", "<=", ">=", "==", "!=", "<<", ">>", "->", NULL
	};
	const char *s = w->t->sql + w->at;
	size_t i;

	if (s[0] == ';')
		return refuse(w, MSG_EXPR_SEMICOLON, w->at, NULL, 0, NULL);
	if ((s[0] == '-' && s[1] == '-') || (s[0] == '/' && s[1] == '*'))
		return refuse(w, MSG_EXPR_COMMENT, w->at, NULL, 0, NULL);
	if (s[0] == ',' && w->depth == 0)
		return refuse(w, MSG_EXPR_COLUMNS, w->at, NULL, 0, NULL);
	for (i = 0; two[i] != NULL; i++)
		if (strncmp(s, two[i], 2) == 0) {
			add(w, TOK_OP, 2);
			return 0;
		}
	if (strchr("+-*/%<>=.,&|~", s[0]) == NULL)
		return strange(w);
	add(w, TOK_OP, 1);
	return 0;
}

static int
step(struct walk *w)
{
	char c = w->t->sql[w->at];

	if (c == ' ' || c == '\t' || c == '\n') {
		w->at++;
		return 0;
	}
	if (c == '\'' || c == '"')
		return quoted(w, c);
	if (c == ':' || c == '?' || c == '@' || c == '$')
		return param(w);
	if (is_word(c))
		return word(w);
	if (c == '(')
		return open_bracket(w);
	if (c == ')')
		return close_bracket(w);
	return operator(w);
}

int
tokens_read(struct tokens *t, const char *sql)
{
	struct walk w = { .t = t };

	*t = (struct tokens){ .sql = sql };
	while (sql[w.at] != '\0')
		if (step(&w) < 0)
			return -1;
	if (w.depth > 0)
		return refuse(&w, MSG_EXPR_PAREN_OPEN, w.open_at[w.depth - 1],
		    NULL, 0, NULL);
	if (t->n == 0)
		return refuse(&w, MSG_EXPR_EMPTY, 0, NULL, 0, NULL);
	return 0;
}

void
tokens_done(struct tokens *t)
{
	free(t->v);
	t->v = NULL;
	t->n = t->cap = 0;
}

bool
token_is(const struct tokens *t, size_t i, const char *word_)
{
	return i < t->n && t->v[i].len == strlen(word_) &&
	    strncasecmp(t->sql + t->v[i].at, word_, t->v[i].len) == 0;
}

void
token_name(const struct tokens *t, size_t i, char *buf, size_t size)
{
	const struct token *k = &t->v[i];
	size_t skip = k->kind == TOK_QUOTED ? 1 : 0, n = k->len - 2 * skip;

	if (n >= size)
		n = size - 1;
	memcpy(buf, t->sql + k->at + skip, n);
	buf[n] = '\0';
}

size_t
token_find(const struct tokens *t, const char *word_)
{
	char name[64];
	size_t i;

	for (i = 0; i < t->n; i++) {
		token_name(t, i, name, sizeof name);
		if (strcasecmp(name, word_) == 0)
			return t->v[i].at;
	}
	return TOKEN_NONE;
}

static bool
is_name(const struct tokens *t, size_t i)
{
	return i < t->n && !t->v[i].call &&
	    (t->v[i].kind == TOK_WORD || t->v[i].kind == TOK_QUOTED);
}

enum token_name_kind
token_classify(const struct tokens *t, size_t i, size_t *name)
{
	*name = i;
	if (!is_name(t, i) || (i > 0 && (token_is(t, i - 1, ".") ||
	    token_is(t, i - 1, "as"))))
		return NAME_OTHER;
	if (!token_is(t, i + 1, "."))
		return NAME_BARE;
	if (!is_name(t, i + 2))
		return NAME_OTHER;
	*name = i + 2;
	if (token_is(t, i, "this"))
		return NAME_THIS;
	return token_is(t, i, "choice") ? NAME_CHOICE : NAME_OTHER;
}
