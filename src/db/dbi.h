/* The inside of a database connection, for the files of this floor only. */
#ifndef TONGJI_DBI_H
#define TONGJI_DBI_H

#include <sqlite3.h>

#include "db.h"
#include "journal.h"
#include "scope.h"

struct stmt {
	struct stmt *next;	/* in its hash chain */
	struct db *db;
	sqlite3_stmt *p;
	char *sql;		/* key of the cache; NULL for db_new() ones */
	bool trusted;
};

enum { DB_CACHE = 256, DB_DEPTH = 16 };	/* hash chains, nested levels */

struct db {
	sqlite3 *h;
	char *path;
	struct stmt *cache[DB_CACHE];
	int trust;		/* depth of trusted brackets */
	bool scoped;		/* views are made, the authorizer is armed */
	char *views;		/* ;names; of the session's views */
	char *machinery;	/* ;names; of the other tables */
	int depth;		/* of write transactions */
	bool flat, spoiled;	/* see db_flat() */
	int64_t mark[DB_DEPTH];	/* rows changed before each flat level */
	int64_t txn;		/* counts transactions and rollbacks */
	int error_offset;
	db_guard *guard;
	void *guard_arg;
	struct session *session;
	struct gather *gather;	/* look-up keys that wait, or NULL */
	scope_maker *maker;
	void *maker_arg;
	struct {		/* the journal's end, valid in transaction txn */
		int64_t txn, seq;
		unsigned char hash[HASH_SIZE];
	} head;
};

/* Fill `e` from the connection's last error. */
int db_fail(struct db *db, struct err *e);

#endif
