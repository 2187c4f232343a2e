/* age: the outside vectors, the outside program both ways, keys, and damage
 * of every kind, none of which may be accepted. */
#include "bundle_help.h"

#include <dirent.h>

#include "age.h"
#include "agehead.h"
#include "bech32.h"
#include "digest.h"

/* --- vectors --- */

struct vector {
	char expect[32], payload[65];
	struct age_keys keys;
	bool zlib;
	struct str body;
};

static void
vector_line(struct vector *v, const char *key, const char *value)
{
	struct age_identity id;
	struct err e = ERR_INIT;

	if (strcmp(key, "expect") == 0)
		snprintf(v->expect, sizeof v->expect, "%s", value);
	else if (strcmp(key, "payload") == 0)
		snprintf(v->payload, sizeof v->payload, "%s", value);
	else if (strcmp(key, "compressed") == 0)
		v->zlib = true;
	else if (strcmp(key, "passphrase") == 0)
		age_keys_set_passphrase(&v->keys, value);
	else if (strcmp(key, "identity") == 0) {
		assert_int_equal(age_identity_parse(&id, value, &e), 0);
		age_keys_add(&v->keys, &id);
	}
}

static void
vector_load(struct vector *v, const char *path)
{
	struct str all = STR_INIT;
	char *p, *nl, *colon;

	memset(v, 0, sizeof *v);
	str_init(&v->body);
	help_get(&all, path);
	for (p = all.buf; *p != '\n'; p = nl + 1) {
		nl = strchr(p, '\n');
		assert_non_null(nl);
		*nl = '\0';
		colon = strstr(p, ": ");
		assert_non_null(colon);
		*colon = '\0';
		vector_line(v, p, colon + 2);
	}
	p++;
	str_addn(&v->body, p, all.len - (size_t)(p - all.buf));
	if (v->zlib) {
		help_put(help_path("z"), v->body.buf, v->body.len);
		assert_int_equal(help_run("python3 -c 'import sys,zlib;"
		    "open(sys.argv[2],\"wb\").write(zlib.decompress("
		    "open(sys.argv[1],\"rb\").read()))' %s %s",
		    help_path("z"), help_path("plain")), 0);
		help_get(&v->body, help_path("plain"));
	}
	str_done(&all);
}

/* What happened, in the vectors' words. */
static const char *
verdict(const struct err *e, bool opened)
{
	if (e->code == 0)
		return "success";
	if (opened)
		return e->code == E_CORRUPT ? "payload failure" :
		    e->code == E_FORMAT ? "armor failure" : "?";
	switch (e->code) {
	case E_DENIED:
		return "no match";
	case E_CRYPTO:
		return "HMAC failure";
	case E_FORMAT:
		return "header failure";
	}
	return "??";
}

static void
vector_check(const char *name, struct vector *v, size_t step)
{
	struct help_drip d = { (void *)v->body.buf, v->body.len, step };
	struct flow_in in = { help_drip_read, &d };
	struct err e = ERR_INIT;
	struct age_reader *r = age_reader_new(in, &v->keys, &e);
	unsigned char buf[5000], sum[DIGEST_MAX];
	struct digest dg;
	char hex[65];
	ssize_t n;

	digest_init(&dg, DIGEST_SHA256);
	if (r != NULL)
		while ((n = age_reader_read(r, buf, sizeof buf, &e)) > 0)
			digest_update(&dg, buf, (size_t)n);
	if (strcmp(verdict(&e, r != NULL), v->expect) != 0)
		fail_msg("%s: %s instead of %s (%s)", name,
		    verdict(&e, r != NULL), v->expect, e.msg);
	if (r != NULL) {
		digest_final(&dg, sum);
		hex_encode(hex, sum, 32);
		assert_string_equal(hex, v->payload);
		/* an end is an end, an error stays an error */
		assert_int_equal(age_reader_read(r, buf, 10, &e) < 0,
		    e.code != 0);
	}
	age_reader_free(r);
}

static void
test_vectors(void **state)
{
	DIR *d = opendir(VECTORS "/age");
	struct dirent *de;
	struct vector v;
	char path[512];
	int n = 0;

	(void)state;
	assert_non_null(d);
	while ((de = readdir(d)) != NULL) {
		if (de->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, VECTORS "/age/%s", de->d_name);
		vector_load(&v, path);
		vector_check(de->d_name, &v, 1 << 20);
		if (v.body.len < 200000)
			vector_check(de->d_name, &v, 7);
		age_keys_done(&v.keys);
		str_done(&v.body);
		n++;
	}
	closedir(d);
	assert_int_equal(n, 34);
}

/* --- keys --- */

static void
test_keys(void **state)
{
	static const char secret[] = "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270L"
	    "XYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0";
	struct age_identity id, again;
	struct age_recipient r;
	char text[AGE_IDENTITY_SIZE], pub[AGE_RECIPIENT_SIZE];
	struct err e = ERR_INIT;
	size_t i;

	(void)state;
	assert_int_equal(age_identity_parse(&id, secret, &e), 0);
	age_identity_format(&id, text);
	assert_string_equal(text, secret);
	age_recipient_format(&id.recipient, pub);
	assert_string_equal(pub, "age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypd"
	    "rwsvlul66mv4q47ryef");
	assert_int_equal(age_recipient_parse(&r, pub, &e), 0);
	assert_memory_equal(r.point, id.recipient.point, 32);

	/* every single wrong letter is found */
	for (i = 0; pub[i] != '\0'; i++) {
		char old = pub[i];

		pub[i] = old == 'q' ? 'p' : 'q';
		assert_int_equal(age_recipient_parse(&r, pub, &e), E_FORMAT);
		pub[i] = old;
	}
	pub[3] = 'A';
	assert_int_equal(age_recipient_parse(&r, pub, &e), E_FORMAT);
	assert_int_equal(age_recipient_parse(&r, "", &e), E_FORMAT);
	assert_int_equal(age_recipient_parse(&r, "年龄", &e), E_FORMAT);

	age_identity_new(&id);
	age_identity_format(&id, text);
	assert_int_equal(age_identity_parse(&again, text, &e), 0);
	assert_memory_equal(&again, &id, sizeof id);
}

static void
test_bech32(void **state)
{
	/* BIP 173's own examples, as far as they carry whole bytes */
	static const char *const bad[] = {
		"pzry9x0s0muk", "1pzry9x0s0muk", "x1b4n0q5v", "li1dgmt3",
		"A1G7SGD8", "10a06t8", "1qzzfhee", "age1", "",
		"age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"
	};
	unsigned char p[32];
	char out[128];
	size_t i;

	(void)state;
	assert_int_equal(bech32_encode(out, sizeof out, "abcdef",
	    (const void *)"\x00\x44\x32\x14\xc7\x42\x54\xb6\x35\xcf\x84\x65"
	    "\x3a\x56\xd7\xc6\x75\xbe\x77\xdf", 20), 0);
	assert_string_equal(out,
	    "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw");
	assert_int_equal(bech32_decode(p, 20, "abcdef", out), 0);
	assert_memory_equal(p, "\x00\x44\x32\x14\xc7", 5);
	for (i = 0; i < COUNT_OF(bad); i++)
		assert_int_equal(bech32_decode(p, 32, "age", bad[i]), -1);
}

/* --- round trips and the outside program --- */

static void
seal(struct str *out, const struct age_recipient *r, size_t n,
    const void *p, size_t len)
{
	struct err e = ERR_INIT;
	struct age_writer *w = age_writer_new(flow_to_str(out), r, n, &e);
	size_t half = len / 3;

	assert_non_null(w);
	assert_int_equal(age_writer_write(w, p, half, &e), 0);
	assert_int_equal(age_writer_write(w, (const char *)p + half,
	    len - half, &e), 0);
	assert_int_equal(age_writer_finish(w, &e), 0);
	age_writer_free(w);
}

/* 0 when it opens to exactly `want`; the code otherwise. */
static int
unseal(const void *p, size_t len, const struct age_keys *k,
    const struct str *want)
{
	struct flow_mem m = { p, len };
	struct err e = ERR_INIT;
	struct age_reader *r = age_reader_new(flow_from_mem(&m), k, &e);
	struct str out = STR_INIT;
	int64_t n = -1;

	if (r != NULL)
		n = flow_copy(age_reader_flow(r), flow_to_str(&out), &e);
	age_reader_free(r);
	if (n >= 0 && want != NULL) {
		assert_int_equal(out.len, want->len);
		assert_memory_equal(out.buf, want->buf, want->len);
	}
	str_done(&out);
	return n >= 0 ? 0 : e.code;
}

static const size_t sizes[] = { 0, 1, 65535, 65536, 65537, 131072, 200000 };

static void
noise(struct str *s, size_t len)
{
	str_clear(s);
	str_room(s, len);
	help_noise((unsigned char *)s->buf, len, len);
	s->len = len;
}

static void
test_round_trip(void **state)
{
	struct age_identity id[3];
	struct age_recipient r[3];
	struct str plain = STR_INIT, file = STR_INIT;
	size_t i, j;

	(void)state;
	for (i = 0; i < 3; i++) {
		age_identity_new(&id[i]);
		r[i] = id[i].recipient;
	}
	for (i = 0; i < COUNT_OF(sizes); i++) {
		noise(&plain, sizes[i]);
		str_clear(&file);
		seal(&file, r, 3, plain.buf, plain.len);
		assert_int_equal(file.len, age_header_size(3) +
		    age_payload_size(plain.len));
		for (j = 0; j < 3; j++) {
			struct age_keys k = AGE_KEYS_INIT;

			age_keys_add(&k, &id[j]);
			assert_int_equal(unseal(file.buf, file.len, &k,
			    &plain), 0);
			age_keys_done(&k);
		}
	}
	str_done(&plain);
	str_done(&file);
}

/* age encrypts, we decrypt; we encrypt, age decrypts. */
static void
test_outside(void **state)
{
	struct age_keys k = AGE_KEYS_INIT;
	struct str plain = STR_INIT, file = STR_INIT, text = STR_INIT;
	struct err e = ERR_INIT;
	size_t i;

	(void)state;
	assert_int_equal(help_run("age-keygen -o %s 2>/dev/null",
	    help_path("theirs.txt")), 0);
	assert_int_equal(age_keys_load(&k, help_path("theirs.txt"), NULL, &e),
	    0);
	assert_int_equal(k.n, 1);
	age_identity_text(&text, &k.v[0], "2026-11-22T15:04:00+08:00");
	help_put(help_path("ours.txt"), text.buf, text.len);
	for (i = 0; i < COUNT_OF(sizes); i++) {
		noise(&plain, sizes[i]);
		help_put(help_path("plain"), plain.buf, plain.len);
		str_clear(&file);
		seal(&file, &k.v[0].recipient, 1, plain.buf, plain.len);
		help_put(help_path("file.age"), file.buf, file.len);
		assert_int_equal(help_run("age -d -i %s %s | cmp - %s",
		    help_path("ours.txt"), help_path("file.age"),
		    help_path("plain")), 0);
		assert_int_equal(help_run("age-keygen -y %s > %s/r && "
		    "age -R %s/r -o %s/t.age %s/plain && "
		    "age -a -R %s/r -o %s/t.asc %s/plain",
		    help_path("ours.txt"), help_dir, help_dir, help_dir,
		    help_dir, help_dir, help_dir, help_dir), 0);
		help_get(&file, help_path("t.age"));
		assert_int_equal(unseal(file.buf, file.len, &k, &plain), 0);
		help_get(&file, help_path("t.asc"));
		assert_int_equal(unseal(file.buf, file.len, &k, &plain), 0);
		assert_int_equal(help_run("rm %s/t.age %s/t.asc", help_dir,
		    help_dir), 0);
	}
	age_keys_done(&k);
	str_done(&plain);
	str_done(&file);
	age_wipe_str(&text);
}

static void
lock_text(struct str *out, const struct str *plain, const char *pass, int w)
{
	struct err e = ERR_INIT;
	struct age_writer *aw = age_writer_new_passphrase(flow_to_str(out),
	    pass, w, &e);

	assert_non_null(aw);
	assert_int_equal(age_writer_write(aw, plain->buf, plain->len, &e), 0);
	assert_int_equal(age_writer_finish(aw, &e), 0);
	age_writer_free(aw);
}

/* Identities under a passphrase: the county's keys.  The outside program asks
 * on a terminal, so script(1) gives it one. */
static void
test_passphrase(void **state)
{
	struct age_keys k = AGE_KEYS_INIT, back = AGE_KEYS_INIT;
	struct age_identity id;
	struct str text = STR_INIT, file = STR_INIT;
	struct err e = ERR_INIT;

	(void)state;
	age_identity_new(&id);
	age_identity_text(&text, &id, NULL);
	lock_text(&file, &text, "正确 的口令", 10);
	help_put(help_path("county.age"), file.buf, file.len);

	assert_int_equal(age_keys_load(&back, help_path("county.age"),
	    "正确 的口令", &e), 0);
	assert_int_equal(back.n, 1);
	assert_memory_equal(back.v[0].scalar, id.scalar, 32);
	age_keys_done(&back);
	assert_int_equal(age_keys_load(&back, help_path("county.age"), "错",
	    &e), E_DENIED);
	assert_int_equal(age_keys_load(&back, help_path("county.age"), NULL,
	    &e), E_DENIED);
	assert_int_equal(back.n, 0);

	/* a file that is locked by a passphrase alone */
	assert_int_equal(unseal(file.buf, file.len, &k, NULL), E_DENIED);
	age_keys_set_passphrase(&k, "正确 的口令");
	assert_int_equal(unseal(file.buf, file.len, &k, &text), 0);

	str_clear(&file);
	lock_text(&file, &text, "abc def", 12);
	help_put(help_path("county2.age"), file.buf, file.len);
	assert_int_equal(help_run("cd %s && while echo abc def; do sleep 0.1; "
	    "done 2>/dev/null | script -qec 'age -d -o opened county2.age' "
	    "/dev/null >/dev/null 2>&1; test -s opened", help_dir), 0);
	help_get(&file, help_path("opened"));
	assert_string_equal(file.buf, text.buf);
	age_keys_done(&k);
	str_done(&file);
	age_wipe_str(&text);
}

static void
test_identity_files(void **state)
{
	static const struct {
		const char *text;
		int rc;
		size_t n;
	} cases[] = {
		{ "", E_FORMAT, 0 },
		{ "# only a comment\n", E_FORMAT, 0 },
		{ "# 钥匙\r\n\r\n"
		  "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX"
		  "2MMDKWYKLMGR48UAWX40Q2P2LM0\r\n", 0, 1 },
		{ "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX"
		  "2MMDKWYKLMGR48UAWX40Q2P2LM0\n"
		  "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX"
		  "2MMDKWYKLMGR48UAWX40Q2P2LM0", 0, 2 },
		{ "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX"
		  "2MMDKWYKLMGR48UAWX40Q2P2LM1\n", E_FORMAT, 0 },
		{ "age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q"
		  "47ryef\n", E_FORMAT, 0 },
		{ "不是钥匙\n", E_FORMAT, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct age_keys k = AGE_KEYS_INIT;
		struct err e = ERR_INIT;

		assert_int_equal(age_keys_parse(&k, cases[i].text,
		    strlen(cases[i].text), &e), cases[i].rc);
		if (cases[i].rc == 0)
			assert_int_equal(k.n, cases[i].n);
		else
			assert_true(e.msg[0] != '\0');
		age_keys_done(&k);
	}
}

/* --- damage --- */

/* Flip a bit, cut, drop a piece, double a piece, or move a chunk. */
static void
harm(struct str *out, const struct str *in, struct help_rand *r, unsigned kind)
{
	size_t at = (size_t)(help_rand(r) % in->len);
	size_t n = (size_t)(1 + help_rand(r) % 70);

	str_clear(out);
	if (at + n > in->len)
		n = in->len - at;
	switch (kind) {
	case 0:
		str_addn(out, in->buf, in->len);
		out->buf[at] ^= (char)(1 << help_rand(r) % 8);
		break;
	case 1:
		str_addn(out, in->buf, at);
		break;
	case 2:
		str_addn(out, in->buf, at);
		str_addn(out, in->buf + at + n, in->len - at - n);
		break;
	case 3:
		str_addn(out, in->buf, at + n);
		str_addn(out, in->buf + at, in->len - at);
		break;
	default:
		str_addn(out, in->buf, in->len);
		str_addn(out, in->buf + at, n);
		break;
	}
}

static void
test_damage(void **state)
{
	struct help_rand r = { 20261122 };
	struct str plain = STR_INIT, file = STR_INIT, bad = STR_INIT;
	struct age_keys k = AGE_KEYS_INIT;
	struct age_identity id;
	unsigned i, tried = 0;
	uint64_t n;

	(void)state;
	age_identity_new(&id);
	age_keys_add(&k, &id);
	noise(&plain, 65536 + 700);
	seal(&file, &id.recipient, 1, plain.buf, plain.len);
	for (i = 0; i < 2000; i++) {
		harm(&bad, &file, &r, i % 5);
		if (bad.len == file.len &&
		    memcmp(bad.buf, file.buf, bad.len) == 0)
			continue;
		tried++;
		if (unseal(bad.buf, bad.len, &k, NULL) == 0)
			fail_msg("damage %u accepted", i);
	}
	assert_true(tried > 1990);

	/* every bit of the header */
	n = age_header_size(1);
	for (i = 0; i < 8 * n; i++) {
		file.buf[i / 8] ^= (char)(1 << i % 8);
		if (unseal(file.buf, file.len, &k, NULL) == 0)
			fail_msg("bit %u of byte %u accepted", i % 8, i / 8);
		file.buf[i / 8] ^= (char)(1 << i % 8);
	}

	/* two chunks exchanged; the first chunk of another file */
	str_clear(&bad);
	noise(&plain, 3 * 65536);
	str_clear(&file);
	seal(&file, &id.recipient, 1, plain.buf, plain.len);
	i = (unsigned)age_header_size(1) + 16;
	str_addn(&bad, file.buf, i);
	str_addn(&bad, file.buf + i + 65552, 65552);
	str_addn(&bad, file.buf + i, 65552);
	str_addn(&bad, file.buf + i + 2 * 65552, 65552);
	assert_int_equal(bad.len, file.len);
	assert_int_equal(unseal(bad.buf, bad.len, &k, NULL), E_CORRUPT);
	/* ended at a chunk's border: the commonest cut */
	assert_int_equal(unseal(file.buf, i + 65552, &k, NULL), E_CORRUPT);
	age_keys_done(&k);
	str_done(&plain);
	str_done(&file);
	str_done(&bad);
}

/* A sink that fails at its n-th write: the writer says so, and nobody takes
 * the half for a whole. */
struct brittle {
	int left;
	struct str *got;
};

static int
brittle_write(void *ctx, const void *p, size_t len, struct err *e)
{
	struct brittle *b = ctx;

	if (b->left-- == 0)
		return err_set(e, E_FULL, "满");
	str_addn(b->got, p, len);
	return 0;
}

static void
test_sink_fails(void **state)
{
	struct str plain = STR_INIT, got = STR_INIT;
	struct age_keys k = AGE_KEYS_INIT;
	struct age_identity id;
	int n, rc = E_FULL;

	(void)state;
	age_identity_new(&id);
	age_keys_add(&k, &id);
	noise(&plain, 150000);
	for (n = 0; rc == E_FULL; n++) {
		struct brittle b = { n, &got };
		struct flow_out out = { brittle_write, &b };
		struct err e = ERR_INIT;
		struct age_writer *w;

		str_clear(&got);
		rc = E_FULL;
		w = age_writer_new(out, &id.recipient, 1, &e);
		if (w != NULL)
			rc = age_writer_write(w, plain.buf, plain.len, &e);
		if (rc == 0)
			rc = age_writer_finish(w, &e);
		age_writer_free(w);
		assert_int_equal(rc == 0,
		    unseal(got.buf, got.len, &k, &plain) == 0);
	}
	assert_int_equal(rc, 0);
	assert_int_equal(n, 6);
	age_keys_done(&k);
	str_done(&plain);
	str_done(&got);
}

/* A stranger's key, and a source that breaks while reading. */
static ssize_t
broken_read(void *ctx, void *p, size_t len, struct err *e)
{
	struct help_drip *d = ctx;

	if (d->len == 0)
		return err_set(e, E_IO, "U盘已拔出");
	return help_drip_read(ctx, p, len, e);
}

static void
test_stranger_and_broken_source(void **state)
{
	struct str file = STR_INIT;
	struct age_keys k = AGE_KEYS_INIT;
	struct age_identity id, other;
	struct err e = ERR_INIT;
	size_t cut;

	(void)state;
	age_identity_new(&id);
	age_identity_new(&other);
	seal(&file, &id.recipient, 1, "数据", 6);
	assert_int_equal(unseal(file.buf, file.len, &k, NULL), E_DENIED);
	age_keys_add(&k, &other);
	assert_int_equal(unseal(file.buf, file.len, &k, NULL), E_DENIED);
	age_keys_add(&k, &id);
	assert_int_equal(unseal(file.buf, file.len, &k, NULL), 0);
	for (cut = 0; cut <= file.len; cut++) {
		struct help_drip d = { (void *)file.buf, cut, 64 };
		struct flow_in in = { broken_read, &d };
		struct age_reader *r = age_reader_new(in, &k, &e);
		char buf[64];

		if (r != NULL)
			assert_true(age_reader_read(r, buf, 64, &e) < 0);
		assert_int_equal(e.code, E_IO);
		age_reader_free(r);
	}
	age_keys_done(&k);
	str_done(&file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_bech32),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_outside),
		cmocka_unit_test(test_passphrase),
		cmocka_unit_test(test_identity_files),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_sink_fails),
		cmocka_unit_test(test_stranger_and_broken_source),
	};

	return cmocka_run_group_tests(tests, help_setup, help_teardown);
}
