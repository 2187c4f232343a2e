/* 连续记走访: find a child, record the visit, the next child. */
#ifndef TONGJI_VISITRUN_H
#define TONGJI_VISITRUN_H

#include <stdbool.h>

void visitrun_run(void);
/* One visit of a child that was found.  True when it was saved. */
bool visitrun_one(const char *child);

#endif
