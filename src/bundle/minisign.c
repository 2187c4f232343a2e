/* See minisign.h.  The signature's layout, Base64 with padding, each on its
 * line: "ED" id[8] sig[64]; then 64 bytes over sig and comment. */
#include "minisign.h"

#include <sodium.h>
#include <string.h>

#include "agekey.h"

#define TRUSTED "trusted comment: "

enum {
	B64 = sodium_base64_VARIANT_ORIGINAL,
	SIG = 74,			/* bytes before Base64 */
	LINE_BYTES = 1200,		/* of the first line */
	OLD_KIND_MAX = 64 << 20		/* bytes of a file signed the old way */
};

/* --- hashing --- */

/* libsodium wants its state on a 64-byte boundary. */
static crypto_generichash_state *
state_of(struct minisign_hash *h)
{
	uintptr_t at = ((uintptr_t)h->room + 63) & ~(uintptr_t)63;

	_Static_assert(sizeof(crypto_generichash_state) + 63 <=
	    sizeof h->room, "BLAKE2b outgrew its room");
	return (crypto_generichash_state *)at;
}

void
minisign_hash_init(struct minisign_hash *h)
{
	age_init();
	crypto_generichash_init(state_of(h), NULL, 0, MINISIGN_HASH);
}

void
minisign_hash_update(struct minisign_hash *h, const void *p, size_t len)
{
	if (len > 0)
		crypto_generichash_update(state_of(h), p, len);
}

void
minisign_hash_final(struct minisign_hash *h, unsigned char out[MINISIGN_HASH])
{
	crypto_generichash_final(state_of(h), out, MINISIGN_HASH);
}

static int
hash_write(void *ctx, const void *p, size_t len, struct err *e)
{
	(void)e;
	minisign_hash_update(ctx, p, len);
	return 0;
}

struct flow_out
minisign_hash_flow(struct minisign_hash *h)
{
	return (struct flow_out){ hash_write, h };
}

/* --- signing --- */

static int
check_comment(const char *c, struct err *e)
{
	const unsigned char *p = (const unsigned char *)c;

	if (strlen(c) > MINISIGN_COMMENT)
		return err_set(e, E_RANGE, "签名附注太长（上限 %d 字节）",
		    MINISIGN_COMMENT);
	for (; *p != '\0'; p++)
		if (*p < 32 || *p == 127)
			return err_set(e, E_RANGE, "签名附注里有控制字符");
	return 0;
}

/* What the second signature covers: the first one and the comment. */
static size_t
global_message(unsigned char out[64 + MINISIGN_COMMENT],
    const unsigned char sig[64], const char *comment)
{
	size_t n = strlen(comment);

	memcpy(out, sig, 64);
	memcpy(out + 64, comment, n);
	return 64 + n;
}

int
minisign_sign(struct str *out, const struct minisign_secret *s,
    const unsigned char hash[MINISIGN_HASH], const char *trusted_comment,
    struct err *e)
{
	unsigned char raw[SIG] = "ED", global[64];
	unsigned char msg[64 + MINISIGN_COMMENT];
	char text[SIG / 3 * 4 + 8];
	size_t n;

	if (check_comment(trusted_comment, e) < 0)
		return E_RANGE;
	memcpy(raw + 2, s->public.id, 8);
	crypto_sign_detached(raw + 10, NULL, hash, MINISIGN_HASH, s->key);
	n = global_message(msg, raw + 10, trusted_comment);
	crypto_sign_detached(global, NULL, msg, n, s->key);
	sodium_bin2base64(text, sizeof text, raw, sizeof raw, B64);
	str_addf(out, MINISIGN_UNTRUSTED "signature from tongji\n%s\n"
	    TRUSTED "%s\n", text, trusted_comment);
	sodium_bin2base64(text, sizeof text, global, sizeof global, B64);
	str_addf(out, "%s\n", text);
	return 0;
}

/* --- verifying --- */

static int
bad_sig(struct err *e, const char *what)
{
	return err_set(e, E_FORMAT, "签名文件的格式不对（%s）", what);
}

/* Copy the trusted comment; a control character but TAB (minisign's own
 * default has one) is refused. */
static int
take_comment(struct minisign_sig *sig, const struct miniline *l, struct err *e)
{
	size_t n = l->len - strlen(TRUSTED), i;
	const char *p = l->p + strlen(TRUSTED);

	if (n > MINISIGN_COMMENT)
		return bad_sig(e, "附注太长");
	for (i = 0; i < n; i++)
		if (((unsigned char)p[i] < 32 && p[i] != '\t') || p[i] == 127)
			return bad_sig(e, "附注里有控制字符");
	memcpy(sig->comment, p, n);
	sig->comment[n] = '\0';
	return 0;
}

int
minisign_sig_parse(struct minisign_sig *sig, const char *text, size_t len,
    struct err *e)
{
	const char *at = text, *end = text + len;
	unsigned char raw[SIG];
	struct miniline l;
	int rc;

	memset(sig, 0, sizeof *sig);
	if (!miniline_next(&l, &at, end) || l.len > LINE_BYTES ||
	    !miniline_starts(&l, MINISIGN_UNTRUSTED))
		return bad_sig(e, "缺少第一行说明");
	if (!miniline_next(&l, &at, end) ||
	    !miniline_bytes(raw, sizeof raw, &l))
		return bad_sig(e, "签名行不对");
	if (memcmp(raw, "ED", 2) != 0 && memcmp(raw, "Ed", 2) != 0)
		return bad_sig(e, "签名算法不认识");
	sig->prehashed = raw[1] == 'D';
	memcpy(sig->id, raw + 2, 8);
	memcpy(sig->sig, raw + 10, 64);
	if (!miniline_next(&l, &at, end) || !miniline_starts(&l, TRUSTED))
		return bad_sig(e, "缺少附注行");
	rc = take_comment(sig, &l, e);
	if (rc < 0)
		return rc;
	if (!miniline_next(&l, &at, end) ||
	    !miniline_bytes(sig->global, sizeof sig->global, &l))
		return bad_sig(e, "附注的签名行不对");
	while (miniline_next(&l, &at, end))
		if (l.len > 0)
			return bad_sig(e, "末尾有多余内容");
	return 0;
}

/* The signature over `msg`, then the one over the comment. */
static int
verify_message(const struct minisign_sig *sig,
    const struct minisign_public *k, const unsigned char *msg, size_t len,
    struct err *e)
{
	unsigned char all[64 + MINISIGN_COMMENT];
	char have[MINISIGN_ID_SIZE], want[MINISIGN_ID_SIZE];
	struct minisign_public other;
	size_t n;

	if (memcmp(sig->id, k->id, sizeof k->id) != 0) {
		memcpy(other.id, sig->id, sizeof other.id);
		minisign_id(&other, have);
		minisign_id(k, want);
		return err_set(e, E_DENIED,
		    "签名出自另一把钥匙（%s），不是登记的 %s", have, want);
	}
	if (crypto_sign_verify_detached(sig->sig, msg, len, k->key) != 0)
		return err_set(e, E_CRYPTO,
		    "签名与内容不符，文件可能被改动或损坏");
	n = global_message(all, sig->sig, sig->comment);
	if (crypto_sign_verify_detached(sig->global, all, n, k->key) != 0)
		return err_set(e, E_CRYPTO,
		    "签名附注不符，签名文件可能被改动或损坏");
	return 0;
}

int
minisign_verify_hash(const struct minisign_sig *sig,
    const struct minisign_public *k, const unsigned char hash[MINISIGN_HASH],
    struct err *e)
{
	age_init();
	if (!sig->prehashed)
		return bad_sig(e, "旧式签名，不能这样核对");
	return verify_message(sig, k, hash, MINISIGN_HASH, e);
}

/* The older kind signs the file itself: it must be in memory. */
static int
verify_old(const struct minisign_sig *sig, const struct minisign_public *k,
    struct flow_in in, struct err *e)
{
	struct str all = STR_INIT;
	ssize_t n = 1;
	int rc;

	while (n > 0 && all.len <= OLD_KIND_MAX) {
		str_room(&all, FLOW_CHUNK);
		n = in.read(in.ctx, all.buf + all.len, FLOW_CHUNK, e);
		if (n > 0)
			all.len += (size_t)n;
	}
	if (n < 0)
		rc = (int)n;
	else if (n > 0)
		rc = err_set(e, E_RANGE, "旧式签名的文件太大，无法核对");
	else
		rc = verify_message(sig, k, (const unsigned char *)all.buf,
		    all.len, e);
	str_done(&all);
	return rc;
}

int
minisign_verify(const struct minisign_sig *sig,
    const struct minisign_public *k, struct flow_in in, struct err *e)
{
	unsigned char hash[MINISIGN_HASH];
	struct minisign_hash h;
	int64_t n;

	age_init();
	if (!sig->prehashed)
		return verify_old(sig, k, in, e);
	minisign_hash_init(&h);
	n = flow_copy(in, minisign_hash_flow(&h), e);
	if (n < 0)
		return (int)n;
	minisign_hash_final(&h, hash);
	return minisign_verify_hash(sig, k, hash, e);
}
