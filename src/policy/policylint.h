/* Linting policy data for `tongji form check`: every rule, and every scheme
 * of indicators with its SQL, prepared against empty tables of the forms. */
#ifndef TONGJI_POLICYLINT_H
#define TONGJI_POLICYLINT_H

#include "message.h"
#include "model.h"

/* Fits lint_add(). */
void policylint(struct forms *fs, struct messages *ms);

#endif
