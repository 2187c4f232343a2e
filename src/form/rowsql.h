/* The fixed SQL texts of one form's table, made once per form. */
#ifndef TONGJI_ROWSQL_H
#define TONGJI_ROWSQL_H

#include <stdbool.h>
#include <stddef.h>

#include "model.h"
#include "str.h"

struct rowsql {
	/* uid rv site created_at created_by updated_at updated_by state, then
	 * the fields; parameter ?1 is the uid */
	char *load;		/* from the session's view */
	char *load_main;	/* from the table, also deleted rows; column 8 is `deleted`, fields follow */
	char *insert;		/* ?1… in the order of the columns */
	char *update;		/* ?1 uid, ?2 rv, ?3 updated_at, ?4 updated_by, ?5 state, ?6 deleted, ?7… fields */
	int *image;		/* columns in name order: field index, or -1 rv, -2 state, -3 deleted */
	size_t nimage;
};

/* Made at the first call; lives as long as the form. */
const struct rowsql *rowsql_of(const struct form *f);
void rowsql_forget(const struct form *f);

/* The canonical image of a row (journal.h) with these field values. */
void rowsql_image(const struct form *f, const char *rv, const char *state,
    bool deleted, char *const *val, struct str *out);

#endif
