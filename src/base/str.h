/* A growing string of bytes, always ending in a NUL that `len` does not
 * count.  `buf` is never NULL. */
#ifndef TONGJI_STR_H
#define TONGJI_STR_H

#include <stddef.h>
#include <stdbool.h>

struct str {
	char *buf;
	size_t len, cap;	/* bytes */
};

extern char str_empty[1];
#define STR_INIT { str_empty, 0, 0 }

void str_init(struct str *s);
void str_done(struct str *s);			/* may be used again after */
void str_clear(struct str *s);			/* keeps the storage */
void str_room(struct str *s, size_t more);	/* make room for `more` bytes */
void str_add(struct str *s, const char *text);	/* NULL adds nothing */
void str_addn(struct str *s, const void *p, size_t len);
void str_addc(struct str *s, char c);
void str_addf(struct str *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
char *str_take(struct str *s);		/* you now own the heap string */

/* Whole-string helpers. */
bool str_eq(const char *a, const char *b);	/* NULL equals only NULL */
bool str_starts(const char *s, const char *prefix);
bool str_blank(const char *s);			/* NULL or "" */

/* The lower-case hexadecimal of `len` bytes into out[2*len+1]. */
void hex_encode(char *out, const void *p, size_t len);
/* Decode exactly `len` bytes from 2*len digits; -1 if it is not that. */
int hex_decode(void *out, size_t len, const char *hex);

#endif
