/* One value for many records: the marked rows of a list. */
#ifndef TONGJI_BATCH_H
#define TONGJI_BATCH_H

#include <stddef.h>

#include "model.h"

/* Ask for a field and its value and set it in the records `uid`; every record
 * is checked as if it were typed.  Esc during the work undoes all of it. */
void batch_run(const struct form *form, char *const *uid, size_t n);

#endif
