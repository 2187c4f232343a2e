/* Long work: a bar in the message line, Esc stops it. */
#ifndef TONGJI_PROGRESS_H
#define TONGJI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void progress_begin(const char *what);
/* `done` of `total` (0: unknown).  Paints at most five times a second.  False
 * when the person pressed Esc twice within five seconds, or the terminal is
 * gone: stop and undo what was begun. */
bool progress_step(int64_t done, int64_t total);
void progress_end(void);
/* The bar itself, "======----", `cols` ASCII characters, as text. */
void progress_bar(char *out, size_t size, int cols, int64_t done,
    int64_t total);

#endif
