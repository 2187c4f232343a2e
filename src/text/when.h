/* Dates and times as people and spreadsheets write them, to the ISO text that
 * date.h uses.  Any mixture of full-width characters and blanks is folded
 * first; Excel's leading apostrophe goes.  Refused with a Chinese sentence
 * that names the form wanted: two-digit years, a day in front (1/3/2015), a
 * month without its day, Excel's serial numbers, days that do not exist, years
 * outside 1900–2100. */
#ifndef TONGJI_WHEN_H
#define TONGJI_WHEN_H

#include "date.h"
#include "err.h"

enum { WHEN_SIZE = 17, WHEN_TIME_SIZE = 6 };	/* bytes with the NUL */

/* `2015-3-1`, `2015/03/01`, `2015.3.1`, `20150301`, `2015年3月1日` (or 号), each
 * also with a midnight behind it (`2015/3/1 0:00:00`), as Excel adds. */
int when_date(const char *s, char out[DATE_SIZE], struct err *e) MUST_CHECK;
/* `14:05`, `9:05`, `1405`, `14：05`, `14时5分`, `14点05分`, `14:05:00` (seconds
 * are dropped). */
int when_time(const char *s, char out[WHEN_TIME_SIZE], struct err *e) MUST_CHECK;
/* A date, then a blank, `T` or nothing after 日, then a time; or twelve
 * digits. */
int when_moment(const char *s, char out[WHEN_SIZE], struct err *e) MUST_CHECK;
/* A month: `2015-3`, `2015年3月`, `201503` to YYYY-MM. */
int when_month(const char *s, char out[8], struct err *e) MUST_CHECK;

#endif
