/* Files of evidence: in from a stick or 收件箱, out to a stick or 发件箱. */
#ifndef TONGJI_EVIDENCEACTS_H
#define TONGJI_EVIDENCEACTS_H

#include <stdbool.h>

/* Pick a file and make it evidence for an item (its code, "s16"); what else
 * is known of it is filled in on its page.  True when one was taken. */
bool evidenceacts_take(const char *code);
/* The file of a record that has none, or another one. */
void evidenceacts_put(const char *uid);
void evidenceacts_save(const char *uid);

#endif
