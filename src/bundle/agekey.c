/* See agekey.h. */
#include "agekey.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "age.h"
#include "bech32.h"
#include "file.h"
#include "log.h"
#include "mem.h"

#define RECIPIENT_PREFIX "age"
#define IDENTITY_PREFIX "age-secret-key-"

enum { KEY_FILE_MAX = 1 << 20 };	/* bytes of an identity file */

void
age_init(void)
{
	if (sodium_init() < 0)
		die("加密库 libsodium 无法启动");
}

bool
age_memory_suffices(uint64_t bytes)
{
	double have = (double)sysconf(_SC_PHYS_PAGES) *
	    (double)sysconf(_SC_PAGESIZE);

	return have <= 0 || (double)bytes <= have * 0.75;
}

void
age_identity_new(struct age_identity *id)
{
	age_init();
	sodium_mlock(id, sizeof *id);	/* may be refused: no harm */
	randombytes_buf(id->scalar, sizeof id->scalar);
	crypto_scalarmult_base(id->recipient.point, id->scalar);
}

void
age_identity_complete(struct age_identity *id)
{
	age_init();
	crypto_scalarmult_base(id->recipient.point, id->scalar);
}

void
age_identity_wipe(struct age_identity *id)
{
	sodium_memzero(id, sizeof *id);
	sodium_munlock(id, sizeof *id);
}

void
age_recipient_format(const struct age_recipient *r,
    char out[AGE_RECIPIENT_SIZE])
{
	if (bech32_encode(out, AGE_RECIPIENT_SIZE, RECIPIENT_PREFIX,
	    r->point, sizeof r->point) < 0)
		BUG("recipient does not fit");
}

int
age_recipient_parse(struct age_recipient *r, const char *s, struct err *e)
{
	if (bech32_decode(r->point, sizeof r->point, RECIPIENT_PREFIX, s) < 0)
		return err_set(e, E_FORMAT,
		    "不是有效的加密公钥（应以 age1 开头，共62个字符）");
	return 0;
}

void
age_identity_format(const struct age_identity *id,
    char out[AGE_IDENTITY_SIZE])
{
	char *c;

	if (bech32_encode(out, AGE_IDENTITY_SIZE, IDENTITY_PREFIX,
	    id->scalar, sizeof id->scalar) < 0)
		BUG("identity does not fit");
	for (c = out; *c != '\0'; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 32);
}

int
age_identity_parse(struct age_identity *id, const char *s, struct err *e)
{
	age_init();
	if (bech32_decode(id->scalar, sizeof id->scalar, IDENTITY_PREFIX,
	    s) < 0)
		return err_set(e, E_FORMAT, "不是有效的解密私钥"
		    "（应以 AGE-SECRET-KEY-1 开头，共74个字符）");
	crypto_scalarmult_base(id->recipient.point, id->scalar);
	return 0;
}

/* --- sets of keys --- */

/* Growing by hand: realloc() would leave a copy of the old ones behind. */
void
age_keys_add(struct age_keys *k, const struct age_identity *id)
{
	struct age_identity *v;

	if (k->n == k->cap) {
		v = xcalloc(k->cap * 2 + 4, sizeof *v);
		if (k->n > 0)
			memcpy(v, k->v, k->n * sizeof *v);
		if (k->v != NULL)
			sodium_memzero(k->v, k->cap * sizeof *v);
		free(k->v);
		k->v = v;
		k->cap = k->cap * 2 + 4;
	}
	k->v[k->n++] = *id;
}

static void
drop_passphrase(struct age_keys *k)
{
	if (k->passphrase != NULL)
		sodium_memzero(k->passphrase, strlen(k->passphrase));
	free(k->passphrase);
	k->passphrase = NULL;
}

void
age_keys_set_passphrase(struct age_keys *k, const char *passphrase)
{
	drop_passphrase(k);
	k->passphrase = xstrdup(passphrase);
}

void
age_keys_done(struct age_keys *k)
{
	if (k->v != NULL)
		sodium_memzero(k->v, k->cap * sizeof *k->v);
	free(k->v);
	drop_passphrase(k);
	*k = (struct age_keys)AGE_KEYS_INIT;
}

/* One line of an identity file, without its end. */
static int
parse_line(struct age_keys *k, const char *line, size_t len, size_t no,
    struct err *e)
{
	struct age_identity id;
	char text[AGE_IDENTITY_SIZE];
	int rc;

	if (len > 0 && line[len - 1] == '\r')
		len--;
	if (len == 0 || line[0] == '#')
		return 0;
	if (len >= sizeof text || memchr(line, '\0', len) != NULL)
		return err_set(e, E_FORMAT,
		    "第%zu行：不是有效的解密私钥", no);
	memcpy(text, line, len);
	text[len] = '\0';
	rc = age_identity_parse(&id, text, e);
	if (rc == 0)
		age_keys_add(k, &id);
	else
		err_prefix(e, "第%zu行", no);
	sodium_memzero(text, sizeof text);
	age_identity_wipe(&id);
	return rc;
}

int
age_keys_parse(struct age_keys *k, const char *text, size_t len,
    struct err *e)
{
	const char *p = text, *end = text + len, *nl;
	size_t no = 0, before = k->n;
	int rc = 0;

	while (p < end && rc == 0) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if (nl == NULL)
			nl = end;
		rc = parse_line(k, p, (size_t)(nl - p), ++no, e);
		p = nl + 1;
	}
	if (rc == 0 && k->n == before)
		rc = err_set(e, E_FORMAT, "文件里没有解密私钥");
	return rc;
}

/* Open an identity file that is itself under a passphrase. */
static int
parse_locked(struct age_keys *k, const struct str *text,
    const char *passphrase, struct err *e)
{
	struct age_keys lock = AGE_KEYS_INIT;
	struct flow_mem m = { (const unsigned char *)text->buf, text->len };
	struct str plain = STR_INIT;
	struct age_reader *r;
	int64_t n;
	int rc;

	if (passphrase == NULL)
		return err_set(e, E_DENIED, "这把钥匙有口令保护，请输入口令");
	age_keys_set_passphrase(&lock, passphrase);
	str_room(&plain, text->len);	/* never moved, so wiped wholly */
	r = age_reader_new(flow_from_mem(&m), &lock, e);
	n = r == NULL ? e->code :
	    flow_copy(age_reader_flow(r), flow_to_str(&plain), e);
	rc = n < 0 ? (int)n : age_keys_parse(k, plain.buf, plain.len, e);
	age_reader_free(r);
	age_wipe_str(&plain);
	age_keys_done(&lock);
	return rc;
}

int
age_keys_load(struct age_keys *k, const char *path, const char *passphrase,
    struct err *e)
{
	struct str text = STR_INIT;
	struct err own = ERR_INIT;
	int rc;

	if (e == NULL)
		e = &own;
	rc = file_read(&text, path, KEY_FILE_MAX, e);
	if (rc == 0) {
		if (age_looks_like(text.buf, text.len))
			rc = parse_locked(k, &text, passphrase, e);
		else
			rc = age_keys_parse(k, text.buf, text.len, e);
		if (rc < 0)
			err_prefix(e, "%s", path);
	}
	age_wipe_str(&text);
	return rc;
}

void
age_identity_text(struct str *out, const struct age_identity *id,
    const char *created)
{
	char public[AGE_RECIPIENT_SIZE], secret[AGE_IDENTITY_SIZE];

	str_room(out, 512);
	if (created != NULL)
		str_addf(out, "# created: %s\n", created);
	age_recipient_format(&id->recipient, public);
	age_identity_format(id, secret);
	str_addf(out, "# public key: %s\n", public);
	str_add(out, secret);
	str_addc(out, '\n');
	sodium_memzero(secret, sizeof secret);
}

void
age_wipe_str(struct str *s)
{
	if (s->cap > 0)
		sodium_memzero(s->buf, s->cap);
	str_done(s);
}
