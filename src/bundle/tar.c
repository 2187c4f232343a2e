/* See tar.h. */
#include "tar.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "mem.h"
#include "names.h"
#include "utf8.h"

/* POSIX.1-1988 ustar; every field is bytes of text. */
struct header {
	char name[100];
	char mode[8];
	char uid[8];
	char gid[8];
	char size[12];
	char mtime[12];
	char sum[8];
	char type;
	char link[100];
	char magic[6];
	char version[2];
	char uname[32];
	char gname[32];
	char major[8];
	char minor[8];
	char prefix[155];
	char pad[12];
};

_Static_assert(sizeof(struct header) == TAR_BLOCK, "ustar header");

static const uint64_t size_max = 077777777777ull;	/* 8 GiB - 1 */
static const unsigned char zeros[TAR_BLOCK];

/* The header's bytes added up, its own sum counted as blanks. */
static unsigned
header_sum(const struct header *h)
{
	const unsigned char *p = (const unsigned char *)h;
	unsigned sum = 0;
	size_t i;

	for (i = 0; i < sizeof *h; i++) {
		if (i >= offsetof(struct header, sum) &&
		    i < offsetof(struct header, type))
			sum += ' ';
		else
			sum += p[i];
	}
	return sum;
}

/* --- names --- */

int
tar_name_check(const char *name, size_t max, struct err *e)
{
	const char *p = name, *end;
	size_t len = strlen(name), n;

	if (len == 0)
		return err_set(e, E_FORMAT, "包里有成员没有名字");
	if (len > max)
		return err_set(e, E_RANGE, "包里有成员的名字太长");
	if (!utf8_valid(name))
		return err_set(e, E_FORMAT, "包里有成员的名字不是 UTF-8");
	for (end = name; *end != '\0'; end++)
		if ((unsigned char)*end < 32 || *end == 127 || *end == '\\' ||
		    *end == ':')
			return err_set(e, E_FORMAT,
			    "包里有成员的名字含有不允许的字符");
	while (p <= name + len) {
		end = strchrnul(p, '/');
		n = (size_t)(end - p);
		if (n == 0)
			return err_set(e, E_FORMAT,
			    "包里有成员的名字以斜线开头、结尾或有空段：%s",
			    name);
		if ((n == 1 && p[0] == '.') ||
		    (n == 2 && p[0] == '.' && p[1] == '.'))
			return err_set(e, E_FORMAT,
			    "包里有成员企图跳出文件夹：%s", name);
		p = end + 1;
	}
	return 0;
}

/* Cut a long name at a slash into prefix and name. */
static int
split_name(struct header *h, const char *name, struct err *e)
{
	size_t len = strlen(name), cut;

	if (len <= sizeof h->name) {
		memcpy(h->name, name, len);
		return 0;
	}
	for (cut = len < sizeof h->prefix ? len : sizeof h->prefix; cut > 0;
	    cut--)
		if (name[cut] == '/' && len - cut - 1 <= sizeof h->name &&
		    len - cut > 1)
			break;
	if (cut == 0)
		return err_set(e, E_RANGE, "文件名太长，放不进包：%s", name);
	memcpy(h->prefix, name, cut);
	memcpy(h->name, name + cut + 1, len - cut - 1);
	return 0;
}

/* --- writing --- */

void
tar_writer_init(struct tar_writer *w, struct flow_out out, int64_t mtime)
{
	memset(w, 0, sizeof *w);
	w->out = out;
	w->mtime = mtime > 0 && (uint64_t)mtime <= size_max ? mtime : 0;
}

static int
put(struct tar_writer *w, const void *p, size_t len, struct err *e)
{
	w->written += len;
	return flow_write(w->out, p, len, e);
}

static void
octal(char *field, int digits, uint64_t v)
{
	char text[32];

	snprintf(text, sizeof text, "%0*llo", digits, (unsigned long long)v);
	memcpy(field, text, (size_t)digits + 1);
}

int
tar_member(struct tar_writer *w, const char *name, uint64_t size,
    struct err *e)
{
	struct header h;
	char text[16];
	int rc;

	if (w->left > 0)
		BUG("tar member %s begun before the last one ended", name);
	rc = tar_name_check(name, TAR_NAME - 1, e);
	if (rc < 0)
		return rc;
	if (size > size_max)
		return err_set(e, E_RANGE, "%s 太大，放不进包（上限 8 GiB）",
		    name);
	memset(&h, 0, sizeof h);
	rc = split_name(&h, name, e);
	if (rc < 0)
		return rc;
	octal(h.mode, 7, 0644);
	octal(h.uid, 7, 0);
	octal(h.gid, 7, 0);
	octal(h.size, 11, size);
	octal(h.mtime, 11, (uint64_t)w->mtime);
	h.type = '0';
	memcpy(h.magic, "ustar", 6);
	memcpy(h.version, "00", 2);
	octal(h.major, 7, 0);
	octal(h.minor, 7, 0);
	snprintf(text, sizeof text, "%06o", header_sum(&h));
	memcpy(h.sum, text, 7);
	h.sum[7] = ' ';
	w->left = size;
	w->pad = (unsigned)(-size & (TAR_BLOCK - 1));
	return put(w, &h, sizeof h, e);
}

int
tar_data(struct tar_writer *w, const void *p, size_t len, struct err *e)
{
	int rc;

	if (len > w->left)
		return err_set(e, E_RANGE, "内容比事先算出的长，可能正被改动");
	w->left -= len;
	rc = put(w, p, len, e);
	if (rc == 0 && w->left == 0 && w->pad > 0) {
		rc = put(w, zeros, w->pad, e);
		w->pad = 0;
	}
	return rc;
}

int
tar_finish(struct tar_writer *w, uint64_t total, struct err *e)
{
	int i, rc = 0;

	if (w->left > 0)
		return err_set(e, E_RANGE, "内容比事先算出的短，可能正被改动");
	for (i = 0; i < 2 && rc == 0; i++)
		rc = put(w, zeros, sizeof zeros, e);
	while (rc == 0 && w->written < total)
		rc = put(w, zeros, sizeof zeros, e);
	return rc;
}

uint64_t
tar_member_size(uint64_t size)
{
	return TAR_BLOCK + (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
}

/* With 2^E ≤ len, the low E - S bits are rounded up to zero, where S is the
 * number of bits that E itself takes. */
uint64_t
tar_padme(uint64_t len)
{
	unsigned bits = 0, e, s = 0;
	uint64_t mask;

	while (bits < 63 && len >> (bits + 1) != 0)
		bits++;
	for (e = bits; e != 0; e >>= 1)
		s++;
	mask = bits > s ? (1ull << (bits - s)) - 1 : 0;
	if (mask < TAR_BLOCK - 1)
		mask = TAR_BLOCK - 1;
	return (len + mask) & ~mask;
}

/* --- reading --- */

struct tar_reader {
	struct flow_in in;
	struct tar_limits limits;
	uint64_t left, total;
	unsigned pad;
	size_t count;
	bool ended;
	struct err fault;		/* once failed, for ever */
	struct names names;		/* in lower case */
};

struct tar_reader *
tar_reader_new(struct flow_in in, const struct tar_limits *limits)
{
	struct tar_reader *r = xcalloc(1, sizeof *r);

	r->in = in;
	r->limits = *limits;
	return r;
}

void
tar_reader_free(struct tar_reader *r)
{
	if (r == NULL)
		return;
	names_done(&r->names);
	free(r);
}

/* Remember a name; -1 if it was there, also in other letter case: on vfat
 * the second would fall upon the first. */
static int
remember(struct tar_reader *r, const char *name)
{
	char *folded = xstrdup(name), *p;

	for (p = folded; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + 32);
	return names_add(&r->names, folded, 0) ? 0 : -1;
}

static int
bad_tar(struct err *e, const char *what)
{
	return err_set(e, E_FORMAT, "包的内部格式不对（%s）", what);
}

/* Octal digits, then only blanks or NUL. */
static int
parse_octal(uint64_t *v, const char *field, size_t len)
{
	size_t i = 0, digits = 0;

	*v = 0;
	while (i < len && field[i] == ' ')
		i++;
	for (; i < len && field[i] >= '0' && field[i] <= '7'; i++, digits++)
		*v = *v << 3 | (uint64_t)(field[i] - '0');
	for (; i < len; i++)
		if (field[i] != ' ' && field[i] != '\0')
			return -1;
	return digits > 0 ? 0 : -1;
}

static int
parse_name(struct tar_entry *entry, const struct header *h, struct err *e)
{
	size_t p = strnlen(h->prefix, sizeof h->prefix);
	size_t n = strnlen(h->name, sizeof h->name);

	if (p + 1 + n >= sizeof entry->name)
		return bad_tar(e, "名字太长");
	memcpy(entry->name, h->prefix, p);
	if (p > 0)
		entry->name[p++] = '/';
	memcpy(entry->name + p, h->name, n);
	entry->name[p + n] = '\0';
	/* a folder is written with a slash at its end */
	if (h->type == '5' && p + n > 1 && entry->name[p + n - 1] == '/')
		entry->name[p + n - 1] = '\0';
	return tar_name_check(entry->name, TAR_NAME - 1, e);
}

/* Hold the header against the format and the limits. */
static int
parse_header(struct tar_reader *r, struct tar_entry *entry,
    const struct header *h, struct err *e)
{
	uint64_t sum, size;
	int rc;

	if (memcmp(h->magic, "ustar\0" "00", 8) != 0)
		return bad_tar(e, "不是 ustar");
	if (parse_octal(&sum, h->sum, sizeof h->sum) < 0 ||
	    sum != header_sum(h))
		return bad_tar(e, "头部校验和不符");
	if (parse_octal(&size, h->size, sizeof h->size) < 0)
		return bad_tar(e, "大小不是数字");
	if (h->type != '0' && h->type != '\0' && h->type != '5')
		return bad_tar(e, "有链接、设备或扩展成员");
	if (h->type == '5' && size != 0)
		return bad_tar(e, "文件夹带有内容");
	rc = parse_name(entry, h, e);
	if (rc < 0)
		return rc;
	if (++r->count > r->limits.count)
		return err_set(e, E_RANGE, "包里的文件太多（上限 %zu 个）",
		    r->limits.count);
	if (size > r->limits.member || size > r->limits.total - r->total)
		return err_set(e, E_RANGE, "包里的 %s 太大", entry->name);
	if (remember(r, entry->name) < 0)
		return err_set(e, E_FORMAT, "包里有重名的文件：%s",
		    entry->name);
	r->total += size;
	entry->size = r->left = size;
	r->pad = (unsigned)(-size & (TAR_BLOCK - 1));
	return 0;
}

static int
read_block(struct tar_reader *r, void *block, struct err *e)
{
	ssize_t n = flow_fill(r->in, block, TAR_BLOCK, e);

	if (n < 0)
		return (int)n;
	return n == TAR_BLOCK ? 0 : err_set(e, E_CORRUPT,
	    "包不完整，末尾缺失");
}

/* The end mark is two zero blocks; nothing but zeros may follow. */
static int
read_end(struct tar_reader *r, struct err *e)
{
	unsigned char *buf = xmalloc(FLOW_CHUNK);
	ssize_t n;
	int rc = read_block(r, buf, e);

	if (rc == 0 && memcmp(buf, zeros, TAR_BLOCK) != 0)
		rc = bad_tar(e, "只有半个结束标记");
	while (rc == 0) {
		n = flow_fill(r->in, buf, FLOW_CHUNK, e);
		if (n <= 0) {
			rc = (int)n;
			break;
		}
		if (buf[0] != 0 || memcmp(buf, buf + 1, (size_t)n - 1) != 0)
			rc = bad_tar(e, "结束之后还有内容");
	}
	r->ended = rc == 0;
	free(buf);
	return rc;
}

/* Pass over what is left of the member, and its padding, which is zero. */
static int
skip_rest(struct tar_reader *r, struct err *e)
{
	unsigned char buf[TAR_BLOCK];
	ssize_t n;

	while (r->left > 0) {
		n = tar_read(r, buf, sizeof buf, e);
		if (n < 0)
			return (int)n;
	}
	if (r->pad == 0)
		return 0;
	n = flow_fill(r->in, buf, r->pad, e);
	if (n < 0)
		return (int)n;
	if ((unsigned)n != r->pad)
		return err_set(e, E_CORRUPT, "包不完整，末尾缺失");
	if (memcmp(buf, zeros, r->pad) != 0)
		return bad_tar(e, "填充处有内容");
	r->pad = 0;
	return 0;
}

static int
next_member(struct tar_reader *r, struct tar_entry *entry, struct err *e)
{
	struct header h;
	int rc;

	for (;;) {
		rc = skip_rest(r, e);
		if (rc == 0)
			rc = read_block(r, &h, e);
		if (rc < 0)
			return rc;
		if (memcmp(&h, zeros, sizeof h) == 0)
			return read_end(r, e);
		rc = parse_header(r, entry, &h, e);
		if (rc < 0)
			return rc;
		if (h.type != '5')
			return 1;
	}
}

int
tar_next(struct tar_reader *r, struct tar_entry *entry, struct err *e)
{
	int rc;

	if (r->fault.code != 0)
		return err_set(e, r->fault.code, "%s", r->fault.msg);
	if (r->ended)
		return 0;
	rc = next_member(r, entry, &r->fault);
	if (rc >= 0)
		return rc;
	if (r->fault.code == 0)
		r->fault.code = rc;
	return err_set(e, r->fault.code, "%s", r->fault.msg);
}

ssize_t
tar_read(struct tar_reader *r, void *p, size_t len, struct err *e)
{
	ssize_t n;

	if (len > r->left)
		len = (size_t)r->left;
	if (len == 0)
		return 0;
	n = r->in.read(r->in.ctx, p, len, e);
	if (n == 0)
		return err_set(e, E_CORRUPT, "包不完整，末尾缺失");
	if (n > 0)
		r->left -= (uint64_t)n;
	return n;
}

static ssize_t
reader_flow(void *ctx, void *p, size_t len, struct err *e)
{
	return tar_read(ctx, p, len, e);
}

struct flow_in
tar_reader_flow(struct tar_reader *r)
{
	return (struct flow_in){ reader_flow, r };
}
