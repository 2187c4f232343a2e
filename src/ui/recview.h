/* A record's page: what it is, what may be done, what belongs to it. */
#ifndef TONGJI_RECVIEW_H
#define TONGJI_RECVIEW_H

#include <stdbool.h>

#include "model.h"

/* Has the form children or a workflow (else the entry screen is enough)? */
bool recview_wanted(const struct form *form);
void recview_run(const struct form *form, const char *uid);
/* The same out of a list: PgDn and PgUp ask `step` for the uid of the next or
 * previous row (false: there is none). */
typedef bool recview_step(void *arg, int by, char uid[37]);
void recview_run_from(const struct form *form, const char *uid,
    recview_step *step, void *arg);

#endif
