/* Where something is read from: a stick that is plugged in, 收件箱 for those
 * whose stick is on the Windows side, or a folder that is typed. */
#ifndef TONGJI_PLACEPICK_H
#define TONGJI_PLACEPICK_H

#include <stdbool.h>

#include "str.h"

/* Heap path of a folder, NULL for back.  `holds` says of a folder how many of
 * the wanted things it has: those that have some stand first. */
char *placepick_run(const char *title, const char *what,
    int (*holds)(const char *dir));
/* Where the folder really lies, for those who fill or fetch it from elsewhere. */
void placepick_where(const char *dir, struct str *out);

#endif
