/* Numbers that people say aloud (受理编号, 证书编号): minted at the first save
 * from the field's pattern, never reused, given up only by leaving a gap. */
#ifndef TONGJI_SERIAL_H
#define TONGJI_SERIAL_H

#include "err.h"

struct record;

/* Fill the record's empty serial fields, inside the save's transaction.  In
 * a pattern {year} is the business year, {site} the site's code and {seqN}
 * the running number with at least N digits; it starts anew for every other
 * text in front of it. */
int serial_mint(struct record *r, struct err *e) MUST_CHECK;

#endif
