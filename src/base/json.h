/* JSON text, written by hand where speed matters (the journal, exports).
 * Reading is jansson's work. */
#ifndef TONGJI_JSON_H
#define TONGJI_JSON_H

#include "str.h"

/* Append `text` as a JSON string with quotes (RFC 8259; control characters
 * escaped), or null for NULL.  `text` must be UTF-8. */
void json_text(struct str *out, const char *text);

#endif
