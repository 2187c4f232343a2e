/* Pages of rows that nothing leads to any more, because a page above them in
 * their table is damaged.  pagefix.c makes each a table of its own; here its
 * first row shows where they belong: an entry of the journal, or a record
 * whose form the journal knows. */
#ifndef TONGJI_ORPHAN_H
#define TONGJI_ORPHAN_H

struct salvage;

#define ORPHAN_PREFIX "orphan_"
enum { ORPHAN_COLUMNS = 256 };

/* Copy them, the journal's first; after the tables. */
void orphan_copy(struct salvage *s);

#endif
