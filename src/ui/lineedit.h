/* A text field on the screen: draws a struct edit and gives it its keys. */
#ifndef TONGJI_LINEEDIT_H
#define TONGJI_LINEEDIT_H

#include <stdbool.h>

#include "edit.h"
#include "key.h"

/* Draw one line of `cols` columns (at least 3) and put the cursor there when
 * `focus`.  `secret` shows a star for every character. */
void lineedit_draw(struct edit *e, int y, int x, int cols, bool focus,
    bool secret);
/* Draw `rows` lines. */
void lineedit_area(struct edit *e, int y, int x, int cols, int rows,
    bool focus);
/* Give it a key; `cols` is 0 for one line.  True when the key was an editing
 * key, whether or not there was something to do (then it beeps and says why
 * in the message line). */
bool lineedit_key(struct edit *e, const struct key *k, int cols);

#endif
