/* The temp views of a session: live rows, in her villages, without restricted
 * rows, columns without access as NULL.  See db/scope.h. */
#ifndef TONGJI_VIEWS_H
#define TONGJI_VIEWS_H

#include <stdbool.h>

#include "err.h"
#include "model.h"
#include "str.h"

/* Let sessions of this database make their views from these forms. */
void views_install(struct forms *fs);
/* After the forms were applied: keep the views' texts for the usual roles in
 * the database, so that a login need not parse every form. */
int views_keep(struct forms *fs, struct err *e) MUST_CHECK;

/* Append ` AND …` that limits `this` (an alias of the form's table) to the
 * session's villages; nothing for sessions of the whole town. */
void views_scope(struct forms *fs, const struct form *f, struct str *sql);

/* May the session's roles read a thing of this access class (NULL: yes)? */
bool views_may(struct forms *fs, const char *access);

#endif
