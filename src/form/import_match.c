/* Which record does a row mean? */
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "importi.h"
#include "mem.h"
#include "safe.h"
#include "type.h"
#include "uid.h"

/* A key that is enough by itself. */
static bool
is_strong(const struct field *f)
{
	return f->type == T_ID_CARD || f->type == T_SERIAL ||
	    strcmp(f->name, "code") == 0;
}

static const char *
named(const struct form *f)
{
	return form_field(f, "name") != NULL ? "\"name\"" :
	    form_field(f, "person_name") != NULL ? "\"person_name\"" : "NULL";
}

/* The village belongs to the weak key when it is a field of its own: two
 * children of one name and birthday in two villages are two. */
static void
add_weak(struct import *m, int index)
{
	size_t i;

	for (i = 0; i < m->nweak; i++)
		if (m->weak[i] == index)
			return;
	m->weak[m->nweak++] = index;
}

/* The weak key's field that finds it: a date (those of keys are indexed),
 * else a reference.  A `+` keeps SQLite, which knows nothing of how the values
 * are spread, from taking the index of villages instead. */
static int
finder(const struct import *m)
{
	static const enum field_type best[] = { T_DATE, T_REF };
	size_t t, i;

	for (t = 0; t < COUNT_OF(best); t++)
		for (i = 0; i < m->nweak; i++)
			if (m->f->fields[m->weak[i]].type == best[t])
				return m->weak[i];
	return m->weak[0];
}

static void
weak_text(struct import *m)
{
	const struct form *f = m->f;
	struct str sql = STR_INIT;
	int by = finder(m);
	size_t i;

	str_addf(&sql, "SELECT uid FROM main.\"%s\" WHERE +site=?1 AND"
	    " NOT deleted", f->name);
	if (m->strong >= 0)
		str_addf(&sql, " AND +\"%s\" IS NULL",
		    f->fields[m->strong].name);
	for (i = 0; i < m->nweak; i++)
		str_addf(&sql, " AND %s\"%s\" IS ?%zu",
		    m->weak[i] == by || f->fields[m->weak[i]].type == T_TEXT ?
		    "" : "+", f->fields[m->weak[i]].name, i + 2);
	str_add(&sql, " LIMIT 2");
	m->weak_sql = str_take(&sql);
}

void
import_match_init(struct import *m)
{
	const struct form *f = m->f;
	struct str sql = STR_INIT;
	const struct field *place;
	size_t i;

	m->strong = -1;
	m->weak = xcalloc(f->nkey + 1, sizeof *m->weak);
	for (i = 0; i < f->nkey; i++)
		if (m->strong < 0 && is_strong(&f->fields[f->key[i]]))
			m->strong = f->key[i];
		else
			add_weak(m, f->key[i]);
	place = f->scope != NULL && m->strong >= 0 && m->nweak > 0 ?
	    form_field(f, f->scope) : NULL;
	if (place != NULL)
		add_weak(m, place->index);
	if (m->strong >= 0) {
		str_addf(&sql, "SELECT uid, %s FROM main.\"%s\" WHERE"
		    " \"%s\"=?1 AND +site=?2 AND NOT deleted LIMIT 2", named(f),
		    f->name, f->fields[m->strong].name);
		m->strong_sql = str_take(&sql);
	}
	if (m->nweak > 0)
		weak_text(m);
}

/* Has the session a view of it? */
static bool
visible(struct import *m, const char *uid)
{
	struct str sql = STR_INIT;
	bool yes;

	str_addf(&sql, "SELECT 1 FROM \"%s\" WHERE uid=?1", m->f->name);
	yes = db_int(forms_db(m->fs), 0, sql.buf, "s", uid) != 0;
	str_done(&sql);
	return yes;
}

static int
by_uid(struct import *m, char uid[37], struct err *e)
{
	struct str sql = STR_INIT;
	struct db *db = forms_db(m->fs);
	int64_t deleted;

	if (!uid_valid(m->uid)) {
		import_problem(m, NULL, "uid 列不是记录的编号，"
		    "新增的行请把这一列留空");
		return 0;
	}
	str_addf(&sql, "SELECT deleted FROM main.\"%s\" WHERE uid=?1",
	    m->f->name);
	db_trust(db);
	deleted = db_int(db, -1, sql.buf, "s", m->uid);
	db_untrust(db);
	str_done(&sql);
	(void)e;
	if (deleted < 0)
		return 0;
	memcpy(uid, m->uid, 37);
	if (deleted > 0)
		import_problem(m, NULL, "这条记录已被删除，不能再导入");
	else if (!visible(m, uid))
		import_problem(m, NULL, "这条记录不归您管，请联系督导员");
	return 1;
}

/* Somebody else's name on the same number? */
static void
compare_names(struct import *m, const char *uid, const char *theirs)
{
	const struct field *f = form_field(m->f, "name");
	const struct field *key = &m->f->fields[m->strong];
	char a[SAFE_BRIEF], b[SAFE_BRIEF];
	const char *mine;

	if (f == NULL)
		f = form_field(m->f, "person_name");
	mine = f != NULL ? m->val[f->index] : NULL;
	if (!visible(m, uid))
		import_problem(m, key, "已在本镇登记，请联系督导员");
	else if (mine != NULL && theirs != NULL && strcmp(mine, theirs) != 0 &&
	    key->type == T_ID_CARD)
		import_problem(m, key, "这个号码已登记为“%s”，这里却是“%s”，"
		    "请核对是谁的号码", safe_brief(theirs, a),
		    safe_brief(mine, b));
}

static int
by_strong(struct import *m, char uid[37], struct err *e)
{
	struct db *db = forms_db(m->fs);
	struct stmt *q;
	char *name = NULL;
	int rc, n = 0;

	db_trust(db);
	q = db_get(db, m->strong_sql, e);
	rc = q == NULL ? E_SQL : 0;
	if (q != NULL) {
		stmt_value(q, 1, type_of(&m->f->fields[m->strong])->affinity,
		    m->val[m->strong]);
		stmt_text(q, 2, m->site);
		while ((rc = stmt_step(q, e)) > 0)
			if (n++ == 0) {
				memcpy(uid, stmt_col(q, 0), 37);
				name = xstrdup(stmt_col(q, 1));
			}
	}
	db_untrust(db);
	if (rc == 0 && n > 1)
		import_problem(m, &m->f->fields[m->strong],
		    "台账里有两条都是这个号码，请先在程序里处理");
	else if (rc == 0 && n == 1)
		compare_names(m, uid, name);
	free(name);
	return rc < 0 ? rc : n > 0;
}

/* What was found, in the order of finding. */
struct found {
	char (*uid)[37];
	size_t n, cap;
};

static int
find_weak(struct import *m, struct found *out, struct err *e)
{
	struct db *db = forms_db(m->fs);
	struct stmt *q;
	size_t i;
	int rc;

	db_trust(db);
	q = db_get(db, m->weak_sql, e);
	rc = q == NULL ? E_SQL : 0;
	if (q != NULL) {
		stmt_text(q, 1, m->site);
		for (i = 0; i < m->nweak; i++)
			stmt_value(q, (int)i + 2,
			    type_of(&m->f->fields[m->weak[i]])->affinity,
			    m->val[m->weak[i]]);
		while ((rc = stmt_step(q, e)) > 0) {
			out->uid = mem_grow(out->uid, out->n, &out->cap,
			    sizeof *out->uid);
			memcpy(out->uid[out->n++], stmt_col(q, 0), 37);
		}
	}
	db_untrust(db);
	return rc;
}

/* One that this session may not see is no match: any other answer would tell
 * that it exists.  The row becomes a record of its own, and who sees both
 * finds them among the duplicates. */
static int
by_weak(struct import *m, char uid[37], struct err *e)
{
	struct found found = { 0 };
	size_t i, given = 0;
	int rc, n = 0;

	for (i = 0; i < m->nweak; i++)
		given += m->val[m->weak[i]] != NULL;
	if (given == 0 || (m->strong >= 0 && given < m->nweak))
		return 0;
	rc = find_weak(m, &found, e);
	for (i = 0; rc == 0 && i < found.n; i++)
		if (visible(m, found.uid[i]) && n++ == 0)
			memcpy(uid, found.uid[i], 37);
	free(found.uid);
	if (rc == 0 && n > 1)
		import_problem(m, &m->f->fields[m->weak[0]],
		    "已有两条一样的记录，不知道是哪一条，请在程序里改");
	return rc < 0 ? rc : n > 0;
}

/* The number stood in this file before.  (A later line in `seen` comes from a
 * pass over the chunk that was taken back.) */
static void
check_seen(struct import *m)
{
	const struct field *key = &m->f->fields[m->strong];
	const struct textmap_slot *s = textmap_find(&m->seen,
	    m->val[m->strong]);

	if (s != NULL && s->number < m->row.line)
		import_problem(m, key, "与第 %zu 行的%s相同，请核对后只留一行",
		    s->number, key->label);
}

/* Was this record met in an earlier line? (See check_seen().) */
static const struct textmap_slot *
met(const struct import *m, const char *uid)
{
	const struct textmap_slot *s = textmap_find(&m->seen, uid);

	return s != NULL && s->number < m->row.line ? s : NULL;
}

/* A uid from another database does not hide that the record is here under
 * its own; but two rows with uids of their own are two records. */
static int
by_keys(struct import *m, char uid[37], struct err *e)
{
	int rc = 0;

	if (m->strong >= 0 && m->val[m->strong] != NULL)
		rc = by_strong(m, uid, e);
	if (rc == 0 && m->nweak > 0 && m->nproblems == 0) {
		rc = by_weak(m, uid, e);
		if (rc > 0 && m->uid != NULL && met(m, uid) != NULL)
			rc = 0;
	}
	return rc;
}

int
import_match(struct import *m, char uid[37], struct err *e)
{
	const struct textmap_slot *s;
	size_t before = m->nproblems;
	int rc = 0;

	uid[0] = '\0';
	if (m->strong >= 0 && m->val[m->strong] != NULL)
		check_seen(m);
	if (m->nproblems > before)
		return 0;
	if (m->uid != NULL)
		rc = by_uid(m, uid, e);
	if (rc == 0 && m->nproblems == before)
		rc = by_keys(m, uid, e);
	if (rc <= 0 || m->nproblems > before)
		return rc;
	s = met(m, uid);
	if (s != NULL)
		import_problem(m, NULL, "与第 %zu 行是同一条记录，"
		    "请核对后只留一行", s->number);
	return rc;
}

void
import_remember(struct import *m, const char *uid)
{
	const struct textmap_slot *s;

	if (m->strong >= 0 && m->val[m->strong] != NULL) {
		s = textmap_find(&m->seen, m->val[m->strong]);
		if (s == NULL || s->number > m->row.line)
			textmap_put(&m->seen, m->val[m->strong], NULL,
			    m->row.line);
	}
	if (uid != NULL)
		textmap_put(&m->seen, uid, NULL, m->row.line);
}
