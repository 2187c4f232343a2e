/* What lint.c and lint_flow.c share. */
#ifndef TONGJI_LINTING_H
#define TONGJI_LINTING_H

#include "message.h"
#include "model.h"

struct lint {
	struct forms *fs;
	const struct form *f;
	struct messages *ms;
};

/* A message about the form; line 0: about the file. */
void lint_tell(struct lint *l, enum msg id, int line, int col, const char *a,
    const char *b, const char *c);
/* A code list by name, with a message if there is none or it is wrong. */
const struct codes *lint_list(struct lint *l, int line, const char *list);
/* A word that must be a code of `cs` (NULL: nothing is said). */
void lint_code(struct lint *l, const struct codes *cs, const char *word,
    int line, enum msg unknown, enum msg near_id);
void lint_workflow(struct lint *l);

#endif
