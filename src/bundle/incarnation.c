/* See incarnation.h. */
#include "incarnation.h"

#include <stdlib.h>

#include "db.h"
#include "journal.h"
#include "mem.h"
#include "str.h"
#include "uid.h"

static int
renew(struct db *db, const char *op, struct err *e)
{
	static const char *const copies[][2] = {
		{ "parent_inc", "inc" }, { "parent_seq", "acked_seq" },
		{ "parent_chain", "acked_chain" },
	};
	unsigned char inc[16];
	char hex[33], *v;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < COUNT_OF(copies); i++) {
		v = db_meta(db, copies[i][1]);
		rc = db_set_meta(db, copies[i][0], v, e);
		free(v);
	}
	random_bytes(inc, sizeof inc);
	hex_encode(hex, inc, sizeof inc);
	if (rc == 0)
		rc = db_set_meta(db, "inc", hex, e);
	return rc == 0 ? journal_note(db, op, NULL, NULL, hex, e) : rc;
}

int
incarnation_new(struct db *db, const char *op, struct err *e)
{
	int rc = db_begin(db, e);

	if (rc < 0)
		return rc;
	db_trust(db);
	rc = renew(db, op, e);
	db_untrust(db);
	if (rc < 0) {
		db_rollback(db);
		return rc;
	}
	return db_commit(db, e);
}
