/* See rules.h. */
#include "rules.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calendar.h"
#include "csvline.h"
#include "file.h"
#include "func.h"
#include "mem.h"

enum { COLUMNS = 9, FILE_LIMIT = 1024 * 1024 };

struct rules {
	struct arena arena;
	struct rule *row;
	size_t n, cap;
};

static const char header[] = "rule,key,value,unit,doc,effective_from,"
    "effective_to,source,note";

static const char *const units[] = {
	"", "minute", "hour", "day", "workday", "week", "month", "year",
	"time", "child", "home", "person", "MB"
};

static int
order(const void *a, const void *b)
{
	const struct rule *x = a, *y = b;
	int c = strcmp(x->name, y->name);

	if (c == 0)
		c = strcmp(x->key, y->key);
	return c != 0 ? c : strcmp(x->from, y->from);
}

static int
check_row(const struct rule *r, struct err *e)
{
	const char *why = NULL;
	size_t i;

	for (i = 0; i < COUNT_OF(units); i++)
		if (strcmp(r->unit, units[i]) == 0)
			break;
	if (*r->name == '\0' || *r->key == '\0' || *r->value == '\0')
		why = "规则、项和数值都要写";
	else if (i == COUNT_OF(units))
		why = "不认识这个单位，可用 day workday week month year hour "
		    "minute time child home person MB";
	else if (!date_valid(r->from))
		why = "生效日期应写成 2026-01-01";
	else if (*r->to != '\0' && (!date_valid(r->to) ||
	    strcmp(r->to, r->from) < 0))
		why = "失效日期应写成 2026-12-31，且不早于生效日期";
	if (why == NULL)
		return 0;
	return err_set(e, E_FORMAT, "rules/%s:%d: %s", r->file, r->line, why);
}

static int
read_row(struct rules *rs, const char *file, int line, char **cell, int n,
    struct err *e)
{
	struct rule *r;

	if (n != COLUMNS)
		return err_set(e, E_FORMAT, "rules/%s:%d: 应有 %d 格，实有 "
		    "%d 格", file, line, (int)COLUMNS, n);
	rs->row = mem_grow(rs->row, rs->n, &rs->cap, sizeof *rs->row);
	r = &rs->row[rs->n];
	*r = (struct rule){
		.name = cell[0], .key = cell[1], .value = cell[2],
		.unit = cell[3], .doc = cell[4], .from = cell[5],
		.to = cell[6], .source = cell[7], .note = cell[8],
		.file = file, .line = line
	};
	rs->n++;
	return check_row(r, e);
}

static int
read_file(struct rules *rs, const char *dir, const char *name, struct err *e)
{
	char *path = xasprintf("%s/%s", dir, name), *cell[COLUMNS + 1], *text;
	const char *file = arena_str(&rs->arena, name);
	struct str s = STR_INIT;
	struct csvline c;
	bool headed = false;
	int n, rc = file_read(&s, path, FILE_LIMIT, e);

	text = arena_strn(&rs->arena, s.buf, s.len);
	csvline_start(&c, text);
	while (rc == 0 && (n = csvline_next(&c, cell, COLUMNS + 1)) != 0) {
		if (n < 0) {
			rc = err_set(e, E_FORMAT, "rules/%s:%d: 引号没有"
			    "成对，或格数太多", file, c.line);
		} else if (!headed) {
			headed = true;
			if (n != COLUMNS || strcmp(cell[0], "rule") != 0 ||
			    strcmp(cell[COLUMNS - 1], "note") != 0)
				rc = err_set(e, E_FORMAT, "rules/%s:%d: 表头"
				    "应是 %s", file, c.line, header);
		} else {
			rc = read_row(rs, file, c.line, cell, n, e);
		}
	}
	str_done(&s);
	free(path);
	return rc;
}

/* Two rows for one key from one day: which of them should win? */
static int
check_order(const struct rules *rs, struct err *e)
{
	const struct rule *a, *b;
	size_t i;

	for (i = 1; i < rs->n; i++) {
		a = &rs->row[i - 1];
		b = &rs->row[i];
		if (order(a, b) == 0)
			return err_set(e, E_FORMAT, "rules/%s:%d: 规则 %s 的 "
			    "%s 在 %s 已有一行（%s 第 %d 行），请改生效日期",
			    b->file, b->line, b->name, b->key, b->from,
			    a->file, a->line);
	}
	return 0;
}

static int
csv_only(const struct dirent *d)
{
	const char *dot = strrchr(d->d_name, '.');

	return d->d_name[0] != '.' && dot != NULL && strcmp(dot, ".csv") == 0;
}

int
rules_load(struct rules **out, const char *data, struct err *e)
{
	char *dir = xasprintf("%s/rules", data);
	struct rules *rs = xcalloc(1, sizeof *rs);
	struct dirent **list = NULL;
	int i, n = scandir(dir, &list, csv_only, alphasort), rc = 0;

	if (n < 0)
		rc = err_errno(e, "打不开规则文件夹 %s", dir);
	for (i = 0; i < n; i++) {
		if (rc == 0)
			rc = read_file(rs, dir, list[i]->d_name, e);
		free(list[i]);
	}
	free(list);
	free(dir);
	if (rs->n > 0)
		qsort(rs->row, rs->n, sizeof *rs->row, order);
	if (rc == 0)
		rc = check_order(rs, e);
	if (rc < 0) {
		rules_free(rs);
		return rc;
	}
	*out = rs;
	return 0;
}

void
rules_free(struct rules *rs)
{
	if (rs == NULL)
		return;
	arena_done(&rs->arena);
	free(rs->row);
	free(rs);
}

/* The first row not before (name, key). */
static size_t
first(const struct rules *rs, const char *name, const char *key)
{
	size_t lo = 0, hi = rs->n, mid;
	int c;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		c = strcmp(rs->row[mid].name, name);
		if (c == 0)
			c = strcmp(rs->row[mid].key, key);
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static const struct rule *
find(const struct rules *rs, const char *name, const char *key,
    const char *on)
{
	const struct rule *best = NULL, *r;
	size_t i;

	for (i = first(rs, name, key); i < rs->n; i++) {
		r = &rs->row[i];
		if (strcmp(r->name, name) != 0 || strcmp(r->key, key) != 0)
			break;
		if (strncmp(r->from, on, 10) <= 0 &&
		    (*r->to == '\0' || strncmp(r->to, on, 10) >= 0))
			best = r;
	}
	return best;
}

const struct rule *
rules_find(const struct rules *rs, const char *name, const char *key,
    const char *on)
{
	const struct rule *r = find(rs, name, key, on);

	return r != NULL ? r : find(rs, name, "default", on);
}

static bool
is_integer(const char *s)
{
	s += *s == '-';
	return *s != '\0' && strlen(s) < 10 &&
	    s[strspn(s, "0123456789")] == '\0';
}

long
rules_number(const struct rules *rs, const char *name, const char *key,
    const char *on, long dflt)
{
	const struct rule *r = rules_find(rs, name, key, on);

	return r != NULL && is_integer(r->value) ?
	    strtol(r->value, NULL, 10) : dflt;
}

/* Months on, on the last day of a month that is too short. */
static void
add_months(const char *from, long months, char out[DATE_SIZE])
{
	long y = strtol(from, NULL, 10), m = strtol(from + 5, NULL, 10) - 1;
	long d = strtol(from + 8, NULL, 10);
	char first_day[40];

	m += months;
	y += m / 12;
	m %= 12;
	for (; d > 0; d--) {
		snprintf(first_day, sizeof first_day, "%04ld-%02ld-%02ld",
		    y, m + 1, d);
		if (strlen(first_day) == 10 && date_valid(first_day))
			break;
	}
	memcpy(out, d > 0 ? first_day : from, 10);
	out[10] = '\0';
}

int
rules_date(const struct rules *rs, const char *name, const char *key,
    const char *from, const char *on, char out[DATE_SIZE])
{
	const struct rule *r = rules_find(rs, name, key, on);
	long n;

	if (r == NULL || !is_integer(r->value) ||
	    date_days(from) == INT32_MIN)
		return -1;
	n = strtol(r->value, NULL, 10);
	if (strcmp(r->unit, "day") == 0)
		date_add(from, (int32_t)n, out);
	else if (strcmp(r->unit, "week") == 0)
		date_add(from, (int32_t)(n * 7), out);
	else if (strcmp(r->unit, "month") == 0)
		add_months(from, n, out);
	else if (strcmp(r->unit, "year") == 0)
		add_months(from, n * 12, out);
	else if (strcmp(r->unit, "workday") == 0)
		return calendar_after(from, (int)n, out) < 0 ? -1 : 0;
	else
		return -1;
	return 0;
}

size_t
rules_count(const struct rules *rs)
{
	return rs->n;
}

const struct rule *
rules_at(const struct rules *rs, size_t i)
{
	return &rs->row[i];
}

static void
fn_rule(struct func_call *c, int n, const char *const *arg, void *user)
{
	const struct rule *r = NULL;

	(void)n;
	if (arg[0] != NULL && arg[2] != NULL)
		r = rules_find(user, arg[0], arg[1] != NULL ? arg[1] :
		    "default", arg[2]);
	if (r == NULL)
		func_text(c, NULL);
	else if (is_integer(r->value))
		func_int(c, strtol(r->value, NULL, 10));
	else
		func_text(c, r->value);
}

static void
fn_rule_date(struct func_call *c, int n, const char *const *arg, void *user)
{
	char out[DATE_SIZE];
	bool ok = arg[0] != NULL && arg[2] != NULL && arg[3] != NULL;

	(void)n;
	ok = ok && rules_date(user, arg[0], arg[1] != NULL ? arg[1] :
	    "default", arg[2], arg[3], out) == 0;
	func_text(c, ok ? out : NULL);
}

/* rule_doc(name, key, on): the 文号, "" while there is none. */
static void
fn_rule_doc(struct func_call *c, int n, const char *const *arg, void *user)
{
	const struct rule *r = NULL;

	(void)n;
	if (arg[0] != NULL && arg[1] != NULL && arg[2] != NULL)
		r = rules_find(user, arg[0], arg[1], arg[2]);
	func_text(c, r != NULL ? r->doc : NULL);
}

/* The end of a benefit's steps, one after the other, each in its own days. */
static bool
steps_due(const struct rules *rs, const char *benefit, const char *from,
    const char *on, char out[DATE_SIZE])
{
	static const char *const steps[] = { "enter", "verify", "confirm",
	    "notify" };
	char kind[80], day[DATE_SIZE];
	bool some = false;
	size_t i;

	snprintf(kind, sizeof kind, "%.60s_case", benefit);
	for (i = 0; i < COUNT_OF(steps); i++)
		if (rules_date(rs, kind, steps[i], some ? out : from, on,
		    day) == 0) {
			memcpy(out, day, sizeof day);
			some = true;
		}
	return some;
}

/* Somebody who is full a day after her birthday is, on any day, as old as the
 * others were the day before. */
static void
fn_age(struct func_call *c, int n, const char *const *arg, void *user)
{
	char day[DATE_SIZE];
	int years = date_age(arg[0], arg[1]);
	long late;

	(void)n;
	if (years > 0 &&
	    (late = rules_number(user, "age", "full", arg[1], 0)) != 0) {
		date_add(arg[1], (int32_t)-late, day);
		years = date_age(arg[0], day);
	}
	if (years < 0)
		func_text(c, NULL);
	else
		func_int(c, years);
}

/* case_due(needs, urgency, applied_for, from, on): when a case is due by the
 * rules: urgent ones by their own; an application for a benefit that is dealt
 * with in steps by all of them (applied_for `cross_province`: those of 跨省通
 * 办); else the latest of its needs. */
static void
fn_case_due(struct func_call *c, int n, const char *const *arg, void *user)
{
	const char *p = arg[0] != NULL ? arg[0] : "", *from = arg[3];
	char best[DATE_SIZE] = "", day[DATE_SIZE], need[64];
	size_t len;

	(void)n;
	if (from == NULL || arg[4] == NULL || date_days(from) == INT32_MIN) {
		func_text(c, NULL);
		return;
	}
	if (arg[2] != NULL && steps_due(user, arg[2], from, arg[4], best)) {
		func_text(c, best);
		return;
	}
	if (arg[1] != NULL && strcmp(arg[1], "urgent") == 0 &&
	    rules_date(user, "case", "urgent", from, arg[4], day) == 0) {
		func_text(c, day);
		return;
	}
	for (; *p == ';' && p[1] != '\0'; p += len) {
		len = strcspn(++p, ";");
		snprintf(need, sizeof need, "%.*s", (int)(len < 60 ? len : 60),
		    p);
		if (rules_date(user, "case", need, from, arg[4], day) == 0 &&
		    strcmp(day, best) > 0)
			memcpy(best, day, sizeof day);
	}
	if (*best == '\0')
		(void)rules_date(user, "case", "default", from, arg[4], best);
	func_text(c, *best != '\0' ? best : NULL);
}

int
rules_register(const struct rules *rs, void *handle)
{
	void *user = (void *)(uintptr_t)rs;	/* read only */

	if (func_add(handle, "age", 2, fn_age, user) < 0)
		return -1;
	if (func_add(handle, "rule", 3, fn_rule, user) < 0)
		return -1;
	if (func_add(handle, "rule_date", 4, fn_rule_date, user) < 0)
		return -1;
	if (func_add(handle, "rule_doc", 3, fn_rule_doc, user) < 0)
		return -1;
	return func_add(handle, "case_due", 5, fn_case_due, user);
}
