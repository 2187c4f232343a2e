/* See idcard.h. */
#include "idcard.h"

#include <stdio.h>
#include <string.h>

#include "number.h"
#include "str.h"
#include "utf8.h"

enum { LONG = 18, SHORT = 15 };

int
id_normalise(const char *text, char out[ID_SIZE])
{
	char fold[128];
	size_t n = 0, i;

	out[0] = '\0';
	if (number_fold_buf(text, fold, sizeof fold) < 0)
		return -1;
	for (i = 0; fold[i] != '\0'; i++) {
		char c = fold[i];

		if (c == ' ' || c == '-' || c == '\t')
			continue;
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (n == ID_SIZE - 1) {
			out[0] = '\0';
			return -1;
		}
		out[n++] = c;
	}
	out[n] = '\0';
	return 0;
}

static size_t
digits(const char *s)
{
	return strspn(s, "0123456789");
}

/* The two digits of a province of GB/T 2260 (they have not changed since
 * 1980, but for Hainan 46, Chongqing 50, 81, 82). */
static bool
province(const char *s)
{
	static const char known[] = "11 12 13 14 15 21 22 23 31 32 33 34 35 "
	    "36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 "
	    "83";
	size_t i;

	for (i = 0; i + 1 < sizeof known; i += 3)
		if (known[i] == s[0] && known[i + 1] == s[1])
			return true;
	return false;
}

/* GB 11643-1999, 4.4: the weights are 2^(18-i) mod 11. */
static char
check_character(const char *s)
{
	static const int weight[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10,
	    5, 8, 4, 2 };
	int sum = 0, i;

	for (i = 0; i < LONG - 1; i++)
		sum += (s[i] - '0') * weight[i];
	return "10X98765432"[sum % 11];
}

/* Take the birth date from `century` ("19", "20" or "") and the digits after
 * it, YYYYMMDD in all; false when there is no such day. */
static bool
set_birth(char out[DATE_SIZE], const char *century, const char *digit)
{
	char day[9], iso[DATE_SIZE];

	snprintf(day, sizeof day, "%s%.*s", century,
	    (int)(8 - strlen(century)), digit);
	snprintf(iso, sizeof iso, "%.4s-%.2s-%.2s", day, day + 4, day + 6);
	if (!date_valid(iso))
		return false;
	memcpy(out, iso, DATE_SIZE);
	return true;
}

static int
defect(struct id_info *info, enum id_defect d)
{
	info->defect = d;
	return -1;
}

static int
look_18(struct id_info *info)
{
	const char *s = info->number;

	if (digits(s) < LONG - 1 || (digits(s + LONG - 1) != 1 &&
	    s[LONG - 1] != 'X'))
		return defect(info, ID_CHARS);
	if (s[0] == '9' && province(s + 1))
		info->kind = ID_FOREIGN;
	else if (memcmp(s, "810000", 6) == 0 || memcmp(s, "820000", 6) == 0 ||
	    memcmp(s, "830000", 6) == 0)
		info->kind = ID_HMT;
	else
		info->kind = ID_CITIZEN;
	memcpy(info->area, s, 6);
	if (!set_birth(info->birth, "", s + 6))
		return defect(info, ID_BIRTH);
	info->sex = (s[16] - '0') % 2 == 1 ? '1' : '2';
	if (check_character(s) != s[LONG - 1])
		return defect(info, ID_CHECK);
	return 0;
}

/* Fifteen digits: area, two-digit year of 19xx, month, day, sequence. */
static int
look_15(struct id_info *info)
{
	const char *s = info->number;

	info->kind = ID_OLD15;
	memcpy(info->area, s, 6);
	if (!set_birth(info->birth, "19", s + 6))
		return defect(info, ID_BIRTH);
	info->sex = (s[14] - '0') % 2 == 1 ? '1' : '2';
	return 0;
}

/* Three letters of a country, four digits of the place of issue, birth as
 * YYMMDD, two digits.  The century stays open, so birth is not told. */
static int
look_foreign_old(struct id_info *info)
{
	const char *s = info->number;
	char birth[DATE_SIZE];

	info->kind = ID_FOREIGN_OLD;
	if (!set_birth(birth, "19", s + 7) && !set_birth(birth, "20", s + 7))
		return defect(info, ID_BIRTH);
	return 0;
}

static bool
letters3(const char *s)
{
	int i;

	for (i = 0; i < 3; i++)
		if (s[i] < 'A' || s[i] > 'Z')
			return false;
	return true;
}

static int
look(struct id_info *info, const char *text)
{
	const char *s = info->number;
	int fits = id_normalise(text, info->number);
	size_t len = utf8_count(s);

	if (fits == 0 && s[0] == '\0')
		return defect(info, ID_EMPTY);
	if (fits < 0 || (len != LONG && len != SHORT))
		return defect(info, ID_LENGTH);
	if (strlen(s) != len)
		return defect(info, ID_CHARS);
	if (len == LONG)
		return look_18(info);
	if (digits(s) == SHORT)
		return look_15(info);
	if (letters3(s) && digits(s + 3) == SHORT - 3)
		return look_foreign_old(info);
	return defect(info, ID_CHARS);
}

static int
explain(const struct id_info *info, struct err *e)
{
	static const char *const text[] = {
		[ID_EMPTY] = "证件号是空的，请照证件填写",
		[ID_CHARS] = "证件号应全是数字，只有最后一位可以是 X，"
		    "请对照证件核对",
		[ID_CHECK] = "证件号的校验位不对，多半有一位写错或两位颠倒，"
		    "请对照证件逐位核对"
	};

	if (info->defect == ID_LENGTH && info->number[0] == '\0')
		return err_set(e, E_FORMAT,
		    "证件号太长，应为 18 位，请对照证件核对");
	if (info->defect == ID_LENGTH)
		return err_set(e, E_FORMAT, "证件号应为 18 位，这里是 %zu 位，"
		    "请对照证件核对", utf8_count(info->number));
	if (info->defect == ID_BIRTH && strlen(info->number) == LONG)
		return err_set(e, E_FORMAT, "证件号里的出生日期 %.4s 年 %.2s 月 "
		    "%.2s 日不存在，请对照证件核对", info->number + 6,
		    info->number + 10, info->number + 12);
	if (info->defect == ID_BIRTH)
		return err_set(e, E_FORMAT,
		    "证件号里的出生日期不存在，请对照证件核对");
	return err_set(e, E_FORMAT, "%s", text[info->defect]);
}

int
id_check(const char *text, struct id_info *info, struct err *e)
{
	memset(info, 0, sizeof *info);
	return look(info, text) == 0 ? 0 : explain(info, e);
}

/* A form's checks ask several things of one number in a row. */
static const struct id_info *
recall(const char *text)
{
	static _Thread_local char asked[2 * ID_SIZE];
	static _Thread_local struct id_info last;

	if (*asked == '\0' || strcmp(text, asked) != 0) {
		id_check(text, &last, NULL);
		snprintf(asked, sizeof asked, "%s",
		    strlen(text) < sizeof asked ? text : "");
	}
	return &last;
}

bool
id_valid(const char *text)
{
	const struct id_info *info = recall(text);

	return info->defect == ID_OK && strlen(info->number) == LONG;
}

bool
id_birth(const char *text, char out[DATE_SIZE])
{
	const struct id_info *info = recall(text);

	if (info->defect != ID_OK || info->birth[0] == '\0')
		return false;
	memcpy(out, info->birth, DATE_SIZE);
	return true;
}

char
id_sex(const char *text)
{
	const struct id_info *info = recall(text);

	return info->defect != ID_OK ? 0 : info->sex;
}

const char *
id_kind_text(enum id_kind kind)
{
	static const char *const text[] = {
		[ID_UNKNOWN] = "不认识的证件号",
		[ID_CITIZEN] = "居民身份证",
		[ID_HMT] = "港澳台居民居住证",
		[ID_FOREIGN] = "外国人永久居留身份证",
		[ID_FOREIGN_OLD] = "外国人永久居留身份证（旧号码）",
		[ID_OLD15] = "旧的 15 位身份证号（2013 年起停用，请换成 18 位）"
	};

	return text[kind];
}

/* Copy `s` with stars between the first `head` and the last `tail` characters,
 * or all stars when it is not plain ASCII of 8 to size - 1 characters. */
static void
mask(const char *s, char *out, size_t size, size_t head, size_t tail)
{
	size_t len = strlen(s), i;
	bool plain = len >= 8 && len < size;

	for (i = 0; plain && i < len; i++)
		plain = s[i] > ' ' && s[i] < 0x7F;
	if (!plain) {
		len = utf8_count(s);
		len = len < size ? len : size - 1;
		head = tail = 0;
	} else {
		memcpy(out, s, len);
	}
	memset(out + head, '*', len - head - tail);
	out[len] = '\0';
}

void
id_mask(const char *number, char out[ID_SIZE])
{
	size_t len = strlen(number);

	if (len < SHORT)
		mask(number, out, ID_SIZE, 2, 2);
	else
		mask(number, out, ID_SIZE, 6, len == SHORT ? 3 : 4);
}

void
id_mask_phone(const char *phone, char out[ID_PHONE_SIZE])
{
	if (strlen(phone) < 11)
		mask(phone, out, ID_PHONE_SIZE, 2, 2);
	else
		mask(phone, out, ID_PHONE_SIZE, 3, 4);
}

void
id_mask_name(const char *name, struct str *out)
{
	size_t i, len = strlen(name);
	uint32_t cp;
	int n = utf8_decode(&cp, name, len);

	str_addn(out, name, n > 0 ? (size_t)n : 0);
	for (i = 0; i < 2 && n > 0 && (size_t)n < len; i++) {
		len -= (size_t)n;
		name += n;
		n = utf8_decode(&cp, name, len);
		str_addc(out, '*');
	}
}
