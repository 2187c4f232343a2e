/* The floor under `tongji import child`: what a program without any form
 * engine needs for the same rows.
 *
 *	floor DATABASE ROSTER PINYIN
 *
 * DATABASE was made by `tongji init`, so that tables, CHECKs, triggers and
 * indexes are the real ones; ROSTER is what roster.py writes (fixed columns,
 * no quotes); PINYIN is data/pinyin/pinyin.txt.  In one transaction, with the
 * settings of the program (WAL, synchronous=FULL), it inserts for every line
 * the child, its current guardian and one row per category, their journal
 * entries with salts, value and row hashes and chain, and their look-up keys.
 * Nothing is checked, matched or reported.  run.py compares the tables
 * afterwards, so that the floor cannot do less than it says.
 *
 * Only base/ and text/ (strings, readings of names) are linked to it. */
#include <sodium.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "file.h"
#include "json.h"
#include "log.h"
#include "pinyin.h"
#include "str.h"

enum { UID = 37, RV = 17, SALT = 16, HASH = 32, COLUMNS = 15, KEYS = 48 };

enum column {
	NAME, ID_NUMBER, SEX, BIRTH, ETHNICITY, VILLAGE, CATEGORY, GUARDIAN,
	RELATION, PHONE, ADDRESS, HUKOU, REGISTERED, STUDY, INSURED
};

struct pair {
	const char *name, *value;
};

static sqlite3 *db;
static sqlite3_stmt *add_child, *add_guardian, *add_enrolment, *add_entry,
    *add_key, *find_village;
static unsigned char head[HASH];
static sqlite3_int64 seq;
static char stamp[STAMP_SIZE], site[16];

static void
fail(const char *what)
{
	die("%s: %s", what, sqlite3_errmsg(db));
}

static sqlite3_stmt *
prepare(const char *sql)
{
	sqlite3_stmt *q;

	if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) != SQLITE_OK)
		fail(sql);
	return q;
}

static void
run(sqlite3_stmt *q)
{
	if (sqlite3_step(q) != SQLITE_DONE)
		fail(sqlite3_sql(q));
	sqlite3_reset(q);
}

static void
text(sqlite3_stmt *q, int i, const char *v)
{
	sqlite3_bind_text(q, i, v, -1, SQLITE_STATIC);
}

/* UUIDv7 and a row version. */
static void
new_uid(char out[UID])
{
	unsigned char b[16];
	uint64_t ms = (uint64_t)date_unix_ms();
	char hex[33];

	randombytes_buf(b, sizeof b);
	for (int i = 0; i < 6; i++)
		b[i] = (unsigned char)(ms >> (40 - 8 * i));
	b[6] = (unsigned char)((b[6] & 0x0F) | 0x70);
	b[8] = (unsigned char)((b[8] & 0x3F) | 0x80);
	hex_encode(hex, b, sizeof b);
	snprintf(out, UID, "%.8s-%.4s-%.4s-%.4s-%s", hex, hex + 8, hex + 12,
	    hex + 16, hex + 20);
}

static void
new_rv(char out[RV])
{
	unsigned char b[8];

	randombytes_buf(b, sizeof b);
	hex_encode(out, b, sizeof b);
}

static void
salted(unsigned char out[HASH], const unsigned char salt[SALT],
    const struct str *s)
{
	crypto_hash_sha256_state h;

	crypto_hash_sha256_init(&h);
	crypto_hash_sha256_update(&h, salt, SALT);
	crypto_hash_sha256_update(&h, (const unsigned char *)s->buf, s->len);
	crypto_hash_sha256_final(&h, out);
}

/* One journal entry for the inserted fields, which come in name order. */
static void
journal(const char *form, const char *uid, const char *rv,
    const struct pair *p, size_t n)
{
	static struct str vals, image, words;
	unsigned char salt[SALT], vhash[HASH], ihash[HASH], hash[HASH];
	crypto_hash_sha256_state h;
	bool rv_done = false;
	size_t i;

	str_clear(&vals);
	str_clear(&image);
	str_clear(&words);
	for (i = 0; i < n; i++) {
		str_addc(&vals, i == 0 ? '{' : ',');
		json_text(&vals, p[i].name);
		str_addn(&vals, ":[null,", 7);
		json_text(&vals, p[i].value);
		str_addc(&vals, ']');
		if (!rv_done && strcmp(p[i].name, "rv") > 0) {
			str_addf(&image, "rv\x1f%s\x1e", rv);
			rv_done = true;
		}
		str_add(&image, p[i].name);
		str_addc(&image, '\x1f');
		str_add(&image, p[i].value);
		str_addc(&image, '\x1e');
	}
	if (!rv_done)
		str_addf(&image, "rv\x1f%s\x1e", rv);
	str_addc(&vals, '}');
	randombytes_buf(salt, sizeof salt);
	salted(vhash, salt, &vals);
	salted(ihash, salt, &image);
	str_addf(&words, "%lld\x1f%s\x1f" "cli\x1f%s\x1f%s\x1finsert",
	    (long long)++seq, stamp, form, uid);
	crypto_hash_sha256_init(&h);
	crypto_hash_sha256_update(&h, head, HASH);
	crypto_hash_sha256_update(&h, (const unsigned char *)words.buf,
	    words.len);
	crypto_hash_sha256_update(&h, vhash, HASH);
	crypto_hash_sha256_update(&h, ihash, HASH);
	crypto_hash_sha256_final(&h, hash);
	memcpy(head, hash, HASH);
	sqlite3_bind_int64(add_entry, 1, seq);
	text(add_entry, 2, stamp);
	text(add_entry, 3, form);
	text(add_entry, 4, uid);
	sqlite3_bind_blob(add_entry, 5, salt, SALT, SQLITE_STATIC);
	sqlite3_bind_text(add_entry, 6, vals.buf, (int)vals.len,
	    SQLITE_STATIC);
	sqlite3_bind_blob(add_entry, 7, vhash, HASH, SQLITE_STATIC);
	sqlite3_bind_blob(add_entry, 8, ihash, HASH, SQLITE_STATIC);
	sqlite3_bind_blob(add_entry, 9, hash, HASH, SQLITE_STATIC);
	run(add_entry);
}

/* ---- look-up keys ------------------------------------------------------- */

static struct {
	char key[KEYS][128];
	int n;
} keys;

static void
key(const char *k)
{
	int i;

	for (i = 0; i < keys.n; i++)
		if (strcmp(keys.key[i], k) == 0)
			return;
	if (keys.n < KEYS)
		snprintf(keys.key[keys.n++], sizeof keys.key[0], "%s", k);
}

static void
name_keys(const char *name)
{
	static struct pinyin_keys p;
	int i, n;

	key(name);
	n = pinyin_initials(name, &p);
	for (i = 0; i < n; i++)
		key(p.key[i]);
	n = pinyin_full(name, &p);
	for (i = 0; i < n; i++)
		key(p.key[i]);
}

static void
number_keys(const char *number)
{
	size_t n = strlen(number);

	key(number);
	if (n >= 15) {
		key(number + n - 12);
		key(number + n - 6);
	}
	key(number + n - 4);
}

static void
store_keys(const char *form, const char *uid)
{
	int i;

	for (i = 0; i < keys.n; i++) {
		text(add_key, 1, keys.key[i]);
		text(add_key, 2, form);
		text(add_key, 3, uid);
		run(add_key);
	}
	keys.n = 0;
}

/* ---- rows --------------------------------------------------------------- */

/* uid, rv and the stamps, which every row has. */
static void
bind_head(sqlite3_stmt *q, char uid[UID], char rv[RV])
{
	new_uid(uid);
	new_rv(rv);
	text(q, 1, uid);
	text(q, 2, rv);
	text(q, 3, site);
	text(q, 4, stamp);
}

static void
enrolment(const char *child, const char *code, const char *since)
{
	const struct pair p[] = {
		{ "category", code }, { "child", child },
		{ "starts_on", since },
	};
	char uid[UID], rv[RV];

	bind_head(add_enrolment, uid, rv);
	text(add_enrolment, 5, child);
	text(add_enrolment, 6, code);
	text(add_enrolment, 7, since);
	run(add_enrolment);
	journal("enrolment", uid, rv, p, 3);
}

static void
guardian(const char *child, char *c[COLUMNS])
{
	const struct pair p[] = {
		{ "child", child }, { "is_current", "yes" },
		{ "name", c[GUARDIAN] }, { "phone", c[PHONE] },
		{ "relation", c[RELATION] },
	};
	char uid[UID], rv[RV];

	bind_head(add_guardian, uid, rv);
	text(add_guardian, 5, child);
	text(add_guardian, 6, c[GUARDIAN]);
	text(add_guardian, 7, c[RELATION]);
	text(add_guardian, 8, c[PHONE]);
	run(add_guardian);
	journal("guardian", uid, rv, p, 5);
	name_keys(c[GUARDIAN]);
	number_keys(c[PHONE]);
	store_keys("guardian", uid);
}

static void
child(char *c[COLUMNS])
{
	static struct str category;
	char uid[UID], rv[RV], village[UID], *name, *code;
	int i;

	text(find_village, 1, c[VILLAGE]);
	if (sqlite3_step(find_village) != SQLITE_ROW)
		die("no village %s", c[VILLAGE]);
	snprintf(village, sizeof village, "%s",
	    (const char *)sqlite3_column_text(find_village, 0));
	name = strdup((const char *)sqlite3_column_text(find_village, 1));
	sqlite3_reset(find_village);
	str_clear(&category);
	str_addf(&category, ";%s;", c[CATEGORY]);
	{
		const struct pair p[] = {
			{ "address", c[ADDRESS] },
			{ "birth_date", c[BIRTH] },
			{ "category", category.buf },
			{ "data_source", "local" },
			{ "ethnicity", c[ETHNICITY] },
			{ "guardian_name", c[GUARDIAN] },
			{ "guardian_phone", c[PHONE] },
			{ "guardian_relation", c[RELATION] },
			{ "hukou_state", c[HUKOU] },
			{ "id_kind", "resident" },
			{ "id_number", c[ID_NUMBER] },
			{ "medical_insured", c[INSURED] },
			{ "name", c[NAME] },
			{ "registered_on", c[REGISTERED] },
			{ "risk", "ordinary" },
			{ "sex", c[SEX] },
			{ "study_status", c[STUDY] },
			{ "village", village },
		};

		bind_head(add_child, uid, rv);
		for (i = 0; i < 18; i++)
			text(add_child, 5 + i, p[i].value);
		run(add_child);
		journal("child", uid, rv, p, 18);
	}
	name_keys(c[NAME]);
	number_keys(c[ID_NUMBER]);
	name_keys(name);
	name_keys(c[GUARDIAN]);
	number_keys(c[PHONE]);
	store_keys("child", uid);
	free(name);
	guardian(uid, c);
	for (code = strtok(c[CATEGORY], ";"); code != NULL;
	    code = strtok(NULL, ";"))
		enrolment(uid, code, c[REGISTERED]);
}

#define HEAD "uid,rv,site,created_at,updated_at,created_by,updated_by,deleted"
#define FIXED "?1,?2,?3,?4,?4,'cli','cli',0"

static void
prepare_all(void)
{
	add_child = prepare("INSERT INTO child(" HEAD ",address,birth_date,"
	    "category,data_source,ethnicity,guardian_name,guardian_phone,"
	    "guardian_relation,hukou_state,id_kind,id_number,medical_insured,"
	    "name,registered_on,risk,sex,study_status,village)"
	    " VALUES(" FIXED ",?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,"
	    "?17,?18,?19,?20,?21,?22)");
	add_guardian = prepare("INSERT INTO guardian(" HEAD ",child,name,"
	    "relation,phone,is_current) VALUES(" FIXED ",?5,?6,?7,?8,'yes')");
	add_enrolment = prepare("INSERT INTO enrolment(" HEAD ",child,"
	    "category,starts_on) VALUES(" FIXED ",?5,?6,?7)");
	add_entry = prepare("INSERT INTO journal(seq,at,by,form,uid,op,salt,"
	    "vals,vhash,image,hash) VALUES(?1,?2,'cli',?3,?4,'insert',?5,?6,"
	    "?7,?8,?9)");
	add_key = prepare("INSERT INTO lookup(key,form,uid)"
	    " VALUES(?1,?2,?3)");
	find_village = prepare("SELECT uid, name FROM village WHERE code=?1");
}

/* The journal's end and the site's code. */
static void
start(void)
{
	sqlite3_stmt *q = prepare("SELECT seq, hash, (SELECT value FROM meta"
	    " WHERE name='site') FROM journal ORDER BY seq DESC LIMIT 1");

	if (sqlite3_step(q) == SQLITE_ROW) {
		seq = sqlite3_column_int64(q, 0);
		memcpy(head, sqlite3_column_blob(q, 1), HASH);
		snprintf(site, sizeof site, "%s",
		    (const char *)sqlite3_column_text(q, 2));
	}
	sqlite3_finalize(q);
	date_stamp(stamp);
}

static void
roster(char *p)
{
	char *c[COLUMNS], *end;
	int i;

	p = strchr(p, '\n') + 1;		/* the header */
	while (*p != '\0') {
		end = strchr(p, '\n');
		*end = '\0';
		for (i = 0; i < COLUMNS; i++) {
			c[i] = p;
			p += strcspn(p, ",");
			*p++ = '\0';
		}
		child(c);
		p = end + 1;
	}
}

int
main(int argc, char **argv)
{
	struct str text_ = STR_INIT;
	struct err e = ERR_INIT;

	if (argc != 4 || sodium_init() < 0)
		die("floor DATABASE ROSTER PINYIN");
	if (file_read(&text_, argv[2], (size_t)1 << 30, &e) < 0 ||
	    pinyin_open(argv[3], false, &e) < 0)
		die("%s", e.msg);
	if (sqlite3_open(argv[1], &db) != SQLITE_OK || sqlite3_exec(db,
	    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
	    "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32768;"
	    "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
		fail("open");
	prepare_all();
	start();
	roster(text_.buf);
	if (sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		fail("commit");
	sqlite3_finalize(add_child);
	sqlite3_finalize(add_guardian);
	sqlite3_finalize(add_enrolment);
	sqlite3_finalize(add_entry);
	sqlite3_finalize(add_key);
	sqlite3_finalize(find_village);
	sqlite3_close(db);
	str_done(&text_);
	return 0;
}
