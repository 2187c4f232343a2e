/* What lint.c and ddl.c need of model.c beyond model.h. */
#ifndef TONGJI_MODELLING_H
#define TONGJI_MODELLING_H

#include <stdbool.h>

#include "message.h"
#include "model.h"

struct db;

const char *forms_dir(struct forms *fs);
bool forms_exist(struct forms *fs, const char *name);
/* Append the text of a form's file. */
int forms_text(struct forms *fs, const char *name, struct str *out,
    struct err *e) MUST_CHECK;
/* Parse a file again for its messages; the result is not remembered. */
struct form *forms_parse(struct forms *fs, const char *name,
    struct messages *ms);
/* Where expr.c keeps its private database; closed by forms_close(). */
struct db **forms_scratch(struct forms *fs);
/* Heap: the path of a code list's file. */
char *forms_list_path(struct forms *fs, const char *list);

#endif
