/* Fuzz the lines of rows.jsonl: nested, oversized, doubled members. */
#include <jansson.h>

#include "fuzz_main.h"
#include "lines.h"
#include "rowscan.h"
#include "rowshape.h"
#include "rowtext.h"
#include "str.h"

/* Both ways of reading a line agree on what it says. */
static void
compare(const char *text, size_t n)
{
	struct str again = STR_INIT;
	struct rowtext a, b;
	struct err e = ERR_INIT;
	size_t i;

	str_addc(&again, ' ');
	str_addn(&again, text, n);
	MUST(rowtext_read(&a, text, n, &e) == 0);
	MUST(rowtext_read(&b, again.buf, again.len, &e) == 0);
	MUST(str_eq(a.uid, b.uid) && str_eq(a.state, b.state));
	MUST(str_eq(a.updated[1], b.updated[1]) && a.deleted == b.deleted);
	MUST(a.nsup == b.nsup && a.nv == b.nv);
	for (i = 0; i < a.nsup; i++)
		MUST(str_eq(a.sup[i], b.sup[i]));
	for (i = 0; i < a.nv; i++)
		MUST(str_eq(a.v[i].name, b.v[i].name) &&
		    str_eq(a.v[i].text, b.v[i].text));
	rowtext_done(&a);
	rowtext_done(&b);
	str_done(&again);
}

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
		compare(text, n);
	}
	lines_done(&l);
	return 0;
}
