/* The papers of 一门受理: the receipt for who came, the referral to a
 * department, the reminder.  All say who made them, a number, a date and whom
 * to call; none says a child's category.  The session must see the record. */
#ifndef TONGJI_CASEPAPER_H
#define TONGJI_CASEPAPER_H

#include "err.h"
#include "model.h"
#include "paper.h"

/* Each: you own the paper; NULL and `e`.  `place` is the town's name. */
struct paper *casepaper_receipt(struct forms *fs, const char *uid,
    const char *place, struct err *e);
/* The county did not confirm: what, when, why; E_REFUSED without a reason. */
struct paper *casepaper_refusal(struct forms *fs, const char *uid,
    const char *place, struct err *e);
/* A mandatory report in writing.  Who reported and who is suspected are not
 * in it, whoever prints it. */
struct paper *casepaper_report(struct forms *fs, const char *uid,
    const char *place, struct err *e);
struct paper *casepaper_referral(struct forms *fs, const char *uid,
    const char *place, struct err *e);
struct paper *casepaper_reminder(struct forms *fs, const char *uid,
    const char *place, struct err *e);

#endif
