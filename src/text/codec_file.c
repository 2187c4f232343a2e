/* Whole files: the second half of codec.h.  Reading is strict, because a
 * roster with one guessed name is worse than a roster that must be saved
 * again; writing replaces what an old encoding lacks and counts it. */
#include "codec.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "log.h"
#include "safe.h"
#include "utf8.h"

struct input {
	const char *p;
	size_t len;
};

static bool
begins(const struct input *in, const char *magic, size_t n)
{
	return in->len >= n && memcmp(in->p, magic, n) == 0;
}

static size_t
line_of(const char *p, size_t at)
{
	size_t line = 1, i;

	for (i = 0; i < at; i++)
		line += p[i] == '\n';
	return line;
}

/* Is this no text at all, but a file that people take for one? */
static int
refuse_others(const struct input *in, struct err *e)
{
	if (begins(in, "PK\003\004", 4))
		return err_set(e, E_FORMAT, "这不是文本，而是 .xlsx 工作簿或"
		    "压缩包。工作簿请保留扩展名 .xlsx 直接导入，"
		    "或另存为 CSV");
	if (begins(in, "\xD0\xCF\x11\xE0", 4))
		return err_set(e, E_FORMAT, "这是旧格式的工作簿（.xls 或 "
		    ".et），请在 WPS 或 Excel 中另存为 .xlsx 再导入");
	if (begins(in, "%PDF", 4))
		return err_set(e, E_FORMAT,
		    "这是 PDF，不能导入，请向对方要表格原件");
	return 0;
}

static int
refuse_byte(const struct input *in, size_t at, enum codec c, struct err *e)
{
	return err_set(e, E_FORMAT, "第 %zu 行（第 %zu 字节，0x%02X）不是 %s "
	    "文字，文件可能损坏或编码不对。请用 WPS 或 Excel 打开核对，"
	    "再另存为“CSV UTF-8”", line_of(in->p, at), at + 1,
	    (unsigned)(unsigned char)in->p[at], codec_name(c));
}

/* Copy UTF-8 that has been found valid from in->p on. */
static int
keep(struct str *out, const struct input *in, struct err *e)
{
	const char *nul = memchr(in->p, '\0', in->len);

	if (nul != NULL)
		return err_set(e, E_FORMAT, "第 %zu 行（第 %zu 字节）有空字节，"
		    "这不是普通文本。若是 Excel 的“Unicode 文本”，请改存为"
		    "“CSV UTF-8”", line_of(in->p, (size_t)(nul - in->p)),
		    (size_t)(nul - in->p) + 1);
	str_addn(out, in->p, in->len);
	return 0;
}

/* Convert everything through iconv; *bad is the offset of the first byte that
 * does not convert when this returns false. */
static bool
convert(struct str *out, const struct input *in, const char *charset,
    size_t *bad)
{
	iconv_t cd = iconv_open("UTF-8", charset);
	char *ip = (char *)(uintptr_t)in->p, *op;
	size_t il = in->len, room, before;
	int fault = 0;

	if (cd == (iconv_t)-1)
		die("系统缺少文字编码转换表（%s），请安装完整的 C 库", charset);
	while (il > 0 && fault == 0) {
		room = il + il / 2 + 16;
		str_room(out, room);
		op = out->buf + out->len;
		before = room;
		if (iconv(cd, &ip, &il, &op, &room) == (size_t)-1 &&
		    errno != E2BIG)
			fault = errno;
		out->len += before - room;
		out->buf[out->len] = '\0';
	}
	iconv_close(cd);
	*bad = in->len - il;
	return fault == 0;
}

static int
read_gb(struct str *out, const struct input *in, struct err *e)
{
	struct str text = STR_INIT;
	struct input got;
	size_t bad;
	int rc;

	if (!convert(&text, in, "GB18030", &bad)) {
		str_done(&text);
		return refuse_byte(in, bad, CODEC_GB18030, e);
	}
	got.p = text.buf;
	got.len = text.len;
	rc = keep(out, &got, e);
	str_done(&text);
	return rc;
}

static int
read_utf16(struct str *out, const struct input *in, enum codec c,
    struct err *e)
{
	struct str text = STR_INIT;
	struct input got;
	size_t bad;
	int rc = 0;

	if (!convert(&text, in, codec_name(c), &bad) || in->len % 2 != 0)
		rc = err_set(e, E_FORMAT, "第 %zu 行附近（第 %zu 字节）不是 %s "
		    "文字，文件可能不完整，请重新另存为“CSV UTF-8”",
		    line_of(text.buf, text.len), bad + 3, codec_name(c));
	got.p = text.buf;
	got.len = text.len;
	if (rc == 0)
		rc = keep(out, &got, e);
	str_done(&text);
	return rc;
}

static int
read_utf8(struct str *out, const struct input *in, struct err *e)
{
	size_t bad = utf8_bad_at(in->p, in->len);

	if (bad < in->len)
		return refuse_byte(in, bad, CODEC_UTF8, e);
	return keep(out, in, e);
}

/* Is this UTF-8 with some damage?  Three-byte sequences do not come about by
 * chance often: in GB text there are several bad bytes for each of them. */
static bool
mostly_utf8(const struct input *in)
{
	size_t at = 0, good = 0, bad = 0;
	uint32_t cp;
	int n;

	while (at < in->len) {
		n = utf8_decode(&cp, in->p + at, in->len - at);
		good += n >= 3;
		bad += n < 0;
		at += n < 0 ? 1 : (size_t)n;
	}
	return good > bad;
}

static enum codec
detect(const struct input *in)
{
	if (begins(in, "\xEF\xBB\xBF", 3))
		return CODEC_UTF8;
	if (begins(in, "\xFF\xFE", 2))
		return CODEC_UTF16LE;
	if (begins(in, "\xFE\xFF", 2))
		return CODEC_UTF16BE;
	if (utf8_bad_at(in->p, in->len) == in->len || mostly_utf8(in))
		return CODEC_UTF8;
	return CODEC_GB18030;
}

/* The bytes of the mark that begins a file of this encoding. */
static size_t
bom_of(const struct input *in, enum codec c)
{
	if (c == CODEC_UTF8 && begins(in, "\xEF\xBB\xBF", 3))
		return 3;
	if ((c == CODEC_UTF16LE && begins(in, "\xFF\xFE", 2)) ||
	    (c == CODEC_UTF16BE && begins(in, "\xFE\xFF", 2)))
		return 2;
	return 0;
}

int
codec_read(struct str *out, const void *p, size_t len, enum codec want,
    enum codec *found, struct err *e)
{
	struct input in = { p, len };
	enum codec c = want;
	size_t bom;
	int rc;

	rc = refuse_others(&in, e);
	if (rc < 0)
		return rc;
	if (c == CODEC_AUTO)
		c = detect(&in);
	else if (c == CODEC_GBK)
		c = CODEC_GB18030;	/* contains it */
	if (c == CODEC_GB18030 && begins(&in, "\xEF\xBB\xBF", 3))
		return err_set(e, E_FORMAT, "文件开头有 UTF-8 标记，"
		    "不是 GB18030，请用 --encoding auto");
	bom = bom_of(&in, c);
	in.p += bom;
	in.len -= bom;
	if (c == CODEC_UTF8)
		rc = read_utf8(out, &in, e);
	else if (c == CODEC_GB18030)
		rc = read_gb(out, &in, e);
	else
		rc = read_utf16(out, &in, c, e);
	if (rc == 0 && found != NULL)
		*found = c;
	return rc;
}

/* --- writing -------------------------------------------------------------- */

static void
lose(struct codec_loss *loss, uint32_t cp)
{
	int i;

	loss->count++;
	for (i = 0; i < loss->n; i++)
		if (loss->cp[i] == cp)
			return;
	if (loss->n < CODEC_LOSS_MAX)
		loss->cp[loss->n++] = cp;
}

void
codec_write(struct str *out, const char *s, size_t len, enum codec c,
    struct codec_loss *loss)
{
	char bytes[4];
	uint32_t cp;
	size_t run;
	int n, m;

	while (len > 0) {
		for (run = 0; run < len && (unsigned char)s[run] < 0x80;)
			run++;
		str_addn(out, s, run);
		s += run;
		len -= run;
		if (len == 0)
			return;
		n = utf8_decode(&cp, s, len);
		m = n < 0 ? 0 : codec_encode(c, cp, bytes);
		if (m == 0) {
			lose(loss, n < 0 ? UTF8_BAD : cp);
			m = codec_encode(c, 0x3013, bytes);
		}
		str_addn(out, bytes, (size_t)m);
		s += n < 0 ? 1 : n;
		len -= n < 0 ? 1 : (size_t)n;
	}
}

void
codec_loss_text(struct str *out, const struct codec_loss *loss, enum codec c)
{
	int i;

	if (loss->count == 0)
		return;
	str_addf(out, "有 %zu 处文字 %s 里没有，已写成〓：", loss->count,
	    codec_name(c));
	for (i = 0; i < loss->n; i++) {
		if (i > 0)
			str_add(out, "、");
		if (loss->cp[i] == UTF8_BAD) {
			str_add(out, "坏字节");
			continue;
		}
		if (safe_cp(loss->cp[i]) && codec_can_show(loss->cp[i]))
			utf8_add(out, loss->cp[i]);
		str_addf(out, "（U+%04X）", (unsigned)loss->cp[i]);
	}
	if (loss->n == CODEC_LOSS_MAX)
		str_add(out, "等");
	str_add(out, "。要完整保留请用 UTF-8");
}
