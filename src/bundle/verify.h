/* Looking at bundles: is this one of ours, whole and unchanged, or a BagIt bag
 * that is what its manifests say? */
#ifndef TONGJI_VERIFY_H
#define TONGJI_VERIFY_H

#include <stdbool.h>

#include "agekey.h"
#include "bagit.h"
#include "date.h"
#include "err.h"
#include "header.h"
#include "minikey.h"

/* What is known of one delivery after looking. */
struct verify_result {
	struct bagit_result bag;
	struct header header;
	bool has_header;
	char rows_sha256[65];
	char chain[65];
	int64_t rows;		/* lines counted */
	char comment[1024];	/* the signature's trusted comment */
	/* set by the caller (signer.h): when the key that signed it was
	 * replaced, or ""; what was made after that is refused */
	char until[STAMP_SIZE];
};
#define VERIFY_RESULT_INIT { BAGIT_RESULT_INIT, { .rows = 0 }, false, "", "", \
	0, "", "" }
void verify_result_done(struct verify_result *r);

/* The signature file beside PATH.age, not yet verified.  E_NOTFOUND when there
 * is none (the delivery was never finished). */
struct minisign_sig;
int verify_read_sig(const char *path, struct minisign_sig *sig,
    struct err *e) MUST_CHECK;
/* The signature beside PATH.age: by `k`, over this very file. */
int verify_signature(const char *path, const struct minisign_public *k,
    char *comment, size_t size, struct err *e) MUST_CHECK;
/* The site code in a delivery's file name; E_FORMAT if it is not ours. */
int verify_site_of(const char *path, char site[13], struct err *e) MUST_CHECK;

/* Decrypt and check everything: age, tar, bag, header, every row's shape,
 * counts.  Constant memory.  Refusals are negative codes with a sentence. */
int verify_content(const char *path, const struct age_keys *keys,
    struct verify_result *out, struct err *e) MUST_CHECK;

/* Write the files of a delivery that verify_content found good below `dir`
 * (new folder). */
int verify_extract(const char *path, const struct age_keys *keys,
    const char *dir, struct err *e) MUST_CHECK;

#endif
