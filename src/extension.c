/* The second program: build/tongji_sql.so, our SQL functions for the plain
 * sqlite3 program, so that anybody can run the indicators' SQL by hand:
 *
 *	sqlite3 tongji.db ".load build/tongji_sql" "SELECT age(…) …"
 *
 * The data folder (calendar, rules, pinyin) is $TONGJI_HOME/data, or lies beside
 * this file's folder or its parents, or in PREFIX/share/tongji. */
#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT3

#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "calendar.h"
#include "file.h"
#include "func.h"
#include "mem.h"
#include "pinyin.h"
#include "rules.h"

__attribute__((visibility("default")))
int sqlite3_tongjisql_init(sqlite3 *db, char **message,
    const sqlite3_api_routines *api);

/* The data folder in one of the two folders above this file.  Heap or NULL. */
static char *
beside(void)
{
	Dl_info info;
	char *dir, *cut, *path = NULL;
	int up;

	if (dladdr((void *)(uintptr_t)&sqlite3_tongjisql_init, &info) == 0 ||
	    info.dli_fname == NULL)
		return NULL;
	dir = realpath(info.dli_fname, NULL);
	for (up = 0; up < 2 && dir != NULL && path == NULL; up++) {
		cut = strrchr(dir, '/');
		if (cut == NULL)
			break;
		*cut = '\0';
		path = xasprintf("%s/data", dir);
		if (!file_exists(path)) {
			free(path);
			path = NULL;
		}
	}
	free(dir);
	return path;
}

int
sqlite3_tongjisql_init(sqlite3 *db, char **message,
    const sqlite3_api_routines *api)
{
	const char *home = getenv("TONGJI_HOME");
	struct rules *rules = NULL;	/* as long as the process */
	char *data = NULL, *table;

	(void)message;
	sqlite3_api = api;
	if (home == NULL || !file_exists(home))
		data = beside();
	if (data == NULL)
		data = file_share(home, "data");
	if (data == NULL)
		data = xstrdup("data");		/* weekdays, no pinyin */
	table = xasprintf("%s/pinyin/pinyin.txt", data);
	if (func_register(db) < 0 || calendar_register(db, data) < 0 ||
	    rules_load(&rules, data, NULL) < 0 ||
	    rules_register(rules, db) < 0 ||
	    pinyin_open(table, false, NULL) < 0) {
		free(table);
		free(data);
		return SQLITE_ERROR;
	}
	free(table);
	free(data);
	return SQLITE_OK;
}
