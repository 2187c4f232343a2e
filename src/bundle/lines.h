/* Lines out of a stream of bytes, one at a time, with a limit. */
#ifndef TONGJI_LINES_H
#define TONGJI_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "flow.h"
#include "str.h"

struct lines {
	struct flow_in in;
	size_t max;		/* bytes of one line */
	struct str buf;		/* what was read and not yet given */
	size_t at;
	bool end;
};

void lines_init(struct lines *l, struct flow_in in, size_t max);
/* The next line without its newline, NUL-terminated and borrowed until the
 * next call: 1, 0 at the end, or a negative code (E_RANGE: longer than max;
 * E_FORMAT: the last line has no newline). */
int lines_next(struct lines *l, const char **text, size_t *len,
    struct err *e) MUST_CHECK;
void lines_done(struct lines *l);

#endif
