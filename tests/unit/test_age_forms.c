/* age: the forms that the copied vectors do not cover: ASCII armour and
 * passphrase stanzas, well made and badly made. */
#include "bundle_help.h"

#include <sodium.h>

#include "age.h"

#define BEGIN "-----BEGIN AGE ENCRYPTED FILE-----\n"
#define END "-----END AGE ENCRYPTED FILE-----\n"

/* 0 when `text` opens to "内容" (repeated or not); the code otherwise. */
static int
opens(const char *text, size_t len, const struct age_keys *k)
{
	struct flow_mem m = { (const unsigned char *)text, len };
	struct str out = STR_INIT;
	struct err e = ERR_INIT;
	struct age_reader *r = age_reader_new(flow_from_mem(&m), k, &e);
	int64_t n = -1;

	if (r != NULL)
		n = flow_copy(age_reader_flow(r), flow_to_str(&out), &e);
	age_reader_free(r);
	if (n >= 0)
		assert_memory_equal(out.buf, "内容", 6);
	else
		assert_true(e.code < 0 && e.msg[0] != '\0');
	str_done(&out);
	return n >= 0 ? 0 : e.code;
}

/* Seal `len` bytes to `id`. */
static void
seal(struct str *out, const struct age_identity *id, const char *p,
    size_t len)
{
	struct err e = ERR_INIT;
	struct age_writer *w = age_writer_new(flow_to_str(out),
	    &id->recipient, 1, &e);

	assert_non_null(w);
	assert_int_equal(age_writer_write(w, p, len, &e), 0);
	assert_int_equal(age_writer_finish(w, &e), 0);
	age_writer_free(w);
}

/* The Base64 body of the armour, 64 columns a line. */
static void
armor_body(struct str *out, const struct str *file, size_t columns)
{
	char line[256];
	size_t at, n, step = columns / 4 * 3;

	str_clear(out);
	for (at = 0; at < file->len; at += step) {
		n = file->len - at < step ? file->len - at : step;
		sodium_bin2base64(line, sizeof line,
		    (const unsigned char *)file->buf + at, n,
		    sodium_base64_VARIANT_ORIGINAL);
		str_addf(out, "%s\n", line);
	}
}

/* Replace the first `from`, which must be there. */
static void
replace(struct str *s, const char *from, const char *to)
{
	struct str out = STR_INIT;
	char *at = memmem(s->buf, s->len, from, strlen(from));

	assert_non_null(at);
	str_addn(&out, s->buf, (size_t)(at - s->buf));
	str_add(&out, to);
	str_addn(&out, at + strlen(from), s->len - (size_t)(at - s->buf) -
	    strlen(from));
	str_done(s);
	*s = out;
}

static void
check_armor(const char *what, const char *before, const struct str *body,
    const char *after, const struct age_keys *k, int want)
{
	struct str t = STR_INIT;
	int rc;

	str_add(&t, before);
	str_addn(&t, body->buf, body->len);
	str_add(&t, after);
	rc = opens(t.buf, t.len, k);
	if (rc != want)
		fail_msg("%s: %d", what, rc);
	str_done(&t);
}

static void
test_armor_outside(void **state)
{
	static const struct {
		const char *what, *before, *after;
		int rc;
	} cases[] = {
		{ "plain", BEGIN, END, 0 },
		{ "blank around", "\n\r   \t\n" BEGIN, END "\n\r  \t\n", 0 },
		{ "no end of line at the end", BEGIN,
		    "-----END AGE ENCRYPTED FILE-----", 0 },
		{ "no end", BEGIN, "", E_FORMAT },
		{ "half an end", BEGIN, "-----END AGE ENCRYPTED", E_FORMAT },
		{ "garbage before", "x\n" BEGIN, END, E_FORMAT },
		{ "garbage after", BEGIN, END "x\n", E_FORMAT },
		{ "a second one", BEGIN, END BEGIN, E_FORMAT },
		{ "another kind", "-----BEGIN AGE FILE-----\n", END,
		    E_FORMAT },
		{ "lower case", "-----begin age encrypted file-----\n", END,
		    E_FORMAT },
		{ "blanks in the line",
		    "----- BEGIN AGE ENCRYPTED FILE -----\n", END, E_FORMAT },
		{ "headers", BEGIN "Version: 1\n\n", END, E_FORMAT },
		{ "empty line first", BEGIN "\n", END, E_FORMAT },
		{ "empty line last", BEGIN, "\n" END, E_FORMAT },
		{ "check sum", BEGIN, "=abcd\n" END, E_FORMAT },
	};
	struct age_identity id;
	struct age_keys k = AGE_KEYS_INIT;
	struct str file = STR_INIT, body = STR_INIT;
	size_t i;

	(void)state;
	age_identity_new(&id);
	age_keys_add(&k, &id);
	seal(&file, &id, "内容", 6);
	armor_body(&body, &file, 64);
	for (i = 0; i < COUNT_OF(cases); i++)
		check_armor(cases[i].what, cases[i].before, &body,
		    cases[i].after, &k, cases[i].rc);
	/* nothing in it */
	str_clear(&body);
	check_armor("empty", BEGIN, &body, END, &k, E_FORMAT);
	age_keys_done(&k);
	str_done(&file);
	str_done(&body);
}

static void
test_armor_inside(void **state)
{
	struct age_identity id;
	struct age_keys k = AGE_KEYS_INIT, other = AGE_KEYS_INIT;
	struct str file = STR_INIT, body = STR_INIT;
	char pad[256] = "内容";
	size_t n;

	(void)state;
	age_identity_new(&id);
	age_keys_add(&k, &id);
	/* a last line that is just full */
	seal(&file, &id, pad, 6 + (48 - (size_t)(age_header_size(1) +
	    age_payload_size(6)) % 48) % 48);
	assert_int_equal(file.len % 48, 0);
	armor_body(&body, &file, 64);
	check_armor("full last line", BEGIN, &body, END, &k, 0);
	str_add(&body, "\n");
	check_armor("empty last line", BEGIN, &body, END, &k, E_FORMAT);

	str_clear(&file);
	seal(&file, &id, pad, 8);
	armor_body(&body, &file, 64);
	check_armor("plain", BEGIN, &body, END, &k, 0);
	assert_non_null(strchr(body.buf, '='));
	check_armor("another's", BEGIN, &body, END, &other, E_DENIED);
	n = body.len;
	replace(&body, "=", "");
	assert_true(body.len < n);
	check_armor("no padding", BEGIN, &body, END, &k, E_FORMAT);
	armor_body(&body, &file, 60);
	check_armor("short lines", BEGIN, &body, END, &k, E_FORMAT);
	armor_body(&body, &file, 68);
	check_armor("long lines", BEGIN, &body, END, &k, E_FORMAT);
	armor_body(&body, &file, 64);
	replace(&body, "\n", " \n");
	check_armor("blank at a line's end", BEGIN, &body, END, &k, E_FORMAT);
	armor_body(&body, &file, 64);
	replace(&body, "\n", "\n ");
	check_armor("blank at a line's start", BEGIN, &body, END, &k,
	    E_FORMAT);
	armor_body(&body, &file, 64);
	replace(&body, "\n", "\r\n");
	check_armor("one CRLF", BEGIN, &body, END, &k, 0);
	armor_body(&body, &file, 64);
	replace(&body, "YWdl", "YW*l");
	check_armor("foreign letter", BEGIN, &body, END, &k, E_FORMAT);
	age_keys_done(&k);
	str_done(&file);
	str_done(&body);
}

/* --- passphrases --- */

static void
lock(struct str *out, const char *passphrase, int work)
{
	struct err e = ERR_INIT;
	struct age_writer *w;

	str_clear(out);
	w = age_writer_new_passphrase(flow_to_str(out), passphrase, work, &e);
	assert_non_null(w);
	assert_int_equal(age_writer_write(w, "内容", 6, &e), 0);
	assert_int_equal(age_writer_finish(w, &e), 0);
	age_writer_free(w);
}

static void
test_passphrase_forms(void **state)
{
	static const struct {
		const char *what, *from, *to;
		int rc;
	} cases[] = {
		{ "other factor", " 6\n", " 7\n", E_DENIED },
		{ "leading zero", " 6\n", " 06\n", E_FORMAT },
		{ "hexadecimal", " 6\n", " 0x6\n", E_FORMAT },
		{ "plus", " 6\n", " +6\n", E_FORMAT },
		{ "minus", " 6\n", " -6\n", E_FORMAT },
		{ "zero", " 6\n", " 0\n", E_FORMAT },
		{ "letters after", " 6\n", " 6x\n", E_FORMAT },
		{ "huge", " 6\n", " 23\n", E_FORMAT },
		{ "overflow", " 6\n", " 18446744073709551622\n", E_FORMAT },
		{ "none", " 6\n", "\n", E_FORMAT },
		{ "one more argument", " 6\n", " 6 6\n", E_FORMAT },
		{ "upper case", "-> scrypt ", "-> Scrypt ", E_DENIED },
		{ "salt longer", "-> scrypt ", "-> scrypt AAAA", E_FORMAT },
		{ "salt gone", "-> scrypt ", "-> scrypt  ", E_FORMAT },
		{ "another stanza", "\n---", "\n-> grease\n\n---", E_FORMAT },
		{ "CRLF", "v1\n", "v1\r\n", E_FORMAT },
		{ "no mac", "\n--- ", "\n---", E_FORMAT },
	};
	struct age_keys k = AGE_KEYS_INIT;
	struct str file = STR_INIT;
	size_t i;
	int rc;

	(void)state;
	age_keys_set_passphrase(&k, "口令");
	for (i = 0; i < COUNT_OF(cases); i++) {
		lock(&file, "口令", 6);
		assert_int_equal(opens(file.buf, file.len, &k), 0);
		replace(&file, cases[i].from, cases[i].to);
		rc = opens(file.buf, file.len, &k);
		if (rc != cases[i].rc)
			fail_msg("%s: %d", cases[i].what, rc);
	}
	/* twice the same stanza */
	lock(&file, "口令", 6);
	replace(&file, "\n---", "\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 6\n"
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n---");
	assert_int_equal(opens(file.buf, file.len, &k), E_FORMAT);
	age_keys_done(&k);
	age_keys_set_passphrase(&k, "口令 ");
	lock(&file, "口令", 6);
	assert_int_equal(opens(file.buf, file.len, &k), E_DENIED);
	age_keys_done(&k);
	str_done(&file);
}

/* --- headers --- */

static void
test_header_forms(void **state)
{
	static const struct {
		const char *what, *from, *to;
		int rc;
	} cases[] = {
		{ "CRLF", "v1\n", "v1\r\n", E_FORMAT },
		{ "unknown version", "/v1\n", "/v2\n", E_FORMAT },
		{ "lower case", "X25519", "x25519", E_DENIED },
		{ "extra argument", "-> X25519", "-> X25519 A", E_FORMAT },
		{ "padding in the share", "\n---", "=\n---", E_FORMAT },
		{ "mac padded", "--- ", "--- =", E_FORMAT },
		{ "two blanks", "--- ", "---  ", E_FORMAT },
		{ "a stanza more", "\n---", "\n-> a b c d e f\n\n---",
		    E_CRYPTO },
		{ "an empty line more", "\n---", "\n\n---", E_FORMAT },
		{ "a control character", "-> X25519", "-> X25519\t",
		    E_FORMAT },
	};
	struct age_identity id;
	struct age_keys k = AGE_KEYS_INIT;
	struct str file = STR_INIT;
	size_t i;
	int rc;

	(void)state;
	age_identity_new(&id);
	age_keys_add(&k, &id);
	for (i = 0; i < COUNT_OF(cases); i++) {
		str_clear(&file);
		seal(&file, &id, "内容", 6);
		assert_int_equal(opens(file.buf, file.len, &k), 0);
		replace(&file, cases[i].from, cases[i].to);
		rc = opens(file.buf, file.len, &k);
		if (rc != cases[i].rc)
			fail_msg("%s: %d", cases[i].what, rc);
	}
	/* a header without end is not read for ever */
	str_clear(&file);
	str_add(&file, "age-encryption.org/v1\n");
	for (i = 0; i < 20000; i++)
		str_add(&file, "-> a\n\n");
	assert_int_equal(opens(file.buf, file.len, &k), E_FORMAT);
	age_keys_done(&k);
	str_done(&file);
}

/* What is an age file at a glance. */
static void
test_looks(void **state)
{
	(void)state;
	assert_true(age_looks_like("age-encryption.org/v1\n", 22));
	assert_true(age_looks_like(" \n" BEGIN, 2 + strlen(BEGIN)));
	assert_false(age_looks_like("", 0));
	assert_false(age_looks_like("age-encryption.or", 17));
	assert_false(age_looks_like("# created: 2026\n", 16));
	assert_false(age_looks_like("\0\0\0\0", 4));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_armor_outside),
		cmocka_unit_test(test_armor_inside),
		cmocka_unit_test(test_passphrase_forms),
		cmocka_unit_test(test_header_forms),
		cmocka_unit_test(test_looks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
