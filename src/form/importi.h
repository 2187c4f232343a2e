/* What the files behind import.h share. */
#ifndef TONGJI_IMPORTI_H
#define TONGJI_IMPORTI_H

#include "heading.h"
#include "import.h"
#include "record.h"
#include "rejects.h"
#include "textmap.h"

/* Why a row is refused. */
struct problem {
	const struct field *field;	/* NULL for the row as a whole */
	const char *label;	/* borrowed; "" without a field */
	char *text;		/* heap */
};

struct import {
	struct forms *fs;
	const struct form *f;
	const struct import_options *o;
	struct import_result *out;
	struct sheet *sheet;
	struct heading head;
	struct cells row;
	struct rejects rejects;

	/* The row at hand, by field. */
	char **val;		/* stored values, heap; NULL empty */
	struct str clean;	/* text of the cell at hand */
	const char *uid;	/* as given, or NULL */
	const char *state;
	struct problem *problem;
	size_t nproblems, problems_cap;

	int strong;		/* field index or -1 */
	int *weak;
	size_t nweak;
	char *strong_sql, *weak_sql;
	bool *suggestion;	/* defaults that imports do not use */
	bool *column;		/* fields that have one */
	char *site;
	struct textmap seen;	/* keys and uids met in this file → line */
	struct textmap refs;	/* field, text → uid */
	size_t listed;
	bool open;		/* the transaction of rows */
};

/* Add a reason to refuse the row at hand; `fld` may be NULL. */
void import_problem(struct import *m, const struct field *fld,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* import_cell.c: the cells of the row into m->val; problems are collected.
 * Negative only for errors that end the import. */
int import_cells(struct import *m, struct err *e) MUST_CHECK;

/* import_match.c: prepare, then find the record that the row means: 1 with
 * `uid`, 0 for a new one, negative to end the import; problems collected. */
void import_match_init(struct import *m);
int import_match(struct import *m, char uid[37], struct err *e) MUST_CHECK;
/* Remember the row's keys, and `uid` if it was saved. */
void import_remember(struct import *m, const char *uid);

/* import_state.c: the state that the row asks for, when the record is not in
 * it (NULL otherwise); and the way there.  A refusal is a problem of the row
 * and leaves changes behind: the caller rolls back. */
const struct code *import_state(struct import *m, const struct record *r);
int import_move(struct import *m, struct record *r, const struct code *target,
    struct err *e) MUST_CHECK;

/* import_row.c: one row, counted in m->out.  Negative to end the import. */
int import_row(struct import *m, struct err *e) MUST_CHECK;
/* Is this an error of one row (or of everything)? */
bool import_row_error(int code);

#endif
