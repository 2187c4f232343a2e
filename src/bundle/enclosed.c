/* See enclosed.h. */
#include "enclosed.h"

#include <string.h>

#include "evidence.h"
#include "str.h"

int
enclosed_take(struct forms *fs, const struct incoming *in, size_t *kept,
    struct err *e)
{
	struct str bytes = STR_INIT;
	struct err none = ERR_INIT;
	size_t i, most = evidence_limit(fs);
	int rc = evidence_sweep(fs, e);

	for (i = 0; rc >= 0 && i < in->nmore; i++) {
		const struct incoming_more *m = &in->more[i];

		if (strncmp(m->name + strlen("evidence/"), m->sha256, 64) != 0 ||
		    incoming_more_text(in, m, most, &bytes, &none) < 0)
			continue;
		rc = evidence_accept(fs, m->sha256, bytes.buf, bytes.len,
		    e);
		*kept += rc > 0;
	}
	str_done(&bytes);
	return rc < 0 ? rc : 0;
}
