/* A child on one screen: who she is, who looks after her, what is overdue,
 * the last contacts.  The lines are the list [child_page] of
 * data/lists/child.ini. */
#ifndef TONGJI_CHILDPAGE_H
#define TONGJI_CHILDPAGE_H

#include <stdbool.h>

struct childpage;

/* NULL after saying why. */
struct childpage *childpage_load(const char *uid, bool unmasked);
void childpage_free(struct childpage *c);
int childpage_lines(const struct childpage *c);
/* Draw from row `y`; the row below. */
int childpage_draw(const struct childpage *c, int y);

#endif
