/* One keystroke of the look-up at 100,000 children, against the bare query
 * that answers the same question.
 *
 *	keys HOME
 *
 * For every text of the list and each of its prefixes (what a person has
 * typed so far): the program's lookup_find() with the session's views, and a
 * prepared SELECT over lookup's index joined to the child, without session,
 * drafts or other kinds of record.  Both give up to HITS children.  Prints
 * `texts, microseconds of ours, of bare, the worst text's ratio`. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "db.h"
#include "log.h"
#include "lookup.h"
#include "model.h"
#include "site.h"
#include "user.h"

enum { HITS = 100, ROUNDS = 15 };

static const char *const texts[] = {
	"zzx", "wangyu", "lihaoran", "chenxinyi", "3703232015", "370323",
	"13805", "1580", "0101", "ygl", "张", "王浩", "zhang", "z", "x",
	"dongyuezhuang", "xyzcun", "qqqq", "马海",
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static sqlite3_stmt *
bare_query(sqlite3 *h)
{
	sqlite3_stmt *q;

	if (sqlite3_prepare_v2(h, "SELECT DISTINCT l.form, l.uid, c.name FROM"
	    " lookup l JOIN child c ON c.uid = l.uid WHERE l.key >= ?1 AND"
	    " l.key < ?2 AND l.form = 'child' AND NOT c.deleted LIMIT ?3", -1,
	    &q, NULL) != SQLITE_OK)
		die("%s", sqlite3_errmsg(h));
	return q;
}

static int
bare(sqlite3_stmt *q, const char *from, struct lookup_hit *out)
{
	char to[80];
	int n = 0;

	snprintf(to, sizeof to, "%s\xF4\x8F\xBF\xBF", from);
	sqlite3_bind_text(q, 1, from, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 2, to, -1, SQLITE_STATIC);
	sqlite3_bind_int(q, 3, HITS);
	while (sqlite3_step(q) == SQLITE_ROW) {
		snprintf(out[n].form, sizeof out[n].form, "%s",
		    (const char *)sqlite3_column_text(q, 0));
		snprintf(out[n].uid, sizeof out[n].uid, "%s",
		    (const char *)sqlite3_column_text(q, 1));
		n++;
	}
	sqlite3_reset(q);
	return n;
}

/* The length of the next longer prefix of whole characters. */
static size_t
longer(const char *s, size_t len)
{
	if (s[len] == '\0')
		return 0;
	do
		len++;
	while (((unsigned char)s[len] & 0xC0) == 0x80);
	return len;
}

struct sums {
	double ours, bare, worst;
	int n;
	char text[64];
};

static void
one(struct db *db, sqlite3_stmt *q, const char *typed, struct sums *s)
{
	static struct lookup_hit a[HITS], b[HITS];
	double best_ours = 1e12, best_bare = 1e12, t;
	struct err e = ERR_INIT;
	int i, n = 0, m = 0;

	for (i = 0; i < ROUNDS; i++) {
		t = now();
		n = lookup_find(db, "child", typed, a, HITS, &e);
		t = now() - t;
		best_ours = t < best_ours ? t : best_ours;
		t = now();
		m = bare(q, typed, b);
		t = now() - t;
		best_bare = t < best_bare ? t : best_bare;
	}
	if (n != m)
		die("%s: %d and %d hits %s", typed, n, m, e.msg);
	s->ours += best_ours;
	s->bare += best_bare;
	s->n++;
	if (best_ours / best_bare > s->worst) {
		s->worst = best_ours / best_bare;
		snprintf(s->text, sizeof s->text, "%s", typed);
	}
}

int
main(int argc, char **argv)
{
	struct sums s = { 0 };
	struct err e = ERR_INIT;
	struct forms *fs;
	sqlite3_stmt *q;
	sqlite3 *h;
	char path[512], typed[64];
	size_t i, len;

	if (argc != 2 || site_open(argv[1], &fs, NULL, &e) < 0 ||
	    user_assume(forms_db(fs), NULL, &e) < 0)
		die("keys HOME: %s", e.msg);
	snprintf(path, sizeof path, "%s/tongji.db", argv[1]);
	if (sqlite3_open_v2(path, &h, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
		die("%s", path);
	q = bare_query(h);
	for (i = 0; i < sizeof texts / sizeof *texts; i++)
		for (len = 0; (len = longer(texts[i], len)) > 0; ) {
			snprintf(typed, sizeof typed, "%.*s", (int)len,
			    texts[i]);
			one(forms_db(fs), q, typed, &s);
		}
	printf("%d %.1f %.1f %.2f %s\n", s.n, s.ours / s.n, s.bare / s.n,
	    s.worst, s.text);
	sqlite3_finalize(q);
	sqlite3_close(h);
	site_close(fs);
	return 0;
}
