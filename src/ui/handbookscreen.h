/* The handbook of what a family may ask for: as a list of its own, and as
 * the help at the fields that name a need. */
#ifndef TONGJI_HANDBOOKSCREEN_H
#define TONGJI_HANDBOOKSCREEN_H

#include "record.h"
#include "str.h"

void handbookscreen_run(void);
/* Append what the handbook says of the needs in this field; of nothing for
 * other fields. */
void handbookscreen_help(const struct record *r, const struct field *f,
    struct str *out);

#endif
