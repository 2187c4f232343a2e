/* A danger sign was ticked during a visit: call 110, then the mandatory
 * report; the visit waits as a draft. */
#ifndef TONGJI_DANGER_H
#define TONGJI_DANGER_H

#include "record.h"

/* After field `f` of `r` got a value.  True when a report was opened (the
 * screen must be drawn anew). */
bool danger_look(struct record *r, const struct field *f);

#endif
