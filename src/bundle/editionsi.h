/* What editions.c and editiontake.c share. */
#ifndef TONGJI_EDITIONSI_H
#define TONGJI_EDITIONSI_H

#include "editions.h"

/* A setting, and an edition's package, read past the session; heap or NULL. */
char *editions_meta(struct db *db, const char *name);
char *editions_package(struct db *db, int64_t version);
/* Number, day, 文号 and note in lines. */
void editions_head(int64_t version, const char *created, const char *doc,
    const char *effective, const char *note, struct str *out);
/* Every form, list, rule and indicator; E_REFUSED with the first errors. */
int editions_lint(struct forms *fs, struct err *e) MUST_CHECK;
/* Keep an edition, in a transaction and trusted. */
int editions_store(struct db *db, const struct edition *ed,
    const char *changes, const char *package, struct err *e) MUST_CHECK;

#endif
