/* Fuzz the county's answer and the cutting of lines. */
#include "fuzz_main.h"
#include "lines.h"
#include "receipt.h"

static void
cut(const uint8_t *p, size_t len)
{
	struct flow_mem m = { p, len };
	struct err e = ERR_INIT;
	struct lines l;
	const char *text;
	size_t n, sum = 0;

	lines_init(&l, flow_from_mem(&m), 4096);
	while (lines_next(&l, &text, &n, &e) > 0) {
		MUST(text[n] == '\0' && memchr(text, '\n', n) == NULL);
		sum += n + 1;
	}
	MUST(sum <= len);
	MUST(e.code != 0 || sum == len);
	lines_done(&l);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct err e = ERR_INIT;
	struct receipt r;
	size_t i;
	int rc = receipt_parse(&r, (const char *)p, len, &e);

	MUST((rc == 0) == (e.code == 0));
	if (rc == 0) {
		MUST(strlen(r.inc) == 32 && strlen(r.chain) == 64);
		MUST(r.applied >= 0 && r.serial >= 0);
		for (i = 0; i < r.nback; i++)
			MUST(r.back[i].uid != NULL && r.back[i].rv != NULL);
		for (i = 0; i < r.nproposals; i++)
			MUST(r.proposal[i].field != NULL);
	}
	receipt_done(&r);
	cut(p, len);
	return 0;
}
