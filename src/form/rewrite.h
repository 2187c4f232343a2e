/* An expression of a form in the shape in which SQLite gets it.
 *
 * In forms, a bare name outside sub-selects and `this.name` anywhere is a
 * field of the record at hand.  Each becomes a numbered parameter, a column,
 * or NEW."column".  Everything else stays as written. */
#ifndef TONGJI_REWRITE_H
#define TONGJI_REWRITE_H

#include <stdbool.h>
#include <stddef.h>

#include "model.h"
#include "str.h"
#include "token.h"

enum rewrite_style {
	REWRITE_PARAMS,		/* ?N, see rewrite_* below */
	REWRITE_COLUMNS,	/* "name", for CHECKs */
	REWRITE_NEW		/* NEW."name", for triggers */
};

/* Where a table's name stands for all live rows rather than for the session's
 * view: `main."x"` (or `"x"` in triggers) without its deleted rows. */
enum rewrite_tables { TABLES_AS_WRITTEN, TABLES_LIVE, TABLES_LIVE_TRIGGER };

struct rewrite {
	const struct form *form;
	enum rewrite_style style;
	enum rewrite_tables tables;
	struct forms *fs;	/* to know tables; needed unless AS_WRITTEN */
	/* A choice_filter's list: `choice.x` is a parameter. */
	const struct codes *choices;

	struct str sql;		/* result, appended to */
	/* Pieces: byte `to` of sql came from byte `from` of the expression. */
	struct piece {
		size_t to, from;
	} *pieces;
	size_t n, cap;
	bool uses_record;	/* a field or :today … occurs */
	bool uses_params;	/* :today :user :site occur */
	bool has_select;
	bool *used;		/* per parameter number, if not NULL */
};

/* Numbers of parameters: uid, state, the fields, the day, the login, the
 * site, the columns of a code (name, label, extra…). */
enum { PARAM_UID = 1, PARAM_STATE = 2, PARAM_FIELD = 3 };
int rewrite_today(const struct form *f);	/* then user, then site */
int rewrite_choice(const struct form *f);
/* Room for all of them, plus one. */
size_t rewrite_params(const struct form *f, const struct codes *choices);

/* Append the expression to r->sql, in brackets.  The tokens have been read
 * without error. */
void rewrite_tokens(struct rewrite *r, const struct tokens *t);
/* The same from text; -1 if it does not pass tokens_read(). */
int rewrite_expr(struct rewrite *r, const char *sql);
/* The place in the expression that byte `at` of r->sql came from. */
size_t rewrite_origin(const struct rewrite *r, size_t at);
void rewrite_done(struct rewrite *r);

#endif
