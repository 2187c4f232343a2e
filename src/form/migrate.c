/* Bringing a database to the forms (ddl_apply and ddl_stale of ddl.h).
 *
 * Triggers of all forms are dropped first and made anew at the end, and a
 * session's views are dropped, because a RENAME reads them all and would find
 * the table missing.
 * A table is rebuilt only when its set of constraints changes; new fields
 * alone are ADD COLUMN. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "compare.h"
#include "db.h"
#include "ddl.h"
#include "ddl_parts.h"
#include "mem.h"
#include "modelling.h"
#include "parse.h"

/* Counts changes of this program in what it makes of the same forms. */
enum { REVISION = 2, LISTED_MAX = 5 };

struct migration {
	struct forms *fs;
	struct db *db;
	struct str *notes;
	struct str waiting;	/* "child.name;…" for the next time */
	struct messages ms;
	struct err *e;
};

static bool
table_exists(struct db *db, const char *name)
{
	return db_int(db, 0, "SELECT count(*) FROM main.sqlite_schema"
	    " WHERE type='table' AND name=?1", "s", name) > 0;
}

/* Run one query and put every row's first column between `head` and `tail`;
 * then run the result. */
static int
for_each(struct db *db, const char *query, const char *head, const char *tail,
    struct err *e)
{
	struct stmt *q = db_new(db, query, e);
	struct str sql = STR_INIT;
	int rc;

	if (q == NULL)
		return E_SQL;
	while ((rc = stmt_step(q, e)) > 0) {
		str_add(&sql, head);
		db_quote(&sql, stmt_col(q, 0));
		str_add(&sql, tail);
	}
	stmt_free(q);
	if (rc == 0 && sql.len > 0)
		rc = db_exec(db, sql.buf, e);
	str_done(&sql);
	return rc;
}

/* The column by which people know a row best. */
static const char *
telling(const struct form *f)
{
	size_t i;

	for (i = 0; i < f->nlist; i++)
		if (f->fields[f->list[i]].type == T_TEXT ||
		    f->fields[f->list[i]].type == T_SERIAL)
			return f->fields[f->list[i]].name;
	return "uid";
}

/* Rows that break a constraint: their number, and some of them in words. */
static int64_t
offenders(struct db *db, const struct field *fld, struct str *some)
{
	struct str sql = STR_INIT, check = STR_INIT;
	struct stmt *q;
	int64_t n = 0;

	ddl_check(fld, &check);
	str_addf(&sql, "SELECT coalesce(nullif(\"%s\", ''), uid)"
	    " FROM main.\"%s\" WHERE NOT (%s) ORDER BY uid",
	    telling(fld->form), fld->form->name, check.buf);
	q = db_new(db, sql.buf, NULL);
	while (q != NULL && stmt_step(q, NULL) > 0) {
		if (n < LISTED_MAX)
			str_addf(some, "%s%s", n > 0 ? "、" : "",
			    stmt_col(q, 0));
		n++;
	}
	stmt_free(q);
	str_done(&sql);
	str_done(&check);
	return n;
}

/* Which constraints must wait until people have mended rows. */
static bool *
find_waiting(struct migration *m, const struct form *f)
{
	bool *waits = xcalloc(f->nfields, sizeof *waits);
	struct str some = STR_INIT;
	char count[24];
	int64_t n;
	size_t i;

	for (i = 0; i < f->nfields; i++) {
		if (f->fields[i].constraint.sql == NULL)
			continue;
		str_clear(&some);
		n = offenders(m->db, &f->fields[i], &some);
		if (n == 0)
			continue;
		waits[i] = true;
		str_addf(&m->waiting, "%s.%s;", f->name, f->fields[i].name);
		snprintf(count, sizeof count, "%lld", (long long)n);
		messages_add(&m->ms, MSG_CONSTRAINT_TIGHTER, f->file,
		    f->fields[i].constraint.line, f->fields[i].constraint.col,
		    count, some.buf, NULL);
	}
	str_done(&some);
	return waits;
}

static void
column_list(const struct form *f, struct str *out)
{
	size_t i;

	for (i = 0; i < DDL_FIXED; i++)
		str_addf(out, "%s%s", i > 0 ? "," : "", ddl_fixed[i]);
	for (i = 0; i < f->nfields; i++)
		str_addf(out, ",\"%s\"", f->fields[i].name);
}

static int
rebuild(struct migration *m, const struct form *f)
{
	struct str sql = STR_INIT, columns = STR_INIT;
	bool *waits = find_waiting(m, f);
	char *fresh = xasprintf("%s__new", f->name);
	int rc;

	column_list(f, &columns);
	ddl_table(f, fresh, waits, &sql);
	str_addf(&sql, "INSERT INTO main.\"%s\"(%s) SELECT %s FROM main.\"%s\";\n"
	    "DROP TABLE main.\"%s\";\n"
	    "ALTER TABLE main.\"%s\" RENAME TO \"%s\";\n", fresh, columns.buf,
	    columns.buf, f->name, f->name, fresh, f->name);
	ddl_indexes(f, &sql);
	rc = db_exec(m->db, sql.buf, m->e);
	free(fresh);
	free(waits);
	str_done(&columns);
	str_done(&sql);
	return rc;
}

/* ADD COLUMN for every field that the table lacks. */
static int
add_columns(struct migration *m, const struct form *old, const struct form *f)
{
	struct str sql = STR_INIT;
	size_t i;
	int rc;

	for (i = 0; i < f->nfields; i++)
		if (form_field(old, f->fields[i].name) == NULL)
			ddl_column(&f->fields[i], &sql);
	ddl_indexes(f, &sql);
	rc = db_exec(m->db, sql.buf, m->e);
	str_done(&sql);
	return rc;
}

static bool
is_waiting(struct migration *m, const struct form *f)
{
	char *list = db_meta(m->db, "constraints_waiting"), *p = list;
	size_t len = strlen(f->name);
	bool found = false;

	while (p != NULL && *p != '\0' && !found) {
		found = strncmp(p, f->name, len) == 0 && p[len] == '.';
		p += strcspn(p, ";");
		p += *p == ';';
	}
	free(list);
	return found;
}

/* Are the constraints of all fields still the same? */
static bool
same_checks(const struct form *a, const struct form *b)
{
	struct str sa = STR_INIT, sb = STR_INIT;
	const struct field *fa;
	bool same = true;
	size_t i;

	for (i = 0; i < b->nfields && same; i++) {
		fa = form_field(a, b->fields[i].name);
		str_clear(&sa);
		str_clear(&sb);
		ddl_check(&b->fields[i], &sb);
		if (fa != NULL)
			ddl_check(fa, &sa);
		same = strcmp(sa.buf, sb.buf) == 0;
	}
	str_done(&sa);
	str_done(&sb);
	return same;
}

static int
remember(struct migration *m, const struct form *f)
{
	struct str text = STR_INIT;
	int rc = forms_text(m->fs, f->name, &text, m->e);

	if (rc == 0)
		rc = db_run(m->db, m->e, "INSERT OR REPLACE INTO main.applied"
		    "(form,text) VALUES(?1,?2)", "ss", f->name, text.buf);
	str_done(&text);
	return rc;
}

static int
create(struct migration *m, const struct form *f)
{
	struct str sql = STR_INIT;
	int rc;

	ddl_table(f, f->name, NULL, &sql);
	ddl_indexes(f, &sql);
	rc = db_exec(m->db, sql.buf, m->e);
	if (rc < 0)
		err_prefix(m->e, "%s", f->file);
	str_done(&sql);
	return rc < 0 ? rc : remember(m, f);
}

static int
change(struct migration *m, const struct form *f, const char *text)
{
	struct messages ms = MESSAGES_INIT, ignored = MESSAGES_INIT;
	struct arena arena = ARENA_INIT;
	const struct form *old = form_parse(text, strlen(text), f->file,
	    &arena, &ignored);
	int rc = 0;

	messages_done(&ignored);
	if (old == NULL) {
		arena_done(&arena);
		return err_set(m->e, E_CORRUPT,
		    "%s：数据库里留存的旧表单读不出来", f->file);
	}
	compare_forms(old, f, &ms);
	if (messages_first(&ms, m->e) < 0)
		rc = E_REFUSED;
	if (rc == 0)
		rc = add_columns(m, old, f);
	if (rc == 0 && (!same_checks(old, f) || is_waiting(m, f)))
		rc = rebuild(m, f);
	messages_done(&ms);
	arena_done(&arena);
	return rc < 0 ? rc : remember(m, f);
}

static int
apply_form(struct migration *m, const char *name)
{
	const struct form *f = forms_get(m->fs, name, m->e);
	struct str now = STR_INIT;
	char *text;
	int rc;

	if (f == NULL)
		return m->e == NULL ? E_FORMAT : m->e->code;
	if (!table_exists(m->db, name))
		return create(m, f);
	text = db_str(m->db, "SELECT text FROM main.applied WHERE form=?1",
	    "s", name);
	if (text == NULL)
		return err_set(m->e, E_EXISTS,
		    "%s：数据库里已有同名的表，表单请换一个名称", f->file);
	rc = forms_text(m->fs, name, &now, m->e);
	if (rc == 0 && (strcmp(text, now.buf) != 0 || is_waiting(m, f)))
		rc = change(m, f, text);
	str_done(&now);
	free(text);
	return rc;
}

static int
apply_all(struct migration *m)
{
	const char *const *names = forms_names(m->fs);
	struct messages *ms = &m->ms;
	struct str triggers = STR_INIT;
	size_t i;
	int rc;

	rc = for_each(m->db, "SELECT name FROM main.sqlite_schema WHERE"
	    " type='trigger' AND (name LIKE '%\\_\\_move' ESCAPE '\\' OR"
	    " name LIKE '%\\_\\_begin' ESCAPE '\\' OR"
	    " name LIKE '%\\_\\_keep' ESCAPE '\\' OR"
	    " name LIKE '%\\_\\_gone' ESCAPE '\\')", "DROP TRIGGER main.", ";",
	    m->e);
	compare_missing(m->fs, ms);
	for (i = 0; rc == 0 && names[i] != NULL; i++)
		rc = apply_form(m, names[i]);
	for (i = 0; rc == 0 && names[i] != NULL; i++) {
		const struct form *f = forms_get(m->fs, names[i], m->e);

		compare_codes(m->fs, f, true, ms);
		ddl_triggers(m->fs, f, &triggers);
	}
	if (rc == 0 && messages_first(ms, m->e) < 0)
		rc = E_REFUSED;
	if (rc == 0)
		rc = db_exec(m->db, triggers.buf, m->e);
	for (i = 0; i < ms->n && rc == 0; i++) {
		message_format(&ms->v[i], m->notes);
		str_addc(m->notes, '\n');
	}
	str_done(&triggers);
	return rc;
}

/* Names, sizes and times of all files of a folder, as one number. */
static unsigned long long
folder_mark(const char *dir, const char *suffix, unsigned long long mark)
{
	struct dirent **list;
	struct stat st;
	char *path, line[512];
	const char *p;
	size_t len;
	int n = scandir(dir, &list, NULL, alphasort), i;

	for (i = 0; i < n; i++) {
		len = strlen(list[i]->d_name);
		path = xasprintf("%s/%s", dir, list[i]->d_name);
		if (len > strlen(suffix) && stat(path, &st) == 0 &&
		    strcmp(list[i]->d_name + len - strlen(suffix),
		    suffix) == 0) {
			snprintf(line, sizeof line, "%s %lld %lld %ld\n",
			    list[i]->d_name, (long long)st.st_size,
			    (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
			for (p = line; *p != '\0'; p++)
				mark = (mark ^ (unsigned char)*p) *
				    1099511628211ULL;
		}
		free(path);
		free(list[i]);
	}
	if (n >= 0)
		free(list);
	return mark;
}

static void
current_mark(struct forms *fs, char out[40])
{
	char *codes = xasprintf("%s/codes", forms_data(fs));
	unsigned long long mark = 14695981039346656037ULL;

	mark = folder_mark(forms_dir(fs), ".form", mark);
	mark = folder_mark(codes, ".csv", mark);
	free(codes);
	snprintf(out, 40, "%d:%016llx", REVISION, mark);
}

bool
ddl_stale(struct forms *fs)
{
	struct db *db = forms_db(fs);
	char mark[40], *seen, *waiting;
	bool stale;

	current_mark(fs, mark);
	db_trust(db);
	seen = db_meta(db, "forms_seen");
	waiting = db_meta(db, "constraints_waiting");
	db_untrust(db);
	stale = !str_eq(seen, mark) || !str_blank(waiting);
	free(seen);
	free(waiting);
	return stale;
}

static int
apply_trusted(struct migration *m)
{
	char mark[40];
	int rc = db_begin(m->db, m->e);

	if (rc < 0)
		return rc;
	current_mark(m->fs, mark);
	rc = for_each(m->db, "SELECT name FROM temp.sqlite_schema WHERE"
	    " type='view'", "DROP VIEW temp.", ";", m->e);
	if (rc == 0)
		rc = apply_all(m);
	if (rc == 0)
		rc = db_set_meta(m->db, "constraints_waiting", m->waiting.buf,
		    m->e);
	if (rc == 0)
		rc = db_set_meta(m->db, "forms_seen", mark, m->e);
	if (rc < 0) {
		db_rollback(m->db);
		return rc;
	}
	return db_commit(m->db, m->e);
}

int
ddl_apply(struct forms *fs, struct str *notes, struct err *e)
{
	struct str spare = STR_INIT;
	struct err local = ERR_INIT;
	struct migration m = {
		.fs = fs, .db = forms_db(fs),
		.notes = notes != NULL ? notes : &spare,
		.e = e != NULL ? e : &local
	};
	int rc;

	m.ms = (struct messages)MESSAGES_INIT;
	str_init(&m.waiting);
	db_trust(m.db);
	rc = apply_trusted(&m);
	db_untrust(m.db);
	messages_done(&m.ms);
	str_done(&m.waiting);
	str_done(&spare);
	return rc;
}
