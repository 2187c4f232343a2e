/* See schema.h.  Steps are append-only: user_version is the number of steps
 * that a database has seen. */
#include "schema.h"

#include <stdio.h>

#include "db.h"
#include "mem.h"

enum { APPLICATION_ID = 0x746a6472 };	/* "tjdr" */

static const char *const steps[] = {
	/* Settings: site, division, incarnation, … */
	"CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT) STRICT;"

	/* The journal; see journal.h.  salt and vals are NULL once purged. */
	"CREATE TABLE journal(seq INTEGER PRIMARY KEY, at TEXT NOT NULL,"
	" by TEXT NOT NULL, form TEXT, uid TEXT, op TEXT NOT NULL,"
	" salt BLOB, vals TEXT, vhash BLOB NOT NULL, image BLOB,"
	" hash BLOB NOT NULL) STRICT;"
	"CREATE INDEX journal_uid ON journal(uid, seq);"

	/* What is typed and not saved. */
	"CREATE TABLE draft(form TEXT NOT NULL, uid TEXT NOT NULL,"
	" by TEXT NOT NULL, at TEXT NOT NULL, field TEXT, display TEXT,"
	" data TEXT NOT NULL, PRIMARY KEY(form, uid, by)) STRICT;"

	/* roles and villages are ;a;b; lists. */
	"CREATE TABLE user(login TEXT PRIMARY KEY, name TEXT NOT NULL,"
	" roles INTEGER NOT NULL, villages TEXT, password TEXT NOT NULL,"
	" disabled INTEGER NOT NULL DEFAULT 0, fails INTEGER NOT NULL DEFAULT 0,"
	" failed_at INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL) STRICT;"

	/* Find-as-you-type; see lookup.h. */
	"CREATE TABLE lookup(key TEXT NOT NULL, form TEXT NOT NULL,"
	" uid TEXT NOT NULL, PRIMARY KEY(key, form, uid)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX lookup_uid ON lookup(uid);"

	/* Review of a record: 待审 已审 已上报 退回. */
	"CREATE TABLE review(uid TEXT PRIMARY KEY, form TEXT NOT NULL,"
	" status TEXT NOT NULL, by TEXT, at TEXT, reason TEXT) STRICT;"

	/* Row versions replaced since the county's last acknowledgement. */
	"CREATE TABLE sup(uid TEXT NOT NULL, rv TEXT NOT NULL,"
	" PRIMARY KEY(uid, rv)) STRICT, WITHOUT ROWID;"

	/* Every bundle ever made by this incarnation. */
	"CREATE TABLE export(inc TEXT NOT NULL, base INTEGER NOT NULL,"
	" upto INTEGER NOT NULL, chain TEXT NOT NULL, rows INTEGER NOT NULL,"
	" at TEXT NOT NULL, file TEXT NOT NULL, acked_at TEXT,"
	" PRIMARY KEY(inc, chain)) STRICT;"

	/* The forms and codes this database was made for. */
	"CREATE TABLE applied(form TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT;"
	"CREATE TABLE applied_code(list TEXT NOT NULL, name TEXT NOT NULL,"
	" label TEXT NOT NULL, PRIMARY KEY(list, name)) STRICT, WITHOUT ROWID;"

	/* Administrative divisions this site deals with. */
	"CREATE TABLE division(code TEXT PRIMARY KEY, name TEXT NOT NULL,"
	" level TEXT NOT NULL) STRICT;"

	/* Numbers that people say aloud: last one minted per series. */
	"CREATE TABLE series(name TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT;",

	/* What a county knows of its townships (bundle/branch.h): the
	 * incarnations of each database and the chains of its bundles; a chain
	 * without `upto` was only heard of in another bundle's lineage. */
	"CREATE TABLE incarnation(id INTEGER PRIMARY KEY, site TEXT NOT NULL,"
	" inc TEXT NOT NULL, applied INTEGER NOT NULL, chain TEXT NOT NULL,"
	" parent INTEGER, parent_seq INTEGER NOT NULL DEFAULT 0,"
	" first_at TEXT NOT NULL, UNIQUE(site, inc)) STRICT;"
	"CREATE TABLE chain(incarnation INTEGER NOT NULL, chain TEXT NOT NULL,"
	" upto INTEGER, PRIMARY KEY(incarnation, chain))"
	" STRICT, WITHOUT ROWID;"

	/* Every bundle that came, and what became of it. */
	"CREATE TABLE bundle(id INTEGER PRIMARY KEY, site TEXT NOT NULL,"
	" inc TEXT NOT NULL, chain TEXT NOT NULL, number INTEGER NOT NULL,"
	" base INTEGER NOT NULL, upto INTEGER NOT NULL,"
	" rows INTEGER NOT NULL, file TEXT NOT NULL, status TEXT NOT NULL,"
	" reason TEXT, at TEXT NOT NULL, by TEXT NOT NULL,"
	" added INTEGER NOT NULL DEFAULT 0, changed INTEGER NOT NULL DEFAULT 0,"
	" conflicts INTEGER NOT NULL DEFAULT 0,"
	" refused INTEGER NOT NULL DEFAULT 0,"
	" UNIQUE(site, inc, chain)) STRICT;"

	/* The version of each township's record that the county has taken. */
	"CREATE TABLE held(uid TEXT PRIMARY KEY, form TEXT NOT NULL,"
	" rv TEXT NOT NULL, incarnation INTEGER NOT NULL,"
	" upto INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE INDEX held_incarnation ON held(incarnation);"

	/* 两边都改过: the image that lost its place and the one that took it. */
	"CREATE TABLE conflict(id INTEGER PRIMARY KEY, site TEXT NOT NULL,"
	" form TEXT NOT NULL, uid TEXT NOT NULL, lost_rv TEXT NOT NULL,"
	" lost TEXT NOT NULL, kept_rv TEXT NOT NULL, kept TEXT NOT NULL,"
	" at TEXT NOT NULL, resolved_at TEXT, UNIQUE(uid, lost_rv)) STRICT;"

	/* 待核对（未并入）: records that could not be taken, with the reason. */
	"CREATE TABLE quarantine(id INTEGER PRIMARY KEY, site TEXT NOT NULL,"
	" form TEXT, uid TEXT, rv TEXT, line TEXT NOT NULL,"
	" reason TEXT NOT NULL, at TEXT NOT NULL, resolved_at TEXT) STRICT;"
	"CREATE INDEX quarantine_uid ON quarantine(uid);"

	/* The same person in two townships: never merged by a program. */
	"CREATE TABLE twin(a TEXT NOT NULL, b TEXT NOT NULL, form TEXT NOT NULL,"
	" why TEXT NOT NULL, at TEXT NOT NULL, decision TEXT,"
	" decided_by TEXT, decided_at TEXT, PRIMARY KEY(a, b)) STRICT;"

	/* Corrections that a county proposes; the owner writes. */
	"CREATE TABLE proposal(id INTEGER PRIMARY KEY, form TEXT NOT NULL,"
	" uid TEXT NOT NULL, field TEXT NOT NULL, old TEXT, new TEXT,"
	" reason TEXT, by TEXT NOT NULL, at TEXT NOT NULL,"
	" status TEXT NOT NULL, closed_at TEXT) STRICT;"
	"CREATE INDEX proposal_uid ON proposal(uid);"

	/* 县回执: written by a county, applied by a township. */
	"CREATE TABLE receipt(id INTEGER PRIMARY KEY, site TEXT NOT NULL,"
	" inc TEXT NOT NULL, serial INTEGER NOT NULL, status TEXT NOT NULL,"
	" applied INTEGER NOT NULL, chain TEXT NOT NULL, file TEXT NOT NULL,"
	" at TEXT NOT NULL) STRICT;"

	/* What a county's answer leaves for a person to decide; `mark` makes
	 * a repeated receipt add nothing. */
	"CREATE TABLE tray(id INTEGER PRIMARY KEY, kind TEXT NOT NULL,"
	" form TEXT NOT NULL, uid TEXT NOT NULL, mark TEXT NOT NULL,"
	" field TEXT, theirs TEXT, note TEXT, at TEXT NOT NULL,"
	" decision TEXT, decided_by TEXT, decided_at TEXT,"
	" UNIQUE(kind, uid, mark)) STRICT;"

	/* What goes back to a township is looked up by its status. */
	"CREATE INDEX review_returned ON review(uid) WHERE status='退回';",

	/* Reports as they were handed in (report/snapshot.h): the text, and the
	 * indicators' numbers by scheme and number ("sichuan S16.passed"). */
	"CREATE TABLE snapshot(id INTEGER PRIMARY KEY, name TEXT NOT NULL,"
	" period TEXT NOT NULL, on_date TEXT NOT NULL, at TEXT NOT NULL,"
	" by TEXT NOT NULL, text TEXT NOT NULL) STRICT;"
	"CREATE INDEX snapshot_period ON snapshot(period, name, id);"
	"CREATE TABLE snapshot_number(snapshot INTEGER NOT NULL,"
	" number TEXT NOT NULL, n REAL, d REAL, value REAL, met INTEGER,"
	" PRIMARY KEY(snapshot, number)) STRICT, WITHOUT ROWID;",

	/* A child that moved: the county names the township that may claim it. */
	"CREATE TABLE transfer(uid TEXT PRIMARY KEY, form TEXT NOT NULL,"
	" from_site TEXT NOT NULL, to_site TEXT NOT NULL, by TEXT NOT NULL,"
	" at TEXT NOT NULL) STRICT;"
	"CREATE INDEX transfer_to ON transfer(to_site);",

	/* Files of evidence by their content (db/blob.h). */
	("CREATE TABLE blob(sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL,"
	" data BLOB NOT NULL) STRICT;"),

	/* 下发资料: a county's editions of forms and policy data, in a township
	 * those it has used; older packages are emptied.  And which edition each
	 * township said that it uses. */
	"CREATE TABLE edition(version INTEGER PRIMARY KEY,"
	" created TEXT NOT NULL, doc TEXT NOT NULL, note TEXT NOT NULL,"
	" effective TEXT NOT NULL, by TEXT NOT NULL, at TEXT NOT NULL,"
	" changes TEXT NOT NULL, package TEXT NOT NULL) STRICT;"
	"CREATE TABLE site_edition(site TEXT PRIMARY KEY,"
	" version INTEGER NOT NULL, at TEXT NOT NULL) STRICT;",

	/* The numbers that each township has minted, also those of records
	 * deleted since: a new PC goes on behind them. */
	"CREATE TABLE site_series(site TEXT NOT NULL, name TEXT NOT NULL,"
	" last INTEGER NOT NULL, PRIMARY KEY(site, name))"
	" STRICT, WITHOUT ROWID;",
};

int
schema_apply(struct db *db, struct err *e)
{
	int64_t have = db_int(db, 0, "PRAGMA user_version", ""), i;
	int64_t app = db_int(db, 0, "PRAGMA application_id", "");
	int64_t tables = db_int(db, 0, "SELECT count(*) FROM sqlite_schema", "");
	char pragma[64];
	int rc;

	if (tables > 0 && app != APPLICATION_ID)
		return err_set(e, E_FORMAT, "%s 不是童记的数据库", db_path(db));
	if (have > (int64_t)COUNT_OF(steps))
		return err_set(e, E_FORMAT, "数据库是更新版本的童记建的，"
		    "请先升级本机的程序");
	if (have == (int64_t)COUNT_OF(steps))
		return 0;
	if ((rc = db_begin(db, e)) < 0)
		return rc;
	for (i = have; rc == 0 && i < (int64_t)COUNT_OF(steps); i++)
		rc = db_exec(db, steps[i], e);
	snprintf(pragma, sizeof pragma, "PRAGMA user_version=%d",
	    (int)COUNT_OF(steps));
	if (rc == 0)
		rc = db_exec(db, pragma, e);
	snprintf(pragma, sizeof pragma, "PRAGMA application_id=%d",
	    APPLICATION_ID);
	if (rc == 0)
		rc = db_exec(db, pragma, e);
	if (rc < 0) {
		db_rollback(db);
		return rc;
	}
	return db_commit(db, e);
}
