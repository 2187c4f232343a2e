/* See json.h. */
#include "json.h"

#include <string.h>

void
json_text(struct str *out, const char *text)
{
	const char *run = text;

	if (text == NULL) {
		str_addn(out, "null", 4);
		return;
	}
	str_addc(out, '"');
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		str_addn(out, run, (size_t)(text - run));
		run = text + 1;
		if (c == '"' || c == '\\') {
			str_addc(out, '\\');
			str_addc(out, (char)c);
		} else if (c == '\n') {
			str_addn(out, "\\n", 2);
		} else {
			str_addf(out, "\\u%04x", c);
		}
	}
	str_addn(out, run, (size_t)(text - run));
	str_addc(out, '"');
}
