/* What a session may see, enforced in the database.
 *
 * scope_open() makes, for each form table, a TEMP VIEW of the same name: live
 * rows only, in the session's villages, restricted rows left out, columns
 * without access as NULL.  The authorizer then denies `main.` reads and all
 * writes to statements that are not trusted.  The floors above describe each
 * view with a struct scope_view (they know the forms). */
#ifndef TONGJI_SCOPE_H
#define TONGJI_SCOPE_H

#include <stdbool.h>

#include "err.h"

struct db;

/* Called for every form when a session opens: append the SELECT's body of
 * the view for table `name` to nothing but `sql` ("SELECT … FROM main.x …").
 * Set by the form floor (form/views.c). */
typedef int scope_maker(struct db *db, void *arg, struct err *e);
void scope_set_maker(struct db *db, scope_maker *make, void *arg);

/* Build the views for the current session and arm the authorizer. */
int scope_open(struct db *db, struct err *e) MUST_CHECK;
/* Rebuild after forms changed or a record kind was added. */
int scope_refresh(struct db *db, struct err *e) MUST_CHECK;
void scope_close(struct db *db);

#endif
