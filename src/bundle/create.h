/* A township's delivery: the changed rows as a BagIt bag in a ustar, encrypted
 * with age, signed with minisign, on the stick as two files. */
#ifndef TONGJI_CREATE_H
#define TONGJI_CREATE_H

#include <stdbool.h>
#include <stdint.h>

#include "census.h"
#include "err.h"
#include "header.h"
#include "model.h"
#include "stick.h"

struct create_result {
	char file[256];		/* name of the .age file */
	int64_t rows;
	struct census census;	/* of them */
	int64_t number;		/* 第几包, counted in this incarnation */
	bool for_county;	/* false: 县里打不开 */
	size_t rechecked;	/* earlier deliveries read again */
	char enrol[64];		/* enrolment file beside it, "" for none */
	char *damaged;		/* their names, one a line; heap or NULL */
};
void create_result_done(struct create_result *r);
/* "第7包：新增 3 名，变更 12 项", the county's words. */
void create_sentence(const struct create_result *r, struct str *out);

/* A part below data/ beside header and rows: report.html and, with --full,
 * the CSV files and the files of evidence, which are read when their turn
 * comes (one in memory at a time). */
struct create_part {
	const char *name;
	const char *text;	/* NULL: the file of that digest (blob.h) */
	size_t len;
	char sha256[65];
};

/* Make this site's bundle into the folder `dir`, with the period's report
 * and, if `full`, every form as CSV and the evidence's files.  `progress` may be NULL. */
int create_site(struct forms *fs, const char *home, const char *dir,
    bool full, stick_progress_fn *progress, void *ctx,
    struct create_result *out, struct err *e) MUST_CHECK;

/* The same with parts of your own. */
int create_bundle(struct forms *fs, const char *home, const char *dir,
    const struct create_part *parts, size_t nparts,
    stick_progress_fn *progress, void *ctx, struct create_result *out,
    struct err *e) MUST_CHECK;

/* Its two halves without stick and keys, for those who move rows another way
 * (and for the property test of the protocol): the header as the database
 * stands, but for rows and county; and the export remembered. */
int create_header(struct forms *fs, struct header *h, struct err *e)
	MUST_CHECK;
int create_remember(struct forms *fs, const struct header *h,
    const char *chain, const char *file, struct err *e) MUST_CHECK;

#endif
