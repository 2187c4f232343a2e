/* Forms as tables: creation and migration.
 *
 * Columns of every table: uid TEXT PRIMARY KEY, rv TEXT (16 hex digits),
 * site TEXT, created_at TEXT, created_by TEXT, updated_at TEXT,
 * updated_by TEXT, state TEXT, deleted INTEGER NOT NULL DEFAULT 0, then the
 * fields; STRICT; a CHECK (deleted OR (…)) per constraint; an index on every
 * ref column and on every `key` field that is an id_card or date (a date
 * together with the key's `name`); workflow triggers of built-ins on rows of this site. */
#ifndef TONGJI_DDL_H
#define TONGJI_DDL_H

#include "err.h"
#include "model.h"
#include "str.h"

/* The number of fixed columns and their names in order. */
extern const char *const ddl_fixed[];	/* "uid" … "deleted", NULL */
enum { DDL_FIXED = 9 };

/* CREATE TABLE, indexes and triggers of one form. */
void ddl_create(struct forms *fs, const struct form *f, struct str *out);
/* Bring the database to the forms: create missing tables, add columns,
 * rebuild for changed constraints (rows that break a tightened one are
 * reported in `notes` and the constraint waits).  A removed field or a
 * removed/changed code is refused with what to do.  In one transaction;
 * remembers the applied text of each form in table `applied(form, text)`.  A
 * session's views are gone afterwards: scope_refresh(). */
int ddl_apply(struct forms *fs, struct str *notes, struct err *e) MUST_CHECK;
/* True if the forms or code lists differ from what was applied (stat only). */
bool ddl_stale(struct forms *fs);

#endif
