/* The spans that policy counts by: weeks are Monday to Sunday and belong to
 * the period of their Thursday (ISO 8601); half-years meet at 30 June and
 * 1 July. */
#ifndef TONGJI_PERIOD_H
#define TONGJI_PERIOD_H

#include <stdbool.h>

#include "date.h"
#include "err.h"

struct db;

enum period_kind {
	PERIOD_AS_OF, PERIOD_WEEK, PERIOD_MONTH, PERIOD_QUARTER, PERIOD_HALF,
	PERIOD_YEAR, PERIOD_TWO_YEARS, PERIOD_COUNT
};

struct period {
	enum period_kind kind;
	bool closed;		/* of period_closed() */
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
/* As reports count: months end on the site's closing day (月结日, meta
 * `closing_day`, 1 to 28; else the calendar's last), so that 2026-11 of the
 * 25th runs from 10-26 to 11-25; quarters, half-years and years are whole
 * numbers of such months.  Other kinds as period_of(). */
void period_closed(struct period *p, enum period_kind kind, const char *on);
/* As indicators and lists count: months by the closing day, what the plans
 * count by half-year and year by the calendar. */
void period_span(struct period *p, enum period_kind kind, const char *on);
enum { CLOSING_LAST = 28 };
/* The closing day for this process, 0 for the calendar's; read it from a
 * site's settings when one is opened. */
void period_set_closing(int day);
int period_closing(void);
void period_load(struct db *db);

/* The one before (as of: the last day of the month before). */
void period_before(struct period *p, const struct period *of);
/* The last day, at most `today`, of the span before or after the one of `on`;
 * as of a day goes by months. */
void period_step(enum period_kind kind, const char *on, bool back,
    const char *today, char out[DATE_SIZE]);
/* `2026-11`, `2026`, `2026H1`, `2026Q3` or a date as a period. */
int period_parse(struct period *p, const char *text, struct err *e)
	MUST_CHECK;

#endif
