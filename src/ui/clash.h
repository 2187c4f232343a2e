/* Two people changed the same field: show what it was, theirs and mine, ask
 * for each. */
#ifndef TONGJI_CLASH_H
#define TONGJI_CLASH_H

#include <stdbool.h>

#include "record.h"

/* Fills keep_mine[c->n].  False when the person wants to go back and save
 * later. */
bool clash_ask(const struct record *r, const struct clashes *c,
    bool *keep_mine);

#endif
