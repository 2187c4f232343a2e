/* Pieces of a form's SQL that migrate.c puts together anew.  Every name says
 * `main.`: a session has views of the same names. */
#ifndef TONGJI_DDL_PARTS_H
#define TONGJI_DDL_PARTS_H

#include <stdbool.h>

#include "model.h"
#include "str.h"

/* "deleted OR (…)" of a constraint; nothing without one. */
void ddl_check(const struct field *fld, struct str *out);
/* CREATE TABLE under `name`, leaving out the constraints of fields that wait
 * (NULL: none). */
void ddl_table(const struct form *f, const char *name, const bool *waits,
    struct str *out);
/* ALTER TABLE … ADD COLUMN. */
void ddl_column(const struct field *fld, struct str *out);
void ddl_indexes(const struct form *f, struct str *out);
void ddl_triggers(struct forms *fs, const struct form *f, struct str *out);

/* Does the expression call one of our functions, so that it cannot stand in
 * the schema? */
bool ddl_needs_us(const char *sql);

#endif
