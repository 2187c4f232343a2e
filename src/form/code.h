/* One code list, data/codes/LIST.csv: comment lines with `#` (the first
 * `# 名称：…` is its title), a header `name,label[,more]`, rows in display
 * order.  Names are [a-z0-9_]+ and unique, labels are unique.  The file's text
 * stays in the arena and is cut up in place. */
#ifndef TONGJI_CODE_H
#define TONGJI_CODE_H

#include "err.h"
#include "mem.h"
#include "model.h"

enum { CODE_LIMIT = 2 * 1024 * 1024 };	/* bytes of a list's file */

/* Read `path` as list `list`.  E_FORMAT with `LIST.csv:line: 句子`. */
int code_read(struct codes **out, const char *path, const char *list,
    struct arena *a, struct err *e) MUST_CHECK;
/* The value of extra column `column` of a row; NULL if there is none or it is
 * empty. */
const char *code_extra(const struct codes *cs, const struct code *c,
    const char *column);

#endif
