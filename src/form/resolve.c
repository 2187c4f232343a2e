/* References as people and files write them: the uid, the record's own key
 * (a child's or a staff member's ID number, a village's code), or a name or
 * title that only one record has. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "mem.h"
#include "number.h"
#include "recordi.h"
#include "safe.h"
#include "uid.h"

/* Endings that the same village carries in different lists (NBS writes
 * 悦庄村委会, a roster 悦庄村 or 悦庄). */
static const char *const endings[] = {
	"村民委员会", "居民委员会", "社区居委会", "社区", "村委会", "居委会",
	"村", ""
};

/* The name without its ending; `text` itself has one. Heap. */
static char *
village_stem(const char *text)
{
	size_t i, len = strlen(text), n;

	for (i = 0; i < COUNT_OF(endings); i++) {
		n = strlen(endings[i]);
		if (len > n && strcmp(text + len - n, endings[i]) == 0)
			break;
	}
	return xstrndup(text, i == COUNT_OF(endings) ? len :
	    len - strlen(endings[i]));
}

/* Step over the names of higher divisions in front (沂源县悦庄镇东悦庄村): only
 * of those this site deals with, or another town's village would be taken for
 * its namesake here.  `within` becomes the code of the last one. */
static const char *
village_alone(struct forms *fs, const char *text, char within[13])
{
	struct db *db = forms_db(fs);
	struct stmt *q;
	const char *name;

	within[0] = '\0';
	db_trust(db);
	q = db_get(db, "SELECT name, code FROM main.division WHERE level <>"
	    " 'village' AND length(?1) > length(name) AND"
	    " substr(?1, 1, length(name)) = name AND code > ?2"
	    " ORDER BY length(code), length(name) DESC LIMIT 1", NULL);
	while (q != NULL) {
		stmt_text(q, 1, text);
		stmt_text(q, 2, within);
		if (stmt_step(q, NULL) <= 0)
			break;
		name = stmt_col(q, 0);
		text += strlen(name);
		snprintf(within, 13, "%s", stmt_col(q, 1));
		stmt_reset(q);
	}
	db_untrust(db);
	return text;
}

/* Run `sql` (?1 text, ?2 and ?3 when not NULL); one uid → out; several →
 * E_RANGE. */
static int
only_one(struct forms *fs, const char *sql, const char *text,
    const char *two, const char *three, char **out, struct err *e)
{
	struct stmt *q = db_get(forms_db(fs), sql, e);
	int rc, n = 0;

	if (q == NULL)
		return E_SQL;
	stmt_text(q, 1, text);
	if (two != NULL)
		stmt_text(q, 2, two);
	if (three != NULL)
		stmt_text(q, 3, three);
	while ((rc = stmt_step(q, e)) > 0)
		if (n++ == 0)
			*out = xstrdup(stmt_col(q, 0));
	if (rc < 0)
		return rc;
	if (n > 1) {
		free(*out);
		*out = NULL;
		return err_set(e, E_RANGE, "有 %d 个“%s”，请写证件号码或代码",
		    n, text);
	}
	return n;
}

static int
by_key(struct forms *fs, const struct form *t, const char *text, char **out,
    struct err *e)
{
	struct str sql = STR_INIT;
	int rc = 0;
	size_t i;

	for (i = 0; rc == 0 && i < t->nfields; i++) {
		const struct field *f = &t->fields[i];

		if (f->type != T_ID_CARD && !(f->in_key &&
		    strcmp(f->name, "code") == 0) && f->type != T_SERIAL)
			continue;
		str_clear(&sql);
		str_addf(&sql, "SELECT uid FROM \"%s\" WHERE \"%s\"=?1 LIMIT 3",
		    t->name, f->name);
		rc = only_one(fs, sql.buf, text, NULL, NULL, out, e);
	}
	str_done(&sql);
	return rc;
}

static int
by_name(struct forms *fs, const struct form *t, const char *text, char **out,
    struct err *e)
{
	static const char *const names[] = { "name", "title" };
	struct str sql = STR_INIT;
	int rc = 0;
	size_t i;

	for (i = 0; rc == 0 && i < COUNT_OF(names); i++) {
		if (form_field(t, names[i]) == NULL)
			continue;
		str_clear(&sql);
		str_addf(&sql, "SELECT uid FROM \"%s\" WHERE \"%s\"=?1"
		    " LIMIT 3", t->name, names[i]);
		rc = only_one(fs, sql.buf, text, NULL, NULL, out, e);
	}
	str_done(&sql);
	return rc;
}

/* A village as rosters write it: with another ending or none, with its county
 * and town in front. */
static int
by_place(struct forms *fs, const char *text, char **out, struct err *e)
{
	struct str sql = STR_INIT;
	char within[13], *stem;
	const char *alone = village_alone(fs, text, within);
	size_t i;
	int rc;

	stem = village_stem(alone);
	str_add(&sql, "SELECT uid FROM village WHERE name IN (?1");
	for (i = 0; i < COUNT_OF(endings); i++)
		str_addf(&sql, ", ?2 || '%s'", endings[i]);
	str_add(&sql, ") AND substr(code, 1, length(?3)) = ?3 LIMIT 3");
	rc = only_one(fs, sql.buf, alone, stem, within, out, e);
	str_done(&sql);
	free(stem);
	return rc;
}

int
resolve_ref(struct forms *fs, const struct field *f, const char *text,
    char **out, struct err *e)
{
	const struct form *t;
	struct str s = STR_INIT, up = STR_INIT;
	char brief[SAFE_BRIEF];
	size_t i;
	int rc;

	*out = NULL;
	number_fold(&s, text != NULL ? text : "");
	if (s.len == 0) {
		str_done(&s);
		return 0;
	}
	t = forms_get(fs, f->list, e);
	rc = t == NULL ? E_FORMAT : 0;
	if (rc == 0 && uid_valid(s.buf)) {
		str_addf(&up, "SELECT uid FROM \"%s\" WHERE uid=?1", t->name);
		rc = only_one(fs, up.buf, s.buf, NULL, NULL, out, e);
	}
	str_clear(&up);
	str_add(&up, s.buf);
	for (i = 0; i < up.len; i++)
		if (up.buf[i] == 'x')
			up.buf[i] = 'X';
	if (rc == 0)
		rc = by_key(fs, t, up.buf, out, e);
	if (rc == 0) {
		str_clear(&up);
		safe_name(&up, s.buf);		/* 李　四 is 李四 */
		rc = by_name(fs, t, up.buf, out, e);
	}
	if (rc == 0 && strcmp(t->name, "village") == 0)
		rc = by_place(fs, up.buf, out, e);
	if (rc == 0)
		rc = err_set(e, E_NOTFOUND, "%s里没有“%s”", t->title,
		    safe_brief(s.buf, brief));
	str_done(&s);
	str_done(&up);
	return rc < 0 ? rc : 0;
}
