/* Two records that look alike, side by side. */
#ifndef TONGJI_PAIR_H
#define TONGJI_PAIR_H

#include "model.h"

void pair_run(const struct form *form, const char *uid, const char *other);

#endif
