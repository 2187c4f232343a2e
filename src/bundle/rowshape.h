/* Is a line of rows.jsonl (rows.h) a well-formed row?  Not whether it may be
 * merged. */
#ifndef TONGJI_ROWSHAPE_H
#define TONGJI_ROWSHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

int rows_check_line(const char *line, size_t len, struct err *e) MUST_CHECK;
/* The same of an object that is parsed already (a json_t). */
bool rows_shape(void *json);

#endif
