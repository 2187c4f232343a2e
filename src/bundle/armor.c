/* See armor.h. */
#include "armor.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "mem.h"

#define BEGIN_LINE "-----BEGIN AGE ENCRYPTED FILE-----"
#define END_LINE "-----END AGE ENCRYPTED FILE-----"

enum {
	COLUMNS = 64,
	LINE_BYTES = COLUMNS / 4 * 3,
	OUTSIDE_MAX = 1024	/* white space tolerated before or after */
};

enum state { BEFORE, INSIDE, LAST_SEEN, AFTER };

struct armor {
	struct flow_in in;
	enum state state;
	unsigned char raw[4096];
	size_t raw_at, raw_len;
	unsigned char out[LINE_BYTES];
	size_t out_at, out_len;
	int failed;			/* the code, once it has failed */
};

struct armor *
armor_new(struct flow_in in, const void *p, size_t len)
{
	struct armor *a = xcalloc(1, sizeof *a);

	a->in = in;
	a->raw_len = len > sizeof a->raw ? sizeof a->raw : len;
	memcpy(a->raw, p, a->raw_len);
	return a;
}

void
armor_free(struct armor *a)
{
	free(a);
}

static int
bad_armor(struct err *e, const char *what)
{
	return err_set(e, E_FORMAT,
	    "加密文件的文本外壳不规范（%s），可能在传送中被改动", what);
}

/* The next byte, -1 at the end, or a code below -1. */
static int
next_byte(struct armor *a, struct err *e)
{
	ssize_t n;

	if (a->raw_at == a->raw_len) {
		n = a->in.read(a->in.ctx, a->raw, sizeof a->raw, e);
		if (n < 0)
			return (int)n - 1;
		if (n == 0)
			return -1;
		a->raw_at = 0;
		a->raw_len = (size_t)n;
	}
	return a->raw[a->raw_at++];
}

static bool
is_blank(int c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Pass over white space; the first other byte, -1 at the end, or lower. */
static int
skip_blank(struct armor *a, struct err *e)
{
	int c, n = 0;

	do
		c = next_byte(a, e);
	while (is_blank(c) && ++n <= OUTSIDE_MAX);
	if (is_blank(c))
		return bad_armor(e, "空白太多") - 1;
	return c;
}

/* A line without its end (LF or CRLF); its length, or a negative code.  The
 * end of the source ends a line as well. */
static int
read_line(struct armor *a, char line[COLUMNS + 2], int first, struct err *e)
{
	int n = 0, c = first;

	while (c != '\n' && c != -1) {
		if (c < -1)
			return c + 1;
		if (n > COLUMNS)
			return bad_armor(e, "行太长");
		line[n++] = (char)c;
		c = next_byte(a, e);
	}
	if (n > 0 && line[n - 1] == '\r')
		n--;
	if (n > COLUMNS)
		return bad_armor(e, "行太长");
	line[n] = '\0';
	return n;
}

static bool
line_is(const char *line, int n, const char *want)
{
	return (size_t)n == strlen(want) && memcmp(line, want, (size_t)n) == 0;
}

static int
take_begin(struct armor *a, struct err *e)
{
	char line[COLUMNS + 2];
	int c = skip_blank(a, e), n;

	if (c < -1)
		return c + 1;
	n = read_line(a, line, c, e);
	if (n < 0)
		return n;
	if (!line_is(line, n, BEGIN_LINE))
		return bad_armor(e, "开头行不对");
	a->state = INSIDE;
	return 0;
}

static int
take_after(struct armor *a, struct err *e)
{
	int c = skip_blank(a, e);

	if (c < -1)
		return c + 1;
	if (c != -1)
		return bad_armor(e, "结尾行之后还有内容");
	a->state = AFTER;
	return 0;
}

/* One line of data into `out`, or the end line. */
static int
take_line(struct armor *a, struct err *e)
{
	char line[COLUMNS + 2];
	int first = next_byte(a, e), n;

	if (first < -1)
		return first + 1;
	if (first == -1)
		return bad_armor(e, "缺少结尾行");
	n = read_line(a, line, first, e);
	if (n < 0)
		return n;
	if (line_is(line, n, END_LINE))
		return take_after(a, e);
	if (a->state == LAST_SEEN || n == 0)
		return bad_armor(e, "短行之后还有内容");
	if (base64_decode(a->out, sizeof a->out, &a->out_len, line, (size_t)n,
	    true) != 0)
		return bad_armor(e, "不是规范的 Base64");
	a->out_at = 0;
	if (a->out_len < LINE_BYTES)
		a->state = LAST_SEEN;
	return 0;
}

static ssize_t
armor_read(void *ctx, void *p, size_t len, struct err *e)
{
	struct armor *a = ctx;
	int rc = a->failed;

	if (rc < 0)
		return bad_armor(e, "已经出错");
	if (a->state == BEFORE)
		rc = take_begin(a, e);
	while (rc == 0 && a->out_at == a->out_len && a->state != AFTER)
		rc = take_line(a, e);
	if (rc < 0)
		return a->failed = rc;
	if (len > a->out_len - a->out_at)
		len = a->out_len - a->out_at;
	memcpy(p, a->out + a->out_at, len);
	a->out_at += len;
	return (ssize_t)len;
}

struct flow_in
armor_flow(struct armor *a)
{
	return (struct flow_in){ armor_read, a };
}
