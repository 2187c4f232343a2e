/* See pinyin.h.  data/pinyin/make describes the table: fixed-width lines, so
 * that binary search works on the mapped file and only a few pages of it are
 * ever read. */
#include "pinyin.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mem.h"
#include "utf8.h"

enum { DIGITS = 5, SET_DIGITS = 4, HEAD_MAX = 160 };

/* Lines of one width, `n` of them, from byte `at` of the file. */
struct block {
	size_t at, n, width;
};

static struct {
	char *path;
	const char *map;		/* NULL: not mapped */
	size_t len;
	struct block sets, chars;
	bool tried;			/* do not try again at every name */
} table;

void
pinyin_close(void)
{
	if (table.map != NULL)
		munmap((void *)(uintptr_t)table.map, table.len);
	free(table.path);
	memset(&table, 0, sizeof table);
}

static bool
inside(const struct block *b)
{
	return b->n > 0 && b->width > SET_DIGITS && b->at <= table.len &&
	    b->n <= (table.len - b->at) / b->width;
}

/* Read line 1, which says where the blocks are. */
static bool
read_head(void)
{
	char head[HEAD_MAX];
	size_t n = table.len < sizeof head - 1 ? table.len : sizeof head - 1;

	memcpy(head, table.map, n);
	head[n] = '\0';
	return sscanf(head, "tongji-pinyin 1 %zu %zu %zu %zu %zu %zu",
	    &table.sets.at, &table.sets.n, &table.sets.width,
	    &table.chars.at, &table.chars.n, &table.chars.width) == 6 &&
	    inside(&table.sets) && inside(&table.chars) &&
	    table.chars.width >= DIGITS + 1 + SET_DIGITS + 1 &&
	    table.chars.at + table.chars.n * table.chars.width == table.len;
}

static int
map_table(struct err *e)
{
	struct stat st;
	void *p = MAP_FAILED;
	int fd;

	table.tried = true;
	fd = open(table.path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_errno(e, "打不开拼音表 %s", table.path);
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0) {
		table.len = (size_t)st.st_size;
		p = mmap(NULL, table.len, PROT_READ, MAP_SHARED, fd, 0);
	}
	close(fd);
	if (p == MAP_FAILED)
		return err_set(e, E_IO, "读不了拼音表 %s", table.path);
	table.map = p;
	if (read_head())
		return 0;
	munmap(p, table.len);
	table.map = NULL;
	return err_set(e, E_CORRUPT, "拼音表 %s 不完整，请重新安装本程序",
	    table.path);
}

int
pinyin_open(const char *path, bool now, struct err *e)
{
	pinyin_close();
	table.path = xstrdup(path);
	return now ? map_table(e) : 0;
}

bool
pinyin_ready(void)
{
	if (table.map == NULL && table.path != NULL && !table.tried &&
	    map_table(NULL) < 0)
		return false;
	return table.map != NULL;
}

/* The line of SETS with this character's readings, or NULL. */
static const char *
find_set(uint32_t cp)
{
	char key[DIGITS + 1];
	const char *line;
	size_t lo = 0, hi = table.chars.n, mid, set = 0;
	int cmp, i;

	snprintf(key, sizeof key, "%05X", (unsigned)(cp & 0xFFFFF));
	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		line = table.map + table.chars.at + mid * table.chars.width;
		cmp = memcmp(key, line, DIGITS);
		if (cmp > 0) {
			lo = mid + 1;
		} else if (cmp < 0) {
			hi = mid;
		} else {
			line += DIGITS + 1;
			for (i = 0; i < SET_DIGITS; i++)
				set = set * 10 + (size_t)(line[i] - '0');
			return set < table.sets.n ? table.map +
			    table.sets.at + set * table.sets.width : NULL;
		}
	}
	return NULL;
}

int
pinyin_readings(uint32_t cp, char out[][PINYIN_SIZE], int max)
{
	const char *p, *end;
	size_t len;
	int n = 0;

	/* Nothing below the CJK radicals is Han, and planes above 3 have
	 * six digits. */
	if (cp < 0x2E80 || cp > 0x3FFFF || !pinyin_ready() ||
	    (p = find_set(cp)) == NULL)
		return 0;
	end = p + table.sets.width - 1;
	while (n < max) {
		while (p < end && *p == ' ')
			p++;
		for (len = 0; p + len < end && p[len] >= 'a' && p[len] <= 'z';)
			len++;
		/* A `/` comes before what only classical texts read. */
		if (len == 0 || len >= PINYIN_SIZE)
			break;
		memcpy(out[n], p, len);
		out[n++][len] = '\0';
		p += len;
	}
	return n;
}

/* --- keys of a name ------------------------------------------------------- */

struct unit {
	int n;				/* ways to say it */
	char say[PINYIN_READINGS][PINYIN_SIZE];
};

struct name {
	int n;
	struct unit unit[PINYIN_KEY];
	int rest[PINYIN_KEY + 1];	/* greatest rank sum from here on */
};

/* Keep only first letters, each once, in their order. */
static void
shorten(struct unit *u)
{
	int i, j, n = 0;

	for (i = 0; i < u->n; i++) {
		for (j = 0; j < n; j++)
			if (u->say[j][0] == u->say[i][0])
				break;
		if (j == n) {
			u->say[n][0] = u->say[i][0];
			u->say[n++][1] = '\0';
		}
	}
	u->n = n;
}

static bool
ascii_unit(struct unit *u, uint32_t cp)
{
	if (cp >= 0xFF01 && cp <= 0xFF5E)
		cp -= 0xFF01 - '!';
	if (cp >= 'A' && cp <= 'Z')
		cp += 'a' - 'A';
	if (!(cp >= 'a' && cp <= 'z') && !(cp >= '0' && cp <= '9'))
		return false;
	u->n = 1;
	u->say[0][0] = (char)cp;
	u->say[0][1] = '\0';
	return true;
}

static size_t
longest(const struct unit *u)
{
	size_t max = 0, len;
	int i;

	for (i = 0; i < u->n; i++) {
		len = strlen(u->say[i]);
		if (len > max)
			max = len;
	}
	return max;
}

static void
read_name(struct name *nm, const char *s, bool initials)
{
	struct unit *u;
	uint32_t cp;
	size_t room = PINYIN_KEY - 1, need;
	int i;

	nm->n = 0;
	while (*s != '\0') {
		s = utf8_next(s, &cp);
		u = &nm->unit[nm->n];
		if (!ascii_unit(u, cp)) {
			u->n = pinyin_readings(cp, u->say, PINYIN_READINGS);
			if (u->n == 0)
				continue;
			if (initials)
				shorten(u);
		}
		need = longest(u);
		if (need > room)
			break;
		room -= need;
		nm->n++;
	}
	nm->rest[nm->n] = 0;
	for (i = nm->n - 1; i >= 0; i--)
		nm->rest[i] = nm->rest[i + 1] + nm->unit[i].n - 1;
}

static void
keep(struct pinyin_keys *out, const char *key)
{
	int i;

	if (out->n == PINYIN_KEYS)
		return;
	for (i = 0; i < out->n; i++)
		if (strcmp(out->key[i], key) == 0)
			return;
	strcpy(out->key[out->n++], key);	/* both PINYIN_KEY long */
}

/* All keys whose readings' ranks from unit `i` on add up to `sum`. */
static void
combine(const struct name *nm, int i, int sum, char *key, size_t len,
    struct pinyin_keys *out)
{
	const struct unit *u = &nm->unit[i];
	size_t add;
	int r;

	if (i == nm->n) {
		key[len] = '\0';
		keep(out, key);
		return;
	}
	for (r = u->n - 1 < sum ? u->n - 1 : sum; r >= 0; r--) {
		if (sum - r > nm->rest[i + 1])
			break;
		if (out->n == PINYIN_KEYS)
			return;
		add = strlen(u->say[r]);
		memcpy(key + len, u->say[r], add);
		combine(nm, i + 1, sum - r, key, len + add, out);
	}
}

static int
keys(const char *name, bool initials, struct pinyin_keys *out)
{
	struct name nm;
	char key[PINYIN_KEY];
	int sum;

	out->n = 0;
	read_name(&nm, name, initials);
	if (nm.n == 0)
		return 0;
	for (sum = 0; sum <= nm.rest[0] && out->n < PINYIN_KEYS; sum++)
		combine(&nm, 0, sum, key, 0, out);
	return out->n;
}

int
pinyin_initials(const char *name, struct pinyin_keys *out)
{
	return keys(name, true, out);
}

int
pinyin_full(const char *name, struct pinyin_keys *out)
{
	return keys(name, false, out);
}
