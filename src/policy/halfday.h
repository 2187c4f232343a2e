/* The half-days of one person in a class: to which they came and when, where
 * they were late or left early.  Fields of `trainee`: sessions, late_at,
 * early_at, session_times; `present`, `signed_at` (the first) and
 * `punctuality` (all together) follow from them. */
#ifndef TONGJI_HALFDAY_H
#define TONGJI_HALFDAY_H

#include <stdbool.h>

#include "record.h"

enum { HALFDAYS = 10, HALFDAY_TIME = 17 };	/* codes of half_day */

struct halfdays {
	unsigned came, late, early;	/* bit i: half-day i + 1 */
	char at[HALFDAYS][HALFDAY_TIME];	/* "" or YYYY-MM-DD HH:MM */
};

/* The fields as stored, any of them NULL.  Somebody present without sessions
 * came to the first; a `punctuality` alone means that the first half-day was
 * begun late, the last one left early. */
struct halfday_text {
	const char *present, *sessions, *late, *early, *times, *signed_at;
	const char *punctuality;
};
void halfdays_read(struct halfdays *h, const struct halfday_text *t);
void halfdays_load(struct halfdays *h, const struct record *r);
/* Write them into the record's fields (not saved). */
void halfdays_fill(struct record *r, const struct halfdays *h);
/* Came to half-day `i` (from 0), at `now` (NULL: nobody knows when), or did
 * not. */
void halfday_mark(struct halfdays *h, int i, bool came, const char *now);
/* on_time, late, early or both: of half-day `i`, and of all together. */
const char *halfday_punctual(const struct halfdays *h, int i);
const char *halfdays_punctual(const struct halfdays *h);
void halfday_set(struct halfdays *h, int i, const char *code);
int halfdays_count(const struct halfdays *h);

#endif
