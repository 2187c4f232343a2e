/* What a delivery holds, counted and said the same on both sides: the township
 * that makes it, whoever verifies it, the county that takes it.
 *
 * Records that follow by themselves (类别起止, the list of villages) are
 * not counted; the guardian that is entered with a new child belongs to the
 * child. */
#ifndef TONGJI_CENSUS_H
#define TONGJI_CENSUS_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "model.h"
#include "str.h"

enum census_kind { CENSUS_ADDED, CENSUS_CHANGED, CENSUS_REMOVED, CENSUS_KINDS };

struct census {
	struct forms *fs;
	struct census_form {
		const struct form *form;
		int64_t n[CENSUS_KINDS];
		bool automatic;
	} *v;
	size_t n, cap;
};

int census_init(struct census *t, struct forms *fs, struct err *e) MUST_CHECK;
void census_done(struct census *t);
void census_add(struct census *t, const struct form *f, enum census_kind kind);
/* Do records of this form follow by themselves? */
bool census_automatic(const struct census *t, const struct form *f);

struct census_sum {
	int64_t children;	/* 新增 … 名 */
	int64_t items;		/* 变更 … 项 */
};
struct census_sum census_sum(const struct census *t);
/* "新增 2 名，变更 3 项". */
void census_words(int64_t children, int64_t items, struct str *out);
/* A line a form. */
void census_lines(const struct census *t, struct str *out);

#endif
