/* The whole database, examined: SQLite's integrity, the journal's chain, every
 * row against its last journal entry, references. */
#ifndef TONGJI_CHECK_H
#define TONGJI_CHECK_H

#include <stdint.h>

#include "err.h"
#include "model.h"

/* Calls `bad` with a Chinese sentence for each defect; returns their number,
 * negative when the examination itself failed. */
int64_t check_all(struct forms *fs, void (*bad)(void *arg, const char *text),
    void *arg, struct err *e) MUST_CHECK;

#endif
