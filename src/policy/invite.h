/* Who is called to a training class: the list data/lists/invite.ini that
 * belongs to the class's 参训范围. */
#ifndef TONGJI_INVITE_H
#define TONGJI_INVITE_H

#include "err.h"
#include "listing.h"
#include "model.h"

/* Put everybody whom rule `code` (of invite_rule) calls on the list of class
 * `training`; who stands there already is left.  All or nothing.  Returns how
 * many were added, E_NOTFOUND for a rule that lists nobody by itself. */
int invite_by_rule(struct forms *fs, const struct listings *ls,
    const char *training, const char *code, struct err *e) MUST_CHECK;
/* One person of the register by hand; 0 when already there, else 1. */
int invite_one(struct forms *fs, const char *training, const char *staff,
    struct err *e) MUST_CHECK;

#endif
