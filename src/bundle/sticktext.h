/* Small texts for a stick: cards with public keys and the words that vouch for
 * them.  Written as a delivery is, and read back. */
#ifndef TONGJI_STICKTEXT_H
#define TONGJI_STICKTEXT_H

#include <stdbool.h>

#include "err.h"
#include "str.h"

/* Put `text` as `name` into the folder `dir`.  0 also when it is there already
 * as it should be; another text of that name is replaced if `replace`, else
 * E_EXISTS. */
int sticktext_put(const char *dir, const char *name, struct str *text,
    bool replace, struct err *e) MUST_CHECK;

#endif
