/* The sign-in sheet: names in columns, type initials to jump, Space marks
 * present.  For any child form with a `present` field and a reference to
 * somebody (attendance of an activity, trainees of a class). */
#ifndef TONGJI_GRIDVIEW_H
#define TONGJI_GRIDVIEW_H

#include <stdbool.h>

#include "model.h"

/* Can `form`, whose field `parent` names the meeting, be signed in so? */
bool gridview_fits(const struct form *form, const struct field *parent);
void gridview_run(const struct form *form, const struct field *parent,
    const char *uid);

#endif
