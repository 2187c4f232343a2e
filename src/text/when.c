/* See when.h. */
#include "when.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "number.h"
#include "safe.h"

enum { FOLD = 64, YEAR_MIN = 1900, YEAR_MAX = 2100 };

static int
refuse(const char *s, const char *why, struct err *e)
{
	char brief[SAFE_BRIEF];

	return err_set(e, E_FORMAT, "“%s”%s", safe_brief(s, brief), why);
}

static size_t
digits(const char *s)
{
	return strspn(s, "0123456789");
}

static const char *
blanks(const char *s)
{
	return s + strspn(s, " ");
}

/* Read 1..max digits; NULL when there are none or more. */
static const char *
read_number(const char *s, size_t max, int *out)
{
	size_t n = digits(s), i;

	if (n == 0 || n > max)
		return NULL;
	*out = 0;
	for (i = 0; i < n; i++)
		*out = *out * 10 + (s[i] - '0');
	return s + n;
}

/* Step over `word` with blanks around it, or return NULL. */
static const char *
skip_word(const char *s, const char *word)
{
	size_t n = strlen(word);

	s = blanks(s);
	return strncmp(s, word, n) == 0 ? blanks(s + n) : NULL;
}

struct day {
	int year, month, day;
};

/* `20150301`, `2015-3-1` and the like: the end, or NULL. */
static const char *
read_plain(const char *s, struct day *d)
{
	char mark;

	if (digits(s) == 8) {
		char part[9];

		memcpy(part, s, 8);
		part[8] = '\0';
		read_number(part + 6, 2, &d->day);
		part[6] = '\0';
		read_number(part + 4, 2, &d->month);
		part[4] = '\0';
		read_number(part, 4, &d->year);
		return s + 8;
	}
	if (digits(s) != 4)
		return NULL;
	s = read_number(s, 4, &d->year);
	mark = *s;
	if (mark == '\0' || strchr("-/.", mark) == NULL)
		return NULL;
	s = read_number(s + 1, 2, &d->month);
	if (s == NULL || *s != mark)
		return NULL;
	return read_number(s + 1, 2, &d->day);
}

/* `2015年3月1日` or 号. */
static const char *
read_chinese(const char *s, struct day *d)
{
	const char *end;

	if (digits(s) != 4)
		return NULL;
	s = read_number(s, 4, &d->year);
	if ((s = skip_word(s, "年")) == NULL ||
	    (s = read_number(s, 2, &d->month)) == NULL ||
	    (s = skip_word(s, "月")) == NULL ||
	    (s = read_number(s, 2, &d->day)) == NULL)
		return NULL;
	end = skip_word(s, "日");
	return end != NULL ? end : skip_word(s, "号");
}

/* Say what is wrong with a date that has none of the forms. */
static int
explain(const char *s, const char *fold, struct err *e)
{
	size_t n = digits(fold);

	if (n == 5 && fold[5] == '\0')
		return refuse(s, "像是表格软件的日期序号，请在原表里把这一列"
		    "设为日期格式，如 2015-03-01", e);
	if ((n == 4 || n == 6) && (fold[n] == '\0' ||
	    digits(fold + n + 1) + n + 1 == strlen(fold) ||
	    (strstr(fold, "月") != NULL && strstr(fold, "月")[3] == '\0')))
		return refuse(s, "不完整，请填到日，如 2015-03-01", e);
	if (n == 1 || n == 2)
		return refuse(s, "看不出是哪一年，请把四位年份写在前面，"
		    "如 2015-03-01", e);
	return refuse(s, "不是日期，请填成 2015-03-01 这样", e);
}

static int
finish(const char *s, const struct day *d, char out[DATE_SIZE], struct err *e)
{
	char iso[40];

	if (d->year < YEAR_MIN || d->year > YEAR_MAX)
		return refuse(s, "的年份不对，应在 1900 至 2100 年之间", e);
	snprintf(iso, sizeof iso, "%04d-%02d-%02d", d->year, d->month, d->day);
	if (!date_valid(iso))
		return refuse(s, "这一天不存在，请核对月份和日子", e);
	memcpy(out, iso, DATE_SIZE);
	return 0;
}

/* The date at the start of folded text; *rest becomes what is behind it,
 * *apart whether it is set off: by a blank, a T or 日. */
static int
read_date(const char *s, const char *fold, const char **rest, bool *apart,
    char out[DATE_SIZE], struct err *e)
{
	struct day d = { 0, 0, 0 };
	const char *p = read_plain(fold, &d);

	*apart = true;
	if (p != NULL) {
		*apart = *p == ' ' || *p == 'T';
		*rest = blanks(*p == 'T' ? p + 1 : p);
	} else if ((*rest = read_chinese(fold, &d)) == NULL) {
		return explain(s, fold, e);
	}
	return finish(s, &d, out, e);
}

static int
fold_text(const char *s, char *fold, struct err *e)
{
	if (number_fold_buf(s, fold, FOLD) < 0)
		return refuse(s, "太长，不是日期或时间", e);
	if (fold[0] == '\0')
		return err_set(e, E_FORMAT, "日期或时间是空的");
	return 0;
}

static bool
midnight(const char *s)
{
	static const char *const form[] = { "", "0:00", "00:00", "0:00:00",
	    "00:00:00", "00:00:00.000" };
	size_t i;

	for (i = 0; i < sizeof form / sizeof form[0]; i++)
		if (strcmp(s, form[i]) == 0)
			return true;
	return false;
}

int
when_date(const char *s, char out[DATE_SIZE], struct err *e)
{
	char fold[FOLD], date[DATE_SIZE];
	const char *rest;
	bool apart;

	out[0] = '\0';
	if (fold_text(s, fold, e) < 0 ||
	    read_date(s, fold, &rest, &apart, date, e) < 0)
		return E_FORMAT;
	if (!midnight(rest) || (*rest != '\0' && !apart))
		return refuse(s, "的日期后面多了东西，只填日期就好，"
		    "如 2015-03-01", e);
	memcpy(out, date, DATE_SIZE);
	return 0;
}

/* `14:05`, `14:05:00`, `1405`, `14时5分`, `14点`; the end or NULL. */
static const char *
read_time(const char *s, int *hour, int *minute)
{
	const char *p;
	int second;

	if (digits(s) == 4) {
		*hour = (s[0] - '0') * 10 + s[1] - '0';
		*minute = (s[2] - '0') * 10 + s[3] - '0';
		return s + 4;
	}
	if ((s = read_number(s, 2, hour)) == NULL)
		return NULL;
	if ((p = skip_word(s, ":")) != NULL) {
		s = digits(p) == 2 ? read_number(p, 2, minute) : NULL;
		if (s == NULL || *s != ':')
			return s;
		return digits(s + 1) == 2 ? read_number(s + 1, 2, &second) :
		    NULL;
	}
	if ((p = skip_word(s, "时")) == NULL &&
	    (p = skip_word(s, "点")) == NULL)
		return NULL;
	*minute = 0;
	if (*p == '\0')
		return p;
	if (strcmp(p, "整") == 0)
		return p + 3;
	s = read_number(p, 2, minute);
	return s != NULL && (p = skip_word(s, "分")) != NULL ? p : s;
}

static int
finish_time(const char *s, const char *text, char out[WHEN_TIME_SIZE],
    struct err *e)
{
	int hour = 0, minute = 0;
	const char *end = read_time(text, &hour, &minute);

	if (end == NULL || *end != '\0')
		return refuse(s, "不是时间，请填成 14:05 这样", e);
	if (hour > 23 || minute > 59)
		return refuse(s, "没有这个时刻，应在 00:00 至 23:59 之间", e);
	snprintf(out, WHEN_TIME_SIZE, "%02u:%02u", (unsigned)hour % 100,
	    (unsigned)minute % 100);
	return 0;
}

int
when_time(const char *s, char out[WHEN_TIME_SIZE], struct err *e)
{
	char fold[FOLD];

	out[0] = '\0';
	if (fold_text(s, fold, e) < 0)
		return E_FORMAT;
	return finish_time(s, fold, out, e);
}

/* 202611221405: a blank between day and time. */
static void
part_digits(char fold[FOLD])
{
	if (digits(fold) != 12 || fold[12] != '\0')
		return;
	memmove(fold + 9, fold + 8, 5);
	fold[8] = ' ';
}

int
when_moment(const char *s, char out[WHEN_SIZE], struct err *e)
{
	char fold[FOLD], date[DATE_SIZE], hhmm[WHEN_TIME_SIZE];
	const char *rest;
	bool apart;

	out[0] = '\0';
	if (fold_text(s, fold, e) < 0)
		return E_FORMAT;
	part_digits(fold);
	if (read_date(s, fold, &rest, &apart, date, e) < 0)
		return E_FORMAT;
	if (*rest == '\0')
		return refuse(s, "缺少时间，请填成 2015-03-01 14:05 这样", e);
	if (!apart)
		return refuse(s, "的日期和时间之间请空一格，"
		    "如 2015-03-01 14:05", e);
	if (finish_time(s, rest, hhmm, e) < 0)
		return E_FORMAT;
	snprintf(out, WHEN_SIZE, "%s %s", date, hhmm);
	return 0;
}

int
when_month(const char *s, char out[8], struct err *e)
{
	char fold[FOLD], month[3] = "";
	const char *p;
	int year = 0, m = 0;

	out[0] = '\0';
	if (fold_text(s, fold, e) < 0)
		return E_FORMAT;
	p = fold + 4;
	if (digits(fold) == 6 && fold[6] == '\0') {
		memcpy(month, fold + 4, 2);
		fold[4] = '\0';
		p = read_number(month, 2, &m);
	} else if (digits(fold) == 4 && (*p == '-' || *p == '/' || *p == '.')) {
		p = read_number(p + 1, 2, &m);
	} else if (digits(fold) == 4 && (p = skip_word(p, "年")) != NULL &&
	    (p = read_number(p, 2, &m)) != NULL) {
		p = skip_word(p, "月");
	} else {
		p = NULL;
	}
	if (p == NULL || *p != '\0')
		return refuse(s, "不是月份，请填成 2015-03 这样", e);
	fold[4] = '\0';
	read_number(fold, 4, &year);
	if (year < YEAR_MIN || year > YEAR_MAX || m < 1 || m > 12)
		return refuse(s, "没有这个月份，请核对", e);
	snprintf(out, 8, "%04u-%02u", (unsigned)year % 10000,
	    (unsigned)m % 100);
	return 0;
}
