/* 给谁用: whom a list with names is for, asked before it becomes a file that
 * others can take over. */
#ifndef TONGJI_HANDING_H
#define TONGJI_HANDING_H

#include <stdbool.h>

#include "paper.h"

/* Ask; take the children without a valid consent out where one is needed, and
 * say so; write on the paper whom it may go to.  `*words` (heap) is for the
 * journal.  False: back, or nothing is left to hand out. */
bool handing_ask(struct paper *p, char **words);

#endif
