/* The rows that an import refused, as a CSV file that can be corrected and
 * imported again: 行号, 字段, 原因, then the columns as they came.  When the
 * import was of such a file, its own three are left out. */
#ifndef TONGJI_REJECTS_H
#define TONGJI_REJECTS_H

#include <stddef.h>

#include "err.h"
#include "sheet.h"
#include "str.h"

struct rejects {
	struct str csv;		/* UTF-8 */
	size_t columns, n;
	size_t skip;		/* columns of an earlier refusal */
};

void rejects_init(struct rejects *r, char *const *head, size_t columns);
void rejects_done(struct rejects *r);
void rejects_add(struct rejects *r, const struct cells *row, const char *label,
    const char *reason);

/* Write them beside `file`, in the encoding of `s` (workbooks and UTF-16 as
 * UTF-8 with a BOM), readable by the owner only.  Without rows, what an
 * earlier import left there is removed.  *path (heap) becomes the file's
 * name, or NULL when there is none. */
int rejects_write(const struct rejects *r, const struct sheet *s,
    const char *file, char **path, struct err *e) MUST_CHECK;

#endif
