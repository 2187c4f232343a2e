/* Which column of a table is which field: shown, corrected, remembered. */
#ifndef TONGJI_MAPSCREEN_H
#define TONGJI_MAPSCREEN_H

#include <stdbool.h>

#include "mapping.h"

/* Look over the columns of `m`; of a table whose rows become `records`, ask
 * when a column is lacking.  True when the person said go on; the words are
 * then kept for next time. */
bool mapscreen_run(struct mapping *m, const char *title, bool records);
/* Where the words of a form are kept.  Heap. */
char *mapscreen_file(const struct form *f);

#endif
