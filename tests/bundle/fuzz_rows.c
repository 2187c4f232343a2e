/* Fuzz the lines of rows.jsonl: nested, oversized, doubled members. */
#include <jansson.h>

#include "fuzz_main.h"
#include "lines.h"
#include "rowscan.h"
#include "rowshape.h"

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct flow_mem m = { p, len };
	struct err e = ERR_INIT;
	struct lines l;
	const char *text;
	size_t n;

	lines_init(&l, flow_from_mem(&m), 1 << 16);
	while (lines_next(&l, &text, &n, &e) > 0) {
		json_error_t je;
		json_t *lax;

		if (rowscan_plain(text, n)) {
			/* the quick look takes nothing that the parser and
			 * the full look would not */
			lax = json_loadb(text, n, JSON_REJECT_DUPLICATES, &je);
			MUST(json_is_object(lax) && rows_shape(lax));
			json_decref(lax);
		}
		if (rows_check_line(text, n, &e) < 0)
			continue;
		/* what is taken is one object, with no member twice and
		 * nothing behind it */
		lax = json_loadb(text, n, 0, &je);
		MUST(json_is_object(lax));
		MUST(json_is_string(json_object_get(lax, "uid")));
		json_decref(lax);
		MUST(memchr(text, '\0', n) == NULL);
	}
	lines_done(&l);
	return 0;
}
