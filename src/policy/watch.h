/* What the policy floor adds to every save: the clock of a case or referral,
 * and the class of what belongs to a restricted record.  site_open() sets it
 * with forms_set_watch(). */
#ifndef TONGJI_WATCH_H
#define TONGJI_WATCH_H

#include "record.h"

extern const struct record_watch policy_watch;

#endif
