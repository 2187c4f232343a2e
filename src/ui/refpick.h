/* Records found as one types: what the reference picker and the look-up
 * screen share. */
#ifndef TONGJI_REFPICK_H
#define TONGJI_REFPICK_H

#include "lookup.h"
#include "model.h"
#include "str.h"

/* A line about a record: its words, then the other fields of its list, numbers
 * masked.  A draft that was never saved is marked 草稿. */
void refpick_line(struct forms *fs, const struct lookup_hit *hit,
    struct str *out);

#endif
