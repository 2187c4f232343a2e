/* Identifiers: UUIDv7 (RFC 9562) for records, random row versions, and the
 * derived uid of villages so that township and county agree on them. */
#ifndef TONGJI_UID_H
#define TONGJI_UID_H

#include <stdbool.h>
#include <stddef.h>

enum { UID_SIZE = 37, RV_SIZE = 17 };

void uid_new(char out[UID_SIZE]);
/* UUIDv8 from SHA-256 of `kind` and `name`: the same everywhere. */
void uid_derived(char out[UID_SIZE], const char *kind, const char *name);
bool uid_valid(const char *s);
void rv_new(char out[RV_SIZE]);
bool rv_valid(const char *s);
void random_bytes(void *p, size_t len);

#endif
