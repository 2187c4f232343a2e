/* Connections, transactions, the authorizer.  Statements are in stmt.c. */
#include "dbi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "func.h"
#include "gather.h"
#include "log.h"
#include "mem.h"
#include "str.h"

enum { BUSY_MS = 15000 };

static const struct {
	int sqlite, code;
	const char *text;	/* NULL: SQLite's own words follow */
} reasons[] = {
	{ SQLITE_BUSY, E_BUSY, "别人正在写入，等了15秒还没轮到，请稍后再试" },
	{ SQLITE_LOCKED, E_BUSY, "数据库正被占用，请稍后再试" },
	{ SQLITE_FULL, E_FULL, "磁盘已满，刚才的内容没有存进去，请腾出空间后重试" },
	{ SQLITE_READONLY, E_IO, "数据库是只读的，请检查磁盘和文件夹权限" },
	{ SQLITE_CANTOPEN, E_IO, "打不开数据库文件，请检查文件夹权限" },
	{ SQLITE_IOERR, E_IO, "磁盘读写出错，请立即备份并检查磁盘" },
	{ SQLITE_CORRUPT, E_CORRUPT, "数据库文件已损坏（救数据：tongji restore --salvage）" },
	{ SQLITE_NOTADB, E_CORRUPT, "这个文件不是童记的数据库" },
	{ SQLITE_PERM, E_DENIED, "没有权限打开数据库文件" },
	{ SQLITE_AUTH, E_DENIED, "没有权限查看或修改这些数据" },
	{ SQLITE_INTERRUPT, E_CANCEL, "已停止" },
};

int
db_fail(struct db *db, struct err *e)
{
	int rc = sqlite3_errcode(db->h) & 0xff;
	size_t i;

	db->error_offset = sqlite3_error_offset(db->h);
	for (i = 0; i < COUNT_OF(reasons); i++)
		if (reasons[i].sqlite == rc)
			return err_set(e, reasons[i].code, "%s",
			    reasons[i].text);
	if (rc == SQLITE_CONSTRAINT)
		return err_set(e, E_REFUSED, "数据库拒绝：%s",
		    sqlite3_errmsg(db->h));
	return err_set(e, E_SQL, "数据库出错：%s", sqlite3_errmsg(db->h));
}

static bool
named(const char *list, const char *name)
{
	size_t len = strlen(name);
	const char *p = list;

	while (p != NULL && (p = strchr(p, ';')) != NULL) {
		p++;
		if (sqlite3_strnicmp(p, name, (int)len) == 0 && p[len] == ';')
			return true;
	}
	return false;
}

/* A read inside a view.  SQLite reports a CTE's name in the view's place: only
 * the session's own views count, and only the tables behind them. */
static bool
through_view(const struct db *db, const char *table, const char *view)
{
	return view != NULL && named(db->views, view) &&
	    named(db->views, table);
}

/* What a scoped statement may do: read views and the look-up keys. */
static int
scope_allows(const struct db *db, int action, const char *a,
    const char *dbname, const char *view)
{
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_RECURSIVE:
	case SQLITE_TRANSACTION:
	case SQLITE_SAVEPOINT:
		return SQLITE_OK;
	case SQLITE_FUNCTION:
		return SQLITE_OK;
	case SQLITE_READ:
		/* A table of which no column is read (`SELECT count(*) FROM
		 * journal`) comes without its database's name. */
		if (dbname == NULL)
			return named(db->machinery, a) ? SQLITE_DENY :
			    SQLITE_OK;
		if (strcmp(dbname, "main") != 0 || strcmp(a, "lookup") == 0)
			return SQLITE_OK;
		return through_view(db, a, view) ? SQLITE_OK : SQLITE_DENY;
	default:
		return SQLITE_DENY;
	}
}

static int
authorize(void *arg, int action, const char *a, const char *b,
    const char *dbname, const char *view)
{
	struct db *db = arg;

	if (action == SQLITE_FUNCTION && b != NULL &&
	    strcmp(b, "load_extension") == 0)
		return SQLITE_DENY;
	if (db->guard != NULL &&
	    db->guard(db->guard_arg, action, a, b, dbname, view) != SQLITE_OK)
		return SQLITE_DENY;
	if (!db->scoped || db->trust > 0)
		return SQLITE_OK;
	return scope_allows(db, action, a, dbname, view);
}

static int
configure(struct db *db, unsigned flags, struct err *e)
{
	sqlite3_db_config(db->h, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(db->h, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_db_config(db->h, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db->h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db->h, SQLITE_DBCONFIG_ENABLE_FKEY, 0, NULL);
	sqlite3_busy_timeout(db->h, BUSY_MS);
	sqlite3_set_authorizer(db->h, authorize, db);
	sqlite3_limit(db->h, SQLITE_LIMIT_LENGTH, 64 << 20);
	if (func_register(db->h) != 0)
		return err_set(e, E_SQL, "SQL 函数注册失败");
	if ((flags & DB_READONLY) != 0)
		return db_exec(db, "PRAGMA temp_store=MEMORY", e);
	return db_exec(db,
	    "PRAGMA temp_store=MEMORY;"
	    "PRAGMA journal_mode=WAL;"
	    "PRAGMA synchronous=FULL;"
	    "PRAGMA wal_autocheckpoint=1000;"
	    "PRAGMA journal_size_limit=16777216;", e);
}

int
db_open(struct db **out, const char *path, unsigned flags, struct err *e)
{
	const char *bad = NULL;
	struct db *db;
	int how = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, rc;

	*out = NULL;
	if ((flags & (DB_MEMORY | DB_ANYWHERE | DB_READONLY)) == 0)
		bad = file_bad_fs(path);
	if (bad != NULL)
		return err_set(e, E_REFUSED, "%s 在%s上，断电会丢数据。"
		    "请把数据文件夹放在本机硬盘", path, bad);
	db = xcalloc(1, sizeof *db);
	db->path = xstrdup((flags & DB_MEMORY) != 0 ? ":memory:" : path);
	how |= (flags & DB_READONLY) != 0 ? SQLITE_OPEN_READONLY :
	    SQLITE_OPEN_READWRITE;
	if ((flags & (DB_CREATE | DB_MEMORY)) != 0)
		how |= SQLITE_OPEN_CREATE;
	/* Without its count of allocations SQLite takes no lock for each. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	rc = sqlite3_open_v2(db->path, &db->h, how, NULL);
	if (rc != SQLITE_OK) {
		rc = db->h == NULL ? err_set(e, E_IO, "内存不足") :
		    db_fail(db, e);
		err_prefix(e, "%s", db->path);
		db_close(db);
		return rc;
	}
	rc = configure(db, flags, e);
	if (rc < 0) {
		err_prefix(e, "%s", db->path);
		db_close(db);
		return rc;
	}
	*out = db;
	return 0;
}

void
db_close(struct db *db)
{
	struct stmt *q, *next;
	size_t i;

	if (db == NULL)
		return;
	for (i = 0; i < DB_CACHE; i++)
		for (q = db->cache[i]; q != NULL; q = next) {
			next = q->next;
			stmt_free(q);
		}
	sqlite3_close_v2(db->h);
	free(db->session);
	gather_free(db->gather);
	free(db->views);
	free(db->machinery);
	free(db->path);
	free(db);
}

const char *
db_path(const struct db *db)
{
	return db->path;
}

int
db_exec(struct db *db, const char *sql, struct err *e)
{
	if (sqlite3_exec(db->h, sql, NULL, NULL, NULL) != SQLITE_OK)
		return db_fail(db, e);
	return 0;
}

int64_t
db_changes(struct db *db)
{
	return sqlite3_changes64(db->h);
}

/* Depths below the first are savepoints: a refused row of an import undoes
 * itself alone. */
static int
point(struct db *db, const char *verb, struct err *e)
{
	char sql[48];

	snprintf(sql, sizeof sql, "%s p%d", verb, db->depth);
	return db_exec(db, sql, e);
}

int
db_begin(struct db *db, struct err *e)
{
	int rc;

	if (db->flat && db->depth > 0) {
		if (db->depth == DB_DEPTH)
			BUG("transactions nest too deep");
		db->mark[db->depth++] = sqlite3_total_changes64(db->h);
		return 0;
	}
	db_trust(db);
	if (db->depth == 0) {
		db->spoiled = false;
		rc = db_exec(db, "BEGIN IMMEDIATE", e);
		if (rc == 0)
			db->txn++;
	} else {
		rc = point(db, "SAVEPOINT", e);
	}
	db_untrust(db);
	if (rc == 0)
		db->depth++;
	return rc;
}

int
db_commit(struct db *db, struct err *e)
{
	int rc;

	if (db->depth <= 0)
		BUG("commit without begin");
	db->depth--;
	if (sqlite3_get_autocommit(db->h))	/* a full disk rolled back */
		return err_set(e, E_SQL, "这次操作已被撤销，什么都没有改动");
	if (db->depth > 0)
		return db->flat ? 0 : point(db, "RELEASE", e);
	rc = db_exec(db, "COMMIT", e);
	if (rc < 0 && !sqlite3_get_autocommit(db->h))
		sqlite3_exec(db->h, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

void
db_rollback(struct db *db)
{
	if (db->depth <= 0)
		BUG("rollback without begin");
	db->depth--;
	if (db->flat && db->depth > 0) {
		if (sqlite3_total_changes64(db->h) != db->mark[db->depth])
			db->spoiled = true;
		return;
	}
	db->txn++;
	if (sqlite3_get_autocommit(db->h))
		return;
	if (db->depth == 0) {
		sqlite3_exec(db->h, "ROLLBACK", NULL, NULL, NULL);
		return;
	}
	point(db, "ROLLBACK TO", NULL);
	point(db, "RELEASE", NULL);
}

bool
db_in_write(const struct db *db)
{
	return db->depth > 0 && !sqlite3_get_autocommit(db->h);
}

void
db_flat(struct db *db, bool on)
{
	db->flat = on;
}

bool
db_spoiled(const struct db *db)
{
	return db->spoiled;
}

void
db_trust(struct db *db)
{
	db->trust++;
}

void
db_untrust(struct db *db)
{
	if (db->trust-- <= 0)
		BUG("untrust without trust");
}

bool
db_trusted(const struct db *db)
{
	return db->trust > 0 || !db->scoped;
}

struct session *
db_session(struct db *db)
{
	return db->session;
}

void
db_set_session(struct db *db, struct session *s)
{
	free(db->session);
	db->session = s;
}

void
db_set_guard(struct db *db, db_guard *guard, void *arg)
{
	db->guard = guard;
	db->guard_arg = arg;
}

int
db_error_offset(const struct db *db)
{
	return db->error_offset;
}

const char *
db_error_text(const struct db *db)
{
	return sqlite3_errmsg(db->h);
}

void *
db_handle(struct db *db)
{
	return db->h;
}

char *
db_meta(struct db *db, const char *name)
{
	char *v;

	db_trust(db);
	v = db_str(db, "SELECT value FROM main.meta WHERE name=?1", "s", name);
	db_untrust(db);
	return v;
}

int
db_set_meta(struct db *db, const char *name, const char *value, struct err *e)
{
	int rc;

	db_trust(db);
	rc = db_run(db, e, "INSERT INTO main.meta(name,value) VALUES(?1,?2)"
	    " ON CONFLICT(name) DO UPDATE SET value=excluded.value",
	    "ss", name, value);
	db_untrust(db);
	return rc;
}

void
db_quote(struct str *out, const char *name)
{
	if (strpbrk(name, "\"'; \n") != NULL || *name == '\0')
		BUG("bad SQL name");
	str_addf(out, "\"%s\"", name);
}
