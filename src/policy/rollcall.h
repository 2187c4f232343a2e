/* The roll of a training class: who is called, who came, to which half-day.
 * One row of `trainee` per person; every mark is saved at once.  Two operators
 * may work on one class: a mark is applied to the row as it is now, so
 * neither loses what the other wrote. */
#ifndef TONGJI_ROLLCALL_H
#define TONGJI_ROLLCALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "halfday.h"
#include "model.h"

struct roll_person {
	char row[37];		/* uid of the trainee row */
	char staff[37];		/* "" for somebody who is in no register */
	char *name, *unit;	/* heap; unit: village or unit, may be NULL */
	bool left;		/* is not in post any more */
	bool present, invited;	/* invited: not known to be a walk-in */
	struct halfdays half;
	char *substitute_for;	/* name or NULL */
	char *why;		/* reason of an absence or NULL */
	char *score, *result;	/* result: code */
	char *certificate, *issued_on, *revoked_on;
	int printed;		/* times the certificate went to paper */
};

struct roll {
	char training[37];
	char *title, *starts_on, *ends_on, *level;
	int sessions;		/* 1..HALFDAYS */
	double pass_mark, full_mark;	/* pass_mark < 0: no exam */
	struct roll_person *p;
	size_t n, cap;
};

/* In order of reading.  E_NOTFOUND when the session does not see the class. */
int roll_load(struct forms *fs, const char *training, struct roll *out,
    struct err *e) MUST_CHECK;
void roll_done(struct roll *r);
/* What the rows look like to others' writes: equal texts, nothing changed.
 * Heap. */
char *roll_stamp(struct forms *fs, const char *training);

/* What a mark did, for taking it back. */
struct roll_step {
	char row[37];
	bool made;		/* the row itself is new */
	char before[17], rv[17];	/* the row's versions around it */
	char *was[8];		/* what stood there; heap or NULL */
};
void roll_step_done(struct roll_step *s);

/* Half-day `session` (from 0) of a row: came (with the time of day when the
 * class is on today), or did not.  E_REFUSED for a class that has not begun.
 * `step` may be NULL. */
int roll_mark(struct forms *fs, const struct roll *r, const char *row,
    int session, bool came, struct roll_step *step, struct err *e) MUST_CHECK;
/* on_time, late, early or both in half-day `session`. */
int roll_punctual(struct forms *fs, const struct roll *r, const char *row,
    int session, const char *code, struct roll_step *step, struct err *e) MUST_CHECK;
/* Somebody who was not on the list came: from the register (`staff`), or by
 * `name` and `unit`.  With `instead_of` (a row's uid) they came in that
 * person's place.  Somebody who is on the list already is only marked: no
 * person has two rows. */
int roll_walk_in(struct forms *fs, const struct roll *r, const char *staff,
    const char *name, const char *unit, const char *instead_of, int session,
    struct roll_step *step, struct err *e) MUST_CHECK;
/* Take back the last of `n` steps (the earlier ones stay fit for it); E_STALE
 * when somebody else changed the row after it. */
int roll_undo(struct forms *fs, struct roll_step *steps, size_t n,
    struct err *e) MUST_CHECK;

#endif
