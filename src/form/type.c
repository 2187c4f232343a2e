/* See type.h.  How values are shown is in show.c. */
#include "type.h"

#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "division.h"
#include "idcard.h"
#include "mem.h"
#include "nearest.h"
#include "number.h"
#include "safe.h"
#include "typing.h"
#include "uid.h"
#include "utf8.h"
#include "when.h"

enum {
	TEXT_MAX = 200,		/* code points of a text without MAX */
	NOTE_MAX = 4000,
	SERIAL_MAX = 40,
	INPUT_MAX = 256 * 1024	/* bytes of any typed value */
};

static const struct type types[T_COUNT] = {
	[T_TEXT] = { "text", "文字", "TEXT", 't' },
	[T_NOTE] = { "note", "多行文字", "TEXT", 't' },
	[T_INTEGER] = { "integer", "整数", "INTEGER", 'i' },
	[T_DECIMAL] = { "decimal", "小数", "REAL", 'r' },
	[T_MONEY] = { "money", "金额（元）", "INTEGER", 'i' },
	[T_DATE] = { "date", "日期", "TEXT", 't' },
	[T_DATETIME] = { "datetime", "日期时间", "TEXT", 't' },
	[T_TIME] = { "time", "时间", "TEXT", 't' },
	[T_SELECT_ONE] = { "select_one", "单选", "TEXT", 't' },
	[T_SELECT_MULTIPLE] = { "select_multiple", "多选", "TEXT", 't' },
	[T_REF] = { "ref", "引用", "TEXT", 't' },
	[T_DIVISION] = { "division", "行政区划", "TEXT", 't' },
	[T_ID_CARD] = { "id_card", "证件号码", "TEXT", 't' },
	[T_PHONE] = { "phone", "电话", "TEXT", 't' },
	[T_CALCULATE] = { "calculate", "自动计算", "TEXT", 't' },
	[T_SERIAL] = { "serial", "编号", "TEXT", 't' },
};

const struct type *
type_of(const struct field *f)
{
	return &types[f->type];
}

const struct type *
type_by_name(const char *word)
{
	size_t i;

	for (i = 0; i < T_COUNT; i++)
		if (strcmp(types[i].name, word) == 0)
			return &types[i];
	return NULL;
}

enum field_type
type_number(const struct type *t)
{
	return (enum field_type)(t - types);
}

const char *
type_nearest(const char *word)
{
	struct nearest n = NEAREST_INIT(word);
	size_t i;

	for (i = 0; i < T_COUNT; i++)
		nearest_offer(&n, types[i].name);
	nearest_offer(&n, "group");
	return n.word;
}

static bool
has_word(const char *words, const char *word)
{
	size_t n = strlen(word);
	const char *p = words;

	while (p != NULL && (p = strstr(p, word)) != NULL) {
		if ((p == words || p[-1] == ' ') &&
		    (p[n] == '\0' || p[n] == ' '))
			return true;
		p += n;
	}
	return false;
}

/* Is this text the name of a person, where 张　三 is 张三? */
static bool
is_person_name(const struct field *f)
{
	size_t n = strlen(f->name);

	return strcmp(f->name, "name") == 0 ||
	    (n > 5 && strcmp(f->name + n - 5, "_name") == 0) ||
	    has_word(f->appearance, "name");
}

static int
check_length(const struct input *in, size_t count, long dflt)
{
	long max = in->f->has_max ? in->f->max : dflt;

	if (count > (size_t)max)
		return err_set(in->e, E_RANGE,
		    "太长了：有%zu个字，最多%ld个字", count, max);
	if (in->f->has_min && count < (size_t)in->f->min)
		return err_set(in->e, E_RANGE,
		    "太短了：有%zu个字，至少要%ld个字", count, in->f->min);
	return 0;
}

static int
parse_text(struct input *in)
{
	int rc = safe_input_ok(in->text, false, in->e);

	if (rc < 0)
		return rc;
	if (is_person_name(in->f))
		safe_name(in->out, in->text);
	else
		safe_trim(in->out, in->text);
	if (in->out->len == 0)
		return 0;
	return check_length(in, utf8_count(in->out->buf), TEXT_MAX);
}

/* Several lines: CR LF becomes LF, blanks at line ends and empty lines at
 * both ends go. */
static int
parse_note(struct input *in)
{
	struct str plain = STR_INIT;
	const char *p;
	int rc;

	for (p = in->text; *p != '\0'; p++)
		if (*p != '\r')
			str_addc(&plain, *p == '\t' ? ' ' : *p);
	rc = safe_input_ok(plain.buf, true, in->e);
	p = plain.buf;
	while (rc == 0 && *p != '\0') {
		size_t len = strcspn(p, "\n"), keep = len;

		while (keep > 0 && p[keep - 1] == ' ')
			keep--;
		if (in->out->len > 0 || keep > 0) {
			str_addn(in->out, p, keep);
			str_addc(in->out, '\n');
		}
		p += len + (p[len] == '\n');
	}
	str_done(&plain);
	while (in->out->len > 0 && in->out->buf[in->out->len - 1] == '\n')
		in->out->buf[--in->out->len] = '\0';
	if (rc < 0 || in->out->len == 0)
		return rc;
	return check_length(in, utf8_count(in->out->buf), NOTE_MAX);
}

static int
parse_integer(struct input *in)
{
	int64_t v;
	int rc = number_integer(in->text, &v, in->e);

	if (rc < 0)
		return rc;
	if (in->f->has_min && v < in->f->min)
		return err_set(in->e, E_RANGE, "太小了，不能小于 %ld",
		    in->f->min);
	if (in->f->has_max && v > in->f->max)
		return err_set(in->e, E_RANGE, "太大了，不能大于 %ld",
		    in->f->max);
	str_addf(in->out, "%lld", (long long)v);
	return 0;
}

/* In the words in which SQLite gives a REAL back, so that a value that was
 * saved and read again has not changed. */
static int
parse_decimal(struct input *in)
{
	double v;
	int rc = number_decimal(in->text, &v, in->e);

	if (rc < 0)
		return rc;
	if (in->f->has_min && v < (double)in->f->min)
		return err_set(in->e, E_RANGE, "太小了，不能小于 %ld",
		    in->f->min);
	if (in->f->has_max && v > (double)in->f->max)
		return err_set(in->e, E_RANGE, "太大了，不能大于 %ld",
		    in->f->max);
	str_addf(in->out, "%.15g", v == 0 ? 0.0 : v);
	if (strpbrk(in->out->buf, ".e") == NULL)
		str_add(in->out, ".0");
	return 0;
}

static int
parse_money(struct input *in)
{
	int64_t fen;
	int rc = number_money(in->text, &fen, in->e);

	if (rc == 0)
		str_addf(in->out, "%lld", (long long)fen);
	return rc;
}

static int
parse_date(struct input *in)
{
	char out[DATE_SIZE];
	int rc = when_date(in->text, out, in->e);

	if (rc == 0)
		str_add(in->out, out);
	return rc;
}

static int
parse_datetime(struct input *in)
{
	char out[WHEN_SIZE];
	int rc = when_moment(in->text, out, in->e);

	if (rc == 0)
		str_add(in->out, out);
	return rc;
}

static int
parse_time(struct input *in)
{
	char out[WHEN_TIME_SIZE];
	int rc = when_time(in->text, out, in->e);

	if (rc == 0)
		str_add(in->out, out);
	return rc;
}

static int
parse_ref(struct input *in)
{
	char brief[SAFE_BRIEF];
	struct str word = STR_INIT;
	int rc = 0;

	safe_trim(&word, in->text);
	if (word.len > 0 && !uid_valid(word.buf))
		rc = err_set(in->e, E_FORMAT, "“%s”不是记录的编号",
		    safe_brief(word.buf, brief));
	else
		str_add(in->out, word.buf);
	str_done(&word);
	return rc;
}

/* NBS codes: 2, 4, 6, 9, 12 digits by level; zeros behind are accepted.  A
 * province, county or town may also be named. */
static int
parse_division(struct input *in)
{
	static const struct {
		const char *level, *label;
		size_t digits;
	} levels[] = {
		{ "province", "省", 2 }, { "city", "市", 4 },
		{ "county", "县", 6 }, { "town", "乡镇", 9 },
		{ "village", "村", 12 },
	};
	struct division found;
	char code[200];
	size_t i = 0, n, end;
	int rc;

	if (number_fold_buf(in->text, code, sizeof code) < 0)
		return err_set(in->e, E_FORMAT, "区划名称或代码太长");
	if (*code == '\0')
		return 0;
	while (i + 1 < COUNT_OF(levels) &&
	    strcmp(levels[i].level, in->f->list) != 0)
		i++;
	n = strspn(code, "0123456789");
	end = levels[i].digits;
	if (n == 0 && end != 4 && end != 12) {
		rc = division_named(forms_data(in->fs), end, code, &found,
		    in->e);
		if (rc == 0)
			str_add(in->out, found.code);
		return rc;
	}
	if (code[n] != '\0' || n < end || n > 12 ||
	    code[end + strspn(code + end, "0")] != '\0' || *code == '0')
		return err_set(in->e, E_FORMAT,
		    "不是%s的区划代码，应为%zu位数字", levels[i].label, end);
	str_addn(in->out, code, end);
	return 0;
}

/* Only what cannot be a number of any document is refused here; a form's
 * checks say which documents it accepts. */
static int
parse_id(struct input *in)
{
	const char *why = number_damage(in->text, false);
	char number[ID_SIZE];

	if (why != NULL)
		return err_set(in->e, E_FORMAT, "%s", why);
	if (id_normalise(in->text, number) < 0)
		return err_set(in->e, E_RANGE, "证件号码最多18位，这里太长了");
	if (number[strspn(number, "0123456789"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")] != '\0')
		return err_set(in->e, E_FORMAT,
		    "证件号码只能是数字和字母，请核对");
	str_add(in->out, number);
	return 0;
}

static int
parse_phone(struct input *in)
{
	const char *why = number_damage(in->text, false);
	char phone[NUMBER_PHONE_SIZE];
	int rc;

	if (why != NULL)
		return err_set(in->e, E_FORMAT, "%s", why);
	rc = number_phone(in->text, phone, in->e);
	if (rc == 0)
		str_add(in->out, phone);
	return rc;
}

static int
parse_serial(struct input *in)
{
	int rc = safe_input_ok(in->text, false, in->e);

	if (rc < 0)
		return rc;
	number_fold(in->out, in->text);
	if (utf8_count(in->out->buf) > SERIAL_MAX)
		return err_set(in->e, E_RANGE, "编号太长，最多%d个字",
		    SERIAL_MAX);
	return 0;
}

static int (*const parsers[T_COUNT])(struct input *) = {
	[T_TEXT] = parse_text, [T_NOTE] = parse_note,
	[T_INTEGER] = parse_integer, [T_DECIMAL] = parse_decimal,
	[T_MONEY] = parse_money, [T_DATE] = parse_date,
	[T_DATETIME] = parse_datetime, [T_TIME] = parse_time,
	[T_SELECT_ONE] = type_one, [T_SELECT_MULTIPLE] = type_multiple,
	[T_REF] = parse_ref, [T_DIVISION] = parse_division,
	[T_ID_CARD] = parse_id, [T_PHONE] = parse_phone,
	[T_CALCULATE] = parse_note, [T_SERIAL] = parse_serial,
};

/* Nothing but blanks of any kind? */
static bool
is_empty(const char *s)
{
	static const char wide[] = "　";

	for (;;) {
		if (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\r')
			s++;
		else if (str_starts(s, wide))
			s += strlen(wide);
		else
			return *s == '\0';
	}
}

int
type_parse(struct forms *fs, const struct field *f, const char *text,
    char **out, struct err *e)
{
	struct str value = STR_INIT;
	struct input in = { fs, f, text, &value, e };
	int rc;

	*out = NULL;
	if (text == NULL || is_empty(text))
		return 0;
	if (strlen(text) > INPUT_MAX)
		return err_set(e, E_RANGE, "内容太长，请分开填写");
	if (!utf8_valid(text))
		return err_set(e, E_FORMAT,
		    "含有不认识的字节，请用 UTF-8 或 GB18030 重新导出");
	rc = parsers[f->type](&in);
	if (rc == 0 && value.len > 0)
		*out = str_take(&value);
	str_done(&value);
	return rc;
}
