/* The lines of a record's page: what may be done and what belongs to it. */
#ifndef TONGJI_DOORS_H
#define TONGJI_DOORS_H

#include "record.h"

struct act;

enum { DOORS = 40 };

enum door_kind { DOOR_EDIT, DOOR_ACT, DOOR_SIGN, DOOR_MOVE, DOOR_CHILD };

struct door {
	enum door_kind kind;
	const struct form *form;	/* of the children */
	const struct field *ref;	/* their field that names this record */
	const struct move *move;
	const struct act *act;
	long n;
	char *latest;
};

struct doors {
	struct door door[DOORS];
	int n;
	const struct move **moves;	/* heap */
};

/* The doors of a loaded record, with the number and latest date of what
 * belongs to it; doors_free() them. */
void doors_load(struct doors *d, struct record *r);
void doors_free(struct doors *d);
/* Append a door's words; `narrow`: two columns of doors. */
void door_text(const struct door *d, const struct form *form, bool narrow,
    struct str *out);

#endif
