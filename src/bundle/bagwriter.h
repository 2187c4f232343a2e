/* A BagIt 1.0 bag (RFC 8493) written straight into a tar: payload first, each
 * byte hashed on its way, then the tag files that need the digests. */
#ifndef TONGJI_BAGWRITER_H
#define TONGJI_BAGWRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "digest.h"
#include "err.h"
#include "flow.h"
#include "str.h"
#include "tar.h"

struct bagit_writer {
	struct tar_writer tar;
	char base[TAR_NAME];	/* folder in the tar, or "" */
	struct str manifest, tags;	/* lines so far */
	struct digest sum;	/* of the current payload file */
	char name[TAR_NAME];
	uint64_t left;
	uint64_t bytes, files;	/* payload, for Payload-Oxum */
	bool open;
};

/* Write the head of the bag.  `base` is the bag's folder inside the tar (RFC
 * 8493 §4.2 wants one) or "".  Ended by bagit_finish() or
 * bagit_writer_done(). */
int bagit_begin(struct bagit_writer *w, struct flow_out out,
    const char *base, int64_t mtime, struct err *e) MUST_CHECK;
/* Start the payload file data/`name` of exactly `size` bytes. */
int bagit_file(struct bagit_writer *w, const char *name, uint64_t size,
    struct err *e) MUST_CHECK;
int bagit_data(struct bagit_writer *w, const void *p, size_t len,
    struct err *e) MUST_CHECK;

struct bagit_tag {
	const char *label, *value;	/* UTF-8, one line */
};

/* bag-info.txt (the given tags; Payload-Oxum is added), both manifests, the
 * end of the tar, padded to a Padmé size if `pad`. Frees the writer. */
int bagit_finish(struct bagit_writer *w, const struct bagit_tag *tags,
    size_t n, bool pad, struct err *e) MUST_CHECK;
void bagit_writer_done(struct bagit_writer *w);

#endif
