/* The sign-in at the door of a training class: names in columns, initials or
 * the number on the printed sheet to jump, Space marks.  Half-days, late and
 * early, walk-ins, substitutes, undo; what another operator marks shows up by
 * itself. */
#ifndef TONGJI_SIGNIN_H
#define TONGJI_SIGNIN_H

/* Of the class `uid` (a training). */
void signin_run(const char *uid);
/* Put people on its list by its rule; says how many. */
void signin_invite(const char *uid);

#endif
