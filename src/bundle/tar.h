/* POSIX ustar, plain files only.
 *
 * The writer is deterministic: mode 0644, owner 0, one time for all.  The
 * reader refuses what a bag of ours never has: absolute names, "..", empty
 * parts, backslashes and control characters, links, devices, extensions
 * (pax, GNU), two members of one name (or differing only in ASCII case:
 * vfat), sizes and counts beyond the caller's limits, and anything but zero
 * blocks after the end.  Folders are passed over after their name was
 * checked. */
#ifndef TONGJI_TAR_H
#define TONGJI_TAR_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "flow.h"

enum { TAR_NAME = 256, TAR_BLOCK = 512 };	/* name with its NUL: bytes */

/* --- writing --- */

struct tar_writer {
	struct flow_out out;
	int64_t mtime;		/* seconds since 1970 */
	uint64_t written;	/* bytes so far */
	uint64_t left;		/* bytes the current member still lacks */
	unsigned pad;		/* zero bytes after it */
};

void tar_writer_init(struct tar_writer *w, struct flow_out out,
    int64_t mtime);
/* Start a member of exactly `size` bytes. E_RANGE: name or size too long. */
int tar_member(struct tar_writer *w, const char *name, uint64_t size,
    struct err *e) MUST_CHECK;
int tar_data(struct tar_writer *w, const void *p, size_t len, struct err *e)
	MUST_CHECK;
/* The end mark, then zero blocks until `total` bytes are written (0: none;
 * rounded up to blocks). */
int tar_finish(struct tar_writer *w, uint64_t total, struct err *e)
	MUST_CHECK;
/* Bytes that a member of this size takes with its header and padding. */
uint64_t tar_member_size(uint64_t size);
/* The Padmé size for `len` bytes, in whole blocks: at most 12 % more, and
 * the size says little about the content (PURBs, 2019). */
uint64_t tar_padme(uint64_t len);

/* --- reading --- */

struct tar_limits {
	uint64_t total;		/* bytes of all members */
	uint64_t member;	/* bytes of one */
	size_t count;		/* members */
};

struct tar_entry {
	char name[TAR_NAME];	/* a clean relative path */
	uint64_t size;
};

struct tar_reader;

struct tar_reader *tar_reader_new(struct flow_in in,
    const struct tar_limits *limits);
/* The next plain file: 1, 0 at the end (the source has then been read to its
 * own end), or a negative code.  What was not read of the last one is
 * passed over. */
int tar_next(struct tar_reader *r, struct tar_entry *entry, struct err *e)
	MUST_CHECK;
/* Bytes of the current member, as a flow_read_fn. */
ssize_t tar_read(struct tar_reader *r, void *p, size_t len, struct err *e)
	MUST_CHECK;
struct flow_in tar_reader_flow(struct tar_reader *r);
void tar_reader_free(struct tar_reader *r);

/* True if `name` is a clean relative path of at most `max` bytes: no empty,
 * "." or ".." part, no leading or trailing slash, no backslash, colon or
 * control character, valid UTF-8. */
int tar_name_check(const char *name, size_t max, struct err *e) MUST_CHECK;

#endif
