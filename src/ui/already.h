/* While a new child is typed: is she in the ledger already?  Same number; same
 * name, or one that sounds the same, with the same birth date or the same
 * guardian, in any village. */
#ifndef TONGJI_ALREADY_H
#define TONGJI_ALREADY_H

#include "record.h"

enum already {
	ALREADY_NOT,		/* go on typing */
	ALREADY_DONE		/* the record that exists was taken: drop
				 * this one */
};

/* After field `f` of `r` got a value.  Asks at most once for one pair. */
enum already already_look(struct record *r, const struct field *f);

#endif
