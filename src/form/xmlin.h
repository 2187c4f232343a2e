/* Reading XML in pieces through expat, which is loaded when the first
 * workbook is opened.  Names come without their namespace prefix.  Document
 * type declarations are refused: workbooks have none, and entities are how
 * small files become large. */
#ifndef TONGJI_XMLIN_H
#define TONGJI_XMLIN_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

struct xmlin;

struct xmlin_handler {
	/* attr: name, value, name, value, …, NULL; prefixes still there */
	void (*start)(void *arg, const char *name, const char **attr);
	void (*end)(void *arg, const char *name);
	void (*text)(void *arg, const char *s, size_t len);
};

/* E_NOTFOUND when expat is not installed. */
int xmlin_new(struct xmlin **out, const struct xmlin_handler *h, void *arg,
    struct err *e) MUST_CHECK;
/* E_FORMAT when it is not well-formed. */
int xmlin_feed(struct xmlin *x, const char *p, size_t len, bool last,
    struct err *e) MUST_CHECK;
void xmlin_free(struct xmlin *x);

/* The attribute of that name, with or without a prefix; NULL if missing. */
const char *xmlin_attr(const char **attr, const char *name);

#endif
