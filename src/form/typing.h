/* What type.c and type_code.c share. */
#ifndef TONGJI_TYPING_H
#define TONGJI_TYPING_H

#include "err.h"
#include "model.h"
#include "str.h"

/* One value on its way in. */
struct input {
	struct forms *fs;
	const struct field *f;
	const char *text;
	struct str *out;	/* the stored value; empty = none */
	struct err *e;
};

/* The parsers of select_one and select_multiple. */
int type_one(struct input *in) MUST_CHECK;
int type_multiple(struct input *in) MUST_CHECK;

#endif
