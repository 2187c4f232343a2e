/* The blank paper form that `tongji form blank NAME` gives: 80 columns of
 * text that any printer sets in a fixed pitch; to be filled in by hand and
 * typed in later in the same order. */
#ifndef TONGJI_BLANK_H
#define TONGJI_BLANK_H

#include "err.h"
#include "model.h"
#include "str.h"

enum { BLANK_COLS = 80 };

/* Append the sheet.  What the program computes or numbers itself, and fields
 * of restricted and sealed classes (which do not belong on paper that lies
 * about), are left out.  The heading is the form's title only: no category
 * stands on a sheet that is carried through the village. */
int blank_text(struct forms *fs, const char *form, struct str *out,
    struct err *e) MUST_CHECK;

#endif
