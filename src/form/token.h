/* An SQL expression as words: enough to see that it is one expression and
 * which names stand for fields of this record.  SQLite parses it; this only
 * keeps anything else than one expression from reaching it.
 *
 * Refused here: statements (`;`), comments, unbalanced quotes and brackets, a
 * closing bracket before its opening one (`a), z text default (1`), a comma
 * at the top (two columns), WITH, parameters other than :today :user :site,
 * characters that SQL does not know outside quotes (full-width ones get their
 * twin named). */
#ifndef TONGJI_TOKEN_H
#define TONGJI_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "message.h"

enum token_kind {
	TOK_WORD,		/* name, keyword or function */
	TOK_QUOTED,		/* "name" */
	TOK_STRING,		/* 'text' */
	TOK_NUMBER,
	TOK_PARAM,		/* :today */
	TOK_OP			/* everything else, one or two bytes */
};

struct token {
	enum token_kind kind;
	size_t at, len;		/* bytes in the expression */
	int select;		/* sub-selects around it, 0 = none */
	bool call;		/* a name in front of `(` */
};

struct tokens {
	const char *sql;	/* borrowed */
	struct token *v;
	size_t n, cap;
	/* When tokens_read() fails: what, where, about which word. */
	enum msg wrong;
	size_t wrong_at;
	char a[64], b[64];
};

/* 0, or -1 with wrong, wrong_at, a, b set.  tokens_done() in both cases. */
int tokens_read(struct tokens *t, const char *sql);
void tokens_done(struct tokens *t);

/* Is token `i` this word (without regard to case)?  False past the end. */
bool token_is(const struct tokens *t, size_t i, const char *word);
/* The byte where the first token is that is this word or "word"; TOKEN_NONE
 * if it is nowhere. */
#define TOKEN_NONE ((size_t)-1)
size_t token_find(const struct tokens *t, const char *word);
/* The name that a word or quoted token stands for, into buf (cut there). */
void token_name(const struct tokens *t, size_t i, char *buf, size_t size);

enum token_name_kind {
	NAME_OTHER,		/* keyword, function, table, alias, unknown */
	NAME_BARE,		/* one name by itself */
	NAME_THIS,		/* `this . name`: three tokens from i */
	NAME_CHOICE		/* `choice . name` */
};
/* What does the name at token `i` stand for?  *name becomes the token of the
 * last part.  A word after AS is never a name; the parts behind a point are
 * never looked at by themselves. */
enum token_name_kind token_classify(const struct tokens *t, size_t i,
    size_t *name);

#endif
