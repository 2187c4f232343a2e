/* See schemarow.h; the offsets are those of the SQLite file format. */
#include "schemarow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"

enum { LEAF = 13, COLUMNS = 5, SQL_LIMIT = 1 << 20 };

struct bytes {
	const unsigned char *p;
	uint64_t at, len;
};

static uint64_t
varint(struct bytes *b)
{
	uint64_t v = 0;
	int i;

	for (i = 0; i < 9 && b->at < b->len; i++) {
		unsigned char c = b->p[b->at++];

		if (i == 8)
			return v << 8 | c;
		v = v << 7 | (c & 0x7F);
		if ((c & 0x80) == 0)
			break;
	}
	return v;
}

/* Bytes of a column of this serial type. */
static uint64_t
width(uint64_t type)
{
	static const unsigned char fixed[] = { 0, 1, 2, 3, 4, 6, 8, 8, 0, 0 };

	return type < sizeof fixed ? fixed[type] : type < 12 ? 0 :
	    (type - 12) / 2;
}

static int64_t
integer(const unsigned char *p, uint64_t n)
{
	int64_t v = 0;

	while (n-- > 0)
		v = v << 8 | *p++;
	return v;
}

/* The bytes of a payload that starts at `at`; heap, or NULL. */
static unsigned char *
gather(int fd, const unsigned char *p, unsigned size, uint64_t at,
    uint64_t len)
{
	uint64_t most = size - 35, least = (size - 12) * 32 / 255 - 23;
	uint64_t here = len, got, n;
	unsigned char *out, link[4];
	int64_t next;

	if (len > most) {
		here = least + (len - least) % (size - 4);
		if (here > most)
			here = least;
	}
	if (len > SQL_LIMIT || at + here + (here < len ? 4 : 0) > size)
		return NULL;
	out = xmalloc(len + 1);
	memcpy(out, p + at, here);
	next = here < len ? integer(p + at + here, 4) : 0;
	for (got = here; got < len; got += n) {
		off_t page = (off_t)(next - 1) * size;

		n = len - got < size - 4 ? len - got : size - 4;
		if (next < 2 || pread(fd, link, 4, page) != 4 ||
		    pread(fd, out + got, n, page + 4) != (ssize_t)n) {
			free(out);
			return NULL;
		}
		next = integer(link, 4);
	}
	return out;
}

/* type, name, tbl_name, rootpage, sql */
static void
take(const unsigned char *p, uint64_t len, struct schemarow *out)
{
	struct bytes b = { p, 0, len };
	uint64_t head = varint(&b), type[COLUMNS], at = head, w;
	const unsigned char *col[COLUMNS];
	int i;

	for (i = 0; i < COLUMNS; i++) {
		type[i] = varint(&b);
		w = width(type[i]);
		if (at > len || w > len - at)
			return;
		col[i] = p + at;
		at += w;
	}
	if (b.at != head || at != len || type[0] != 12 + 1 + 2 * 5 ||
	    memcmp(col[0], "table", 5) != 0 || (type[1] & 1) == 0 ||
	    type[1] < 13 || width(type[1]) >= sizeof out->name ||
	    type[3] < 1 || type[3] > 6 || (type[4] & 1) == 0 || type[4] < 13)
		return;
	snprintf(out->name, sizeof out->name, "%.*s", (int)width(type[1]),
	    (const char *)col[1]);
	out->root = integer(col[3], width(type[3]));
	out->sql = xstrndup((const char *)col[4], width(type[4]));
}

bool
schemarow_get(int fd, const unsigned char *p, unsigned size, bool first,
    unsigned i, struct schemarow *out)
{
	unsigned head = first ? 100 : 0, cell = head + 8 + 2 * i;
	struct bytes b = { p, 0, size };
	unsigned char *payload;
	uint64_t len;

	out->sql = NULL;
	if (p[head] != LEAF || cell + 2 > size ||
	    i >= (unsigned)(p[head + 3] << 8 | p[head + 4]))
		return false;
	b.at = (uint64_t)(p[cell] << 8 | p[cell + 1]);
	len = varint(&b);
	varint(&b);		/* the row's number */
	payload = b.at < size ? gather(fd, p, size, b.at, len) : NULL;
	if (payload != NULL)
		take(payload, len, out);
	free(payload);
	return true;
}
