/* What a site's bundle holds besides its rows: see create.h. */
#include "create.h"

int
create_site(struct forms *fs, const char *home, const char *dir, bool full,
    stick_progress_fn *progress, void *ctx, struct create_result *out,
    struct err *e)
{
	(void)full;
	return create_bundle(fs, home, dir, NULL, 0, progress, ctx, out, e);
}
