/* See age.h.  The payload is a STREAM of 64 KiB chunks, each under its own
 * nonce: an 11-byte counter and a byte that is 1 on the last chunk only. */
#include "age.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "agehead.h"
#include "armor.h"
#include "log.h"
#include "mem.h"

enum {
	CHUNK = 65536,
	TAG = crypto_aead_chacha20poly1305_IETF_ABYTES,
	NONCE = 16			/* of the payload, in the file */
};

/* The key and place in the stream, the same for both directions. */
struct stream {
	unsigned char key[32];
	unsigned char nonce[12];
};

static void
stream_start(struct stream *s, const unsigned char *file_key,
    const unsigned char nonce[NONCE])
{
	age_hkdf(s->key, file_key, AGE_FILE_KEY, nonce, NONCE, "payload");
	memset(s->nonce, 0, sizeof s->nonce);
}

static void
stream_next(struct stream *s)
{
	int i;

	for (i = 10; i >= 0; i--)
		if (++s->nonce[i] != 0)
			return;
	BUG("age stream too long");
}

/* --- writing --- */

struct age_writer {
	struct flow_out out;
	struct stream s;
	size_t len;			/* bytes waiting in plain */
	bool done;
	unsigned char plain[CHUNK];
	unsigned char sealed[CHUNK + TAG];
};

/* Write the header text and the payload's nonce, get ready for chunks. */
static struct age_writer *
writer_start(struct flow_out out, const struct str *head,
    const unsigned char *file_key, struct err *e)
{
	struct age_writer *w;
	unsigned char nonce[NONCE];

	randombytes_buf(nonce, sizeof nonce);
	if (flow_write(out, head->buf, head->len, e) < 0 ||
	    flow_write(out, nonce, sizeof nonce, e) < 0)
		return NULL;
	w = xcalloc(1, sizeof *w);
	sodium_mlock(&w->s, sizeof w->s);
	w->out = out;
	stream_start(&w->s, file_key, nonce);
	return w;
}

struct age_writer *
age_writer_new(struct flow_out out, const struct age_recipient *r, size_t n,
    struct err *e)
{
	unsigned char file_key[AGE_FILE_KEY];
	struct str head = STR_INIT;
	struct age_writer *w = NULL;

	age_init();
	randombytes_buf(file_key, sizeof file_key);
	if (age_head_build(&head, file_key, r, n, e) == 0)
		w = writer_start(out, &head, file_key, e);
	sodium_memzero(file_key, sizeof file_key);
	str_done(&head);
	return w;
}

struct age_writer *
age_writer_new_passphrase(struct flow_out out, const char *passphrase,
    int work, struct err *e)
{
	unsigned char file_key[AGE_FILE_KEY];
	struct str head = STR_INIT;
	struct age_writer *w = NULL;

	age_init();
	randombytes_buf(file_key, sizeof file_key);
	if (age_head_build_passphrase(&head, file_key, passphrase, work,
	    e) == 0)
		w = writer_start(out, &head, file_key, e);
	sodium_memzero(file_key, sizeof file_key);
	str_done(&head);
	return w;
}

static int
write_chunk(struct age_writer *w, bool last, struct err *e)
{
	unsigned long long len;

	w->s.nonce[11] = last;
	crypto_aead_chacha20poly1305_ietf_encrypt(w->sealed, &len, w->plain,
	    w->len, NULL, 0, NULL, w->s.nonce, w->s.key);
	stream_next(&w->s);
	w->len = 0;
	return flow_write(w->out, w->sealed, (size_t)len, e);
}

/* A full chunk waits until more comes: it may be the last one. */
int
age_writer_write(struct age_writer *w, const void *p, size_t len,
    struct err *e)
{
	const unsigned char *from = p;
	size_t n;
	int rc;

	if (w->done)
		BUG("write to a finished age file");
	while (len > 0) {
		if (w->len == CHUNK) {
			rc = write_chunk(w, false, e);
			if (rc < 0)
				return rc;
		}
		n = CHUNK - w->len < len ? CHUNK - w->len : len;
		memcpy(w->plain + w->len, from, n);
		w->len += n;
		from += n;
		len -= n;
	}
	return 0;
}

int
age_writer_finish(struct age_writer *w, struct err *e)
{
	if (w->done)
		BUG("age file finished twice");
	w->done = true;
	return write_chunk(w, true, e);
}

void
age_writer_free(struct age_writer *w)
{
	if (w == NULL)
		return;
	sodium_munlock(&w->s, sizeof w->s);
	sodium_memzero(w, sizeof *w);
	free(w);
}

static int
writer_flow(void *ctx, const void *p, size_t len, struct err *e)
{
	return age_writer_write(ctx, p, len, e);
}

struct flow_out
age_writer_flow(struct age_writer *w)
{
	return (struct flow_out){ writer_flow, w };
}

uint64_t
age_payload_size(uint64_t plain)
{
	uint64_t chunks = plain == 0 ? 1 : (plain + CHUNK - 1) / CHUNK;

	return NONCE + plain + chunks * TAG;
}

uint64_t
age_header_size(size_t n)
{
	/* version line; "-> X25519 " + 43 + LF + 43 + LF each; "--- " + 43 */
	return 22 + n * (10 + 43 + 1 + 43 + 1) + 4 + 43 + 1;
}

/* --- reading --- */

struct age_reader {
	struct flow_in in;		/* the file, or the armour over it */
	struct armor *armor;
	struct stream s;
	bool first, last;		/* no chunk read; the last one read */
	bool whole;			/* and nothing came after it */
	size_t at, len;			/* in plain */
	struct err fault;		/* once failed, for ever */
	size_t raw_at, raw_len;
	unsigned char raw[4096];
	unsigned char sealed[CHUNK + TAG];
	unsigned char plain[CHUNK];
};

/* Small reads go through a buffer: the header is read byte by byte. */
static ssize_t
raw_read(void *ctx, void *p, size_t len, struct err *e)
{
	struct age_reader *r = ctx;
	ssize_t n;

	if (r->raw_at == r->raw_len) {
		if (len >= sizeof r->raw)
			return r->in.read(r->in.ctx, p, len, e);
		n = r->in.read(r->in.ctx, r->raw, sizeof r->raw, e);
		if (n <= 0)
			return n;
		r->raw_at = 0;
		r->raw_len = (size_t)n;
	}
	if (len > r->raw_len - r->raw_at)
		len = r->raw_len - r->raw_at;
	memcpy(p, r->raw + r->raw_at, len);
	r->raw_at += len;
	return (ssize_t)len;
}

static struct flow_in
raw_flow(struct age_reader *r)
{
	return (struct flow_in){ raw_read, r };
}

/* An age file starts with "a"; armour with a hyphen or white space. */
static int
detect_armor(struct age_reader *r, struct err *e)
{
	ssize_t n = r->in.read(r->in.ctx, r->raw, sizeof r->raw, e);

	if (n < 0)
		return (int)n;
	r->raw_len = (size_t)n;
	if (n == 0 || strchr("- \t\r\n", r->raw[0]) == NULL ||
	    r->raw[0] == '\0')
		return 0;
	r->armor = armor_new(r->in, r->raw, r->raw_len);
	r->in = armor_flow(r->armor);
	r->raw_len = 0;
	return 0;
}

static int
reader_start(struct age_reader *r, const struct age_keys *keys,
    struct err *e)
{
	unsigned char file_key[AGE_FILE_KEY], nonce[NONCE];
	ssize_t n;
	int rc;

	rc = detect_armor(r, e);
	if (rc == 0)
		rc = age_head_open(file_key, raw_flow(r), keys, e);
	if (rc < 0)
		return rc;
	n = flow_fill(raw_flow(r), nonce, sizeof nonce, e);
	if (n == NONCE)
		stream_start(&r->s, file_key, nonce);
	else if (n >= 0)
		n = err_set(e, E_FORMAT, "加密文件不完整：文件头之后没有内容");
	sodium_memzero(file_key, sizeof file_key);
	return n < 0 ? (int)n : 0;
}

struct age_reader *
age_reader_new(struct flow_in in, const struct age_keys *keys,
    struct err *e)
{
	struct age_reader *r = xcalloc(1, sizeof *r);

	age_init();
	sodium_mlock(&r->s, sizeof r->s);
	r->in = in;
	r->first = true;
	if (reader_start(r, keys, e) < 0) {
		age_reader_free(r);
		return NULL;
	}
	return r;
}

static int
damaged(struct age_reader *r, const char *what)
{
	return err_set(&r->fault, E_CORRUPT,
	    "加密内容%s，文件可能被改动或损坏", what);
}

static bool
open_chunk(struct age_reader *r, size_t n, bool last)
{
	unsigned long long len;

	r->s.nonce[11] = last;
	if (crypto_aead_chacha20poly1305_ietf_decrypt(r->plain, &len, NULL,
	    r->sealed, n, NULL, 0, r->s.nonce, r->s.key) != 0)
		return false;
	r->at = 0;
	r->len = (size_t)len;
	r->last = last;
	return true;
}

/* Read and authenticate one chunk.  A short one must be the last; a full one
 * may be, and then nothing may follow (checked by the next call, so that a
 * chunk that was in order is still handed out). */
static int
read_chunk(struct age_reader *r)
{
	ssize_t n = flow_fill(raw_flow(r), r->sealed, CHUNK + TAG, &r->fault);
	bool good;

	if (n < 0)
		return (int)n;
	if (r->last) {
		r->whole = n == 0;
		return n == 0 ? 0 : damaged(r, "之后还有多余的字节");
	}
	if (n < TAG)
		return damaged(r, "不完整（末尾缺失）");
	if (n == TAG && !r->first)
		return damaged(r, "的最后一段是空的");
	if (n < CHUNK + TAG) {
		good = open_chunk(r, (size_t)n, true);
		r->whole = good;
	} else {
		good = open_chunk(r, (size_t)n, false) ||
		    open_chunk(r, (size_t)n, true);
	}
	if (!good)
		return damaged(r, "的校验不符");
	r->first = false;
	stream_next(&r->s);
	return 0;
}

ssize_t
age_reader_read(struct age_reader *r, void *p, size_t len, struct err *e)
{
	int rc;

	while (r->fault.code == 0 && r->at == r->len && !r->whole) {
		rc = read_chunk(r);
		if (rc < 0 && r->fault.code == 0)
			err_set(&r->fault, rc, "读不出加密内容");
	}
	if (r->fault.code != 0)
		return err_set(e, r->fault.code, "%s", r->fault.msg);
	if (len > r->len - r->at)
		len = r->len - r->at;
	memcpy(p, r->plain + r->at, len);
	r->at += len;
	return (ssize_t)len;
}

void
age_reader_free(struct age_reader *r)
{
	if (r == NULL)
		return;
	armor_free(r->armor);
	sodium_munlock(&r->s, sizeof r->s);
	sodium_memzero(r, sizeof *r);
	free(r);
}

static ssize_t
reader_flow(void *ctx, void *p, size_t len, struct err *e)
{
	return age_reader_read(ctx, p, len, e);
}

struct flow_in
age_reader_flow(struct age_reader *r)
{
	return (struct flow_in){ reader_flow, r };
}

bool
age_looks_like(const void *p, size_t len)
{
	static const char plain[] = "age-encryption.org/";
	static const char armored[] = "-----BEGIN AGE ENCRYPTED FILE-----";
	const char *s = p;

	if (len >= sizeof plain - 1 && memcmp(s, plain, sizeof plain - 1) == 0)
		return true;
	while (len > 0 && *s != '\0' && strchr(" \t\r\n", *s) != NULL) {
		s++;
		len--;
	}
	return len >= sizeof armored - 1 &&
	    memcmp(s, armored, sizeof armored - 1) == 0;
}
