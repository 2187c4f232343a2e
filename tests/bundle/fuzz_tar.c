/* Fuzz the ustar reader and the bag check over it: as it is, and with right
 * sums in its headers, which a forger would write too. */
#include "bagit.h"
#include "fuzz_main.h"
#include "tar.h"

enum { SUM = 148, SIZE = 124 };		/* where they stand in a header */

/* Put the right sum into every block that would be read as a header. */
static void
mend(uint8_t *p, size_t len)
{
	size_t at = 0, i, sum;
	char size[13] = "";

	while (at + TAR_BLOCK <= len) {
		uint8_t *h = p + at;

		memset(h + SUM, ' ', 8);
		for (sum = i = 0; i < TAR_BLOCK; i++)
			sum += h[i];
		if (sum == 8 * ' ') {		/* the end: all zeros */
			memset(h + SUM, 0, 8);
			return;
		}
		snprintf((char *)h + SUM, 8, "%06o", (unsigned)sum);
		h[SUM + 7] = ' ';
		memcpy(size, h + SIZE, 12);
		i = strtoul(size, NULL, 8);
		if (i > len)
			return;
		at += TAR_BLOCK + (i + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
	}
}

static void
look(const uint8_t *p, size_t len)
{
	static const struct tar_limits limits = { 1 << 20, 1 << 20, 100 };
	struct bagit_result res = BAGIT_RESULT_INIT;
	struct flow_mem m = { p, len }, again = { p, len };
	struct tar_reader *r = tar_reader_new(flow_from_mem(&m), &limits);
	struct tar_entry entry;
	struct err e = ERR_INIT;
	uint64_t total = 0;
	int rc;

	while ((rc = tar_next(r, &entry, &e)) == 1) {
		MUST(entry.name[0] != '/' && entry.name[0] != '\0');
		MUST(strstr(entry.name, "/../") == NULL);
		MUST(strncmp(entry.name, "../", 3) != 0);
		total += entry.size;
		MUST(total <= limits.total);
	}
	MUST(rc == 0 || e.code == rc);
	tar_reader_free(r);
	rc = bagit_check_tar(&res, flow_from_mem(&again), &limits, NULL, &e);
	MUST(rc <= 0);
	MUST(rc == 0 || res.verdict == BAGIT_INVALID);
	bagit_result_done(&res);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	uint8_t *copy = malloc(len + 1);

	look(p, len);
	memcpy(copy, p, len);
	mend(copy, len);
	look(copy, len);
	free(copy);
	return 0;
}
