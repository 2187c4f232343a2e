/* Fuzz the age reader (header, armour, stream) and identity files. */
#include "age.h"
#include "fuzz_main.h"

static const char identity[] = "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2V"
    "KNX2MMDKWYKLMGR48UAWX40Q2P2LM0";

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct age_keys k = AGE_KEYS_INIT, other = AGE_KEYS_INIT;
	struct flow_mem m = { p, len };
	struct age_identity id;
	struct age_reader *r;
	struct err e = ERR_INIT;
	char buf[4096];
	ssize_t n;

	MUST(age_identity_parse(&id, identity, &e) == 0);
	age_keys_add(&k, &id);
	r = age_reader_new(flow_from_mem(&m), &k, &e);
	MUST(r != NULL || e.code != 0);
	if (r != NULL) {
		while ((n = age_reader_read(r, buf, sizeof buf, &e)) > 0)
			MUST(n <= (ssize_t)sizeof buf);
		MUST(n == 0 ? e.code == 0 : e.code == n);
	}
	age_reader_free(r);
	e.code = 0;
	MUST((age_keys_parse(&other, (const char *)p, len, &e) == 0) ==
	    (e.code == 0));
	age_keys_done(&other);
	age_keys_done(&k);
	return 0;
}
