/* 佐证材料: the files that prove an indicator.  A photo, scan or PDF comes
 * from a stick or a folder, is known by its content (not by its name), and is
 * kept in the database beside the record that says what it is. */
#ifndef TONGJI_EVIDENCE_H
#define TONGJI_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "model.h"
#include "str.h"

struct record;

/* The ending that the content asks for (".jpg"), NULL for a kind that is not
 * taken. */
const char *evidence_ending(const void *p, size_t len);
/* Could a file of this name be one?  For lists of files to choose from. */
bool evidence_named(const char *name);
/* The largest file in bytes (rule evidence, file_max). */
size_t evidence_limit(struct forms *fs);

/* Read `path` into `r`, a record of the form evidence, and save both in one
 * transaction: its name, size and digest, and, where they are empty, the
 * title (the file's name) and the kind (by content).  E_RANGE: too large;
 * E_FORMAT: not a kind that is taken; E_EXISTS: a record that this session
 * sees has this very file. */
int evidence_put(struct record *r, const char *path, struct err *e)
	MUST_CHECK;
/* Write the file of a record that this session may see to the folder `dir`
 * and journal it; its path, heap, in *path.  Never overwrites. */
int evidence_save(struct forms *fs, const char *uid, const char *dir,
    char **path, struct err *e) MUST_CHECK;

/* Files that came from elsewhere (a bundle): kept if a record here names
 * them.  1 kept, 0 not wanted. */
int evidence_accept(struct forms *fs, const char *sha256, const void *p,
    size_t len, struct err *e) MUST_CHECK;
/* Drop the files that no living record names any more. */
int evidence_sweep(struct forms *fs, struct err *e) MUST_CHECK;

/* Every file of living records of `site` (NULL: of all), as it is called in a
 * bundle: "evidence/SHA256.jpg". */
struct evidence_file {
	char name[96], sha256[65];
	size_t size;
};
int evidence_files(struct forms *fs, const char *site,
    struct evidence_file **out, size_t *n, struct err *e) MUST_CHECK;

#endif
