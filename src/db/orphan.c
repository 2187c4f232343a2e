/* See orphan.h. */
#include "orphan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "salvagei.h"

enum { UID = 36, STAMP = 19, NAME = 64 };

/* The table whose row this page begins with; false if it cannot be told.  An
 * entry of the journal has its number in the row's own, and a stamp. */
static bool
owner(struct salvage *s, const char *orphan, bool journal, char out[NAME])
{
	struct str sql = STR_INIT;
	sqlite3_stmt *q = NULL;
	const char *uid;
	char *form = NULL;
	bool found = false;

	str_addf(&sql, "SELECT c0, length(c1) FROM %s LIMIT 1", orphan);
	sqlite3_prepare_v2(s->from, sql.buf, -1, &q, NULL);
	if (q != NULL && sqlite3_step(q) == SQLITE_ROW) {
		uid = (const char *)sqlite3_column_text(q, 0);
		if (journal)
			found = uid == NULL && sqlite3_column_int(q, 1) ==
			    STAMP;
		else if (uid != NULL && strlen(uid) == UID)
			form = db_str(s->to, "SELECT form FROM main.journal"
			    " WHERE uid=?1 AND image IS NOT NULL LIMIT 1",
			    "s", uid);
	}
	sqlite3_finalize(q);
	str_done(&sql);
	if (journal)
		strcpy(out, "journal");
	else if (form != NULL)
		found = snprintf(out, NAME, "%s", form) < NAME;
	free(form);
	return found;
}

/* The columns in the damaged table's own order, or, if its name is gone, in
 * the new one's. */
static void
columns(struct salvage *s, struct passage *p)
{
	static const char names[] = "SELECT name, pk, type FROM"
	    " pragma_table_info(?1)";
	sqlite3 *h = sqlite3_table_column_metadata(s->from, NULL, p->to, NULL,
	    NULL, NULL, NULL, NULL, NULL) == SQLITE_OK ? s->from : s->to->h;
	sqlite3_stmt *q = NULL;
	int i = 0;

	sqlite3_prepare_v2(h, names, -1, &q, NULL);
	if (q != NULL)
		sqlite3_bind_text(q, 1, p->to, -1, SQLITE_STATIC);
	for (; q != NULL && sqlite3_step(q) == SQLITE_ROW &&
	    i < ORPHAN_COLUMNS; i++) {
		const char *name = (const char *)sqlite3_column_text(q, 0);
		const char *comma = p->cols > 0 ? "," : "";

		if (sqlite3_table_column_metadata(s->to->h, "main", p->to,
		    name, NULL, NULL, NULL, NULL, NULL) != SQLITE_OK)
			continue;
		str_addf(&p->out, "%s\"%s\"", comma, name);
		if (strcmp(name, "seq") == 0 && i == 0)
			str_addf(&p->in, "%srowid", comma);
		else
			str_addf(&p->in, "%sc%d", comma, i);
		p->cols++;
	}
	sqlite3_finalize(q);
}

static void
copy(struct salvage *s, bool journal)
{
	static const char sql[] = "SELECT name FROM sqlite_schema WHERE name"
	    " GLOB '" ORPHAN_PREFIX "*' ORDER BY rootpage";
	sqlite3_stmt *q = NULL;
	char to[NAME];

	sqlite3_prepare_v2(s->from, sql, -1, &q, NULL);
	while (q != NULL && sqlite3_step(q) == SQLITE_ROW) {
		struct passage p = { .rows = true, .to = to };

		p.from = (const char *)sqlite3_column_text(q, 0);
		if (!owner(s, p.from, journal, to))
			continue;
		columns(s, &p);
		salvage_take(s, &p);
		passage_done(&p);
	}
	sqlite3_finalize(q);
}

void
orphan_copy(struct salvage *s)
{
	copy(s, true);
	copy(s, false);
}
