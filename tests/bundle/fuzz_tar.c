/* Fuzz the ustar reader and the bag check over it. */
#include "bagit.h"
#include "fuzz_main.h"
#include "tar.h"

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
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
	return 0;
}
