/* The lists of data/lists/ on the screen: due visits, audit, look-alikes,
 * suggestions, homes, changes.  One screen for all of them. */
#ifndef TONGJI_LISTSCREEN_H
#define TONGJI_LISTSCREEN_H

#include <stdbool.h>

struct listings;

/* All lists, read once for an open database; NULL after saying why. */
const struct listings *listscreen_lists(void);
/* A list by name, of the whole town, as of the business day. */
void listscreen_run(const char *name);
/* As of another day. */
void listscreen_day(const char *name, const char *on);
/* About one record: its uid is :uid. */
void listscreen_record(const char *name, const char *uid);
/* Before a report goes out: is something wrong that should be mended first?
 * True when it may go. */
bool listscreen_precheck(void);
/* The menu of the lists that say `menu = WHERE`. */
void listscreen_menu(const char *title, const char *where);

#endif
