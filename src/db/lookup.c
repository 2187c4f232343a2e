/* See lookup.h. */
#include "lookup.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dbi.h"
#include "gather.h"
#include "mem.h"
#include "number.h"
#include "pinyin.h"
#include "str.h"
#include "user.h"

enum { KEY_MAX = 120 };			/* bytes of one key */

struct lookup {
	char **key;
	size_t n, cap;
};

struct lookup *
lookup_new(void)
{
	return xcalloc(1, sizeof(struct lookup));
}

void
lookup_clear(struct lookup *l)
{
	while (l->n > 0)
		free(l->key[--l->n]);
}

void
lookup_free(struct lookup *l)
{
	if (l == NULL)
		return;
	lookup_clear(l);
	free(l->key);
	free(l);
}

/* Most names are Han of the first plane, most numbers digits: they stay as
 * they are but for capitals.  False when anything else occurs; then nothing
 * was appended. */
static bool
fold_plain(struct str *out, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t start = out->len;

	while (*p != '\0')
		if (*p >= 0xE4 && *p <= 0xE9 && p[1] != '\0' && p[2] != '\0') {
			str_addn(out, p, 3);
			p += 3;
		} else if ((*p >= '0' && *p <= '9') ||
		    (*p >= 'a' && *p <= 'z')) {
			str_addc(out, (char)*p++);
		} else if (*p >= 'A' && *p <= 'Z') {
			str_addc(out, (char)(*p++ + 32));
		} else {
			break;
		}
	if (*p == '\0')
		return true;
	out->len = start;
	if (out->cap > 0)
		out->buf[start] = '\0';
	return false;
}

/* Keys and what is typed are folded alike: half width, lower case, and the
 * dots and blanks inside names gone. */
static void
fold(struct str *out, const char *text)
{
	struct str half = STR_INIT;
	const char *p;

	if (fold_plain(out, text))
		return;
	number_fold(&half, text);
	for (p = half.buf; *p != '\0'; p++) {
		if (*p == ' ' || *p == '-')
			continue;
		if ((unsigned char)*p == 0xC2 && (unsigned char)p[1] == 0xB7) {
			p++;			/* · */
			continue;
		}
		str_addc(out, *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p);
	}
	str_done(&half);
}

static void
add(struct lookup *l, const char *key)
{
	size_t i, len = strlen(key);

	if (len == 0)
		return;
	if (len > KEY_MAX)
		len = KEY_MAX;
	while (len > 0 && ((unsigned char)key[len] & 0xC0) == 0x80)
		len--;
	for (i = 0; i < l->n; i++)
		if (strncmp(l->key[i], key, len) == 0 && l->key[i][len] == 0)
			return;
	l->key = mem_grow(l->key, l->n, &l->cap, sizeof *l->key);
	l->key[l->n++] = xstrndup(key, len);
}

void
lookup_add_word(struct lookup *l, const char *word)
{
	struct str s = STR_INIT;

	if (!str_blank(word)) {
		fold(&s, word);
		add(l, s.buf);
	}
	str_done(&s);
}

/* Names come again (villages, a guardian of two children): their readings are
 * worked out once. */
static const struct pinyin_name {
	char *name;
	struct pinyin_keys initials, full;
} *
readings(const char *name)
{
	static struct pinyin_name *known[64];
	unsigned h = 2166136261u;
	const char *p;
	struct pinyin_name **k;

	for (p = name; *p != '\0'; p++)
		h = (h ^ (unsigned char)*p) * 16777619u;
	k = &known[h % COUNT_OF(known)];
	if (*k == NULL)
		*k = xcalloc(1, sizeof **k);
	if ((*k)->name == NULL || strcmp((*k)->name, name) != 0) {
		free((*k)->name);
		pinyin_initials(name, &(*k)->initials);
		pinyin_full(name, &(*k)->full);
		(*k)->name = pinyin_ready() ? xstrdup(name) : NULL;
	}
	return *k;
}

void
lookup_add_name(struct lookup *l, const char *name)
{
	const struct pinyin_name *n;
	int i;

	if (str_blank(name))
		return;
	lookup_add_word(l, name);
	n = readings(name);
	for (i = 0; i < n->initials.n; i++)
		add(l, n->initials.key[i]);
	for (i = 0; i < n->full.n; i++)
		add(l, n->full.key[i]);
}

/* A citizen number is remembered whole, from the birth date on, and by its
 * last six and four; a telephone whole and by its last four. */
void
lookup_add_number(struct lookup *l, const char *number)
{
	static const size_t tails[] = { 12, 6, 4 };
	struct str s = STR_INIT;
	size_t i;

	if (!str_blank(number)) {
		fold(&s, number);
		add(l, s.buf);
		for (i = 0; i < COUNT_OF(tails); i++)
			if (s.len > tails[i] + 2 &&
			    (tails[i] == 4 || s.len >= 15))
				add(l, s.buf + s.len - tails[i]);
	}
	str_done(&s);
}

/* Which of the keys stand there (`there`), and delete what is no longer one.
 * A new record has none: skip the range. */
static int
drop_stale(struct db *db, const struct lookup *l, const char *uid,
    bool *there, struct err *e)
{
	struct stmt *q = db_get(db, "SELECT key, form FROM main.lookup"
	    " INDEXED BY lookup_uid WHERE uid=?1", e);
	struct lookup *old = lookup_new();
	size_t i;
	int rc = 0;

	if (q == NULL)
		rc = E_SQL;
	else
		stmt_lend(q, 1, uid);
	while (rc >= 0 && q != NULL && (rc = stmt_step(q, e)) > 0) {
		for (i = 0; i < l->n && strcmp(l->key[i],
		    stmt_col(q, 0)) != 0;)
			i++;
		if (i < l->n) {
			there[i] = true;
			continue;
		}
		old->key = mem_grow(old->key, old->n, &old->cap,
		    sizeof *old->key);
		old->key[old->n++] = xstrdup(stmt_col(q, 0));
	}
	for (i = 0; rc >= 0 && i < old->n; i++)
		rc = db_run(db, e, "DELETE FROM main.lookup WHERE key=?1 AND"
		    " uid=?2", "ss", old->key[i], uid);
	lookup_free(old);
	return rc;
}

struct putting {
	struct db *db;
	struct err *e;
};

static int
put(void *arg, const char *key, const char *form, const char *uid)
{
	const struct putting *p = arg;
	struct stmt *q = db_get(p->db, "INSERT OR IGNORE INTO"
	    " main.lookup(key,form,uid) VALUES(?1,?2,?3)", p->e);

	if (q == NULL)
		return E_SQL;
	stmt_lend(q, 1, key);
	stmt_lend(q, 2, form);
	stmt_lend(q, 3, uid);
	return stmt_run(q, p->e);
}

/* Write what waits. */
static int
flush(struct db *db, struct err *e)
{
	struct putting p = { db, e };

	return gather_empty(db->gather, put, &p);
}

void
lookup_gather(struct db *db)
{
	if (db->gather == NULL)
		db->gather = gather_new();
}

int
lookup_settle(struct db *db, struct err *e)
{
	int rc = 0;

	db_trust(db);
	if (db->gather != NULL)
		rc = flush(db, e);
	db_untrust(db);
	lookup_drop(db);
	return rc;
}

void
lookup_drop(struct db *db)
{
	gather_free(db->gather);
	db->gather = NULL;
}

/* The keys that are not there yet: now, or with the others that wait. */
static int
add_missing(struct db *db, const struct lookup *l, const bool *there,
    const char *form, const char *uid, struct err *e)
{
	struct gather *g = db->gather;
	struct putting p = { db, e };
	size_t i;
	int rc = 0;

	if (g != NULL)
		gather_record(g, form, uid);
	for (i = 0; rc >= 0 && i < l->n; i++) {
		if (there[i])
			continue;
		if (g != NULL)
			gather_key(g, l->key[i]);
		else
			rc = put(&p, l->key[i], form, uid);
	}
	return rc == 0 && g != NULL && gather_full(g) ? flush(db, e) : rc;
}

int
lookup_store(struct db *db, const struct lookup *l, const char *form,
    const char *uid, struct err *e)
{
	bool *there = xcalloc(l->n, sizeof *there);
	int rc = 0;

	db_trust(db);
	if (db->gather != NULL && gather_has(db->gather, uid))
		rc = flush(db, e);	/* the record came before */
	if (rc == 0)
		rc = drop_stale(db, l, uid, there, e);
	if (rc == 0)
		rc = add_missing(db, l, there, form, uid, e);
	db_untrust(db);
	free(there);
	return rc;
}

int
lookup_remove(struct db *db, const char *form, const char *uid, struct err *e)
{
	int rc = 0;

	db_trust(db);
	if (db->gather != NULL && gather_has(db->gather, uid))
		rc = flush(db, e);
	if (rc == 0)
		rc = db_run(db, e, "DELETE FROM main.lookup WHERE uid=?1 AND"
		    " form=?2", "ss", uid, form);
	db_untrust(db);
	return rc;
}

static bool
is_draft(struct db *db, const char *uid)
{
	const struct session *s = db_session(db);
	bool yes;

	db_trust(db);
	yes = db_int(db, 0, "SELECT 1 FROM main.draft WHERE uid=?1 AND"
	    " (by=?2 OR ?3)", "ssi", uid, s != NULL ? s->login : "cli",
	    (int64_t)(s == NULL || s->all_villages)) == 1;
	db_untrust(db);
	return yes;
}

/* A search at work: the views it asked, and the uids it has, hashed. */
struct search {
	struct db *db;
	struct {
		char form[sizeof ((struct lookup_hit *)0)->form];
		struct stmt *q;
	} view[8];
	size_t nviews;
	unsigned *slot;		/* index in out[] + 1; 0 is free */
	size_t slots;		/* a power of two, more than twice `max` */
};

static struct stmt *
view_of(struct search *s, const char *form)
{
	struct str sql = STR_INIT;
	struct stmt *q;
	size_t i;

	for (i = 0; i < s->nviews; i++)
		if (strcmp(s->view[i].form, form) == 0)
			return s->view[i].q;
	str_add(&sql, "SELECT 1 FROM ");
	db_quote(&sql, form);
	str_add(&sql, " WHERE uid=?1");
	q = db_get(s->db, sql.buf, NULL);
	str_done(&sql);
	if (q != NULL && s->nviews < COUNT_OF(s->view)) {
		strcpy(s->view[s->nviews].form, form);
		s->view[s->nviews++].q = q;
	}
	return q;
}

/* May the session see this record?  The form's own view decides. */
static bool
visible(struct search *s, const struct lookup_hit *h)
{
	struct stmt *q = view_of(s, h->form);
	bool yes;

	if (q == NULL)
		return false;
	stmt_lend(q, 1, h->uid);
	yes = stmt_step(q, NULL) > 0;
	stmt_reset(q);
	return yes;
}

/* The place of a uid in s->slot.  Its last digits are random, the first ones
 * are the time. */
static unsigned *
place(struct search *s, const struct lookup_hit *out, const char *uid)
{
	size_t len = strlen(uid), i;
	unsigned h = 2166136261u;

	for (i = len < 12 ? 0 : len - 12; i < len; i++)
		h = (h ^ (unsigned char)uid[i]) * 16777619u;
	for (i = h & (s->slots - 1); s->slot[i] != 0 &&
	    strcmp(out[s->slot[i] - 1].uid, uid) != 0; )
		i = (i + 1) & (s->slots - 1);
	return &s->slot[i];
}

static size_t
add_hit(struct search *s, struct stmt *q, struct lookup_hit *out, size_t n)
{
	struct lookup_hit *h = &out[n];
	unsigned *at = place(s, out, stmt_col(q, 1));

	if (*at != 0)
		return n;
	strncpy(h->form, stmt_col(q, 0), sizeof h->form - 1);
	strncpy(h->uid, stmt_col(q, 1), sizeof h->uid - 1);
	h->draft = false;
	if (!visible(s, h)) {
		h->draft = is_draft(s->db, h->uid);
		if (!h->draft)
			return n;
	}
	*at = (unsigned)n + 1;
	return n + 1;
}

/* The end of the key range: the prefix with its last byte raised. */
static void
range_end(struct str *end, const char *from)
{
	str_add(end, from);
	end->buf[end->len - 1] = (char)(end->buf[end->len - 1] + 1);
}

int
lookup_find(struct db *db, const char *form, const char *typed,
    struct lookup_hit *out, size_t max, struct err *e)
{
	struct str from = STR_INIT, to = STR_INIT;
	struct search s = { .db = db, .slots = 16 };
	struct stmt *q = NULL;
	size_t n = 0;
	int rc = 0;

	memset(out, 0, max * sizeof *out);
	while (s.slots < 2 * max + 2)
		s.slots *= 2;
	s.slot = xcalloc(s.slots, sizeof *s.slot);
	fold(&from, typed);
	if (from.len > 0) {
		range_end(&to, from.buf);
		q = db_get(db, "SELECT form, uid FROM main.lookup WHERE"
		    " key >= ?1 AND key < ?2 AND (?3 IS NULL OR form = ?3)",
		    e);
		if (q == NULL)
			rc = E_SQL;
	}
	if (q != NULL) {
		stmt_text(q, 1, from.buf);
		stmt_text(q, 2, to.buf);
		stmt_text(q, 3, form);
		while (n < max && (rc = stmt_step(q, e)) > 0)
			n = add_hit(&s, q, out, n);
		stmt_reset(q);
	}
	free(s.slot);
	str_done(&from);
	str_done(&to);
	return rc < 0 ? rc : (int)n;
}
