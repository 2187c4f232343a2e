/* 《农村留守儿童基本情况排查汇总表》 (the ministry's 2016 survey): left-behind
 * children on one day by village, in blocks that each add up to the total and
 * end in 未采集; the help block may hold a child more than once. */
#ifndef TONGJI_SURVEY_H
#define TONGJI_SURVEY_H

#include <stdint.h>

#include "err.h"
#include "model.h"
#include "paper.h"

struct survey;

/* Count for a day. */
int survey_make(struct forms *fs, const char *on, struct survey **out,
    struct err *e) MUST_CHECK;
void survey_free(struct survey *s);

/* Children in all; how many are missing in some block. */
long survey_total(const struct survey *s);
long survey_uncollected(const struct survey *s);
/* Townships that never reported: nothing of them is counted. */
int64_t survey_silent(const struct survey *s);
/* Does every block add up in every village?  (It does by construction; the
 * report says so because the county checks it.) */
bool survey_crossfoot(const struct survey *s);

/* Cell by cell.  `at` is a village from 0 to survey_places(), that one being
 * the sum; `b` a block, -1 the total; `i` an item of the block. */
size_t survey_places(const struct survey *s);
int survey_nblocks(const struct survey *s);
const char *survey_block(const struct survey *s, int b, int *nitems);
const char *survey_item(const struct survey *s, int b, int i);
const char *survey_place(const struct survey *s, size_t at);
long survey_count(const struct survey *s, size_t at, int b, int i);
/* The children behind a cell, one a call: uid and *name, borrowed; `*from`
 * starts at 0.  NULL at the end. */
const char *survey_behind(const struct survey *s, size_t at, int b, int i,
    size_t *from, const char **name);

/* Block by block, a row a village: for reading and printing. */
void survey_blocks(const struct survey *s, struct paper *p);
/* One wide table, a row a village: for CSV and workbooks. */
void survey_wide(const struct survey *s, struct paper *p);
/* Since the day `before`: who came, who went and why, in numbers, and with
 * `names` by name; then who is missing what. */
int survey_changes(struct forms *fs, const struct survey *s,
    const char *before, bool names, struct paper *p, struct err *e)
	MUST_CHECK;

#endif
