/* The first run: which township, who keeps the books. */
#ifndef TONGJI_WIZARD_H
#define TONGJI_WIZARD_H

#include <stdbool.h>

#include "model.h"

/* Choose province, county, town (or the county itself) and make the
 * database.  False: the person left. */
bool wizard_division(const char *home);
/* The first two administrators and the recovery code, in a database without
 * users.  False: the person left before there was one. */
bool wizard_people(struct forms *fs, const char *home);

#endif
