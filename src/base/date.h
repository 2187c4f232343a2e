/* Dates and times as ISO text, in Beijing time (UTC+8, no summer time)
 * whatever TZ says.  A date is `YYYY-MM-DD`, a moment `YYYY-MM-DD HH:MM` or,
 * in stamps, `YYYY-MM-DD HH:MM:SS`. */
#ifndef TONGJI_DATE_H
#define TONGJI_DATE_H

#include <stdbool.h>
#include <stdint.h>

enum { DATE_SIZE = 11, STAMP_SIZE = 20 };	/* bytes with the NUL */

/* The business day: $TONGJI_TODAY if it is a valid date, else the clock plus
 * the offset set with date_set_offset().  Borrowed static storage. */
const char *date_today(void);
/* True when $TONGJI_TODAY overrides the clock (shown on the screen). */
bool date_is_overridden(void);
/* Days to add to the clock when a person said that it is wrong. */
void date_set_offset(int days);
/* `YYYY-MM-DD HH:MM:SS` now: date_today() with the clock's time of day. */
void date_stamp(char out[STAMP_SIZE]);
/* Milliseconds since 1970 of the real clock (for UUIDs and time-outs). */
int64_t date_unix_ms(void);
/* The bare clock's date, without override or offset. */
void date_clock(char out[DATE_SIZE]);

/* Day number (0 = 1970-01-01, proleptic Gregorian), or INT32_MIN if `iso`
 * does not start with a valid date. Only the first 10 bytes are read. */
int32_t date_days(const char *iso);
void date_from_days(int32_t days, char out[DATE_SIZE]);
bool date_valid(const char *iso);		/* exactly YYYY-MM-DD */
bool date_time_valid(const char *iso);		/* exactly YYYY-MM-DD HH:MM */
bool date_stamp_valid(const char *iso);		/* exactly as date_stamp() */
bool time_valid(const char *hhmm);		/* exactly HH:MM */
int date_weekday(int32_t days);			/* 1 = Monday … 7 = Sunday */
void date_add(const char *iso, int32_t days, char out[DATE_SIZE]);
/* Whole years from `birth` to `on`, full on the birthday itself; a birth on
 * 29 February is full on 1 March of other years (民法典 art. 17–19 count full
 * years; GB/T has no other rule).  -1 if either date is not valid or `on` is
 * earlier. */
int date_age(const char *birth, const char *on);

#endif
