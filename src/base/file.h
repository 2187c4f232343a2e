/* Files: whole reads with a limit, durable writes, places. */
#ifndef TONGJI_FILE_H
#define TONGJI_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "str.h"

/* Read a whole regular file of at most `limit` bytes into `out` (replaced). */
int file_read(struct str *out, const char *path, size_t limit, struct err *e)
	MUST_CHECK;
/* Write all of `len` bytes to a new temporary name beside `path`, fsync,
 * rename over `path`, fsync the folder.  For local disks (on vfat a rename is
 * not a commit; bundle/stick.h writes there).  `mode` as in open(2). */
int file_write(const char *path, const void *p, size_t len, unsigned mode,
    struct err *e) MUST_CHECK;
/* write(2) until done; -1 with errno. */
int file_write_all(int fd, const void *p, size_t len);
bool file_exists(const char *path);
/* Make a folder and its missing parents with `mode`. */
int file_mkdirs(const char *path, unsigned mode, struct err *e) MUST_CHECK;
/* Remove a folder with all that is in it; links are not followed. */
void file_remove_tree(const char *path);
int file_sync_dir(const char *path, struct err *e) MUST_CHECK;

/* The folder of shipped files `name` ("forms", "data"): $TONGJI_HOME/name if
 * it exists (home may be NULL), beside the executable's parent folders, or in
 * PREFIX/share/tongji.  Heap; the caller frees.  NULL if nowhere. */
char *file_share(const char *home, const char *name);

/* Words for the file system that `path` lies on when a database must not
 * live there (vfat, exfat, NFS, CIFS, 9p, FUSE), else NULL.  The nearest
 * existing parent is looked at. */
const char *file_bad_fs(const char *path);

#endif
