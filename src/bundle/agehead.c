/* See agehead.h.  The grammar is strict on purpose: a header that could be
 * written in two ways could be changed without anyone noticing. */
#include "agehead.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "age.h"
#include "base64.h"
#include "log.h"
#include "mem.h"

#define VERSION_LINE "age-encryption.org/v1\n"
#define X25519_INFO "age-encryption.org/v1/X25519"
#define SCRYPT_SALT "age-encryption.org/v1/scrypt"

enum {
	COLUMNS = 64,			/* of a full body line */
	LINE_BYTES = COLUMNS / 4 * 3,
	TAG = crypto_aead_chacha20poly1305_IETF_ABYTES,
	WRAPPED = AGE_FILE_KEY + TAG,
	SHARE_TEXT = 43,		/* Base64 of 32 bytes */
	SALT = 16,
	SALT_TEXT = 22,
	B64 = sodium_base64_VARIANT_ORIGINAL_NO_PADDING
};

static const unsigned char zero_nonce[12];

void
age_hkdf(unsigned char out[32], const void *ikm, size_t ikm_len,
    const void *salt, size_t salt_len, const char *info)
{
	static const unsigned char no_salt[32];
	crypto_auth_hmacsha256_state st;
	unsigned char prk[32];

	if (salt_len == 0) {
		salt = no_salt;
		salt_len = sizeof no_salt;
	}
	crypto_auth_hmacsha256_init(&st, salt, salt_len);
	crypto_auth_hmacsha256_update(&st, ikm, ikm_len);
	crypto_auth_hmacsha256_final(&st, prk);
	crypto_auth_hmacsha256_init(&st, prk, sizeof prk);
	crypto_auth_hmacsha256_update(&st, (const void *)info, strlen(info));
	crypto_auth_hmacsha256_update(&st, (const void *)"\1", 1);
	crypto_auth_hmacsha256_final(&st, out);
	sodium_memzero(prk, sizeof prk);
	sodium_memzero(&st, sizeof st);
}

/* The key that wraps the file key, from both sides' view. */
static void
x25519_wrap_key(unsigned char out[32], const unsigned char shared[32],
    const unsigned char share[32], const unsigned char recipient[32])
{
	unsigned char salt[64];

	memcpy(salt, share, 32);
	memcpy(salt + 32, recipient, 32);
	age_hkdf(out, shared, 32, salt, sizeof salt, X25519_INFO);
}

/* scrypt takes 1 KiB × 2^work of memory. */
static int
scrypt_wrap_key(unsigned char out[32], const char *passphrase,
    const unsigned char salt[SALT], int work, struct err *e)
{
	unsigned char full[sizeof SCRYPT_SALT - 1 + SALT];

	if (!age_memory_suffices(1024ull << work))
		return err_set(e, E_RANGE, "口令加密的强度 2^%d 超过了"
		    "这台电脑的内存，请在内存更大的电脑上打开", work);
	memcpy(full, SCRYPT_SALT, sizeof SCRYPT_SALT - 1);
	memcpy(full + sizeof SCRYPT_SALT - 1, salt, SALT);
	if (crypto_pwhash_scryptsalsa208sha256_ll((const void *)passphrase,
	    strlen(passphrase), full, sizeof full, 1ull << work, 8, 1,
	    out, 32) != 0)
		return err_set(e, E_RANGE, "内存不够，算不出口令的密钥");
	return 0;
}

/* --- building --- */

static void
add_b64(struct str *out, const unsigned char *p, size_t len)
{
	char text[COLUMNS + 1];

	sodium_bin2base64(text, sizeof text, p, len, B64);
	str_add(out, text);
}

static void
add_wrapped(struct str *out, const unsigned char *file_key,
    const unsigned char key[32])
{
	unsigned char body[WRAPPED];

	crypto_aead_chacha20poly1305_ietf_encrypt(body, NULL, file_key,
	    AGE_FILE_KEY, NULL, 0, NULL, zero_nonce, key);
	add_b64(out, body, sizeof body);
	str_addc(out, '\n');
}

static void
header_mac(unsigned char mac[32], const char *head, size_t len,
    const unsigned char *file_key)
{
	unsigned char key[32];

	age_hkdf(key, file_key, AGE_FILE_KEY, NULL, 0, "header");
	crypto_auth_hmacsha256(mac, (const void *)head, len, key);
	sodium_memzero(key, sizeof key);
}

static void
add_end(struct str *out, size_t start, const unsigned char *file_key)
{
	unsigned char mac[32];

	str_add(out, "---");
	header_mac(mac, out->buf + start, out->len - start, file_key);
	str_addc(out, ' ');
	add_b64(out, mac, sizeof mac);
	str_addc(out, '\n');
}

static int
add_x25519(struct str *out, const unsigned char *file_key,
    const struct age_recipient *r, struct err *e)
{
	unsigned char secret[32], share[32], shared[32], key[32];
	int rc = 0;

	randombytes_buf(secret, sizeof secret);
	crypto_scalarmult_base(share, secret);
	if (crypto_scalarmult(shared, secret, r->point) != 0) {
		rc = err_set(e, E_CRYPTO, "收件方的公钥无效");
	} else {
		x25519_wrap_key(key, shared, share, r->point);
		str_add(out, "-> X25519 ");
		add_b64(out, share, sizeof share);
		str_addc(out, '\n');
		add_wrapped(out, file_key, key);
	}
	sodium_memzero(secret, sizeof secret);
	sodium_memzero(shared, sizeof shared);
	sodium_memzero(key, sizeof key);
	return rc;
}

int
age_head_build(struct str *out, const unsigned char *file_key,
    const struct age_recipient *r, size_t n, struct err *e)
{
	size_t start = out->len, i;
	int rc = 0;

	if (n == 0)
		BUG("age file for nobody");
	str_add(out, VERSION_LINE);
	for (i = 0; i < n && rc == 0; i++)
		rc = add_x25519(out, file_key, &r[i], e);
	if (rc == 0)
		add_end(out, start, file_key);
	return rc;
}

int
age_head_build_passphrase(struct str *out, const unsigned char *file_key,
    const char *passphrase, int work, struct err *e)
{
	unsigned char salt[SALT], key[32];
	size_t start = out->len;
	int rc;

	if (work < 1 || work > AGE_WORK_MAX)
		BUG("scrypt work factor %d", work);
	randombytes_buf(salt, sizeof salt);
	rc = scrypt_wrap_key(key, passphrase, salt, work, e);
	if (rc < 0)
		return rc;
	str_add(out, VERSION_LINE "-> scrypt ");
	add_b64(out, salt, sizeof salt);
	str_addf(out, " %d\n", work);
	add_wrapped(out, file_key, key);
	add_end(out, start, file_key);
	sodium_memzero(key, sizeof key);
	return 0;
}

/* --- opening --- */

enum { ARGS = 3 };		/* arguments kept, the type included */

struct stanza {
	const char *arg[ARGS];	/* not terminated; borrowed from the text */
	size_t arg_len[ARGS];
	size_t args;		/* all there were */
	unsigned char body[2 * LINE_BYTES];
	size_t body_len;	/* all there was; only the start is kept */
};

/* What opening has found so far. */
struct found {
	const struct age_keys *keys;
	unsigned char *file_key;
	size_t stanzas, scrypts;
	bool done;		/* file_key is set */
};

static int
bad_head(struct err *e, const char *what)
{
	return err_set(e, E_FORMAT,
	    "不是可以识别的加密文件，或文件头已损坏（%s）", what);
}

/* Take the header's text, up to and with its last line. */
static int
read_text(struct str *text, struct flow_in in, struct err *e)
{
	size_t line = 0, want = sizeof VERSION_LINE - 1;
	ssize_t n;
	char c;

	for (;;) {
		n = flow_fill(in, &c, 1, e);
		if (n < 0)
			return (int)n;
		if (n == 0)
			return bad_head(e, "文件头不完整");
		if (text->len < want && c != VERSION_LINE[text->len])
			return bad_head(e, "第一行不是 age v1");
		if (text->len >= AGE_HEADER_MAX)
			return bad_head(e, "文件头太长");
		str_addc(text, c);
		if (c != '\n')
			continue;
		if (strncmp(text->buf + line, "---", 3) == 0)
			return 0;
		line = text->len;
	}
}

static bool
is_arg(const struct stanza *s, size_t i, const char *word)
{
	return s->arg_len[i] == strlen(word) &&
	    memcmp(s->arg[i], word, s->arg_len[i]) == 0;
}

/* "-> arg arg …": one blank between, visible ASCII. */
static int
parse_args(struct stanza *s, const char *line, size_t len, struct err *e)
{
	size_t i = 3, start;

	if (len < 4 || memcmp(line, "-> ", 3) != 0)
		return bad_head(e, "收件段的开头不对");
	while (i <= len) {
		start = i;
		while (i < len && line[i] > 32 && line[i] < 127)
			i++;
		if (i == start || (i < len && line[i] != ' '))
			return bad_head(e, "收件段的参数不对");
		if (s->args < ARGS) {
			s->arg[s->args] = line + start;
			s->arg_len[s->args] = i - start;
		}
		s->args++;
		i++;
	}
	return 0;
}

/* One body line; 1 if it was the last one (short), 0 if more follow. */
static int
parse_body(struct stanza *s, const char *line, size_t len, struct err *e)
{
	unsigned char bytes[LINE_BYTES];
	size_t n;

	if (len > COLUMNS)
		return bad_head(e, "收件段的行太长");
	if (base64_decode(bytes, sizeof bytes, &n, line, len, false) != 0)
		return bad_head(e, "收件段不是规范的 Base64");
	if (s->body_len + n <= sizeof s->body)
		memcpy(s->body + s->body_len, bytes, n);
	s->body_len += n;
	return len < COLUMNS;
}

/* Unwrap with `key`; true if it fitted. */
static bool
unwrap(struct found *f, const struct stanza *s, const unsigned char key[32])
{
	unsigned char out[AGE_FILE_KEY];

	if (crypto_aead_chacha20poly1305_ietf_decrypt(out, NULL, NULL,
	    s->body, WRAPPED, NULL, 0, zero_nonce, key) != 0)
		return false;
	memcpy(f->file_key, out, sizeof out);
	sodium_memzero(out, sizeof out);
	f->done = true;
	return true;
}

static int
try_x25519(struct found *f, const struct stanza *s, struct err *e)
{
	unsigned char share[32], shared[32], key[32];
	size_t n, i;
	int rc = 0;

	if (s->args != 2 || s->arg_len[1] != SHARE_TEXT ||
	    base64_decode(share, sizeof share, &n, s->arg[1], s->arg_len[1],
	    false) != 0 || n != sizeof share)
		return bad_head(e, "收件段的公钥不对");
	if (s->body_len != WRAPPED)
		return bad_head(e, "收件段的长度不对");
	for (i = 0; i < f->keys->n && !f->done && rc == 0; i++) {
		const struct age_identity *id = &f->keys->v[i];

		if (crypto_scalarmult(shared, id->scalar, share) != 0) {
			rc = bad_head(e, "收件段的公钥是弱点");
			break;
		}
		x25519_wrap_key(key, shared, share, id->recipient.point);
		unwrap(f, s, key);
	}
	sodium_memzero(shared, sizeof shared);
	sodium_memzero(key, sizeof key);
	return rc;
}

/* A decimal number without sign or leading zero, or -1. */
static int
work_factor(const char *p, size_t len)
{
	int n = 0;
	size_t i;

	if (len == 0 || len > 3 || p[0] == '0')
		return -1;
	for (i = 0; i < len; i++) {
		if (p[i] < '0' || p[i] > '9')
			return -1;
		n = n * 10 + (p[i] - '0');
	}
	return n;
}

static int
try_scrypt(struct found *f, const struct stanza *s, struct err *e)
{
	unsigned char salt[SALT], key[32];
	size_t n;
	int work, rc;

	f->scrypts++;
	if (s->args != 3 || s->arg_len[1] != SALT_TEXT ||
	    base64_decode(salt, sizeof salt, &n, s->arg[1], s->arg_len[1],
	    false) != 0 || n != sizeof salt)
		return bad_head(e, "口令段的盐不对");
	work = work_factor(s->arg[2], s->arg_len[2]);
	if (work < 0)
		return bad_head(e, "口令段的强度不对");
	if (work > AGE_WORK_MAX)
		return bad_head(e, "口令段的强度太高，疑似恶意文件");
	if (s->body_len != WRAPPED)
		return bad_head(e, "口令段的长度不对");
	if (f->keys->passphrase == NULL || f->stanzas > 1)
		return 0;
	rc = scrypt_wrap_key(key, f->keys->passphrase, salt, work, e);
	if (rc == 0)
		unwrap(f, s, key);
	sodium_memzero(key, sizeof key);
	return rc;
}

/* One stanza from `p`; the number of bytes it took, or a negative code. */
static ssize_t
take_stanza(struct found *f, const char *p, const char *end, struct err *e)
{
	struct stanza s = { .args = 0 };
	const char *start = p, *nl = memchr(p, '\n', (size_t)(end - p));
	int rc = nl == NULL ? bad_head(e, "收件段不完整") :
	    parse_args(&s, p, (size_t)(nl - p), e);

	while (rc == 0) {
		p = nl + 1;
		nl = memchr(p, '\n', (size_t)(end - p));
		if (nl == NULL)
			return bad_head(e, "收件段不完整");
		rc = parse_body(&s, p, (size_t)(nl - p), e);
	}
	if (rc < 0)
		return rc;
	f->stanzas++;
	rc = 0;
	if (is_arg(&s, 0, "X25519"))
		rc = try_x25519(f, &s, e);
	else if (is_arg(&s, 0, "scrypt"))
		rc = try_scrypt(f, &s, e);
	return rc < 0 ? rc : nl + 1 - start;
}

/* The stanzas between the version line and `end`. */
static int
take_stanzas(struct found *f, const char *p, const char *end, struct err *e)
{
	ssize_t n;

	while (p < end) {
		n = take_stanza(f, p, end, e);
		if (n < 0)
			return (int)n;
		p += n;
	}
	if (f->stanzas == 0)
		return bad_head(e, "没有收件段");
	if (f->scrypts > 0 && f->stanzas > 1)
		return bad_head(e, "口令段不能与别的段并存");
	return 0;
}

/* What to say when no key fitted. */
static int
no_match(const struct found *f, struct err *e)
{
	if (f->scrypts > 0 && f->keys->passphrase == NULL)
		return err_set(e, E_DENIED, "文件由口令保护，请输入口令");
	if (f->scrypts > 0)
		return err_set(e, E_DENIED, "口令不对");
	return err_set(e, E_DENIED,
	    "这把钥匙打不开：文件不是加密给它的，请换一把钥匙");
}

static int
parse_text(const struct str *text, struct found *f, struct err *e)
{
	unsigned char mac[32], ours[32];
	const char *last = text->buf + text->len - 1;	/* the line feed */
	size_t n;
	int rc;

	while (last > text->buf && last[-1] != '\n')
		last--;
	if (last == text->buf || strncmp(last, "--- ", 4) != 0 ||
	    text->buf + text->len - last != 4 + SHARE_TEXT + 1 ||
	    base64_decode(mac, sizeof mac, &n, last + 4, SHARE_TEXT,
	    false) != 0 || n != sizeof mac)
		return bad_head(e, "校验行不对");
	rc = take_stanzas(f, text->buf + sizeof VERSION_LINE - 1, last, e);
	if (rc < 0)
		return rc;
	if (!f->done)
		return no_match(f, e);
	header_mac(ours, text->buf, (size_t)(last + 3 - text->buf),
	    f->file_key);
	if (sodium_memcmp(mac, ours, sizeof mac) != 0)
		return err_set(e, E_CRYPTO,
		    "文件头的校验码不符，文件可能被改动或损坏");
	return 0;
}

int
age_head_open(unsigned char *file_key, struct flow_in in,
    const struct age_keys *keys, struct err *e)
{
	struct found f = { .keys = keys, .file_key = file_key };
	struct str text = STR_INIT;
	int rc;

	age_init();
	rc = read_text(&text, in, e);
	if (rc == 0)
		rc = parse_text(&text, &f, e);
	if (rc < 0)
		sodium_memzero(file_key, AGE_FILE_KEY);
	str_done(&text);
	return rc;
}
