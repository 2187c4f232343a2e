/* Clearing a stick after the county's answer: bundles that the county has
 * acknowledged and receipts that a newer one replaces.  The newest bundle and
 * the newest receipt stay: they prove the stick at the next delivery. */
#ifndef TONGJI_TIDY_H
#define TONGJI_TIDY_H

#include <stddef.h>

#include "err.h"
#include "model.h"

/* Remove this township's acknowledged deliveries from `dir`, each marker
 * before its file.  `n` counts the deliveries removed. */
int tidy_stick(struct forms *fs, const char *dir, size_t *n, struct err *e)
	MUST_CHECK;
/* How many it would remove. */
size_t tidy_waiting(struct forms *fs, const char *dir);

#endif
