/* The records behind one number of an indicator. */
#ifndef TONGJI_BEHIND_H
#define TONGJI_BEHIND_H

#include "indicator.h"

void behind_run(const struct scheme *s, const struct indicator *it,
    const struct number *x, const char *on);

#endif
