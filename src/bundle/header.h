/* data/header.json: what a bundle says of itself.  BUNDLE.md's protocol in
 * fields; hashes are 64 lower-case hexadecimal digits. */
#ifndef TONGJI_HEADER_H
#define TONGJI_HEADER_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "str.h"

#define HEADER_SUITE "age-v1+minisign"

struct header {
	char format[16];	/* "tj1" */
	char suite[32];		/* HEADER_SUITE */
	char schema[65];	/* SHA-256 over the applied forms */
	char site[13], site_name[96];
	char inc[33];		/* incarnation, 32 hex */
	char parent_inc[33];	/* "" for a first incarnation */
	int64_t parent_seq;
	char parent_chain[65];
	int64_t base, to;	/* journal numbers: changed after, up to */
	char base_chain[65];	/* chain of the acknowledged point */
	char previous[65];	/* chain of the export before this one */
	char (*lineage)[65];	/* chains of all exports of this incarnation */
	size_t nlineage;
	char county[13];	/* whom it is for, "" when no county key */
	int64_t rows;
	int64_t children, items;	/* 新增 … 名，变更 … 项 (census.h);
					 * -1: the maker did not count */
	int64_t journal_seq;
	char journal_hash[65];
	char created[20];
	char *series;		/* numbers minted: {"case.case_no SL2026-": 12};
				 * heap or NULL */
	int64_t edition;	/* 第几版 of the county's forms and data, 0: none */
};

void header_done(struct header *h);
void header_text(const struct header *h, struct str *out);
/* Strict: unknown members are passed over, wrong or missing ones refused. */
int header_parse(struct header *h, const char *text, size_t len,
    struct err *e) MUST_CHECK;
/* SHA-256(previous ‖ inc ‖ base ‖ to ‖ sha256(rows)), fields as their text
 * with a newline behind each. */
void header_chain(const struct header *h, const char *rows_sha256,
    char out[65]);
/* The file name without ending: tj1-SITE-INC8-BASE-TO. */
void header_name(const struct header *h, char *out, size_t size);

#endif
