/* See bagtag.h. */
#include "bagtag.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "mem.h"
#include "utf8.h"

bool
bagtag_line(const char **line, size_t *len, const char **at, const char *end)
{
	const char *p = *at;

	if (p >= end)
		return false;
	while (p < end && *p != '\n' && *p != '\r')
		p++;
	*line = *at;
	*len = (size_t)(p - *at);
	if (p < end && *p == '\r' && p + 1 < end && p[1] == '\n')
		p++;
	*at = p < end ? p + 1 : end;
	return true;
}

/* --- bagit.txt --- */

/* "LABEL: VALUE" with nothing more and nothing less. */
static bool
take_value(char *out, size_t size, const char *line, size_t len,
    const char *label)
{
	size_t n = strlen(label), i;

	if (len <= n || memcmp(line, label, n) != 0 || len - n >= size)
		return false;
	for (i = n; i < len; i++)
		if (line[i] <= 32 || line[i] > 126)
			return false;
	memcpy(out, line + n, len - n);
	out[len - n] = '\0';
	return true;
}

static int
version_number(const char *v)
{
	static const struct {
		const char *text;
		int number;
	} known[] = {
		{ "0.93", 93 }, { "0.94", 94 }, { "0.95", 95 },
		{ "0.96", 96 }, { "0.97", 97 }, { "1.0", 100 },
	};
	size_t i;

	for (i = 0; i < COUNT_OF(known); i++)
		if (strcmp(v, known[i].text) == 0)
			return known[i].number;
	return 0;
}

const char *
bagtag_declare(struct bagtag_declaration *d, const char *text, size_t len)
{
	const char *at = text, *end = text + len, *line;
	size_t n;

	memset(d, 0, sizeof *d);
	if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
		return "开头有字节顺序标记（BOM）";
	if (!bagtag_line(&line, &n, &at, end) ||
	    !take_value(d->version, sizeof d->version, line, n,
	    "BagIt-Version: "))
		return "第一行不是「BagIt-Version: 版本号」";
	if (!bagtag_line(&line, &n, &at, end) ||
	    !take_value(d->encoding, sizeof d->encoding, line, n,
	    "Tag-File-Character-Encoding: "))
		return "第二行不是「Tag-File-Character-Encoding: 编码」";
	while (bagtag_line(&line, &n, &at, end))
		if (n > 0)
			return "多于两行";
	d->number = version_number(d->version);
	return NULL;
}

/* --- encodings --- */

static const char *
convert(struct str *out, iconv_t cd, const char *text, size_t len)
{
	char buf[4096], *in = (char *)(uintptr_t)text, *to;
	size_t left = len, room, rc;

	do {
		to = buf;
		room = sizeof buf;
		rc = iconv(cd, left > 0 ? &in : NULL, &left, &to, &room);
		str_addn(out, buf, sizeof buf - room);
		if (rc == (size_t)-1 && errno != E2BIG)
			return "与声明的编码不符";
	} while (rc == (size_t)-1 || left > 0);
	return NULL;
}

const char *
bagtag_decode(struct str *out, const char *text, size_t len,
    const char *encoding)
{
	const char *fault;
	iconv_t cd;

	str_clear(out);
	if (strcasecmp(encoding, "UTF-8") == 0) {
		if (utf8_bad_at(text, len) != len)
			return "不是有效的 UTF-8";
		str_addn(out, text, len);
	} else {
		/* no "//TRANSLIT", no paths: plain names only */
		if (encoding[strspn(encoding, "abcdefghijklmnopqrstuvwxyz"
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:")] != '\0')
			return "声明的编码不认识";
		cd = iconv_open("UTF-8", encoding);
		if (cd == (iconv_t)-1)
			return "声明的编码不认识";
		fault = convert(out, cd, text, len);
		iconv_close(cd);
		if (fault != NULL)
			return fault;
	}
	if (out->len >= 3 && memcmp(out->buf, "\xEF\xBB\xBF", 3) == 0) {
		memmove(out->buf, out->buf + 3, out->len - 2);
		out->len -= 3;
	}
	if (memchr(out->buf, '\0', out->len) != NULL)
		return "含有空字符";
	return NULL;
}

/* --- names --- */

/* RFC 8493 §2.1.3: only these three are ever encoded in a name. */
static size_t
percent_byte(char *c, const char *p, size_t len)
{
	static const struct {
		char code[4], byte;
	} codes[] = { { "%0D", '\r' }, { "%0A", '\n' }, { "%25", '%' } };
	size_t i;

	for (i = 0; i < COUNT_OF(codes) && len >= 3; i++)
		if (strncasecmp(p, codes[i].code, 3) == 0) {
			*c = codes[i].byte;
			return 3;
		}
	*c = *p;
	return 1;
}

static const char *
take_path(char path[BAGTAG_PATH], const char *p, size_t len, bool percent)
{
	size_t n = 0, step;
	char c;

	while (len > 2 && p[0] == '.' && p[1] == '/') {
		p += 2;
		len -= 2;
	}
	while (len > 0) {
		step = 1;
		c = *p;
		if (percent && c == '%')
			step = percent_byte(&c, p, len);
		if (n + 1 >= BAGTAG_PATH)
			return "文件名太长";
		path[n++] = c;
		p += step;
		len -= step;
	}
	path[n] = '\0';
	return n == 0 ? "没有文件名" : NULL;
}

static size_t
skip_blanks(const char *p, size_t i, size_t len)
{
	while (i < len && (p[i] == ' ' || p[i] == '\t'))
		i++;
	return i;
}

static size_t
skip_word(const char *p, size_t i, size_t len)
{
	while (i < len && p[i] != ' ' && p[i] != '\t')
		i++;
	return i;
}

const char *
bagtag_manifest(struct bagtag_entry *m, const char *line, size_t len,
    bool percent)
{
	size_t i = skip_word(line, 0, len);

	m->sum = line;
	m->sum_len = i;
	if (i == 0 || i == len)
		return "不是「校验值 文件名」";
	i = skip_blanks(line, i, len);
	m->star = i < len && line[i] == '*';
	if (m->star)
		i++;
	return take_path(m->path, line + i, len - i, percent);
}

/* fetch.txt's second word: a number of bytes, or "-" when unknown. */
static bool
is_length(const char *p, size_t len)
{
	size_t i;

	if (len == 1 && p[0] == '-')
		return true;
	for (i = 0; i < len; i++)
		if (p[i] < '0' || p[i] > '9')
			return false;
	return len > 0;
}

const char *
bagtag_fetch(char path[BAGTAG_PATH], const char *line, size_t len,
    bool percent)
{
	size_t i = skip_word(line, 0, len), j;

	if (i == 0 || i == len)
		return "不是「网址 长度 文件名」";
	i = skip_blanks(line, i, len);
	j = skip_word(line, i, len);
	if (!is_length(line + i, j - i))
		return "长度不是数字或「-」";
	i = skip_blanks(line, j, len);
	return take_path(path, line + i, len - i, percent);
}

/* A part of the path that is "..". */
static bool
climbs(const char *path)
{
	const char *p = path;
	size_t n;

	while (*p != '\0') {
		n = strcspn(p, "/\\");
		if (n == 2 && p[0] == '.' && p[1] == '.')
			return true;
		p += n + (p[n] != '\0');
	}
	return false;
}

/* "%NAME%", which a Windows shell would replace. */
static bool
has_variable(const char *path)
{
	const char *p = strchr(path, '%'), *q;

	for (; p != NULL; p = q) {
		q = strchr(p + 1, '%');
		if (q != NULL && q > p + 1 && strcspn(p + 1, "/\\") >=
		    (size_t)(q - p - 1))
			return true;
	}
	return false;
}

const char *
bagtag_path_fault(const char *path, bool strict)
{
	if (path[0] == '/')
		return "是绝对路径";
	if (climbs(path))
		return "企图用 .. 跳出包外";
	if (path[0] == '~')
		return "指向用户文件夹（~）";
	if (!strict)
		return NULL;
	if (strchr(path, '\\') != NULL)
		return "含有反斜线";
	if (path[0] != '\0' && path[1] == ':')
		return "带有盘符";
	if (has_variable(path))
		return "含有环境变量";
	return NULL;
}

bool
bagtag_is_special(const char *path)
{
	static const char *const names[] = { "Thumbs.db", ".DS_Store",
	    "desktop.ini", "ehthumbs.db", ".directory", ".localized" };
	const char *base = strrchr(path, '/');
	size_t i;

	base = base == NULL ? path : base + 1;
	for (i = 0; i < COUNT_OF(names); i++)
		if (strcasecmp(base, names[i]) == 0)
			return true;
	return strncmp(base, "._", 2) == 0;	/* a Macintosh's shadow files */
}

const char *
bagtag_algorithm(const char *path, const char *prefix, size_t *len)
{
	size_t n = strlen(path), head = strlen(prefix);

	if (n <= head + 4 || strncmp(path, prefix, head) != 0 ||
	    strcmp(path + n - 4, ".txt") != 0 || strchr(path, '/') != NULL)
		return NULL;
	*len = n - head - 4;
	return path + head;
}

bool
bagtag_label(const char *line, size_t len, const char **value,
    size_t *value_len, size_t *label_len)
{
	const char *colon = memchr(line, ':', len);
	size_t i;

	if (colon == NULL || colon == line || line[0] == ' ' ||
	    line[0] == '\t')
		return false;
	*label_len = (size_t)(colon - line);
	while (*label_len > 0 && (line[*label_len - 1] == ' ' ||
	    line[*label_len - 1] == '\t'))
		--*label_len;
	i = skip_blanks(line, (size_t)(colon - line) + 1, len);
	*value = line + i;
	*value_len = len - i;
	return true;
}
