/* One entry of SQLite's table of tables, read from the bytes of a page: what
 * SQLite itself refuses to do once another page of that table is damaged. */
#ifndef TONGJI_SCHEMAROW_H
#define TONGJI_SCHEMAROW_H

#include <stdbool.h>
#include <stdint.h>

struct schemarow {
	char name[64];
	int64_t root;
	char *sql;		/* heap; NULL: this cell is no table's entry */
};

/* Look at cell `i` of the page `p` of `size` bytes; longer entries go on
 * elsewhere in `fd`.  False: there is no such cell. */
bool schemarow_get(int fd, const unsigned char *p, unsigned size, bool first,
    unsigned i, struct schemarow *out);

#endif
