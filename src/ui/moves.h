/* 变动: a child changes village, leaves, dies, comes back, is registered;
 * villages merge. */
#ifndef TONGJI_MOVES_H
#define TONGJI_MOVES_H

#include <stdbool.h>

#include "model.h"

/* Ask what happened and do it.  True when something changed. */
bool moves_run(const struct form *form, const char *uid);

#endif
