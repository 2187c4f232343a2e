/* A .form file into a struct form (the language: forms/README.md). */
#ifndef TONGJI_PARSE_H
#define TONGJI_PARSE_H

#include <stddef.h>

#include "mem.h"
#include "message.h"
#include "model.h"

/* Parse `text` of the file named `file` ("child.form").  Everything kept goes
 * to the arena.  Returns the form, or NULL when there were errors; `ms` has
 * them (and the warnings).  Looks at nothing outside the text: whether lists,
 * forms and columns exist is lint.h's question. */
struct form *form_parse(const char *text, size_t len, const char *file,
    struct arena *a, struct messages *ms);

/* The columns that every table has; the fields of a form may not be called
 * so. */
bool form_is_fixed(const char *name);

#endif
