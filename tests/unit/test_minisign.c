/* minisign: the outside program both ways, key files, damage, fingerprints. */
#include "bundle_help.h"

#include "fingerprint.h"
#include "minisign.h"

static void
hash_of(const void *p, size_t len, unsigned char out[MINISIGN_HASH])
{
	struct minisign_hash h;

	minisign_hash_init(&h);
	minisign_hash_update(&h, p, len / 2);
	minisign_hash_update(&h, (const char *)p + len / 2, len - len / 2);
	minisign_hash_final(&h, out);
}

static int
verify_text(const char *sig_text, size_t sig_len,
    const struct minisign_public *k, const void *p, size_t len)
{
	struct minisign_sig sig;
	struct flow_mem m = { p, len };
	struct err e = ERR_INIT;
	int rc = minisign_sig_parse(&sig, sig_text, sig_len, &e);

	if (rc == 0)
		rc = minisign_verify(&sig, k, flow_from_mem(&m), &e);
	assert_int_equal(rc, e.code);
	return rc;
}

static void
put_str(const char *path, const struct str *s)
{
	help_put(path, s->buf, s->len);
}

/* minisign reads our keys and signatures. */
static void
test_ours_outside(void **state)
{
	static const char content[] = "悦庄镇 第7包\n";
	unsigned char hash[MINISIGN_HASH];
	struct minisign_secret s;
	struct str pub = STR_INIT, sec = STR_INIT, sig = STR_INIT;
	struct err e = ERR_INIT;
	char line[MINISIGN_PUBLIC_SIZE];

	(void)state;
	minisign_new(&s);
	minisign_public_text(&pub, &s.public);
	assert_int_equal(minisign_secret_text(&sec, &s, NULL, &e), 0);
	put_str(help_path("site.pub"), &pub);
	put_str(help_path("site.key"), &sec);
	help_put(help_path("f"), content, sizeof content - 1);
	hash_of(content, sizeof content - 1, hash);
	assert_int_equal(minisign_sign(&sig, &s, hash, "悦庄镇 1-42", &e), 0);
	put_str(help_path("f.minisig"), &sig);
	minisign_public_format(&s.public, line);
	assert_int_equal(help_run("minisign -Vm %s/f -p %s/site.pub "
	    "| grep -q '悦庄镇 1-42'", help_dir, help_dir), 0);
	assert_int_equal(help_run("minisign -qVm %s/f -P %s", help_dir, line),
	    0);
	assert_int_equal(help_run("echo x >>%s/f; minisign -qVm %s/f -P %s "
	    "2>/dev/null", help_dir, help_dir, line), 1);

	/* it signs with our bare key, we verify */
	assert_int_equal(help_run("cd %s && minisign -Sm f -s site.key "
	    "-x theirs.minisig -t '注释 t' >/dev/null", help_dir), 0);
	help_get(&sig, help_path("theirs.minisig"));
	help_get(&sec, help_path("f"));
	assert_int_equal(verify_text(sig.buf, sig.len, &s.public, sec.buf,
	    sec.len), 0);
	assert_int_equal(help_run("cd %s && minisign -Slm f -s site.key "
	    "-x old.minisig >/dev/null", help_dir), 0);
	help_get(&sig, help_path("old.minisig"));
	assert_int_equal(verify_text(sig.buf, sig.len, &s.public, sec.buf,
	    sec.len), 0);
	sec.buf[0] ^= 1;
	assert_int_equal(verify_text(sig.buf, sig.len, &s.public, sec.buf,
	    sec.len), E_CRYPTO);
	str_done(&pub);
	str_done(&sig);
	age_wipe_str(&sec);
}

/* We read its keys, bare and under a passphrase; it reads ours. */
static void
test_key_files(void **state)
{
	struct minisign_secret s, back;
	struct minisign_public pub;
	struct str text = STR_INIT;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(help_run("cd %s && minisign -GW -p a.pub -s a.key "
	    ">/dev/null", help_dir), 0);
	assert_int_equal(minisign_secret_load(&s, help_path("a.key"), NULL,
	    &e), 0);
	help_get(&text, help_path("a.pub"));
	assert_int_equal(minisign_public_parse(&pub, text.buf, &e), 0);
	assert_memory_equal(&pub, &s.public, sizeof pub);

	/* ours under a passphrase, back to us and to the outside program */
	str_clear(&text);
	assert_int_equal(minisign_secret_text(&text, &s, "口令 abc", &e), 0);
	assert_int_equal(minisign_secret_parse(&back, text.buf, "口令 abc",
	    &e), 0);
	assert_memory_equal(&back, &s, sizeof s);
	assert_int_equal(minisign_secret_parse(&back, text.buf, "口令 abd",
	    &e), E_DENIED);
	assert_int_equal(minisign_secret_parse(&back, text.buf, NULL, &e),
	    E_DENIED);
	str_clear(&text);
	assert_int_equal(minisign_secret_text(&text, &s, "abc", &e), 0);
	put_str(help_path("locked.key"), &text);
	help_put(help_path("g"), "x", 1);
	assert_int_equal(help_run("cd %s && while echo abc; do sleep 0.1; "
	    "done 2>/dev/null | script -qec "
	    "'minisign -Sm g -s locked.key' /dev/null >/dev/null && "
	    "minisign -qVm g -p a.pub", help_dir), 0);

	/* damaged key files */
	help_get(&text, help_path("a.key"));
	text.buf[200] = text.buf[200] == 'A' ? 'B' : 'A';
	assert_int_equal(minisign_secret_parse(&back, text.buf, NULL, &e),
	    E_FORMAT);
	assert_int_equal(minisign_secret_parse(&back, "", NULL, &e),
	    E_FORMAT);
	assert_int_equal(minisign_public_parse(&pub, "RW不是", &e), E_FORMAT);
	assert_int_equal(minisign_public_parse(&pub, "", &e), E_FORMAT);
	age_wipe_str(&text);
	minisign_wipe(&s);
	minisign_wipe(&back);
}

/* The published example: minisign's own key and a signature of "test". */
static void
test_known(void **state)
{
	static const char key[] = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM"
	    "0QTaLn73Y7GFO3";
	static const char sig[] =
	    "untrusted comment: signature from minisign secret key\n"
	    "RWQf6LRCGA9i59SLOFxz6NxvASXDJeRtuZykwQepbDEGt87ig1BNpWaVWuNrm73"
	    "YiIiJbq71Wi+dP9eKL8OC351vwIasSSbXxwA=\n"
	    "trusted comment: timestamp:1555779966\tfile:test\n"
	    "QtKMXWyYcwdpZAlPF7tE2ENJkRd1ujvKjlj1m9RtHTBnZPa5WKU5uWRs5GoP5M/"
	    "VqE81QFuMKI5k/SfNQUaOAA==\n";
	struct minisign_public k;
	struct err e = ERR_INIT;
	char id[MINISIGN_ID_SIZE];

	(void)state;
	assert_int_equal(minisign_public_parse(&k, key, &e), 0);
	minisign_id(&k, id);
	assert_string_equal(id, "E7620F1842B4E81F");
	assert_int_equal(verify_text(sig, sizeof sig - 1, &k, "test", 4), 0);
	assert_int_equal(verify_text(sig, sizeof sig - 1, &k, "tesT", 4),
	    E_CRYPTO);
}

/* Any flipped bit of the signature file's signed parts, or of the content,
 * any cut, any foreign key. */
static void
test_damage(void **state)
{
	static const char content[] = "内容";
	unsigned char hash[MINISIGN_HASH];
	struct minisign_secret s, other;
	struct minisign_sig parsed;
	struct str sig = STR_INIT;
	struct err e = ERR_INIT;
	size_t i, from;
	int bit, rc;

	(void)state;
	minisign_new(&s);
	minisign_new(&other);
	hash_of(content, sizeof content - 1, hash);
	assert_int_equal(minisign_sign(&sig, &s, hash, "附注", &e), 0);
	assert_int_equal(verify_text(sig.buf, sig.len, &s.public, content,
	    sizeof content - 1), 0);
	assert_int_equal(verify_text(sig.buf, sig.len, &other.public, content,
	    sizeof content - 1), E_DENIED);
	memcpy(other.public.id, s.public.id, 8);
	assert_int_equal(verify_text(sig.buf, sig.len, &other.public, content,
	    sizeof content - 1), E_CRYPTO);

	from = (size_t)(strchr(sig.buf, '\n') - sig.buf);
	for (i = from + 1; i + 1 < sig.len; i++)
		for (bit = 0; bit < 8; bit++) {
			sig.buf[i] ^= (char)(1 << bit);
			rc = verify_text(sig.buf, sig.len, &s.public, content,
			    sizeof content - 1);
			if (rc == 0)
				fail_msg("bit %d of byte %zu", bit, i);
			sig.buf[i] ^= (char)(1 << bit);
		}
	for (i = 0; i + 1 < sig.len; i++)
		assert_int_not_equal(verify_text(sig.buf, i, &s.public,
		    content, sizeof content - 1), 0);
	for (i = 0; i < sizeof hash; i++) {
		hash[i] ^= 4;
		assert_int_equal(minisign_sig_parse(&parsed, sig.buf, sig.len,
		    &e), 0);
		assert_int_equal(minisign_verify_hash(&parsed, &s.public,
		    hash, &e), E_CRYPTO);
		hash[i] ^= 4;
	}
	str_add(&sig, "多余\n");
	assert_int_equal(verify_text(sig.buf, sig.len, &s.public, content,
	    sizeof content - 1), E_FORMAT);
	str_done(&sig);
}

static void
test_comments(void **state)
{
	char longest[MINISIGN_COMMENT + 2];
	unsigned char hash[MINISIGN_HASH] = { 0 };
	struct minisign_secret s;
	struct minisign_sig sig;
	struct str text = STR_INIT;
	struct err e = ERR_INIT;

	(void)state;
	minisign_new(&s);
	memset(longest, 'x', sizeof longest);
	longest[MINISIGN_COMMENT + 1] = '\0';
	assert_int_equal(minisign_sign(&text, &s, hash, longest, &e),
	    E_RANGE);
	assert_int_equal(minisign_sign(&text, &s, hash, "a\nb", &e), E_RANGE);
	assert_int_equal(minisign_sign(&text, &s, hash, "a\033b", &e),
	    E_RANGE);
	assert_int_equal(text.len, 0);
	longest[MINISIGN_COMMENT] = '\0';
	assert_int_equal(minisign_sign(&text, &s, hash, longest, &e), 0);
	assert_int_equal(minisign_sig_parse(&sig, text.buf, text.len, &e), 0);
	assert_string_equal(sig.comment, longest);
	assert_int_equal(minisign_verify_hash(&sig, &s.public, hash, &e), 0);
	str_done(&text);
}

static void
test_fingerprint(void **state)
{
	struct age_recipient r;
	struct minisign_public k;
	struct err e = ERR_INIT;
	char code[FINGERPRINT_SIZE], other[FINGERPRINT_SIZE];
	char typed[128];
	size_t i, n = 0;

	(void)state;
	assert_int_equal(age_recipient_parse(&r, "age1xmwwc06ly3ee5rytxm9mfla"
	    "z2u56jjj36s0mypdrwsvlul66mv4q47ryef", &e), 0);
	assert_int_equal(minisign_public_parse(&k, "RWQf6LRCGA9i53mlYecO4IzT5"
	    "1TGPpvWucNSCh1CBM0QTaLn73Y7GFO3", &e), 0);
	key_fingerprint(&r, NULL, &k, code);
	assert_int_equal(strlen(code), 35);
	assert_int_equal(strspn(code, "0123456789 "), 35);
	assert_true(key_fingerprint_is(code, code));

	/* as people type it: no blanks, hyphens, full-width */
	for (i = 0; code[i] != '\0'; i++) {
		if (code[i] == ' ')
			continue;
		memcpy(typed + n, "\xEF\xBC", 2);
		typed[n + 2] = (char)(0x90 + code[i] - '0');
		n += 3;
	}
	typed[n] = '\0';
	assert_true(key_fingerprint_is(code, typed));
	for (i = 0, n = 0; code[i] != '\0'; i++)
		typed[n++] = code[i] == ' ' ? '-' : code[i];
	typed[n] = '\0';
	assert_true(key_fingerprint_is(code, typed));
	typed[7] = typed[7] == '0' ? '1' : '0';
	assert_false(key_fingerprint_is(code, typed));
	assert_false(key_fingerprint_is(code, ""));
	assert_false(key_fingerprint_is(code, "y"));
	snprintf(typed, sizeof typed, "%s1", code);
	assert_false(key_fingerprint_is(code, typed));
	snprintf(typed, sizeof typed, "%.34s", code);
	assert_false(key_fingerprint_is(code, typed));

	/* any key changes it */
	key_fingerprint(&r, &r, &k, other);
	assert_string_not_equal(code, other);
	r.point[0] ^= 1;
	key_fingerprint(&r, NULL, &k, other);
	assert_string_not_equal(code, other);
	r.point[0] ^= 1;
	k.key[5] ^= 1;
	key_fingerprint(&r, NULL, &k, other);
	assert_string_not_equal(code, other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ours_outside),
		cmocka_unit_test(test_key_files),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_comments),
		cmocka_unit_test(test_fingerprint),
	};

	return cmocka_run_group_tests(tests, help_setup, help_teardown);
}
