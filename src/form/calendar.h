/* Working days of mainland China: weekdays, without the holidays and with the
 * make-up days of the State Council's yearly notice
 * (data/calendar/workdays.csv).  A year that the file does not cover counts
 * its weekdays, and calendar_unknown() says so. */
#ifndef TONGJI_CALENDAR_H
#define TONGJI_CALENDAR_H

#include <stdbool.h>

#include "date.h"

/* Where the calendar is: `data` is the data folder.  It is read at the first
 * question.  One calendar per process; a second call replaces it. */
void calendar_open(const char *data);
void calendar_close(void);

/* A working day?  False for text that is not a date. */
bool calendar_is_workday(const char *date);
/* The n-th working day after `date` (n >= 1; the day itself does not count:
 * 民法典 art. 201).  n = 0: the day itself if it is a working day, else the
 * next one (a term that ends on a holiday ends on the next working day, art.
 * 203).  -1 and "" for no date or n outside 0..2000. */
int calendar_after(const char *date, int n, char out[DATE_SIZE]);
/* Working days after `a` up to and with `b`; negative when `b` is earlier;
 * false when either is no date. */
bool calendar_between(const char *a, const char *b, int *n);

/* Is the year of this date not covered by the file? */
bool calendar_unknown(const char *date);
/* Has any answer since calendar_open() leaned on a year without calendar? */
bool calendar_guessed(void);
/* Why the file could not be read (Chinese), or NULL. */
const char *calendar_problem(void);

/* Register workdays_after(date, n) and workdays_between(a, b) on a sqlite3
 * handle, calling calendar_open(data) if none is open.  0 or -1. */
int calendar_register(void *handle, const char *data);

#endif
