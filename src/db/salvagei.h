/* What the files behind salvage.h share. */
#ifndef TONGJI_SALVAGEI_H
#define TONGJI_SALVAGEI_H

#include "dbi.h"
#include "salvage.h"

struct salvage {
	sqlite3 *from;
	struct db *to;
};

/* From where in the damaged file to which table of the new one; the columns
 * of both with commas. */
struct passage {
	const char *from, *to;
	struct str in, out;
	int cols;
	bool rows;		/* has row numbers */
};
void passage_done(struct passage *p);

/* Copy all that can be read; rows that are there already stay. */
void salvage_take(struct salvage *s, const struct passage *p);

#endif
