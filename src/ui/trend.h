/* One number at the ends of the last months, and as it was handed in. */
#ifndef TONGJI_TREND_H
#define TONGJI_TREND_H

#include "indicator.h"

void trend_run(const struct scheme *s, const struct indicator *it,
    const struct number *x, const char *on);

#endif
