/* Deliveries that were flipped, cut, lengthened, spliced or signed by another:
 * none is accepted.  100,000 wounds of the encrypted file, as many of the
 * marker and of the keys on the way, the same ones every time; fewer under the
 * sanitizers, ten times as many with TONGJI_SOAK=1. */
#include "bundle_help.h"

#include "age.h"
#include "incoming.h"
#include "keyring.h"
#include "minisign.h"
#include "seal.h"

static struct age_identity id;
static struct minisign_secret signer, forger;
static struct age_keys keys = AGE_KEYS_INIT;
static struct help_rand rng = { 20261122 };

static void
deliver(const char *name, const struct minisign_secret *by, const char *rows)
{
	const struct seal_part part[] = {
		{ .name = "header.json", .text = "{}\n", .fd = -1,
		    .size = 3 },
		{ .name = "rows.jsonl", .text = rows,
		    .fd = -1, .size = strlen(rows) },
	};
	const struct seal s = { .name = name, .from = "悦庄镇", .part = part,
	    .nparts = 2, .to = &id.recipient, .nto = 1, .signer = by };
	struct err e = ERR_INIT;

	if (seal_deliver(&s, help_dir, &e) < 0)
		fail_msg("%s", e.msg);
}

/* Read it; the rows' text when it was accepted. */
static int
accept(const char *name, struct str *rows, struct err *e)
{
	struct incoming in = INCOMING_INIT;
	struct incoming_part part[2] = { { .name = "header.json", .fd = -1 },
	    { .name = "rows.jsonl", .fd = -1 } };
	int rc = incoming_read(&in, help_path(name), &keys, &signer.public,
	    help_dir, part, 2, e);

	if (rc == 0)
		rc = incoming_text(&part[1], 1 << 20, rows, e);
	incoming_done(&in, part, 2);
	return rc;
}

static int
setup(void **state)
{
	int rc = help_setup_memory(state);

	age_init();
	age_identity_new(&id);
	minisign_new(&signer);
	minisign_new(&forger);
	age_keys_add(&keys, &id);
	deliver("tj1-one", &signer, "{\"a\":1}\n");
	deliver("tj1-two", &signer, "{\"b\":2}\n{\"c\":3}\n");
	return rc;
}

static int
teardown(void **state)
{
	age_keys_done(&keys);
	return help_teardown(state);
}

static void
test_whole(void **state)
{
	struct str rows = STR_INIT;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(accept("tj1-two.age", &rows, &e), 0);
	assert_string_equal(rows.buf, "{\"b\":2}\n{\"c\":3}\n");
	str_done(&rows);
}

static size_t
at(size_t n)
{
	return n > 0 ? (size_t)(help_rand(&rng) >> 8) % n : 0;
}

/* One random wound; false when it changed nothing. */
static bool
wound(const struct str *good, const struct str *other, struct str *bad)
{
	size_t i, n;

	str_clear(bad);
	str_addn(bad, good->buf, good->len);
	switch (at(6)) {
	case 0: case 1:
		bad->buf[at(bad->len)] ^= (char)(1u << at(8));
		break;
	case 2:
		bad->len = at(bad->len);
		break;
	case 3:
		for (n = at(40) + 1; n > 0; n--)
			str_addc(bad, (char)help_rand(&rng));
		break;
	case 4:				/* a piece of another delivery */
		i = at(bad->len < other->len ? bad->len : other->len);
		n = at((bad->len < other->len ? bad->len : other->len) - i);
		memcpy(bad->buf + i, other->buf + i, n);
		break;
	default:			/* a piece moved within */
		i = at(bad->len / 2);
		n = at(bad->len / 2);
		memmove(bad->buf + i, bad->buf + i + n, bad->len - i - n);
		bad->len -= n;
		break;
	}
	return bad->len != good->len ||
	    memcmp(bad->buf, good->buf, bad->len) != 0;
}

static void
hurt(const char *which, const char *from, long times)
{
	struct str good = STR_INIT, other = STR_INIT, bad = STR_INIT,
	    rows = STR_INIT;
	struct err e = ERR_INIT;
	char path[160];
	long tried = 0;

	help_get(&good, help_path(which));
	help_get(&other, help_path(from));
	snprintf(path, sizeof path, "%s", help_path(which));
	while (tried < times) {
		if (!wound(&good, &other, &bad))
			continue;
		tried++;
		help_put(path, bad.buf, bad.len);
		if (accept("tj1-one.age", &rows, &e) == 0)
			fail_msg("accepted after %ld wounds", tried);
		assert_true(e.code < 0 && e.msg[0] != '\0');
	}
	help_put(path, good.buf, good.len);
	assert_int_equal(accept("tj1-one.age", &rows, &e), 0);
	str_done(&good);
	str_done(&other);
	str_done(&bad);
	str_done(&rows);
}

#ifdef __has_feature
#define SANITIZED __has_feature(address_sanitizer)
#else
#define SANITIZED 0
#endif

static long
times(long n)
{
	return getenv("TONGJI_SOAK") != NULL ? n * 10 : SANITIZED ? n / 40 : n;
}

static void
test_wounded_body(void **state)
{
	(void)state;
	hurt("tj1-one.age", "tj1-two.age", times(100000));
}

/* A marker after its first line, which is free text, and without blanks at
 * its end; NULL if it has but one. */
static const char *
signed_part(const struct str *s, size_t *len)
{
	const char *nl = memchr(s->buf, '\n', s->len);

	*len = nl != NULL ? s->len - (size_t)(nl - s->buf) : 0;
	while (*len > 0 && strchr("\r\n ", nl[*len - 1]) != NULL)
		--*len;
	return nl;
}

/* Any wound of the marker's signed parts. */
static void
test_torn_marker(void **state)
{
	struct str good = STR_INIT, other = STR_INIT, bad = STR_INIT,
	    rows = STR_INIT;
	struct err e = ERR_INIT;
	const char *path = help_path("tj1-one.age.minisig"), *want, *got;
	size_t wlen, glen;
	char name[160];
	long n;

	(void)state;
	snprintf(name, sizeof name, "%s", path);
	help_get(&good, name);
	help_get(&other, help_path("tj1-two.age.minisig"));
	want = signed_part(&good, &wlen);
	for (n = 0; n < times(100000); ) {
		if (!wound(&good, &other, &bad))
			continue;
		got = signed_part(&bad, &glen);
		if (got != NULL && glen == wlen &&
		    memcmp(got, want, wlen) == 0)
			continue;
		n++;
		help_put(name, bad.buf, bad.len);
		if (accept("tj1-one.age", &rows, &e) == 0)
			fail_msg("accepted after %ld wounds: %.*s", n,
			    (int)bad.len, bad.buf);
	}
	help_put(name, good.buf, good.len);
	str_done(&good);
	str_done(&other);
	str_done(&bad);
	str_done(&rows);
}

/* A signature's untrusted comment may say anything; the rest may not. */
static void
test_wounded_marker(void **state)
{
	struct str good = STR_INIT, bad = STR_INIT, rows = STR_INIT;
	struct err e = ERR_INIT;
	size_t body, i;
	unsigned bit;

	(void)state;
	help_get(&good, help_path("tj1-one.age.minisig"));
	body = strcspn(good.buf, "\n") + 1;
	for (i = body; i < good.len; i++)
		for (bit = 0; bit < 8; bit++) {
			str_clear(&bad);
			str_addn(&bad, good.buf, good.len);
			bad.buf[i] ^= (char)(1u << bit);
			help_put(help_path("tj1-one.age.minisig"), bad.buf,
			    bad.len);
			if (accept("tj1-one.age", &rows, &e) == 0)
				fail_msg("byte %zu bit %u accepted", i, bit);
		}
	help_put(help_path("tj1-one.age.minisig"), good.buf, good.len);
	assert_int_equal(accept("tj1-one.age", &rows, &e), 0);
	str_done(&good);
	str_done(&bad);
	str_done(&rows);
}

/* Keys on the way to the other side: refused, or the 核对码 that is read out
 * on the telephone differs; never other keys under the same code. */
static void
test_wounded_cards(void **state)
{
	static const char *const kinds[] = { "township", "county" };
	struct str good = STR_INIT, other = STR_INIT, bad = STR_INIT;
	struct keycard c = { .division = "370323104", .name = "悦庄镇",
	    .recipient = id.recipient, .signer = signer.public }, got;
	struct err e = ERR_INIT;
	long i, n, taken = 0;

	(void)state;
	key_fingerprint(&c.recipient, NULL, &c.signer, c.fingerprint);
	for (i = 0; i < 2; i++) {
		str_clear(&good);
		str_clear(&other);
		keycard_text(&c, kinds[i], &other);
		keycard_text(&c, kinds[i], &good);
		assert_int_equal(keycard_parse(&got, kinds[i], good.buf, &e),
		    0);
		for (n = 0; n < times(50000); ) {
			if (!wound(&good, &other, &bad))
				continue;
			n++;
			bad.buf[bad.len] = '\0';
			if (keycard_parse(&got, kinds[i], bad.buf, &e) < 0)
				continue;
			taken++;
			if (key_fingerprint_is(c.fingerprint,
			    got.fingerprint) && (memcmp(&got.recipient,
			    &c.recipient, sizeof c.recipient) != 0 ||
			    memcmp(&got.signer, &c.signer,
			    sizeof c.signer) != 0 || got.has_archive))
				fail_msg("other keys, same code: %s", bad.buf);
		}
	}
	print_message("  %ld cards with other words read\n", taken);
	str_done(&good);
	str_done(&other);
	str_done(&bad);
}

static void
test_not_theirs(void **state)
{
	struct str rows = STR_INIT;
	struct err e = ERR_INIT;

	(void)state;
	deliver("tj1-forged", &forger, "{\"a\":1}\n");
	assert_int_equal(accept("tj1-forged.age", &rows, &e), E_DENIED);
	/* another delivery's marker */
	assert_int_equal(help_run("cp %s/tj1-one.age %s/tj1-swap.age &&"
	    " cp %s/tj1-two.age.minisig %s/tj1-swap.age.minisig", help_dir,
	    help_dir, help_dir, help_dir), 0);
	assert_int_equal(accept("tj1-swap.age", &rows, &e), E_CRYPTO);
	/* no marker at all: it was never finished */
	assert_int_equal(help_run("cp %s/tj1-one.age %s/tj1-half.age",
	    help_dir, help_dir), 0);
	assert_int_equal(accept("tj1-half.age", &rows, &e), E_NOTFOUND);
	/* a link is not followed */
	assert_int_equal(help_run("ln -s tj1-one.age %s/tj1-link.age &&"
	    " cp %s/tj1-one.age.minisig %s/tj1-link.age.minisig", help_dir,
	    help_dir, help_dir), 0);
	assert_true(accept("tj1-link.age", &rows, &e) < 0);
	str_done(&rows);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_wounded_body),
		cmocka_unit_test(test_torn_marker),
		cmocka_unit_test(test_wounded_marker),
		cmocka_unit_test(test_wounded_cards),
		cmocka_unit_test(test_not_theirs),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
