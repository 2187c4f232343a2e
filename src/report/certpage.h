/* Certificates and attestations as one self-contained HTML page: A4 landscape,
 * one sheet for each, no script, nothing fetched, fonts by name only (whatever
 * song or hei face the printing PC has). */
#ifndef TONGJI_CERTPAGE_H
#define TONGJI_CERTPAGE_H

#include <stdbool.h>

#include "str.h"

struct certpage {
	const char *title;	/* 培训合格证书, 参训证明 */
	const char *name, *unit;	/* unit may be NULL */
	const char *text;	/* the sentence, after the name */
	const char *number;	/* or NULL */
	const char *issuer;
	const char *on;		/* YYYY-MM-DD */
};

void certpage_begin(struct str *out, const char *title);
void certpage_add(struct str *out, const struct certpage *c);
void certpage_end(struct str *out);
/* Append 2026年3月20日. */
void certpage_day(struct str *out, const char *iso);

#endif
