/* See number.h. */
#include "number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idcard.h"
#include "mem.h"
#include "safe.h"
#include "utf8.h"

enum {
	FOLD = 256,			/* more than any number needs */
	INT_DIGITS = 18,		/* always fit an int64_t */
	DOUBLE_DIGITS = 15,		/* a double keeps them exactly */
	YUAN_DIGITS = 13
};

/* --- folding -------------------------------------------------------------- */

static uint32_t
fold_cp(uint32_t cp)
{
	if (cp >= 0xFF01 && cp <= 0xFF5E)
		return cp - 0xFF01 + '!';
	if (cp == 0x3000 || cp == 0xA0 || cp == 0x202F || cp == '\t' ||
	    cp == '\r' || cp == '\n' || (cp >= 0x2000 && cp <= 0x200A))
		return ' ';
	if ((cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212)
		return '-';
	return cp;
}

/* Printable ASCII without blanks or a mark in front: nothing to fold. */
static bool
is_plain(const char *s)
{
	if (*s == '\'')
		return false;
	while (*s > ' ' && *s < 0x7F)
		s++;
	return *s == '\0';
}

void
number_fold(struct str *out, const char *s)
{
	const char *next;
	size_t start = out->len, blanks = 0;
	bool mark = false;
	uint32_t cp;

	if (is_plain(s)) {
		str_add(out, s);
		return;
	}
	for (; *s != '\0'; s = next) {
		next = utf8_next(s, &cp);
		if (cp == UTF8_BAD) {		/* keep: nobody accepts it */
			str_addn(out, s, 1);
			continue;
		}
		cp = fold_cp(cp);
		if (safe_invisible(cp))
			continue;
		if (cp == ' ') {
			blanks += out->len > start;
			continue;
		}
		if (out->len == start && !mark &&
		    (cp == '\'' || cp == 0x2018 || cp == 0x2019)) {
			mark = true;
			continue;
		}
		for (; blanks > 0; blanks--)
			str_addc(out, ' ');
		utf8_add(out, cp);
	}
}

int
number_fold_buf(const char *s, char *out, size_t size)
{
	struct str fold = STR_INIT;
	int rc = -1;

	out[0] = '\0';
	number_fold(&fold, s);
	if (fold.len < size) {
		memcpy(out, fold.buf, fold.len + 1);
		rc = 0;
	}
	str_done(&fold);
	return rc;
}

/* --- the digits of a number ----------------------------------------------- */

struct parts {
	bool negative;
	char whole[FOLD], fraction[FOLD];	/* digits, "" if none */
	char fold[FOLD];
};

static int
refuse(const char *what, const char *s, struct err *e)
{
	char brief[SAFE_BRIEF];

	return err_set(e, E_FORMAT, "“%s”%s", safe_brief(s, brief), what);
}

static size_t
digits(const char *s)
{
	return strspn(s, "0123456789");
}

/* The whole part, with or without commas after every third digit from the
 * right.  Returns where it ends, NULL when commas stand elsewhere. */
static const char *
read_whole(const char *s, char *out)
{
	size_t n = digits(s), len = n;

	memcpy(out, s, n);
	s += n;
	if (*s == ',' && (n < 1 || n > 3))
		return NULL;
	while (*s == ',') {
		if (digits(s + 1) != 3)
			return NULL;
		memcpy(out + len, s + 1, 3);
		len += 3;
		s += 4;
	}
	out[len] = '\0';
	return s;
}

static bool
scientific(const char *s)
{
	size_t n = digits(s), m = 0;

	if (n == 0)
		return false;
	s += n;
	if (*s == '.') {
		m = digits(s + 1);
		s += m + 1;
	}
	if (*s != 'e' && *s != 'E')
		return false;
	s++;
	if (*s == '+' || *s == '-')
		s++;
	n = digits(s);
	return n > 0 && s[n] == '\0';
}

/* Take folded text apart: sign, whole, fraction. */
static int
split(struct parts *p, const char *text, struct err *e)
{
	const char *s = p->fold;
	size_t n;

	p->negative = *s == '-';
	if (*s == '-' || *s == '+')
		s++;
	if (scientific(s))
		return refuse("是科学记数，原来的数字已经看不到，请填完整数字",
		    text, e);
	s = read_whole(s, p->whole);
	if (s == NULL)
		return refuse("的逗号位置不对，请去掉逗号", text, e);
	p->fraction[0] = '\0';
	if (*s == '.') {
		n = digits(++s);
		if (n == 0)
			return refuse("的小数点后面没有数字", text, e);
		memcpy(p->fraction, s, n);
		p->fraction[n] = '\0';
		s += n;
	}
	if (*s != '\0' || (p->whole[0] == '\0' && p->fraction[0] == '\0'))
		return refuse("不是数字，请只填数字", text, e);
	return 0;
}

static int
fold_parts(struct parts *p, const char *text, struct err *e)
{
	if (number_fold_buf(text, p->fold, sizeof p->fold) < 0)
		return refuse("太长，不是数字", text, e);
	if (p->fold[0] == '\0')
		return err_set(e, E_FORMAT, "这里是空的，请填数字");
	return 0;
}

static bool
zeros(const char *s)
{
	return s[strspn(s, "0")] == '\0';
}

static const char *
significant(const char *s)
{
	return s + strspn(s, "0");
}

int
number_integer(const char *s, int64_t *out, struct err *e)
{
	struct parts p;
	int64_t v;

	if (fold_parts(&p, s, e) < 0 || split(&p, s, e) < 0)
		return E_FORMAT;
	if (!zeros(p.fraction) || p.whole[0] == '\0')
		return refuse("有小数，这里只能填整数", s, e);
	if (strlen(significant(p.whole)) > INT_DIGITS)
		return refuse("太大", s, e);
	v = strtoll(p.whole, NULL, 10);
	*out = p.negative ? -v : v;
	return 0;
}

int
number_decimal(const char *s, double *out, struct err *e)
{
	struct parts p;
	char text[2 * FOLD + 4];
	size_t n;

	if (fold_parts(&p, s, e) < 0 || split(&p, s, e) < 0)
		return E_FORMAT;
	n = strlen(significant(p.whole));
	n += strlen(n > 0 ? p.fraction : significant(p.fraction));
	if (n > DOUBLE_DIGITS)
		return refuse("超过 15 位数字，请少写几位", s, e);
	snprintf(text, sizeof text, "%s%s.%s", p.negative ? "-" : "",
	    p.whole[0] != '\0' ? p.whole : "0",
	    p.fraction[0] != '\0' ? p.fraction : "0");
	*out = strtod(text, NULL);
	return 0;
}

/* --- money ---------------------------------------------------------------- */

/* Cut a currency sign in front and 元 behind, with blanks around. */
static void
strip_money(char *s)
{
	static const char *const front[] = { "￥", "¥" };
	size_t len, i, n = 0;

	for (i = 0; i < COUNT_OF(front) && n == 0; i++)
		if (strncmp(s, front[i], strlen(front[i])) == 0)
			n = strlen(front[i]);
	while (n > 0 && s[n] == ' ')
		n++;
	len = strlen(s) - n;
	memmove(s, s + n, len + 1);
	if (len > 3 && strcmp(s + len - 3, "元") == 0)
		len -= 3;
	while (len > 0 && s[len - 1] == ' ')
		len--;
	s[len] = '\0';
}

int
number_money(const char *s, int64_t *fen, struct err *e)
{
	struct parts p;
	int64_t v;

	if (fold_parts(&p, s, e) < 0)
		return E_FORMAT;
	strip_money(p.fold);
	if (split(&p, s, e) < 0)
		return E_FORMAT;
	if (strlen(p.fraction) > 2 && !zeros(p.fraction + 2))
		return refuse("多于两位小数，金额最小到分", s, e);
	if (strlen(significant(p.whole)) > YUAN_DIGITS)
		return refuse("太大", s, e);
	v = strtoll(p.whole, NULL, 10) * 100;
	if (p.fraction[0] != '\0') {
		v += (p.fraction[0] - '0') * 10;
		if (p.fraction[1] != '\0')
			v += p.fraction[1] - '0';
	}
	*fen = p.negative ? -v : v;
	return 0;
}

void
number_money_text(int64_t fen, char out[NUMBER_MONEY_SIZE])
{
	uint64_t v = fen < 0 ? 0 - (uint64_t)fen : (uint64_t)fen;

	snprintf(out, NUMBER_MONEY_SIZE, "%s%llu.%02u", fen < 0 ? "-" : "",
	    (unsigned long long)(v / 100), (unsigned)(v % 100));
}

/* --- words and damage ------------------------------------------------------ */

int
number_yes(const char *s)
{
	static const char *const yes[] = { "是", "有", "对", "1", "true", "yes",
	    "y", "t", "√", "✓", "✔" };
	static const char *const no[] = { "否", "无", "没有", "不是", "不", "0",
	    "false", "no", "n", "f", "×", "✗", "✘" };
	char fold[32];
	size_t i;

	if (number_fold_buf(s, fold, sizeof fold) < 0)
		return -1;
	for (i = 0; fold[i] != '\0'; i++)
		if (fold[i] >= 'A' && fold[i] <= 'Z')
			fold[i] = (char)(fold[i] - 'A' + 'a');
	for (i = 0; i < COUNT_OF(yes); i++)
		if (strcmp(fold, yes[i]) == 0)
			return 1;
	for (i = 0; i < COUNT_OF(no); i++)
		if (strcmp(fold, no[i]) == 0)
			return 0;
	return -1;
}

const char *
number_damage(const char *s, bool numeric)
{
	struct id_info info;
	char fold[FOLD];
	size_t n, tail;

	if (number_fold_buf(s, fold, sizeof fold) < 0)
		return NULL;
	if (scientific(fold))
		return "这个号码被表格软件改成了科学记数，后面的数字已经丢失。"
		    "请在原表里把这一列设为“文本”，照证件重新填写";
	n = digits(fold);
	if (fold[n] != '\0' || n <= DOUBLE_DIGITS)
		return NULL;
	for (tail = DOUBLE_DIGITS; tail < n; tail++)
		if (fold[tail] != '0')
			return NULL;
	if (!numeric && (n != 18 || id_check(fold, &info, NULL) == 0))
		return NULL;
	return "这个号码只剩前 15 位，后面被表格软件变成了 0。"
	    "请在原表里把这一列设为“文本”，照证件重新填写";
}
