/* See highwater.h. */
#include "highwater.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db.h"
#include "file.h"
#include "incarnation.h"
#include "journal.h"
#include "mem.h"

enum { LIMIT = 65536, KEEP = 8 };	/* bytes; incarnations remembered */

struct mark {
	char inc[33];
	int64_t seq;
	char hash[HASH_HEX];
	char place[33];		/* of machine and file */
};

/* ---- here and now ------------------------------------------------------- */

/* The machine's id and the file's number, hashed: a copy differs in one. */
static void
place_of(const char *path, char out[33])
{
	unsigned char hash[HASH_SIZE];
	struct str id = STR_INIT;
	struct err none = ERR_INIT;
	struct stat st;
	struct sha s;
	char ino[32];

	if (file_read(&id, "/etc/machine-id", 4096, &none) < 0)
		str_clear(&id);
	snprintf(ino, sizeof ino, "%llu", stat(path, &st) == 0 ?
	    (unsigned long long)st.st_ino : 0);
	sha_init(&s);
	sha_add(&s, "tongji place\n", 13);
	sha_add(&s, id.buf, id.len);
	sha_add(&s, ino, strlen(ino));
	sha_done(&s, hash);
	hex_encode(out, hash, 16);
	str_done(&id);
}

static void
present(struct db *db, struct mark *m)
{
	char *inc = db_meta(db, "inc");

	memset(m, 0, sizeof *m);
	snprintf(m->inc, sizeof m->inc, "%s", inc != NULL ? inc : "");
	m->seq = journal_head(db, m->hash);
	place_of(db_path(db), m->place);
	free(inc);
}

/* ---- the file ----------------------------------------------------------- */

static size_t
parse(const struct str *text, struct mark out[KEEP])
{
	const char *p = text->buf;
	size_t n = 0;
	long long seq;

	memset(out, 0, KEEP * sizeof *out);
	while (n < KEEP && *p != '\0') {
		if (sscanf(p, "%32[0-9a-f] %lld %64[0-9a-f] %32[0-9a-f]",
		    out[n].inc, &seq, out[n].hash, out[n].place) == 4 &&
		    seq >= 0)
			out[n++].seq = seq;
		p += strcspn(p, "\n");
		p += *p == '\n';
	}
	return n;
}

static size_t
load(const char *path, struct mark out[KEEP])
{
	struct str text = STR_INIT;
	struct err none = ERR_INIT;
	size_t n = file_read(&text, path, LIMIT, &none) == 0 ?
	    parse(&text, out) : 0;

	str_done(&text);
	return n;
}

static const struct mark *
find(const struct mark *v, size_t n, const char *inc)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(v[i].inc, inc) == 0)
			return &v[i];
	return NULL;
}

/* The new mark first, then the others; a torn file only forgets. */
static void
store(const char *path, const struct mark *now, const struct mark *v,
    size_t n)
{
	char *tmp = xasprintf("%s.tmp", path);
	FILE *f = fopen(tmp, "we");
	size_t i, kept = 1;

	if (f != NULL) {
		fprintf(f, "%s %lld %s %s\n", now->inc, (long long)now->seq,
		    now->hash, now->place);
		for (i = 0; i < n && kept < KEEP; i++)
			if (strcmp(v[i].inc, now->inc) != 0) {
				fprintf(f, "%s %lld %s %s\n", v[i].inc,
				    (long long)v[i].seq, v[i].hash,
				    v[i].place);
				kept++;
			}
		if (fclose(f) != 0 || rename(tmp, path) < 0)
			unlink(tmp);
	}
	free(tmp);
}

/* ---- start and end ------------------------------------------------------ */

static bool
town(struct db *db)
{
	char *level = db_meta(db, "level");
	bool yes = str_eq(level, "town");

	free(level);
	return yes;
}

static bool
hash_is(struct db *db, int64_t seq, const char *want)
{
	char *have = db_str(db, "SELECT lower(hex(hash)) FROM main.journal"
	    " WHERE seq=?1", "i", seq);
	bool same = str_eq(have, want);

	free(have);
	return same;
}

/* NULL: nothing is wrong. */
static const char *
suspicion(struct db *db, const struct mark *was, const struct mark *now)
{
	if (was == NULL)
		return NULL;
	if (was->seq > now->seq)
		return "数据库比上次用的旧，像是从备份恢复的";
	if (was->seq > 0 && !hash_is(db, was->seq, was->hash))
		return "数据库和上次用的不是同一份";
	if (strcmp(was->place, now->place) != 0)
		return "数据库像是从别处拷来的";
	return NULL;
}

int
highwater_check(struct db *db, const char *home, struct str *notes,
    struct err *e)
{
	struct mark v[KEEP], now;
	char *path = xasprintf("%s/keys/highwater", home);
	const char *why = NULL;
	size_t n;
	int rc = 0;

	if (town(db)) {
		n = load(path, v);	/* before the database is looked at */
		present(db, &now);
		why = suspicion(db, find(v, n, now.inc), &now);
	}
	if (why != NULL) {
		rc = incarnation_new(db, "copied", e);
		if (rc == 0 && notes != NULL)
			str_addf(notes, "%s%s。已作为新的一支继续，"
			    "下次报送时县里会核对", notes->len > 0 ? "\n" : "",
			    why);
		if (rc == 0)
			rc = 1;
	}
	free(path);
	return rc;
}

void
highwater_raise(struct db *db)
{
	static const char name[] = "tongji.db";
	struct mark v[KEEP], now;
	const struct mark *was;
	char *path = xstrdup(db_path(db));
	size_t len = strlen(path), cut = strlen(name), n;
	int lock;

	if (len > cut && strcmp(path + len - cut, name) == 0 &&
	    path[len - cut - 1] == '/' && town(db)) {
		char *mark, *keys;

		path[len - cut - 1] = '\0';
		mark = xasprintf("%s/keys/highwater", path);
		keys = xasprintf("%s/keys", path);
		lock = open(keys, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		free(keys);
		if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0) {
			n = load(mark, v);
			present(db, &now);
			was = find(v, n, now.inc);
			if (was == NULL || was->seq < now.seq)
				store(mark, &now, v, n);
		}
		if (lock >= 0)
			close(lock);
		free(mark);
	}
	free(path);
}
