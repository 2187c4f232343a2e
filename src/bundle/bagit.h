/* BagIt (RFC 8493, and its drafts 0.93 to 0.97): a bag checked in a folder,
 * a bag checked as it streams out of a tar.
 *
 * Checked: bagit.txt, every payload and tag manifest (MD5, SHA-1, SHA-2),
 * completeness both ways, Payload-Oxum, fetch.txt, names that leave the bag,
 * encodings of tag files, Unicode normalisation.  Nothing is ever fetched.
 * Limits: tag files of at most 64 MiB; 200,000 files. */
#ifndef TONGJI_BAGIT_H
#define TONGJI_BAGIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bagwriter.h"	/* the other half: writing one */
#include "err.h"
#include "flow.h"
#include "tar.h"

enum bagit_verdict { BAGIT_VALID, BAGIT_WARNING, BAGIT_INVALID };

struct bagit_finding {
	bool fatal;
	char *text;		/* one Chinese sentence */
};

struct bagit_result {
	enum bagit_verdict verdict;
	struct bagit_finding *v;
	size_t n, cap;		/* at most BAGIT_FINDINGS are kept */
	size_t more;		/* findings beyond that */
	char version[16];	/* "1.0", "" when unknown */
	uint64_t files, bytes;	/* payload */
};

enum { BAGIT_FINDINGS = 200 };

#define BAGIT_RESULT_INIT { BAGIT_VALID, NULL, 0, 0, 0, "", 0, 0 }

void bagit_result_done(struct bagit_result *r);

/* Check the bag in the folder `path`.  0 when it could be looked at, whatever
 * the verdict; E_NOTFOUND or E_IO when it could not (no folder, no
 * permission). */
int bagit_check_dir(struct bagit_result *r, const char *path, struct err *e)
	MUST_CHECK;

/* What a streaming check gives away as it goes; any may be NULL.  Everything
 * seen here is unverified until bagit_check_tar() has returned 0 with a
 * verdict that is not BAGIT_INVALID: keep it aside.  A negative return stops
 * the check with that code. */
struct bagit_visit {
	int (*file)(void *ctx, const char *path, uint64_t size,
	    struct err *e);		/* path without the base folder */
	int (*data)(void *ctx, const void *p, size_t len, struct err *e);
	int (*end)(void *ctx, struct err *e);
	void *ctx;
	/* after end: the file's SHA-256, which was computed anyway */
	int (*sum)(void *ctx, const char *path,
	    const unsigned char sha256[32], struct err *e);
};

/* Check a bag as it comes out of a tar, each member hashed once.  `visit` may
 * be NULL.  Negative when the stream or the tar is broken. */
int bagit_check_tar(struct bagit_result *r, struct flow_in in,
    const struct tar_limits *limits, const struct bagit_visit *visit,
    struct err *e) MUST_CHECK;

#endif
