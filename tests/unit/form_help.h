/* Shared by the tests of the form floor: paths, and a database in memory with
 * the golden forms (tests/form: village, child, note) applied. */
#ifndef FORM_HELP_H
#define FORM_HELP_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db.h"
#include "ddl.h"
#include "err.h"
#include "file.h"
#include "mem.h"
#include "model.h"
#include "schema.h"
#include "str.h"

static struct err town_err;

/* The call, which reports into ER, must succeed. */
#define ER (&town_err)
#define OK(call) do { \
	town_err = (struct err)ERR_INIT; \
	if ((call) < 0) \
		fail_msg("%s:%d: %s", __FILE__, __LINE__, town_err.msg); \
} while (0)

/* A path beside this file's folder: "../form", "../../data". */
static inline char *
beside(const char *what)
{
	return xasprintf("%.*s%s",
	    (int)(strrchr(__FILE__, '/') - __FILE__ + 1), __FILE__, what);
}

/* An own folder of forms, filled with the named golden ones. */
struct town {
	char dir[64];
	struct db *db;
	struct forms *fs;
};

static inline void
town_put(struct town *t, const char *name, const char *text)
{
	char *path = xasprintf("%s/%s.form", t->dir, name);

	OK(file_write(path, text, strlen(text), 0644, ER));
	free(path);
}

static inline char *
town_golden(const char *name)
{
	char *folder = beside("../form");
	char *path = xasprintf("%s/%s.form", folder, name);
	struct str s = STR_INIT;

	OK(file_read(&s, path, 1 << 20, ER));
	free(path);
	free(folder);
	return str_take(&s);
}

/* Read the folder (again). */
static inline void
town_forms(struct town *t)
{
	char *data = beside("../form/data");

	forms_close(t->fs);
	OK(forms_open(&t->fs, t->db, t->dir, data, ER));
	free(data);
}

static inline void
town_begin(struct town *t)
{
	static const char *const names[] = { "village", "child", "note" };
	char *text;
	size_t i;

	*t = (struct town){ .dir = "/tmp/tongji-town-XXXXXX" };
	assert_non_null(mkdtemp(t->dir));
	for (i = 0; i < 3; i++) {
		text = town_golden(names[i]);
		town_put(t, names[i], text);
		free(text);
	}
	OK(db_open(&t->db, "", DB_MEMORY, ER));
	OK(schema_apply(t->db, ER));
	OK(db_set_meta(t->db, "site", "s1", ER));
	town_forms(t);
}

static inline void
town_end(struct town *t)
{
	char *command = xasprintf("rm -rf %s", t->dir);

	forms_close(t->fs);
	db_close(t->db);
	assert_int_equal(system(command), 0);
	free(command);
}

#endif
