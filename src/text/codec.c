/* See codec.h.  GBK's 23,940 two-byte codes are asked of iconv(3) once and kept
 * in two tables (about 120 KB, only in sessions that need them); GB18030's
 * four-byte codes are rare and asked one by one, but for the planes above the
 * BMP, which follow by arithmetic (GB 18030-2005, 4.3). */
#include "codec.h"

#include <iconv.h>
#include <string.h>
#include <strings.h>

#include "log.h"
#include "mem.h"
#include "utf8.h"
#include "width.h"

enum {
	LEAD_MIN = 0x81, LEAD_MAX = 0xFE,
	TAIL_MIN = 0x40, TAIL_MAX = 0xFE,
	LEADS = LEAD_MAX - LEAD_MIN + 1,
	TAILS = TAIL_MAX - TAIL_MIN + 1,
	GBK_CODES = LEADS * TAILS,
	FAR = 8			/* GB18030 has six */
};

/* One per encoding: which code point each two-byte code is, and back.  Zero at
 * first, so that pages without characters never come to be. */
struct table {
	bool built;
	int nfar;
	struct {				/* beyond the BMP */
		int code;
		uint32_t cp;
	} far[FAR];
	uint16_t to_cp[GBK_CODES];		/* 0: none, or far */
	uint16_t to_code[0x10000];		/* 0: none */
};

static struct table gbk, gb18030;

static struct {
	enum codec kind;
	bool four_byte;
	iconv_t to_gb, from_gb;			/* four-byte codes of the BMP */
	bool open;
} session = { .kind = CODEC_UTF8 };

static const struct {
	const char *name;			/* as compared: no - or _ */
	enum codec kind;
} names[] = {
	{ "UTF8", CODEC_UTF8 },
	{ "GBK", CODEC_GBK },
	{ "GB2312", CODEC_GBK },
	{ "EUCCN", CODEC_GBK },
	{ "CP936", CODEC_GBK },
	{ "GB18030", CODEC_GB18030 },
	{ "UTF16LE", CODEC_UTF16LE },
	{ "UTF16BE", CODEC_UTF16BE },
	{ "AUTO", CODEC_AUTO }
};

const char *
codec_name(enum codec c)
{
	static const char *const text[] = {
		[CODEC_UTF8] = "UTF-8",
		[CODEC_GBK] = "GBK",
		[CODEC_GB18030] = "GB18030",
		[CODEC_UTF16LE] = "UTF-16LE",
		[CODEC_UTF16BE] = "UTF-16BE",
		[CODEC_AUTO] = "auto"
	};

	return text[c];
}

int
codec_parse(const char *name, enum codec *out, struct err *e)
{
	char plain[16];
	size_t n = 0, i;

	for (i = 0; name[i] != '\0' && n + 1 < sizeof plain; i++)
		if (name[i] != '-' && name[i] != '_')
			plain[n++] = name[i];
	plain[n] = '\0';
	for (i = 0; i < COUNT_OF(names); i++) {
		if (strcasecmp(plain, names[i].name) == 0) {
			*out = names[i].kind;
			return 0;
		}
	}
	return err_set(e, E_RANGE,
	    "不认识的文字编码，可用的是 utf-8、gbk、gb18030");
}

/* --- tables --------------------------------------------------------------- */

static iconv_t
open_or_die(const char *to, const char *from)
{
	iconv_t cd = iconv_open(to, from);

	if (cd == (iconv_t)-1)
		die("系统缺少文字编码转换表（%s），请安装完整的 C 库",
		    strcmp(to, "UTF-8") == 0 ? from : to);
	return cd;
}

/* One character through iconv; the bytes written, 0 when there is none. */
static size_t
convert(iconv_t cd, const char *in, size_t n, char *out, size_t size)
{
	char *ip = (char *)(uintptr_t)in, *op = out;
	size_t il = n, ol = size;

	iconv(cd, NULL, NULL, NULL, NULL);
	if (iconv(cd, &ip, &il, &op, &ol) != 0 || il != 0)
		return 0;
	return size - ol;
}

static void
build(struct table *t, const char *charset)
{
	iconv_t cd = open_or_die("UTF-8", charset);
	char in[2], out[8];
	uint32_t cp;
	size_t n;
	int lead, tail, i = 0;

	for (lead = LEAD_MIN; lead <= LEAD_MAX; lead++)
		for (tail = TAIL_MIN; tail <= TAIL_MAX; tail++, i++) {
			in[0] = (char)lead;
			in[1] = (char)tail;
			n = convert(cd, in, 2, out, sizeof out);
			if (n == 0 || utf8_decode(&cp, out, n) != (int)n)
				continue;
			/* GB18030 has six of Ext B among its two-byte codes
			 * (FE51 …); they are written as four bytes. */
			if (cp > 0xFFFF) {
				if (t->nfar == FAR)
					BUG("codec: far codes");
				t->far[t->nfar].code = i;
				t->far[t->nfar++].cp = cp;
				continue;
			}
			t->to_cp[i] = (uint16_t)cp;
			if (t->to_code[cp] == 0)
				t->to_code[cp] = (uint16_t)(lead << 8 | tail);
		}
	iconv_close(cd);
	t->built = true;
}

static struct table *
table_of(enum codec c)
{
	struct table *t = c == CODEC_GBK ? &gbk : &gb18030;

	if (!t->built)
		build(t, codec_name(c == CODEC_GBK ? CODEC_GBK :
		    CODEC_GB18030));
	return t;
}

static uint32_t
two_bytes(enum codec c, unsigned lead, unsigned tail)
{
	const struct table *t = table_of(c);
	int i, code;

	if (lead < LEAD_MIN || lead > LEAD_MAX || tail < TAIL_MIN ||
	    tail > TAIL_MAX)
		return 0;
	code = (int)((lead - LEAD_MIN) * TAILS + tail - TAIL_MIN);
	for (i = 0; i < t->nfar; i++)
		if (t->far[i].code == code)
			return t->far[i].cp;
	return t->to_cp[code];
}

static void
open_four(void)
{
	if (session.open)
		return;
	session.to_gb = open_or_die("GB18030", "UTF-8");
	session.from_gb = open_or_die("UTF-8", "GB18030");
	session.open = true;
}

/* Four bytes, each already in its range. */
static uint32_t
four_bytes(const unsigned char b[4])
{
	uint32_t linear, cp;
	char out[8];
	size_t n;

	linear = ((((uint32_t)b[0] - 0x81) * 10 + b[1] - 0x30u) * 126 + b[2] -
	    0x81u) * 10 + b[3] - 0x30u;
	if (b[0] >= 0x90) {
		linear -= 189000;		/* of 90 30 81 30 */
		return linear <= 0xFFFFF ? linear + 0x10000 : 0;
	}
	open_four();
	n = convert(session.from_gb, (const char *)b, 4, out, sizeof out);
	return n > 0 && utf8_decode(&cp, out, n) == (int)n ? cp : 0;
}

static int
encode_four(uint32_t cp, char out[4])
{
	char in[UTF8_MAX];
	uint32_t v;
	int n;

	if (cp >= 0x10000) {
		v = cp - 0x10000 + 189000;
		out[3] = (char)(0x30 + v % 10);
		v /= 10;
		out[2] = (char)(0x81 + v % 126);
		v /= 126;
		out[1] = (char)(0x30 + v % 10);
		out[0] = (char)(0x81 + v / 10);
		return 4;
	}
	n = utf8_encode(in, cp);
	open_four();
	return n > 0 && convert(session.to_gb, in, (size_t)n, out, 4) == 4 ? 4
	    : 0;
}

int
codec_encode(enum codec c, uint32_t cp, char out[4])
{
	unsigned code;

	if (c == CODEC_UTF8)
		return utf8_encode(out, cp);
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
		return 0;
	code = cp <= 0xFFFF ? table_of(c)->to_code[cp] : 0;
	if (code != 0) {
		out[0] = (char)(code >> 8);
		out[1] = (char)(code & 0xFF);
		return 2;
	}
	return c == CODEC_GB18030 ? encode_four(cp, out) : 0;
}

/* --- the session ---------------------------------------------------------- */

void
codec_set_session(enum codec c, bool four_byte)
{
	session.kind = c;
	session.four_byte = c == CODEC_GB18030 && four_byte;
	width_set_dbcs(c != CODEC_UTF8);
}

enum codec
codec_session(void)
{
	return session.kind;
}

bool
codec_can_show(uint32_t cp)
{
	char out[4];
	int n;

	if (session.kind == CODEC_UTF8 || cp < 0x80)
		return cp <= 0x10FFFF;
	n = codec_encode(session.kind, cp, out);
	return n == 2 || (n == 4 && session.four_byte);
}

/* --- the keyboard --------------------------------------------------------- */

void
codec_in_init(struct codec_in *in, enum codec kind)
{
	in->kind = kind;
	in->n = 0;
}

bool
codec_pending(const struct codec_in *in)
{
	return in->n > 0;
}

enum { WAIT = 0, INVALID = -1 };

static bool
is_lead(unsigned char b)
{
	return b >= LEAD_MIN && b <= LEAD_MAX;
}

/* What the bytes in hand are: 1..4 (a whole character, in *cp), WAIT or
 * INVALID (the first one must go). */
static int
look_gb(const struct codec_in *in, uint32_t *cp)
{
	const unsigned char *b = in->buf;

	if (!is_lead(b[0]))
		return INVALID;
	if (in->n == 1)
		return WAIT;
	if (in->kind != CODEC_GB18030 || b[1] < 0x30 || b[1] > 0x39) {
		*cp = two_bytes(in->kind, b[0], b[1]);
		return *cp != 0 ? 2 : INVALID;
	}
	if (in->n >= 3 && !is_lead(b[2]))
		return INVALID;
	if (in->n < 4)
		return WAIT;
	if (b[3] < 0x30 || b[3] > 0x39)
		return INVALID;
	*cp = four_bytes(b);
	return *cp != 0 ? 4 : INVALID;
}

static int
look_utf8(const struct codec_in *in, uint32_t *cp)
{
	/* The second byte's bounds are the only ones that vary; try whether
	 * some continuation would make the bytes whole. */
	static const char fill[2][4] = { "\x80\x80\x80", "\xBF\xBF\xBF" };
	char try[8];
	int n, i;

	n = utf8_decode(cp, (const char *)in->buf, (size_t)in->n);
	if (n > 0)
		return n;
	for (i = 0; i < 2; i++) {
		memcpy(try, in->buf, (size_t)in->n);
		memcpy(try + in->n, fill[i], 4);
		if (utf8_decode(cp, try, (size_t)in->n + 3) > in->n)
			return WAIT;
	}
	return INVALID;
}

static int
look(const struct codec_in *in, uint32_t *cp)
{
	if (in->buf[0] < 0x80) {
		*cp = in->buf[0];
		return 1;
	}
	return in->kind == CODEC_UTF8 ? look_utf8(in, cp) : look_gb(in, cp);
}

static void
drop(struct codec_in *in, int n)
{
	in->n -= n;
	memmove(in->buf, in->buf + n, (size_t)in->n);
}

/* Take out of the buffer what can be taken. */
static int
settle(struct codec_in *in, uint32_t out[4], int *bad)
{
	int got = 0, n;

	while (in->n > 0 && (n = look(in, &out[got])) != WAIT) {
		if (n == INVALID) {
			(*bad)++;
			drop(in, 1);
		} else {
			got++;
			drop(in, n);
		}
	}
	return got;
}

int
codec_push(struct codec_in *in, unsigned char byte, uint32_t out[4], int *bad)
{
	*bad = 0;
	in->buf[in->n++] = byte;
	return settle(in, out, bad);
}

int
codec_flush(struct codec_in *in, uint32_t out[4], int *bad)
{
	int got = 0;

	*bad = 0;
	while (in->n > 0) {
		(*bad)++;
		drop(in, 1);
		got += settle(in, out + got, bad);
	}
	return got;
}
