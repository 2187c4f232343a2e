/* The SQL of a number: its rows, with the common pieces it names put in front,
 * prepared so that nothing but reading is possible. */
#ifndef TONGJI_INDSQL_H
#define TONGJI_INDSQL_H

#include "db.h"
#include "err.h"
#include "model.h"
#include "scheme.h"
#include "str.h"

struct indsql {
	const char *file;	/* for messages */
	int line, col;		/* where `body` begins in it */
	const char *head, *body, *tail;	/* SELECT … FROM ( body ) … */
	struct db *db;		/* NULL: the forms' own; else a database to
				 * lint against, without a session */
};

/* A kept statement (db_get), :today :from :to :period bound.  Messages name
 * the place in the file. */
struct stmt *indsql_get(struct forms *fs, const struct scheme *s,
    const struct indsql *q, const struct period *p, const char *on,
    struct err *e);

/* The same as text that the plain sqlite3 program runs on a copy of the
 * database, with the loadable extension: views of live rows, parameters,
 * statement.  Appends. */
int indsql_text(struct forms *fs, const struct scheme *s,
    const struct indsql *q, const struct period *p, const char *on,
    struct str *out, struct err *e) MUST_CHECK;

#endif
