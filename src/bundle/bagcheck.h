/* The judgement on a bag, given its files: which are there, what the tag
 * files say, whether the two agree.  Where the files come from (a folder, a
 * tar) is the caller's business: bagit.c. */
#ifndef TONGJI_BAGCHECK_H
#define TONGJI_BAGCHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bagit.h"
#include "digest.h"
#include "err.h"
#include "str.h"

/* A digest that some manifest demands. */
struct bag_want {
	struct bag_want *next;
	enum digest_kind kind;
	unsigned char sum[DIGEST_MAX];
};

struct bag_file {
	char *path;		/* in the bag, with slashes */
	uint64_t size;
	bool payload;		/* below data/ */
	struct bag_want *want;
	unsigned listed;	/* bit n: the n-th payload manifest has it */
	unsigned char sha256[32];	/* of a file that streamed past */
	char *text;		/* content of a tag file that streamed past */
};

struct bagcheck;

/* Where files come from. */
struct bag_source {
	/* The content of a tag file of at most BAGIT_TAG_MAX bytes. */
	int (*text)(void *ctx, const struct bag_file *f, struct str *out,
	    struct err *e);
	/* Its digests, for each kind whose bit is set in `kinds`. */
	int (*sums)(void *ctx, const struct bag_file *f, unsigned kinds,
	    unsigned char out[DIGEST_KINDS][DIGEST_MAX], struct err *e);
	unsigned kinds;		/* the digests this source can give */
	void *ctx;
};

enum {
	BAGIT_TAG_MAX = 64 << 20,	/* bytes of a tag file */
	BAGIT_FILES_MAX = 200000
};

struct bagcheck *bagcheck_new(struct bagit_result *r);
/* Add a file; NULL if one of that name is there or there are too many (then
 * it is a finding).  The path is copied. */
struct bag_file *bagcheck_add(struct bagcheck *c, const char *path,
    uint64_t size);
/* Judge, once all files are added.  Negative only when reading failed. */
int bagcheck_run(struct bagcheck *c, const struct bag_source *src,
    struct err *e) MUST_CHECK;
void bagcheck_free(struct bagcheck *c);

/* Note something about the bag; `path` (made safe for a terminal) is put
 * where the format has its one %s. */
void bagcheck_note(struct bagit_result *r, bool fatal, const char *fmt,
    const char *path) __attribute__((format(printf, 3, 0)));

#endif
