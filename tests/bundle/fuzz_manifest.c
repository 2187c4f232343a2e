/* Fuzz the tag files of bags: lines, declarations, manifests, fetch lists,
 * encodings, names. */
#include "bagtag.h"
#include "fuzz_main.h"
#include "norm.h"

static void
each_line(const char *text, size_t len)
{
	const char *at = text, *line, *value;
	struct bagtag_entry en;
	char path[BAGTAG_PATH], *key;
	size_t n, value_len, label_len;

	while (bagtag_line(&line, &n, &at, text + len)) {
		MUST(memchr(line, '\n', n) == NULL);
		if (bagtag_manifest(&en, line, n, (n & 1) != 0) == NULL) {
			MUST(en.sum_len <= n);
			MUST(en.path[0] != '\0');
			key = norm_key(en.path);
			free(key);
			bagtag_is_special(en.path);
			if (bagtag_path_fault(en.path, true) == NULL)
				MUST(bagtag_path_fault(en.path, false) ==
				    NULL);
		}
		if (bagtag_fetch(path, line, n, true) == NULL)
			MUST(path[0] != '\0');
		if (bagtag_label(line, n, &value, &value_len, &label_len))
			MUST(label_len + value_len < n + 1);
	}
	MUST(at == text + len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	static const char *const encodings[] = { "UTF-8", "UTF-16", "GB18030",
	    "ISO-8859-1" };
	struct bagtag_declaration d;
	struct str out = STR_INIT;
	size_t i;

	if (bagtag_declare(&d, (const char *)p, len) == NULL)
		MUST(d.version[0] != '\0' && d.encoding[0] != '\0');
	for (i = 0; i < 4; i++)
		if (bagtag_decode(&out, (const char *)p, len,
		    encodings[i]) == NULL)
			each_line(out.buf, out.len);
	str_done(&out);
	return 0;
}
