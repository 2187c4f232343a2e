/* How many records of a kind belong to one record, and the latest day of the
 * list's date among them. */
#ifndef TONGJI_RECCOUNT_H
#define TONGJI_RECCOUNT_H

#include "model.h"

/* `ref` is the field that names the owner `uid`.  *latest: heap or NULL; both
 * stay as they are when nothing can be counted. */
void reccount_load(const struct form *form, const struct field *ref,
    const char *uid, long *n, char **latest);

#endif
