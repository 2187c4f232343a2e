/* References as people and files write them: the uid, the record's own key
 * (a child's or a staff member's ID number, a village's code), or a name or
 * title that only one record has. */
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

/* Append the SQL list of ways to write a village's name. */
static void
village_names(struct str *sql, const char *text, char **stem)
{
	size_t i, len = strlen(text), n;

	*stem = NULL;
	for (i = 0; i < COUNT_OF(endings); i++) {
		n = strlen(endings[i]);
		if (len > n && strcmp(text + len - n, endings[i]) == 0)
			break;
	}
	if (i == COUNT_OF(endings))
		return;
	*stem = xstrndup(text, len - strlen(endings[i]));
	for (i = 0; i < COUNT_OF(endings); i++)
		str_addf(sql, " OR \"%s\" = ?2 || '%s'", "name", endings[i]);
}

/* Run `sql` (?1 text, ?2 stem); one uid → out; several → E_RANGE. */
static int
only_one(struct forms *fs, const char *sql, const char *text,
    const char *stem, char **out, struct err *e)
{
	struct stmt *q = db_get(forms_db(fs), sql, e);
	int rc, n = 0;

	if (q == NULL)
		return E_SQL;
	stmt_text(q, 1, text);
	if (stem != NULL)
		stmt_text(q, 2, stem);
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
		rc = only_one(fs, sql.buf, text, NULL, out, e);
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
	char *stem = NULL;
	int rc = 0;
	size_t i;

	for (i = 0; rc == 0 && i < COUNT_OF(names); i++) {
		if (form_field(t, names[i]) == NULL)
			continue;
		str_clear(&sql);
		str_addf(&sql, "SELECT uid FROM \"%s\" WHERE (\"%s\"=?1",
		    t->name, names[i]);
		if (strcmp(t->name, "village") == 0)
			village_names(&sql, text, &stem);
		str_add(&sql, ") LIMIT 3");
		rc = only_one(fs, sql.buf, text, stem, out, e);
	}
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
		rc = only_one(fs, up.buf, s.buf, NULL, out, e);
	}
	str_clear(&up);
	str_add(&up, s.buf);
	for (i = 0; i < up.len; i++)
		if (up.buf[i] == 'x')
			up.buf[i] = 'X';
	if (rc == 0)
		rc = by_key(fs, t, up.buf, out, e);
	if (rc == 0)
		rc = by_name(fs, t, s.buf, out, e);
	if (rc == 0)
		rc = err_set(e, E_NOTFOUND, "%s里没有“%s”", t->title,
		    safe_brief(s.buf, brief));
	str_done(&s);
	str_done(&up);
	return rc < 0 ? rc : 0;
}
