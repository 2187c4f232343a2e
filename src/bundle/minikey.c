/* See minikey.h.  Layouts, Base64 with padding on one line:
 *
 *	public	"Ed" id[8] key[32]
 *	secret	"Ed" kdf[2] "B2" salt[32] ops[8] mem[8]
 *		and, masked by the KDF's output: id[8] key[64] sum[32]
 */
#include "minikey.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "agekey.h"
#include "base64.h"
#include "file.h"

enum {
	B64 = sodium_base64_VARIANT_ORIGINAL,
	PUBLIC = 42,			/* bytes before Base64 */
	SECRET = 158,
	LINE_BYTES = 1200,		/* of any line */
	/* scrypt with 2^16: 64 MiB, which a 128 MB machine has */
	KDF_OPS = 2097152,
	KDF_MEM = 67108864
};

static const uint64_t kdf_mem_max = 1ull << 30;	/* minisign's own choice */

void
minisign_new(struct minisign_secret *s)
{
	age_init();
	sodium_mlock(s, sizeof *s);	/* may be refused: no harm */
	crypto_sign_keypair(s->public.key, s->key);
	randombytes_buf(s->public.id, sizeof s->public.id);
}

void
minisign_wipe(struct minisign_secret *s)
{
	sodium_memzero(s, sizeof *s);
	sodium_munlock(s, sizeof *s);
}

void
minisign_id(const struct minisign_public *k, char out[MINISIGN_ID_SIZE])
{
	static const char digits[] = "0123456789ABCDEF";
	size_t i;

	/* shown as a number, stored with its low byte first */
	for (i = 0; i < sizeof k->id; i++) {
		out[2 * i] = digits[k->id[7 - i] >> 4];
		out[2 * i + 1] = digits[k->id[7 - i] & 15];
	}
	out[16] = '\0';
}

void
minisign_public_format(const struct minisign_public *k,
    char out[MINISIGN_PUBLIC_SIZE])
{
	unsigned char raw[PUBLIC];

	memcpy(raw, "Ed", 2);
	memcpy(raw + 2, k->id, sizeof k->id);
	memcpy(raw + 10, k->key, sizeof k->key);
	sodium_bin2base64(out, MINISIGN_PUBLIC_SIZE, raw, sizeof raw, B64);
}

bool
miniline_next(struct miniline *l, const char **at, const char *end)
{
	const char *nl;

	if (*at >= end)
		return false;
	nl = memchr(*at, '\n', (size_t)(end - *at));
	l->p = *at;
	l->len = (size_t)((nl == NULL ? end : nl) - *at);
	*at = nl == NULL ? end : nl + 1;
	if (l->len > 0 && l->p[l->len - 1] == '\r')
		l->len--;
	return true;
}

bool
miniline_starts(const struct miniline *l, const char *prefix)
{
	size_t n = strlen(prefix);

	return l->len >= n && memcmp(l->p, prefix, n) == 0;
}

bool
miniline_bytes(unsigned char *out, size_t size, const struct miniline *l)
{
	size_t n;

	return l->len <= LINE_BYTES && base64_decode(out, size, &n, l->p,
	    l->len, true) == 0 && n == size;
}

/* The line that holds the key: the first, or the one after the comment. */
static bool
key_line(struct miniline *l, const char *text)
{
	const char *at = text, *end = text + strlen(text);

	do {
		if (!miniline_next(l, &at, end))
			return false;
	} while (l->len == 0 || miniline_starts(l, MINISIGN_UNTRUSTED));
	return true;
}

int
minisign_public_parse(struct minisign_public *k, const char *text,
    struct err *e)
{
	unsigned char raw[PUBLIC];
	struct miniline l;

	if (!key_line(&l, text) || !miniline_bytes(raw, sizeof raw, &l) ||
	    memcmp(raw, "Ed", 2) != 0)
		return err_set(e, E_FORMAT,
		    "不是有效的验签公钥（应以 RW 开头，共56个字符）");
	memcpy(k->id, raw + 2, sizeof k->id);
	memcpy(k->key, raw + 10, sizeof k->key);
	return 0;
}

void
minisign_public_text(struct str *out, const struct minisign_public *k)
{
	char id[MINISIGN_ID_SIZE], line[MINISIGN_PUBLIC_SIZE];

	minisign_id(k, id);
	minisign_public_format(k, line);
	str_addf(out, MINISIGN_UNTRUSTED "minisign public key %s\n%s\n",
	    id, line);
}

/* --- secret keys --- */

static void
put64(unsigned char *p, uint64_t v)
{
	int i;

	for (i = 0; i < 8; i++)
		p[i] = (unsigned char)(v >> 8 * i);
}

static uint64_t
get64(const unsigned char *p)
{
	uint64_t v = 0;
	int i;

	for (i = 7; i >= 0; i--)
		v = v << 8 | p[i];
	return v;
}

enum { AT_KDF = 2, AT_SUM = 4, AT_SALT = 6, AT_OPS = 38, AT_MEM = 46,
	AT_ID = 54, AT_KEY = 62, AT_CHECK = 126, MASKED = SECRET - AT_ID };

/* The check sum of minisign's secret key files. */
static void
secret_check(unsigned char out[32], const unsigned char raw[SECRET])
{
	crypto_generichash_state st;

	crypto_generichash_init(&st, NULL, 0, 32);
	crypto_generichash_update(&st, raw, 2);
	crypto_generichash_update(&st, raw + AT_ID, 8 + 64);
	crypto_generichash_final(&st, out, 32);
}

/* Mask or unmask the secret half with the passphrase. */
static int
secret_mask(unsigned char raw[SECRET], const char *passphrase, struct err *e)
{
	uint64_t ops = get64(raw + AT_OPS), mem = get64(raw + AT_MEM);
	unsigned char mask[MASKED];
	size_t i;

	if (mem > kdf_mem_max || ops > 1ull << 32)
		return err_set(e, E_FORMAT, "私钥文件的口令强度不合理");
	if (!age_memory_suffices(mem) ||
	    crypto_pwhash_scryptsalsa208sha256(mask, sizeof mask, passphrase,
	    strlen(passphrase), raw + AT_SALT, ops, (size_t)mem) != 0)
		return err_set(e, E_RANGE, "这台电脑的内存不够算出口令的密钥"
		    "（要 %u 兆）", (unsigned)(mem >> 20));
	for (i = 0; i < sizeof mask; i++)
		raw[AT_ID + i] ^= mask[i];
	sodium_memzero(mask, sizeof mask);
	return 0;
}

int
minisign_secret_text(struct str *out, const struct minisign_secret *s,
    const char *passphrase, struct err *e)
{
	unsigned char raw[SECRET] = "Ed";
	char text[SECRET / 3 * 4 + 8];
	int rc = 0;

	memcpy(raw + AT_SUM, "B2", 2);
	memcpy(raw + AT_ID, s->public.id, 8);
	memcpy(raw + AT_KEY, s->key, 64);
	if (passphrase != NULL) {
		memcpy(raw + AT_KDF, "Sc", 2);
		randombytes_buf(raw + AT_SALT, 32);
		put64(raw + AT_OPS, KDF_OPS);
		put64(raw + AT_MEM, KDF_MEM);
		secret_check(raw + AT_CHECK, raw);
		rc = secret_mask(raw, passphrase, e);
	}
	if (rc == 0) {
		sodium_bin2base64(text, sizeof text, raw, sizeof raw, B64);
		str_room(out, 512);
		str_addf(out, MINISIGN_UNTRUSTED "minisign %s secret key\n",
		    passphrase == NULL ? "unencrypted" : "encrypted");
		str_add(out, text);
		str_addc(out, '\n');
	}
	sodium_memzero(raw, sizeof raw);
	sodium_memzero(text, sizeof text);
	return rc;
}

/* Is the (unmasked) secret half a key that belongs together? */
static bool
secret_take(struct minisign_secret *s, const unsigned char raw[SECRET],
    bool checked)
{
	unsigned char sum[32], seed[32], pk[32], sk[64];
	bool good;

	secret_check(sum, raw);
	if (checked && sodium_memcmp(sum, raw + AT_CHECK, 32) != 0)
		return false;
	memcpy(seed, raw + AT_KEY, sizeof seed);
	crypto_sign_seed_keypair(pk, sk, seed);
	good = sodium_memcmp(sk, raw + AT_KEY, sizeof sk) == 0;
	if (good) {
		memcpy(s->public.id, raw + AT_ID, 8);
		memcpy(s->public.key, pk, sizeof pk);
		memcpy(s->key, sk, sizeof sk);
	}
	sodium_memzero(seed, sizeof seed);
	sodium_memzero(sk, sizeof sk);
	return good;
}

static int
secret_open(struct minisign_secret *s, unsigned char raw[SECRET],
    const char *passphrase, struct err *e)
{
	bool locked = memcmp(raw + AT_KDF, "Sc", 2) == 0;
	int rc;

	if (memcmp(raw, "Ed", 2) != 0 || memcmp(raw + AT_SUM, "B2", 2) != 0 ||
	    (!locked && memcmp(raw + AT_KDF, "\0\0", 2) != 0))
		return err_set(e, E_FORMAT, "不是可以识别的签名私钥");
	if (locked && passphrase == NULL)
		return err_set(e, E_DENIED, "签名私钥有口令保护，请输入口令");
	rc = locked ? secret_mask(raw, passphrase, e) : 0;
	if (rc < 0)
		return rc;
	if (secret_take(s, raw, locked))
		return 0;
	return locked ? err_set(e, E_DENIED, "口令不对，或签名私钥已损坏") :
	    err_set(e, E_FORMAT, "签名私钥已损坏");
}

int
minisign_secret_parse(struct minisign_secret *s, const char *text,
    const char *passphrase, struct err *e)
{
	unsigned char raw[SECRET];
	struct miniline l;
	int rc;

	age_init();
	if (key_line(&l, text) && miniline_bytes(raw, sizeof raw, &l))
		rc = secret_open(s, raw, passphrase, e);
	else
		rc = err_set(e, E_FORMAT, "不是签名私钥文件");
	sodium_memzero(raw, sizeof raw);
	return rc;
}

int
minisign_secret_load(struct minisign_secret *s, const char *path,
    const char *passphrase, struct err *e)
{
	struct str text = STR_INIT;
	int rc = file_read(&text, path, 65536, e);

	if (rc == 0) {
		rc = minisign_secret_parse(s, text.buf, passphrase, e);
		if (rc < 0)
			err_prefix(e, "%s", path);
	}
	age_wipe_str(&text);
	return rc;
}
