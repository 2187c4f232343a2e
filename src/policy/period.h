/* The spans that policy counts by: weeks are Monday to Sunday and belong to
 * the period of their Thursday (ISO 8601); half-years meet at 30 June and
 * 1 July. */
#ifndef TONGJI_PERIOD_H
#define TONGJI_PERIOD_H

#include "date.h"
#include "err.h"

enum period_kind {
	PERIOD_AS_OF, PERIOD_WEEK, PERIOD_MONTH, PERIOD_QUARTER, PERIOD_HALF,
	PERIOD_YEAR, PERIOD_TWO_YEARS, PERIOD_COUNT
};

struct period {
	enum period_kind kind;
	char from[DATE_SIZE], to[DATE_SIZE];	/* both days included */
	char label[24];		/* 2026, 2026H2, 2026Q3, 2026-11, 2026-W47,
				 * 2026-11-22, 2025-2026 */
	char words[48];		/* 2026年下半年 … */
};

/* The word in data files: as_of week month quarter half year two_years. */
const char *period_name(enum period_kind kind);
int period_kind(const char *name);		/* -1 if unknown */
/* The period of that kind in which a valid date lies.  PERIOD_AS_OF runs from
 * the beginning of time to the date; PERIOD_TWO_YEARS is the two years that
 * end with the date. */
void period_of(struct period *p, enum period_kind kind, const char *on);
/* The one before (as of: the last day of the month before). */
void period_before(struct period *p, const struct period *of);
/* `2026-11`, `2026`, `2026H1`, `2026Q3` or a date as a period. */
int period_parse(struct period *p, const char *text, struct err *e)
	MUST_CHECK;

#endif
