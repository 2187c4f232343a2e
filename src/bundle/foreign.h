/* What a township's row may not touch: records of other units. */
#ifndef TONGJI_FOREIGN_H
#define TONGJI_FOREIGN_H

#include <stdbool.h>

#include "mergei.h"

/* Is the uid of a row that is new here another record's, of another kind? */
bool foreign_uid(const struct merging *m, const struct row *r);
/* E_REFUSED, with the field in the sentence, when a value leads to another
 * township's record; the county's own may be named.  After row_values(). */
int foreign_refs(struct merging *m, const struct row *r, struct err *e)
	MUST_CHECK;

#endif
