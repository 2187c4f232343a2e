/* See base64.h. */
#include "base64.h"

#include <sodium.h>

static bool
is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    (c >= '0' && c <= '9') || c == '+' || c == '/' || c == '=';
}

int
base64_decode(unsigned char *out, size_t size, size_t *n,
    const char *text, size_t len, bool padded)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!is_letter(text[i]))
			return -1;
	return sodium_base642bin(out, size, text, len, NULL, n, NULL,
	    padded ? sodium_base64_VARIANT_ORIGINAL :
	    sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
}
