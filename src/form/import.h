/* Rosters into records.
 *
 * A row is matched by uid (from an export), else by the form's strong key (ID number, code,
 * serial number), else by the other fields of its key; what matches is
 * updated, what does not is inserted.  In an update an empty cell leaves the
 * value alone.  Every row goes through the checks of a save; one that is
 * refused changes nothing and goes to FILE.rejects.csv with its line, field
 * and reason.  A file is one transaction (IMPORT_CHUNK rows each when it is
 * larger). */
#ifndef TONGJI_IMPORT_H
#define TONGJI_IMPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "codec.h"
#include "err.h"
#include "model.h"
#include "str.h"

enum { IMPORT_CHUNK = 100000, IMPORT_LISTED = 20 };

struct import_options {
	const char *file;
	const char *map;	/* heading.h, or NULL */
	const char *sheet;	/* number or name, or NULL: the best one */
	enum codec codec;
	bool dry_run;		/* the same report, nothing kept */
	/* Called now and then with per mille done; false stops and undoes. */
	bool (*tick)(void *arg, int permille);
	void *arg;
};

struct import_result {
	size_t inserted, updated, same, refused;
	size_t warnings;
	struct str notes;	/* lines for people, each with its newline */
	char *rejects;		/* path of the file written, or NULL; heap */
};
#define IMPORT_RESULT_INIT { 0, 0, 0, 0, 0, STR_INIT, NULL }

/* 0 also when rows were refused.  On an error nothing was kept, except (said
 * in `e`) whole chunks of a huge file. */
int import_run(struct forms *fs, const struct form *f,
    const struct import_options *o, struct import_result *out, struct err *e)
	MUST_CHECK;
void import_result_done(struct import_result *out);

#endif
