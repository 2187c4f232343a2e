/* See period.h. */
#include "period.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"

static const char *const names[PERIOD_COUNT] = {
	"as_of", "week", "month", "quarter", "half", "year", "two_years"
};

static int closing;		/* 1 to CLOSING_LAST, 0: the calendar's end */

void
period_set_closing(int day)
{
	closing = day >= 1 && day <= CLOSING_LAST ? day : 0;
}

int
period_closing(void)
{
	return closing;
}

void
period_load(struct db *db)
{
	char *day = db_meta(db, "closing_day");

	period_set_closing(day != NULL ? atoi(day) : 0);
	free(day);
}

static const char epoch[DATE_SIZE] = "0001-01-01";

const char *
period_name(enum period_kind kind)
{
	return names[kind];
}

int
period_kind(const char *name)
{
	int i;

	for (i = 0; i < PERIOD_COUNT; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}

static void
put(char out[DATE_SIZE], int year, int month, int day)
{
	char text[48];

	snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
	memcpy(out, text, 10);
	out[10] = '\0';
}

/* Whole months: `n` of them from `month` on. */
static void
months(struct period *p, int year, int month, int n)
{
	char next[DATE_SIZE];

	put(p->from, year, month, 1);
	if (month + n > 12)
		put(next, year + 1, month + n - 12, 1);
	else
		put(next, year, month + n, 1);
	date_add(next, -1, p->to);
}

static void
week(struct period *p, const char *on)
{
	int32_t day = date_days(on), monday = day + 1 - date_weekday(day);
	char thursday[DATE_SIZE], first[DATE_SIZE];
	int number;

	date_from_days(monday, p->from);
	date_from_days(monday + 6, p->to);
	date_from_days(monday + 3, thursday);
	put(first, atoi(thursday), 1, 1);
	number = (int)(monday + 3 - date_days(first)) / 7 + 1;
	snprintf(p->label, sizeof p->label, "%.4s-W%02d", thursday, number);
	snprintf(p->words, sizeof p->words, "%.4s年第%d周", thursday, number);
}

void
period_of(struct period *p, enum period_kind kind, const char *on)
{
	int year = atoi(on), month = atoi(on + 5), part;

	memset(p, 0, sizeof *p);
	p->kind = kind;
	switch (kind) {
	case PERIOD_WEEK:
		week(p, on);
		break;
	case PERIOD_MONTH:
		months(p, year, month, 1);
		snprintf(p->label, sizeof p->label, "%.7s", on);
		snprintf(p->words, sizeof p->words, "%d年%d月", year, month);
		break;
	case PERIOD_QUARTER:
		part = (month - 1) / 3;
		months(p, year, part * 3 + 1, 3);
		snprintf(p->label, sizeof p->label, "%.4sQ%d", on, part + 1);
		snprintf(p->words, sizeof p->words, "%d年第%d季度", year,
		    part + 1);
		break;
	case PERIOD_HALF:
		part = (month - 1) / 6;
		months(p, year, part * 6 + 1, 6);
		snprintf(p->label, sizeof p->label, "%.4sH%d", on, part + 1);
		snprintf(p->words, sizeof p->words, "%d年%s半年", year,
		    part == 0 ? "上" : "下");
		break;
	case PERIOD_YEAR:
		months(p, year, 1, 12);
		snprintf(p->label, sizeof p->label, "%.4s", on);
		snprintf(p->words, sizeof p->words, "%d年", year);
		break;
	case PERIOD_TWO_YEARS:
		put(p->from, year - 2, month, atoi(on + 8));
		if (!date_valid(p->from))	/* 29 February */
			put(p->from, year - 2, 2, 28);
		date_add(p->from, 1, p->from);
		memcpy(p->to, on, 10);
		snprintf(p->label, sizeof p->label, "%d-%d", year - 1, year);
		snprintf(p->words, sizeof p->words, "近两年");
		break;
	default:
		memcpy(p->from, epoch, sizeof epoch);
		memcpy(p->to, on, 10);
		snprintf(p->label, sizeof p->label, "%.10s", on);
		snprintf(p->words, sizeof p->words, "截至%d年%d月%d日", year,
		    month, atoi(on + 8));
		break;
	}
}

/* From the day after the closing day of the month before to that of the last
 * month. */
static void
shift(struct period *p)
{
	char day[DATE_SIZE];
	int year = atoi(p->from), month = atoi(p->from + 5);

	put(day, month > 1 ? year : year - 1, month > 1 ? month - 1 : 12,
	    closing);
	put(p->to, atoi(p->to), atoi(p->to + 5), closing);
	date_add(day, 1, p->from);
}

void
period_closed(struct period *p, enum period_kind kind, const char *on)
{
	int year = atoi(on), month = atoi(on + 5);
	char day[DATE_SIZE];
	bool shifts = kind == PERIOD_MONTH || kind == PERIOD_QUARTER ||
	    kind == PERIOD_HALF || kind == PERIOD_YEAR;

	if (closing == 0 || !shifts) {
		period_of(p, kind, on);
	} else {
		if (atoi(on + 8) > closing)
			month++;
		put(day, month > 12 ? year + 1 : year, month > 12 ? 1 : month,
		    1);
		period_of(p, kind, day);
		shift(p);
	}
	p->closed = true;
}

void
period_span(struct period *p, enum period_kind kind, const char *on)
{
	if (kind == PERIOD_MONTH)
		period_closed(p, kind, on);
	else
		period_of(p, kind, on);
}

void
period_before(struct period *p, const struct period *of)
{
	char day[DATE_SIZE];
	struct period month;

	if (of->kind == PERIOD_AS_OF) {
		period_closed(&month, PERIOD_MONTH, of->to);
		date_add(month.from, -1, day);
	} else {
		date_add(of->from, -1, day);
	}
	if (of->closed)
		period_closed(p, of->kind, day);
	else
		period_of(p, of->kind, day);
}

void
period_step(enum period_kind kind, const char *on, bool back,
    const char *today, char out[DATE_SIZE])
{
	struct period p;
	char day[DATE_SIZE];

	if (kind == PERIOD_AS_OF)
		kind = PERIOD_MONTH;
	period_span(&p, kind, on);
	date_add(back ? p.from : p.to, back ? -1 : 1, day);
	period_span(&p, kind, day);
	memcpy(out, strcmp(p.to, today) < 0 ? p.to : today, DATE_SIZE - 1);
	out[DATE_SIZE - 1] = '\0';
}

int
period_parse(struct period *p, const char *text, struct err *e)
{
	char day[48] = "";
	enum period_kind kind = PERIOD_YEAR;
	size_t len = strlen(text);
	int part = len == 6 ? text[5] - '0' : 0;

	if (len == 10) {
		snprintf(day, sizeof day, "%s", text);
		kind = PERIOD_AS_OF;
	} else if (len == 7) {
		snprintf(day, sizeof day, "%s-01", text);
		kind = PERIOD_MONTH;
	} else if (len == 4) {
		snprintf(day, sizeof day, "%s-01-01", text);
	} else if (len == 6 && text[4] == 'H' && (part == 1 || part == 2)) {
		snprintf(day, sizeof day, "%.4s-%02d-01", text, part * 6 - 5);
		kind = PERIOD_HALF;
	} else if (len == 6 && text[4] == 'Q' && part >= 1 && part <= 4) {
		snprintf(day, sizeof day, "%.4s-%02d-01", text, part * 3 - 2);
		kind = PERIOD_QUARTER;
	}
	if (!date_valid(day))
		return err_set(e, E_USAGE, "期间写成 2026、2026-11、2026H1、"
		    "2026Q3 或 2026-11-22");
	period_closed(p, kind, day);
	return 0;
}
