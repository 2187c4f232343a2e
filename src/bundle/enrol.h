/* enrol-SITE.txt: a township's public keys in plain text, beside its bundles
 * until the county has answered for the first time.  The county compares the
 * 核对码 by telephone before it trusts them. */
#ifndef TONGJI_ENROL_H
#define TONGJI_ENROL_H

#include "err.h"
#include "model.h"

/* Write it into `dir`, durably; nothing is overwritten: a file with these very
 * keys is left alone, another one makes the name enrol-SITE-2.txt and so on.
 * `file` gets the name. */
int enrol_write(struct forms *fs, const char *home, const char *dir,
    char file[64], struct err *e) MUST_CHECK;

#endif
