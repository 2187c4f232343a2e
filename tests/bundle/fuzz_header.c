/* Fuzz what a bundle says of itself. */
#include "fuzz_main.h"
#include "header.h"
#include "journal.h"
#include "safe.h"

/* The parser does not hash: the journal's hashes are not linked here. */
void
sha_init(struct sha *s)
{
	(void)s;
}

void
sha_add(struct sha *s, const void *p, size_t len)
{
	(void)s;
	(void)p;
	(void)len;
}

void
sha_done(struct sha *s, unsigned char out[HASH_SIZE])
{
	(void)s;
	memset(out, 0, HASH_SIZE);
}

static bool
is_hex(const char *s, size_t len)
{
	return strlen(s) == len && strspn(s, "0123456789abcdef") == len;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct err e = ERR_INIT;
	struct str again = STR_INIT;
	struct header h, other;
	size_t i;
	int rc = header_parse(&h, (const char *)p, len, &e);

	MUST((rc == 0) == (e.code == 0));
	if (rc < 0)
		return 0;
	MUST(strcmp(h.format, "tj1") == 0 && is_hex(h.inc, 32));
	MUST(h.base >= 0 && h.base <= h.to && h.rows >= 0);
	MUST(is_hex(h.previous, 64) && is_hex(h.base_chain, 64));
	MUST(safe_input_ok(h.site_name, false, NULL) == 0);
	for (i = 0; i < h.nlineage; i++)
		MUST(is_hex(h.lineage[i], 64));
	/* what was read can be written and read again */
	header_text(&h, &again);
	MUST(header_parse(&other, again.buf, again.len, &e) == 0);
	MUST(other.to == h.to && strcmp(other.site, h.site) == 0);
	header_done(&other);
	header_done(&h);
	str_done(&again);
	return 0;
}
