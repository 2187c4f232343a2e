/* 换新电脑: a township whose PC died gets its records back from the county.
 *
 *	township: init, key import county.key, bundle create (enrol file)
 *	county:	  key enrol, bundle give SITE --to STICK
 *	township: restore tj1g-….age; then it reports as before
 *
 * The file is a bag like a receipt's: give.json and rows.jsonl, encrypted to
 * the township's new key, signed by the county. */
#ifndef TONGJI_GIVE_H
#define TONGJI_GIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "minikey.h"
#include "model.h"
#include "stick.h"

/* Write all that the county holds of the township into `dir`. */
int give_write(struct forms *fs, const char *home, const char *site,
    const struct minisign_secret *signer, const char *dir,
    stick_progress_fn *progress, void *ctx, char file[160], int64_t *rows,
    struct err *e) MUST_CHECK;

/* Is this a file of that kind, by its name? */
bool give_is(const char *path);

struct give_result {
	int64_t rows;		/* in the file */
	int64_t taken;		/* that were not here */
	int64_t tray;		/* that are here and differ */
};
/* Take it into this township's database, as a continuation of the lost one.
 * Refused once this database has been acknowledged by the county. */
int give_take(struct forms *fs, const char *home, const char *path,
    struct give_result *out, struct err *e) MUST_CHECK;

#endif
