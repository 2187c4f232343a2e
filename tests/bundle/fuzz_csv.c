/* Fuzz the reader of comma-separated text. */
#include "csv.h"
#include "fuzz_main.h"

static void
read_all(const char *text, size_t len, char delimiter)
{
	struct cells r = CELLS_INIT;
	struct err e = ERR_INIT;
	struct csv c;
	size_t i, sum = 0, line = 0;
	int rc;

	csv_init(&c, text, len, delimiter);
	while ((rc = csv_next(&c, &r, &e)) > 0) {
		MUST(r.n > 0 && r.n <= CSV_COLUMNS);
		MUST(r.line > line);
		line = r.line;
		for (i = 0; i < r.n; i++)
			sum += strlen(r.cell[i]);
		MUST(cells_empty(&r) || sum > 0);
	}
	MUST((rc < 0) == (e.code != 0));
	MUST(sum <= len);
	cells_done(&r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	read_all((const char *)p, len, ',');
	read_all((const char *)p, len, '\t');
	return 0;
}
