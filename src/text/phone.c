/* Phone numbers; see number_phone() in number.h.  Numbering plan of China:
 * mobiles 1[3-9] with nine more digits; landlines 0 + 2 digits (10, 2X) or 0 +
 * 3 digits, then 7 or 8; 400 and 800 with seven more; short service numbers
 * that begin with 1 or 9. */
#include "number.h"

#include <stdio.h>
#include <string.h>

#include "safe.h"

enum { ROOM = 40 };

/* What was typed, without blanks and brackets: all digits in a row, and those
 * behind 转 or a `-` that follows a whole number. */
struct dialled {
	char digit[ROOM];
	size_t n;
	size_t gap[4];			/* digits before each separator */
	int gaps;
	size_t ext;			/* digits before 转, 0 if none */
	bool plus;
};

static int
refuse(const char *s, const char *why, struct err *e)
{
	char brief[SAFE_BRIEF];

	return err_set(e, E_FORMAT, "电话“%s”%s", safe_brief(s, brief), why);
}

static int
read_digits(struct dialled *d, const char *s, const char *text, struct err *e)
{
	if (*s == '+') {
		d->plus = true;
		s++;
	}
	for (; *s != '\0'; s++) {
		if (*s >= '0' && *s <= '9') {
			if (d->n == ROOM - 1)
				return refuse(text, "太长，只能填一个号码", e);
			d->digit[d->n++] = *s;
		} else if (*s == '-' || *s == ')') {
			if (d->gaps == 4)
				return refuse(text, "的横线太多", e);
			d->gap[d->gaps++] = d->n;
		} else if (strncmp(s, "转", 3) == 0 && d->ext == 0) {
			d->ext = d->n;
			s += 2;
		} else if (*s != ' ' && *s != '(') {
			return refuse(text, "里有不是数字的字，"
			    "只能填一个电话号码", e);
		}
	}
	d->digit[d->n] = '\0';
	return d->n > 0 ? 0 : refuse(text, "里没有数字", e);
}

/* Take the country's own prefix off. */
static void
strip_country(struct dialled *d)
{
	size_t n = 0;
	int i;

	if (d->plus && strncmp(d->digit, "86", 2) == 0)
		n = 2;
	else if (!d->plus && strncmp(d->digit, "0086", 4) == 0)
		n = 4;
	else if (!d->plus && d->n == 13 && strncmp(d->digit, "861", 3) == 0)
		n = 2;
	if (n == 0)
		return;
	d->plus = false;
	d->n -= n;
	memmove(d->digit, d->digit + n, d->n + 1);
	for (i = 0; i < d->gaps; i++)
		d->gap[i] = d->gap[i] > n ? d->gap[i] - n : 0;
	d->ext = d->ext > n ? d->ext - n : 0;
}

/* 0XX(X) and the rest.  The extension begins at 转, or at a separator that
 * leaves seven or eight digits behind the area code. */
static int
landline(const struct dialled *d, const char *text,
    char out[NUMBER_PHONE_SIZE], struct err *e)
{
	size_t area = d->digit[1] == '1' || d->digit[1] == '2' ? 3 : 4;
	size_t end = d->ext > 0 ? d->ext : d->n, local;
	int i;

	for (i = 0; i < d->gaps && d->ext == 0; i++)
		if (d->gap[i] == area + 7 || d->gap[i] == area + 8)
			end = d->gap[i];
	local = end > area ? end - area : 0;
	if ((local != 7 && local != 8) || d->n - end > 6)
		return refuse(text, "不对：固定电话应为区号加 7 或 8 位号码，"
		    "如 0533-3221234", e);
	snprintf(out, NUMBER_PHONE_SIZE, "%.*s-%.*s%s%.*s", (int)area,
	    d->digit, (int)local, d->digit + area, end < d->n ? "-" : "",
	    (int)(d->n - end), d->digit + end);
	return 0;
}

/* Mobiles, 400 numbers, bare local numbers, service numbers. */
static bool
plain(const struct dialled *d)
{
	const char *s = d->digit;

	switch (d->n) {
	case 11:
		return s[0] == '1' && s[1] >= '3';
	case 10:
		return strncmp(s, "400", 3) == 0 || strncmp(s, "800", 3) == 0;
	case 8:
	case 7:
		return s[0] >= '2';
	case 5:
	case 4:
	case 3:
		return s[0] == '1' || s[0] == '9';
	default:
		return false;
	}
}

int
number_phone(const char *s, char out[NUMBER_PHONE_SIZE], struct err *e)
{
	struct dialled d = { .n = 0 };
	char fold[64], why[96];

	out[0] = '\0';
	if (number_fold_buf(s, fold, sizeof fold) < 0)
		return refuse(s, "太长，只能填一个号码", e);
	if (fold[0] == '\0')
		return err_set(e, E_FORMAT, "电话是空的，请填号码");
	if (read_digits(&d, fold, s, e) < 0)
		return E_FORMAT;
	strip_country(&d);
	if (d.plus) {
		if (d.n < 8 || d.n > 15)
			return refuse(s, "不对：境外号码应为 + 加 8 至 15 位"
			    "数字", e);
		snprintf(out, NUMBER_PHONE_SIZE, "+%.15s", d.digit);
		return 0;
	}
	if (d.digit[0] == '0')
		return landline(&d, s, out, e);
	if (d.ext == 0 && plain(&d)) {
		memcpy(out, d.digit, d.n + 1);
		return 0;
	}
	if (d.digit[0] == '1' && d.n > 5) {
		snprintf(why, sizeof why, "不对：手机号应为 11 位，这里是 %zu "
		    "位", d.n);
		return refuse(s, d.n == 11 ? "不对：没有这样开头的手机号" :
		    why, e);
	}
	return refuse(s, "不对：请填 11 位手机号，或带区号的固定电话", e);
}
