/* Reports as they were handed in.  What a report said about a month stays what
 * it was, whatever is corrected later; a second hand-in is a second snapshot.
 * Kept in the database's tables snapshot and snapshot_number, journaled. */
#ifndef TONGJI_SNAPSHOT_H
#define TONGJI_SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "indicator.h"
#include "model.h"
#include "str.h"

/* Keep `text` and every number of every scheme on the day `on`, as report
 * `name` of `period`.  The number of the hand-in (1, 2, …) or an error.
 * Refused for those who only read or see a part of the villages. */
int64_t snapshot_save(struct forms *fs, const char *name, const char *period,
    const char *on, const char *text, struct err *e);

/* The latest text of a report of a period; E_NOTFOUND.  `head` gets one line:
 * 「2026-12-01 10:20 wangfang 第2次存档」. */
int snapshot_text(struct forms *fs, const char *name, const char *period,
    struct str *head, struct str *text, struct err *e) MUST_CHECK;

/* A number as it was in the latest snapshot of a period (any report).  False
 * if there is none. */
struct snapshot_number {
	bool has_n, has_d, has_value;
	double n, d, value;
};
bool snapshot_number(struct forms *fs, const char *scheme,
    const struct indicator *it, const struct part *p, const char *period,
    struct snapshot_number *out);

#endif
