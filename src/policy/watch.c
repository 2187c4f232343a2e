/* See watch.h. */
#include "watch.h"

#include "confide.h"
#include "deadline.h"

static int
fill(struct record *r, struct err *e)
{
	int rc = confide_fill(r, e);

	if (rc >= 0)
		rc = deadline_fill(r, e);
	return rc < 0 ? rc : 0;
}

const struct record_watch policy_watch = {
	.fill = fill, .saved = confide_follow
};
