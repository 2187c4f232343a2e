/* The texts of one line of rows.jsonl (rows.h), whatever way it is written:
 * taken in one pass where it is plain (rowscan.h), else by the parser. */
#ifndef TONGJI_ROWTEXT_H
#define TONGJI_ROWTEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

struct rowtext_value {
	const char *name, *text;
};

struct rowtext {
	const char *form, *uid, *rv, *site;
	const char *created[2], *updated[2];	/* at, by; NULL: not said */
	const char *state;			/* NULL: none */
	bool deleted;
	const char **sup;
	struct rowtext_value *v;
	size_t nsup, sup_cap, nv, v_cap;
	char *copy;		/* all these texts lie in it, */
	void *json;		/* or in this one */
};

/* E_FORMAT when the line is no row; then there is nothing to free. */
int rowtext_read(struct rowtext *t, const char *line, size_t len,
    struct err *e) MUST_CHECK;
void rowtext_done(struct rowtext *t);

/* For those who fill it. */
void rowtext_add_sup(struct rowtext *t, const char *rv);
void rowtext_add_value(struct rowtext *t, const char *name, const char *text);

#endif
