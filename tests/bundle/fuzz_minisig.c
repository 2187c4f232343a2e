/* Fuzz minisign's three kinds of file. */
#include "fuzz_main.h"
#include "minisign.h"

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct minisign_secret secret;
	struct minisign_public k;
	struct minisign_sig sig;
	struct flow_mem m = { p, len };
	struct err e = ERR_INIT;
	char *text = malloc(len + 1);

	memcpy(text, p, len);
	text[len] = '\0';
	memset(&k, 0, sizeof k);
	if (minisign_sig_parse(&sig, text, len, &e) == 0) {
		MUST(strchr(sig.comment, '\n') == NULL);
		memcpy(k.id, sig.id, sizeof k.id);
		/* nothing verifies under a key of zeros */
		MUST(minisign_verify(&sig, &k, flow_from_mem(&m), &e) < 0);
	}
	e.code = 0;
	MUST((minisign_public_parse(&k, text, &e) == 0) == (e.code == 0));
	e.code = 0;
	MUST((minisign_secret_parse(&secret, text, NULL, &e) == 0) ==
	    (e.code == 0));
	free(text);
	return 0;
}
