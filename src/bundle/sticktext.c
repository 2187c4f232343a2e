/* See sticktext.h. */
#include "sticktext.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "mem.h"
#include "stick.h"

enum { LIMIT = 16384 };		/* bytes of such a text */

static bool
is_there(const char *path, const struct str *text)
{
	struct str have = STR_INIT;
	bool same = file_read(&have, path, LIMIT, NULL) == 0 &&
	    have.len == text->len &&
	    memcmp(have.buf, text->buf, text->len) == 0;

	str_done(&have);
	return same;
}

int
sticktext_put(const char *dir, const char *name, struct str *text,
    bool replace, struct err *e)
{
	struct stick_delivery d = { .name = name, .size = text->len,
	    .fill = stick_fill_text, .ctx = text };
	char *path = xasprintf("%s/%s", dir, name);
	struct stick s;
	int rc;

	if (is_there(path, text)) {
		free(path);
		return 0;
	}
	rc = stick_open(&s, dir, NULL, e);
	if (rc == 0) {
		if (replace)
			unlink(path);
		rc = stick_deliver(&s, &d, e);
		stick_close(&s);
	}
	free(path);
	return rc;
}
