/* See calendar.h. */
#include "calendar.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "file.h"
#include "func.h"
#include "mem.h"
#include "str.h"

enum {
	LIMIT = 4 * 1024 * 1024, YEAR_MIN = 1990, YEAR_MAX = 2100,
	AFTER_MAX = 2000, SPAN_MAX = 366 * 100
};

struct day {
	int32_t number;		/* date_days() */
	bool works;
};

static struct {
	char *path;
	bool is_read, guessed;
	struct day *days;	/* sorted by number */
	size_t n, cap;
	bool known[YEAR_MAX - YEAR_MIN + 1];
	char *problem;
} cal;

void
calendar_close(void)
{
	free(cal.path);
	free(cal.days);
	free(cal.problem);
	memset(&cal, 0, sizeof cal);
}

void
calendar_open(const char *data)
{
	calendar_close();
	cal.path = xasprintf("%s/calendar/workdays.csv", data);
}

static void
read_years(const char *s)
{
	char *end;
	long year;

	for (;; s = end) {
		year = strtol(s, &end, 10);
		if (end == s)
			return;
		if (year >= YEAR_MIN && year <= YEAR_MAX)
			cal.known[year - YEAR_MIN] = true;
	}
}

/* One row: date,kind,name.  Returns false if it is not that. */
static bool
read_row(const char *s, size_t len)
{
	static const char holiday[] = ",holiday,", workday[] = ",workday,";
	bool works;
	int32_t number = len < 19 ? INT32_MIN : date_days(s);

	if (number == INT32_MIN)
		return false;
	works = strncmp(s + 10, workday, strlen(workday)) == 0;
	if (!works && strncmp(s + 10, holiday, strlen(holiday)) != 0)
		return false;
	if (cal.n > 0 && cal.days[cal.n - 1].number >= number)
		return false;
	cal.days = mem_grow(cal.days, cal.n, &cal.cap, sizeof *cal.days);
	cal.days[cal.n++] = (struct day){ number, works };
	return true;
}

static void
one_line(const char *s, size_t len, int line)
{
	static const char years[] = "# years:";

	if (str_starts(s, years))
		read_years(s + strlen(years));
	else if (len > 0 && *s != '#' && !str_starts(s, "date,kind") &&
	    !read_row(s, len) && cal.problem == NULL)
		cal.problem = xasprintf("workdays.csv:%d: 这一行读不懂，"
		    "应为“日期,holiday 或 workday,名称”，按日期排列", line);
}

static void
read_file(void)
{
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	const char *s;
	size_t len;
	int line = 1;

	cal.is_read = true;
	if (cal.path == NULL) {
		cal.problem = xstrdup("没有打开工作日历");
		return;
	}
	if (file_read(&text, cal.path, LIMIT, &e) < 0)
		cal.problem = xstrdup(e.msg);
	for (s = text.buf; *s != '\0'; s += s[len] == '\n' ? len + 1 : len) {
		len = strcspn(s, "\n");
		one_line(s, len > 0 && s[len - 1] == '\r' ? len - 1 : len,
		    line++);
	}
	str_done(&text);
}

static bool
year_known(int year)
{
	if (!cal.is_read)
		read_file();
	return year >= YEAR_MIN && year <= YEAR_MAX &&
	    cal.known[year - YEAR_MIN];
}

static int
by_number(const void *key, const void *day)
{
	int32_t a = *(const int32_t *)key, b = ((const struct day *)day)->number;

	return (a > b) - (a < b);
}

static bool
works(int32_t number)
{
	char iso[DATE_SIZE];
	const struct day *d;

	date_from_days(number, iso);
	if (!year_known(atoi(iso)))
		cal.guessed = true;
	d = cal.n == 0 ? NULL :
	    bsearch(&number, cal.days, cal.n, sizeof *d, by_number);
	return d != NULL ? d->works : date_weekday(number) <= 5;
}

bool
calendar_is_workday(const char *date)
{
	int32_t number = date == NULL ? INT32_MIN : date_days(date);

	return number != INT32_MIN && works(number);
}

int
calendar_after(const char *date, int n, char out[DATE_SIZE])
{
	int32_t number = date == NULL ? INT32_MIN : date_days(date);

	*out = '\0';
	if (number == INT32_MIN || n < 0 || n > AFTER_MAX)
		return -1;
	if (n == 0)
		while (!works(number))
			number++;
	while (n > 0)
		n -= works(++number);
	date_from_days(number, out);
	return 0;
}

bool
calendar_between(const char *a, const char *b, int *n)
{
	int32_t from = a == NULL ? INT32_MIN : date_days(a);
	int32_t to = b == NULL ? INT32_MIN : date_days(b), i;
	int sign = 1;

	*n = 0;
	if (from == INT32_MIN || to == INT32_MIN ||
	    labs((long)from - to) > SPAN_MAX)
		return false;
	if (from > to) {
		i = from;
		from = to;
		to = i;
		sign = -1;
	}
	for (i = from + 1; i <= to; i++)
		*n += works(i);
	*n *= sign;
	return true;
}

bool
calendar_unknown(const char *date)
{
	return !date_valid(date) || !year_known(atoi(date));
}

bool
calendar_guessed(void)
{
	return cal.guessed;
}

const char *
calendar_problem(void)
{
	if (!cal.is_read)
		read_file();
	return cal.problem;
}

static void
fn_after(struct func_call *c, int n, const char *const *arg, void *user)
{
	char out[DATE_SIZE], *end;
	long days;

	(void)n;
	(void)user;
	days = arg[1] == NULL ? -1 : strtol(arg[1], &end, 10);
	if (days < 0 || days > AFTER_MAX || *end != '\0' ||
	    calendar_after(arg[0], (int)days, out) < 0)
		func_text(c, NULL);
	else
		func_text(c, out);
}

static void
fn_between(struct func_call *c, int n, const char *const *arg, void *user)
{
	int days;

	(void)n;
	(void)user;
	if (calendar_between(arg[0], arg[1], &days))
		func_int(c, days);
	else
		func_text(c, NULL);
}

int
calendar_register(void *handle, const char *data)
{
	if (cal.path == NULL)
		calendar_open(data);
	if (func_add(handle, "workdays_after", 2, fn_after, NULL) < 0 ||
	    func_add(handle, "workdays_between", 2, fn_between, NULL) < 0)
		return -1;
	return 0;
}
