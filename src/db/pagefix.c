/* See pagefix.h.  Offsets are those of the SQLite file format. */
#include "pagefix.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dbi.h"
#include "file.h"
#include "mem.h"
#include "orphan.h"
#include "schemarow.h"
#include "str.h"

enum { HEAD = 100, PAGE = 4096, MAP_LIMIT = 1 << 20, NAME = 64, TABLES = 512 };

struct table {
	char name[NAME];
	int64_t root;
	char *sql;
};

struct fix {
	struct db *like;
	struct table v[TABLES];
	size_t n;
	unsigned page;		/* bytes */
	int64_t pages;
	bool *held;		/* pages that another one leads to */
	bool *leaf;		/* whole pages of rows */
	unsigned char head[HEAD];
};

static void
put32(unsigned char *p, uint32_t v)
{
	p[0] = (unsigned char)(v >> 24);
	p[1] = (unsigned char)(v >> 16);
	p[2] = (unsigned char)(v >> 8);
	p[3] = (unsigned char)v;
}

/* ---- the first hundred bytes -------------------------------------------- */

static bool
sound_head(const unsigned char *h)
{
	unsigned page = (unsigned)h[16] << 8 | h[17];

	return memcmp(h, "SQLite format 3", 16) == 0 && (page == 1 ||
	    (page >= 512 && (page & (page - 1)) == 0)) && h[21] == 64 &&
	    h[22] == 32 && h[23] == 32;
}

static void
fresh_head(unsigned char *h)
{
	memset(h, 0, HEAD);
	memcpy(h, "SQLite format 3", 16);
	h[16] = PAGE >> 8;
	h[18] = h[19] = 2;		/* a log may be beside it */
	h[21] = 64;
	h[22] = h[23] = 32;
	put32(h + 44, 4);		/* schema format */
	put32(h + 56, 1);		/* UTF-8 */
}

/* Sizes and counts as the file itself shows them; nothing is free. */
static void
settle_head(struct fix *f, off_t size)
{
	unsigned char *h = f->head;

	f->page = (unsigned)h[16] << 8 | h[17];
	if (f->page == 1)
		f->page = 65536;
	f->pages = size / f->page;
	put32(h + 28, (uint32_t)f->pages);
	memcpy(h + 92, h + 24, 4);
	memset(h + 32, 0, 8);
	memset(h + 52, 0, 4);
	memset(h + 64, 0, 4);
	put32(h + 44, 4);
	put32(h + 56, 1);
}

static int
read_head(struct fix *f, int fd, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_errno(e, "读不了损坏的文件");
	if (st.st_size < 2 * PAGE || pread(fd, f->head, HEAD, 0) != HEAD)
		return err_set(e, E_CORRUPT, "文件是空的，没有可救的内容");
	if (!sound_head(f->head))
		fresh_head(f->head);
	settle_head(f, st.st_size);
	return 0;
}

static int
write_head(const struct fix *f, int fd, struct err *e)
{
	return pwrite(fd, f->head, HEAD, 0) == HEAD ? 0 :
	    err_errno(e, "写不了临时文件");
}

/* ---- which tables there are --------------------------------------------- */

static struct table *
find(struct fix *f, const char *name)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (strcmp(f->v[i].name, name) == 0)
			return &f->v[i];
	return NULL;
}

static bool
taken(const struct fix *f, int64_t root)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (f->v[i].root == root)
			return true;
	return false;
}

static void
add(struct fix *f, const char *name, int64_t root, const char *sql)
{
	if (f->n == TABLES || name == NULL || sql == NULL ||
	    strlen(name) >= NAME || strncmp(name, "sqlite_", 7) == 0 ||
	    strncmp(sql, "CREATE TABLE", 12) != 0 || root < 2 ||
	    root > f->pages || find(f, name) != NULL || taken(f, root))
		return;
	snprintf(f->v[f->n].name, NAME, "%s", name);
	f->v[f->n].root = root;
	f->v[f->n++].sql = xstrdup(sql);
}

static uint32_t
get32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static void
hold(struct fix *f, uint32_t no)
{
	if (no <= f->pages)
		f->held[no] = true;
}

/* Where a page of a table leads to; which pages have rows. */
static void
trace(struct fix *f, const unsigned char *p, int64_t no)
{
	unsigned n = (unsigned)p[3] << 8 | p[4], i, at;

	f->leaf[no] = p[0] == 13 && n > 0 && no > 1;
	if (p[0] != 5 || 12 + 2 * n > f->page)
		return;
	hold(f, get32(p + 8));
	for (i = 0; i < n; i++) {
		at = (unsigned)p[12 + 2 * i] << 8 | p[13 + 2 * i];
		if (at + 4 <= f->page)
			hold(f, get32(p + at));
	}
}

/* Entries of the table of tables, wherever in the file their pages are, and
 * how the pages hang together. */
static void
ask_file(struct fix *f, int fd)
{
	unsigned char *p = xcalloc(1, f->page);
	struct schemarow r;
	int64_t no;
	unsigned i;

	for (no = 1; no <= f->pages; no++) {
		if (pread(fd, p, f->page, (off_t)(no - 1) * f->page) !=
		    (ssize_t)f->page)
			break;
		trace(f, p, no);
		for (i = 0; schemarow_get(fd, p, f->page, no == 1, i, &r); i++)
			if (r.sql != NULL) {
				add(f, r.name, r.root, r.sql);
				free(r.sql);
			}
	}
	free(p);
}

/* A list made in better days counts where it does not contradict the file. */
static void
ask_map(struct fix *f, const char *map)
{
	struct str text = STR_INIT;
	const struct table *t;
	char name[NAME], *line, *sql, *keep = NULL;
	long long root;
	bool fits = file_read(&text, map, MAP_LIMIT, NULL) == 0;
	char *copy = xstrdup(fits ? text.buf : ""), *p = copy;

	while (fits && (line = strsep(&p, "\n")) != NULL)
		if (sscanf(line, "%lld %63s", &root, name) == 2 &&
		    (t = find(f, name)) != NULL && t->root != root)
			fits = false;
	line = fits ? strtok_r(text.buf, "\n", &keep) : NULL;
	for (; line != NULL; line = strtok_r(NULL, "\n", &keep)) {
		if (sscanf(line, "%lld %63s", &root, name) != 2)
			continue;
		sql = db_str(f->like, "SELECT sql FROM main.sqlite_schema"
		    " WHERE type='table' AND name=?1", "s", name);
		add(f, name, root, sql);
		free(sql);
	}
	free(copy);
	str_done(&text);
}

/* ---- the new table of tables -------------------------------------------- */

/* The same table with bare columns, or the text itself for tables that are
 * kept in the order of their key. */
static bool
bare(const char *sql, const char *name, struct str *out)
{
	static const char columns[] = "SELECT x.name, x.pk, upper(x.type)="
	    "'INTEGER', t.wr, (SELECT count(*) FROM pragma_table_info(?1)"
	    " WHERE pk>0) FROM pragma_table_info(?1) x, pragma_table_list(?1)"
	    " t ORDER BY x.cid";
	sqlite3_stmt *q = NULL;
	sqlite3 *h = NULL;
	int n = 0;

	str_clear(out);
	if (sqlite3_open(":memory:", &h) == SQLITE_OK &&
	    sqlite3_exec(h, sql, NULL, NULL, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(h, columns, -1, &q, NULL) == SQLITE_OK)
		sqlite3_bind_text(q, 1, name, -1, SQLITE_STATIC);
	while (q != NULL && sqlite3_step(q) == SQLITE_ROW) {
		if (sqlite3_column_int(q, 3) != 0) {
			str_clear(out);
			str_add(out, sql);
			n++;
			break;
		}
		str_addf(out, "%s\"%s\"%s", n++ > 0 ? "," : "",
		    (const char *)sqlite3_column_text(q, 0),
		    sqlite3_column_int(q, 1) == 1 && sqlite3_column_int(q, 4)
		    == 1 && sqlite3_column_int(q, 2) != 0 ?
		    " INTEGER PRIMARY KEY" : "");
	}
	sqlite3_finalize(q);
	sqlite3_close(h);
	return n > 0;
}

/* A page of rows that nothing leads to any more is a table of its own, with
 * columns by number; see orphan.h. */
static bool
write_orphans(struct fix *f, sqlite3_stmt *q)
{
	struct str sql = STR_INIT, cols = STR_INIT;
	char name[NAME];
	int64_t no;
	bool good = true;
	int i;

	for (i = 0; i < ORPHAN_COLUMNS; i++)
		str_addf(&cols, "%sc%d", i > 0 ? "," : "", i);
	for (no = 2; good && no <= f->pages; no++) {
		if (!f->leaf[no] || f->held[no] || taken(f, no))
			continue;
		snprintf(name, sizeof name, ORPHAN_PREFIX "%lld",
		    (long long)no);
		str_clear(&sql);
		str_addf(&sql, "CREATE TABLE %s(%s)", name, cols.buf);
		sqlite3_reset(q);
		sqlite3_bind_text(q, 1, name, -1, SQLITE_STATIC);
		sqlite3_bind_int64(q, 2, no);
		sqlite3_bind_text(q, 3, sql.buf, -1, SQLITE_STATIC);
		good = sqlite3_step(q) == SQLITE_DONE;
	}
	str_done(&sql);
	str_done(&cols);
	return good;
}

static int
write_tables(struct fix *f, const char *path, struct err *e)
{
	struct str cols = STR_INIT, sql = STR_INIT;
	sqlite3_stmt *q = NULL;
	sqlite3 *h = NULL;
	size_t i;
	bool good = sqlite3_open(path, &h) == SQLITE_OK && sqlite3_exec(h,
	    "PRAGMA journal_mode=OFF; PRAGMA writable_schema=ON", NULL, NULL,
	    NULL) == SQLITE_OK && sqlite3_prepare_v2(h, "INSERT INTO"
	    " sqlite_schema(type,name,tbl_name,rootpage,sql)"
	    " VALUES('table',?1,?1,?2,?3)", -1, &q, NULL) == SQLITE_OK;

	for (i = 0; good && i < f->n; i++) {
		if (!bare(f->v[i].sql, f->v[i].name, &cols))
			continue;
		str_clear(&sql);
		if (str_starts(cols.buf, "CREATE"))
			str_add(&sql, cols.buf);
		else
			str_addf(&sql, "CREATE TABLE \"%s\"(%s)", f->v[i].name,
			    cols.buf);
		sqlite3_reset(q);
		sqlite3_bind_text(q, 1, f->v[i].name, -1, SQLITE_STATIC);
		sqlite3_bind_int64(q, 2, f->v[i].root);
		sqlite3_bind_text(q, 3, sql.buf, -1, SQLITE_STATIC);
		good = sqlite3_step(q) == SQLITE_DONE;
	}
	good = good && write_orphans(f, q);
	sqlite3_finalize(q);
	sqlite3_close(h);
	str_done(&cols);
	str_done(&sql);
	return good ? 0 : err_set(e, E_CORRUPT, "损坏的文件打不开");
}

/* An empty leaf in place of the first page. */
static int
empty_first(struct fix *f, int fd, struct err *e)
{
	unsigned char *p = xcalloc(1, f->page);
	int rc = 0;

	memcpy(p, f->head, HEAD);
	p[18] = p[19] = 1;	/* no log any more */
	p[HEAD] = 13;		/* leaf of a table, no rows */
	p[HEAD + 5] = (unsigned char)(f->page >> 8);
	p[HEAD + 6] = (unsigned char)f->page;
	if (pwrite(fd, p, f->page, 0) != (ssize_t)f->page ||
	    ftruncate(fd, (off_t)f->pages * f->page) < 0)
		rc = err_errno(e, "写不了临时文件");
	free(p);
	return rc;
}

/* ---- all together ------------------------------------------------------- */

/* As much of the log as is whole. */
static void
fold_log(const char *path)
{
	sqlite3 *h = NULL;

	if (sqlite3_open(path, &h) == SQLITE_OK)
		sqlite3_wal_checkpoint_v2(h, NULL, SQLITE_CHECKPOINT_TRUNCATE,
		    NULL, NULL);
	sqlite3_close(h);
}

static int
repair(struct fix *f, const char *path, const char *map, struct err *e)
{
	int fd = open(path, O_RDWR | O_CLOEXEC), rc;

	if (fd < 0)
		return err_errno(e, "打不开 %s", path);
	rc = read_head(f, fd, e);
	if (rc == 0)
		rc = write_head(f, fd, e);
	if (rc == 0) {
		fold_log(path);
		rc = read_head(f, fd, e);
	}
	if (rc == 0) {
		f->held = xcalloc((size_t)f->pages + 1, 1);
		f->leaf = xcalloc((size_t)f->pages + 1, 1);
		ask_file(f, fd);
		ask_map(f, map);
		rc = empty_first(f, fd, e);
	}
	close(fd);
	return rc == 0 ? write_tables(f, path, e) : rc;
}

int
pagefix(const char *path, const char *map, struct db *like, struct err *e)
{
	struct fix *f = xcalloc(1, sizeof *f);
	int rc;

	f->like = like;
	rc = repair(f, path, map, e);
	while (f->n > 0)
		free(f->v[--f->n].sql);
	free(f->held);
	free(f->leaf);
	free(f);
	return rc;
}
