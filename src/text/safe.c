/* See safe.h. */
#include "safe.h"

#include <string.h>

#include "codec.h"
#include "cut.h"
#include "mem.h"
#include "unassigned_table.h"
#include "utf8.h"
#include "width.h"

#define PLACEHOLDER "〓"		/* U+3013, in GBK, two columns */

/* Characters that one does not see but that change what one sees: bidi
 * controls (UAX #9), joiners and separators, tags.  Variation selectors are
 * not here: they belong to rare Han characters. */
bool
safe_invisible(uint32_t cp)
{
	return cp == 0x061C || cp == 0x180E ||
	    (cp >= 0x200B && cp <= 0x200F) ||
	    (cp >= 0x2028 && cp <= 0x202E) ||
	    (cp >= 0x2060 && cp <= 0x206F) || cp == 0xFEFF ||
	    (cp >= 0xFFF9 && cp <= 0xFFFB) ||
	    (cp >= 0xE0000 && cp <= 0xE007F);
}

static bool
control(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp <= 0x9F);
}

static bool
private_use(uint32_t cp)
{
	return (cp >= 0xE000 && cp <= 0xF8FF) || cp >= 0xF0000;
}

static bool
no_character(uint32_t cp)
{
	return (cp >= 0xD800 && cp <= 0xDFFF) || (cp & 0xFFFE) == 0xFFFE ||
	    (cp >= 0xFDD0 && cp <= 0xFDEF) || cp > 0x10FFFF;
}

static bool
is_unassigned(uint32_t cp)
{
	size_t lo = 0, hi = COUNT_OF(unassigned), mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (cp > unassigned[mid].hi)
			lo = mid + 1;
		else if (cp < unassigned[mid].lo)
			hi = mid;
		else
			return true;
	}
	return false;
}

bool
safe_cp(uint32_t cp)
{
	if (cp >= 0x20 && cp < 0x7F)
		return true;
	if ((cp >= 0x3400 && cp <= 0x9FFF) || (cp >= 0x3000 && cp <= 0x303F))
		return true;
	return !control(cp) && !safe_invisible(cp) && !private_use(cp) &&
	    !no_character(cp) && !is_unassigned(cp);
}

bool
safe_blank(uint32_t cp)
{
	return (cp >= '\t' && cp <= '\r') || cp == 0x85 || cp == 0x2028 ||
	    cp == 0x2029;
}

/* --- terminal ---------------------------------------------------------- */

static void
draw(struct str *out, const char *s, size_t len, bool lines)
{
	const char *end = s + len;
	uint32_t cp;
	size_t run;
	int n, w;
	bool first = true;		/* nothing yet for a mark to sit on */

	while (s < end) {
		for (run = 0; s + run < end && s[run] >= 0x20 && s[run] < 0x7F;)
			run++;
		str_addn(out, s, run);
		s += run;
		if (s == end)
			return;
		first = first && run == 0;
		n = utf8_decode(&cp, s, (size_t)(end - s));
		if (n < 0)
			cp = UTF8_BAD;
		w = width_cp(cp);
		if (lines && cp == '\r' && s + 1 < end && s[1] == '\n')
			;		/* the newline behind it remains */
		else if (lines && cp == '\n')
			str_addc(out, '\n');
		else if (safe_blank(cp))
			str_addc(out, ' ');
		else if (w < 0)
			str_add(out, PLACEHOLDER);
		else if (w > 0 || !first)
			str_addn(out, s, (size_t)n);
		first = first && w == 0;
		s += n < 0 ? 1 : n;
	}
}

void
safe_linen(struct str *out, const char *s, size_t len)
{
	draw(out, s, len, false);
}

void
safe_line(struct str *out, const char *s)
{
	draw(out, s, strlen(s), false);
}

void
safe_text(struct str *out, const char *s)
{
	draw(out, s, strlen(s), true);
}

const char *
safe_brief(const char *s, char buf[SAFE_BRIEF])
{
	struct str line = STR_INIT, cut = STR_INIT;
	size_t at = 0, next;

	/* A few hundred bytes are enough for 40 columns; the last cut keeps a
	 * pile of marks from exceeding the buffer. */
	safe_linen(&line, s, strnlen(s, SAFE_BRIEF * 2));
	cut_add(&cut, line.buf, 40, true);
	while ((next = cut_next(cut.buf, at)) > at && next < SAFE_BRIEF)
		at = next;
	memcpy(buf, cut.buf, at);
	buf[at] = '\0';
	str_done(&line);
	str_done(&cut);
	return buf;
}

/* --- CSV ---------------------------------------------------------------- */

/* Where a spreadsheet would begin to read a formula: behind blanks and
 * apostrophes, one of = + - @, a control, or their full-width twins. */
static bool
formula(const char *s)
{
	static const char *const twin[] = { "＝", "＋", "－", "＠" };
	size_t i;

	for (;;) {
		if (*s == ' ' || *s == '\'')
			s++;
		else if (strncmp(s, "　", 3) == 0)
			s += 3;
		else
			break;
	}
	if (*s != '\0' && strchr("=+-@\t\r\n", *s) != NULL)
		return true;
	for (i = 0; i < COUNT_OF(twin); i++)
		if (strncmp(s, twin[i], 3) == 0)
			return true;
	return false;
}

void
safe_csv(struct str *out, const char *s)
{
	size_t len = strlen(s);
	bool guard = formula(s);
	bool quote = strpbrk(s, ",\"\r\n") != NULL ||
	    (len > 0 && (s[0] == ' ' || s[len - 1] == ' '));
	size_t run;

	if (quote)
		str_addc(out, '"');
	if (guard)
		str_addc(out, '\'');
	if (!quote) {
		str_addn(out, s, len);
		return;
	}
	while (*s != '\0') {
		run = strcspn(s, "\"");
		str_addn(out, s, run);
		s += run;
		if (*s == '"') {
			str_add(out, "\"\"");
			s++;
		}
	}
	str_addc(out, '"');
}

const char *
safe_unguard(const char *s)
{
	return s[0] == '\'' && formula(s + 1) ? s + 1 : s;
}

/* --- XML ---------------------------------------------------------------- */

/* XML 1.0, production 2 [Char]. */
static bool
xml_char(uint32_t cp)
{
	return cp == '\t' || cp == '\n' || cp == '\r' ||
	    (cp >= 0x20 && cp <= 0xD7FF) || (cp >= 0xE000 && cp <= 0xFFFD) ||
	    (cp >= 0x10000 && cp <= 0x10FFFF);
}

void
safe_xml(struct str *out, const char *s)
{
	const char *next;
	uint32_t cp;

	for (; *s != '\0'; s = next) {
		next = utf8_next(s, &cp);
		switch (cp) {
		case '&':
			str_add(out, "&amp;");
			break;
		case '<':
			str_add(out, "&lt;");
			break;
		case '>':
			str_add(out, "&gt;");
			break;
		case '"':
			str_add(out, "&quot;");
			break;
		case '\'':
			str_add(out, "&#39;");
			break;
		case '\r':	/* a bare CR would be read back as LF */
			str_add(out, "&#13;");
			break;
		default:
			if (xml_char(cp))
				str_addn(out, s, (size_t)(next - s));
			else
				str_add(out, PLACEHOLDER);
		}
	}
}

/* --- what people type ---------------------------------------------------- */

/* Why a code point may not be kept, as the end of `第 N 个字…`; NULL if it
 * may. */
static const char *
refusal(uint32_t cp, bool lines)
{
	if (cp == '\n' && lines)
		return NULL;
	if (cp == '\n' || cp == '\r')
		return "是换行，这一项只能写一行，请去掉换行";
	if (cp == '\t')
		return "是制表符，请改成空格";
	if (control(cp))
		return "是控制字符，请删去后重新输入";
	if (safe_invisible(cp))
		return "是看不见的字符，多半是从别处粘贴带来的，请删去";
	if (cp == 0xFFFD || cp == 0x3013)
		return "是代替符号，原来的字已经丢失，请照证件填写原字";
	if (no_character(cp))
		return "不是文字，请删去后重新输入";
	return NULL;
}

int
safe_input_ok(const char *s, bool lines, struct err *e)
{
	const char *next, *why;
	uint32_t cp;
	size_t n = 1;

	for (; *s != '\0'; s = next, n++) {
		next = utf8_next(s, &cp);
		if (cp >= 0x20 && cp < 0x7F)
			continue;
		if (cp == UTF8_BAD)
			return err_set(e, E_FORMAT, "第 %zu 个字处有不能识别的"
			    "字节（0x%02X），请重新输入这里的文字", n,
			    (unsigned)(unsigned char)*s);
		why = refusal(cp, lines);
		if (why != NULL)
			return err_set(e, E_FORMAT, "第 %zu 个字（U+%04X）%s",
			    n, (unsigned)cp, why);
	}
	return 0;
}

static bool
blank(uint32_t cp)
{
	return cp == ' ' || cp == '\t' || cp == 0xA0 || cp == 0x3000 ||
	    cp == 0x202F || (cp >= 0x2000 && cp <= 0x200A);
}

/* The dots typed between the parts of a name; the standard one is U+00B7. */
static bool
name_dot(uint32_t cp)
{
	return cp == 0x2022 || cp == 0x2027 || cp == 0x30FB || cp == 0xFF65 ||
	    cp == 0x22C5 || cp == 0x2219;
}

/* Copy with blanks trimmed and joined; for a name also its dots.  One blank is
 * held back until a character follows it. */
static void
tidy(struct str *out, const char *s, bool name)
{
	const char *next;
	uint32_t cp, last = 0, after;
	bool held = false;

	for (; *s != '\0'; s = next) {
		next = utf8_next(s, &cp);
		if (blank(cp)) {
			held = last != 0;
			continue;
		}
		if (name && safe_invisible(cp))
			continue;
		if (held && !(name && utf8_is_han(last) && utf8_is_han(cp)))
			str_addc(out, ' ');
		held = false;
		if (name && (cp == '.' || cp == 0xFF0E)) {
			utf8_next(next, &after);
			if (utf8_is_han(last) && utf8_is_han(after))
				cp = 0xB7;
		}
		last = cp;
		if (name && name_dot(cp))
			last = cp = 0xB7;
		if (cp == 0xB7)
			utf8_add(out, cp);
		else
			str_addn(out, s, (size_t)(next - s));
	}
}

void
safe_name(struct str *out, const char *s)
{
	tidy(out, s, true);
}

void
safe_trim(struct str *out, const char *s)
{
	tidy(out, s, false);
}
