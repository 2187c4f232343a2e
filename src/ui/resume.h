/* Drafts: what was typed and never saved, offered again. */
#ifndef TONGJI_RESUME_H
#define TONGJI_RESUME_H

#include "model.h"

/* After login: offer this person's drafts, if there are any. */
void resume_offer(void);
/* The list of drafts. */
void resume_run(void);
/* Go on with one. */
void resume_one(const struct form *form, const char *uid);
/* How many this person has. */
long resume_count(void);

#endif
