/* See date.h.  Civil-day arithmetic on a year that starts in March, so that
 * the leap day is the last one. */
#include "date.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

static int offset_days;

static bool
digits(const char *s, int n)
{
	while (n-- > 0)
		if (s[n] < '0' || s[n] > '9')
			return false;
	return true;
}

static int
number(const char *s, int n)
{
	int v = 0;

	while (n-- > 0)
		v = v * 10 + (*s++ - '0');
	return v;
}

static int
month_days(int y, int m)
{
	static const int len[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;

	return m == 2 && leap ? 29 : len[m - 1];
}

int32_t
date_days(const char *iso)
{
	int y, m, d, era, yoe, doy;

	if (iso == NULL || strnlen(iso, 10) < 10 || !digits(iso, 4) ||
	    iso[4] != '-' || !digits(iso + 5, 2) || iso[7] != '-' ||
	    !digits(iso + 8, 2))
		return INT32_MIN;
	y = number(iso, 4);
	m = number(iso + 5, 2);
	d = number(iso + 8, 2);
	if (y < 1 || m < 1 || m > 12 || d < 1 || d > month_days(y, m))
		return INT32_MIN;
	y -= m <= 2;
	era = y / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

/* The last n digits of a number. */
static void
put(char *out, int n, int v)
{
	while (n-- > 0) {
		out[n] = (char)('0' + v % 10);
		v /= 10;
	}
}

void
date_from_days(int32_t days, char out[DATE_SIZE])
{
	int z = days + 719468, era, doe, yoe, y, doy, mp, d, m;

	era = (z >= 0 ? z : z - 146096) / 146097;
	doe = z - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	y = yoe + era * 400;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	d = doy - (153 * mp + 2) / 5 + 1;
	m = mp < 10 ? mp + 3 : mp - 9;
	y += m <= 2;		/* beyond the calendar it stays there */
	put(out, 4, y < 0 ? 0 : y > 9999 ? 9999 : y);
	out[4] = '-';
	put(out + 5, 2, m);
	out[7] = '-';
	put(out + 8, 2, d);
	out[10] = '\0';
}

bool
date_valid(const char *iso)
{
	return iso != NULL && strlen(iso) == 10 && date_days(iso) != INT32_MIN;
}

bool
time_valid(const char *s)
{
	return s != NULL && strlen(s) == 5 && digits(s, 2) && s[2] == ':' &&
	    digits(s + 3, 2) && number(s, 2) < 24 && number(s + 3, 2) < 60;
}

bool
date_time_valid(const char *iso)
{
	return iso != NULL && strlen(iso) == 16 && iso[10] == ' ' &&
	    date_days(iso) != INT32_MIN && time_valid(iso + 11);
}

bool
date_stamp_valid(const char *iso)
{
	char minute[17] = "";

	if (iso == NULL || strlen(iso) != STAMP_SIZE - 1 || iso[16] != ':' ||
	    !digits(iso + 17, 2) || number(iso + 17, 2) > 59)
		return false;
	memcpy(minute, iso, 16);
	return date_time_valid(minute);
}

int
date_weekday(int32_t days)
{
	int w = (days + 3) % 7;		/* 1970-01-01 was a Thursday */

	return (w < 0 ? w + 7 : w) + 1;
}

void
date_add(const char *iso, int32_t days, char out[DATE_SIZE])
{
	int32_t d = date_days(iso);

	if (d == INT32_MIN)
		out[0] = '\0';
	else
		date_from_days(d + days, out);
}

int
date_age(const char *birth, const char *on)
{
	int years;

	if (date_days(birth) == INT32_MIN || date_days(on) == INT32_MIN ||
	    strncmp(on, birth, 10) < 0)
		return -1;
	years = number(on, 4) - number(birth, 4);
	if (strncmp(on + 5, birth + 5, 5) < 0)
		years--;
	return years;
}

int64_t
date_unix_ms(void)
{
	struct timeval tv;

	gettimeofday(&tv, NULL);
	return (int64_t)tv.tv_sec * 1000 + tv.tv_usec / 1000;
}

static int64_t
beijing_seconds(void)
{
	return date_unix_ms() / 1000 + 8 * 3600;
}

void
date_clock(char out[DATE_SIZE])
{
	date_from_days((int32_t)(beijing_seconds() / 86400), out);
}

bool
date_is_overridden(void)
{
	return date_valid(getenv("TONGJI_TODAY"));
}

void
date_set_offset(int days)
{
	offset_days = days;
}

const char *
date_today(void)
{
	static char today[DATE_SIZE];

	if (date_is_overridden())
		memcpy(today, getenv("TONGJI_TODAY"), DATE_SIZE);
	else
		date_from_days((int32_t)(beijing_seconds() / 86400) +
		    offset_days, today);
	return today;
}

void
date_stamp(char out[STAMP_SIZE])
{
	unsigned s = (unsigned)(beijing_seconds() % 86400);
	unsigned part[3] = { s / 3600 % 24, s / 60 % 60, s % 60 };
	size_t i;

	memcpy(out, date_today(), 10);
	for (i = 0; i < 3; i++) {
		out[10 + 3 * i] = i == 0 ? ' ' : ':';
		out[11 + 3 * i] = (char)('0' + part[i] / 10);
		out[12 + 3 * i] = (char)('0' + part[i] % 10);
	}
	out[STAMP_SIZE - 1] = '\0';
}
