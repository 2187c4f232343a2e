/* See scope.h. */
#include "dbi.h"

#include <stdio.h>
#include <stdlib.h>

#include "user.h"

void
scope_set_maker(struct db *db, scope_maker *make, void *arg)
{
	db->maker = make;
	db->maker_arg = arg;
}

static int
my_villages(struct db *db, struct err *e)
{
	const struct session *s = db->session;
	size_t i;
	int rc = db_exec(db, "CREATE TEMP TABLE IF NOT EXISTS my_village("
	    "uid TEXT PRIMARY KEY) WITHOUT ROWID;"
	    "DELETE FROM temp.my_village;"
	    "CREATE TEMP TABLE IF NOT EXISTS my_self(login TEXT, name TEXT);"
	    "DELETE FROM temp.my_self", e);

	if (rc == 0)
		rc = db_run(db, e, "INSERT INTO temp.my_self VALUES(?1,?2)",
		    "ss", s->login, s->name);
	for (i = 0; rc == 0 && i < s->nvillages; i++)
		rc = db_run(db, e, "INSERT OR IGNORE INTO temp.my_village"
		    " VALUES(?1)", "s", s->villages[i]);
	return rc;
}

/* Drop every temp view, so that nothing of an earlier session is left. */
static int
drop_views(struct db *db, struct err *e)
{
	struct stmt *q = db_new(db, "SELECT group_concat('DROP VIEW temp.\"' ||"
	    " name || '\"', ';') FROM temp.sqlite_schema WHERE type='view'",
	    e);
	int rc;

	if (q == NULL)
		return E_SQL;
	rc = stmt_step(q, e);
	if (rc > 0 && !stmt_is_null(q, 0)) {
		char *sql = sqlite3_mprintf("%s", stmt_col(q, 0));

		stmt_free(q);
		rc = db_exec(db, sql, e);
		sqlite3_free(sql);
		return rc;
	}
	stmt_free(q);
	return rc < 0 ? rc : 0;
}

/* What the authorizer goes by. */
static int
note_names(struct db *db, struct err *e)
{
	free(db->views);
	free(db->machinery);
	db->views = db_str(db, "SELECT ';' || group_concat(name, ';') || ';'"
	    " FROM temp.sqlite_schema WHERE type='view'", "");
	db->machinery = db_str(db, "SELECT ';sqlite_schema;sqlite_master;' ||"
	    " group_concat(name, ';') || ';' FROM main.sqlite_schema WHERE"
	    " type='table' AND name NOT IN (SELECT name FROM"
	    " temp.sqlite_schema WHERE type='view')", "");
	return db->machinery != NULL ? 0 : err_set(e, E_SQL,
	    "读不了数据库的表名");
}

int
scope_refresh(struct db *db, struct err *e)
{
	int rc;

	db_trust(db);
	rc = drop_views(db, e);
	if (rc == 0)
		rc = my_villages(db, e);
	if (rc == 0 && db->maker != NULL)
		rc = db->maker(db, db->maker_arg, e);
	if (rc == 0)
		rc = note_names(db, e);
	db_untrust(db);
	return rc;
}

int
scope_open(struct db *db, struct err *e)
{
	int rc;

	db->scoped = false;
	rc = scope_refresh(db, e);
	if (rc == 0)
		db->scoped = db->maker != NULL;
	return rc;
}

void
scope_close(struct db *db)
{
	db->scoped = false;
	if (db->session != NULL) {
		db_trust(db);
		drop_views(db, NULL);
		db_untrust(db);
	}
}
