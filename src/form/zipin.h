/* Reading members of a ZIP file through minizip, which is loaded when the
 * first workbook is opened.  What a member may unpack to is limited, so that
 * a small hostile file cannot fill the memory. */
#ifndef TONGJI_ZIPIN_H
#define TONGJI_ZIPIN_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "str.h"

enum {
	ZIP_FILE_LIMIT = 256 << 20,	/* bytes of one unpacked member */
	ZIP_PART_LIMIT = 16 << 20	/* of one that is read whole */
};

struct zipin;

/* E_NOTFOUND when minizip is not installed (the message says what to do),
 * E_FORMAT when the file is no ZIP. zipin_close(NULL) is fine. */
int zipin_open(struct zipin **out, const char *path, struct err *e) MUST_CHECK;
void zipin_close(struct zipin *z);

/* Feed a member in pieces; `feed` returns 0 to go on, 1 to stop early, or an
 * error.  `last` comes with an empty piece.  E_NOTFOUND without a member of
 * that name, E_FORMAT when it is damaged, E_RANGE when it is too big. */
typedef int zipin_feed(void *arg, const char *p, size_t len, bool last,
    struct err *e);
int zipin_read(struct zipin *z, const char *member, zipin_feed *feed,
    void *arg, struct err *e) MUST_CHECK;

#endif
