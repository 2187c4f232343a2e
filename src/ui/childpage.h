/* A record on one screen: a child (who she is, who looks after her, what is
 * overdue, the last contacts), a case, a referral.  The lines are the list
 * [child_page], [case_page] … of data/lists/. */
#ifndef TONGJI_CHILDPAGE_H
#define TONGJI_CHILDPAGE_H

#include <stdbool.h>

#include "model.h"

struct childpage;

/* NULL when there is no such list, or after saying what is wrong with it. */
struct childpage *childpage_load(const struct form *form, const char *uid,
    bool unmasked);
void childpage_free(struct childpage *c);
int childpage_lines(const struct childpage *c);
/* Draw from row `y`; the row below. */
int childpage_draw(const struct childpage *c, int y);

/* One of the pages about a child (`transfer`, `visit_sheet`): print it. */
void childpage_sheet(const char *list, const char *uid);

#endif
