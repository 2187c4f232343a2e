/* One number at the ends of the last months, and as it was handed in. */
#ifndef TONGJI_TREND_H
#define TONGJI_TREND_H

#include <stdbool.h>

#include "indicator.h"
#include "str.h"

void trend_run(const struct scheme *s, const struct indicator *it,
    const struct number *x, const char *on);
/* The words of the number as it was handed in about that month; false when
 * nothing was. */
bool trend_handed_in(const struct scheme *s, const struct indicator *it,
    const struct number *now, const char *on, struct str *out);

#endif
