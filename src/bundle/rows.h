/* data/rows.jsonl: the current image of every row of this site that changed
 * after a journal number, one JSON object a line:
 *
 *	{"form":"child","uid":"…","rv":"…","sup":["…"],"site":"…",
 *	 "created":["at","by"],"updated":["at","by"],"state":"…",
 *	 "v":{"name":"…",…}}
 *
 * A tombstone is {"form":…,"uid":…,"rv":…,"sup":[…],"site":…,"deleted":true}
 * and carries no personal fields. Values are text; empty ones are left out. */
#ifndef TONGJI_ROWS_H
#define TONGJI_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "census.h"
#include "err.h"
#include "flow.h"
#include "model.h"
#include "str.h"

/* Write all rows changed after `base` to `out`, counted in `what` (NULL or
 * census_init()ed); returns their number or a negative code.  Reads the tables
 * themselves: a bundle never depends on who makes it. */
int64_t rows_write(struct forms *fs, const char *site, int64_t base,
    struct flow_out out, struct census *what, struct err *e) MUST_CHECK;

/* One record as such a line, whoever owns it; E_NOTFOUND. */
int rows_one(struct forms *fs, const struct form *f, const char *uid,
    struct str *out, struct err *e) MUST_CHECK;

enum { ROWS_LINE_MAX = 1 << 20 };	/* bytes of one line */

#endif
