/* age's ASCII armour, decoded strictly (RFC 7468's strict form plus CRLF and
 * white space around it): a stage between a source and the age reader. */
#ifndef TONGJI_ARMOR_H
#define TONGJI_ARMOR_H

#include "err.h"
#include "flow.h"

struct armor;

/* Decode from `in`, whose first `len` bytes `p` were already taken (copied). */
struct armor *armor_new(struct flow_in in, const void *p, size_t len);
struct flow_in armor_flow(struct armor *a);
void armor_free(struct armor *a);			/* NULL is fine */

#endif
