/* See check.h. */
#include "check.h"

#include <string.h>

#include "blob.h"
#include "db.h"
#include "journal.h"
#include "str.h"

struct sink {
	void (*bad)(void *arg, const char *text);
	void *arg;
	int64_t n;
};

static int
integrity(struct db *db, struct sink *s, struct err *e)
{
	struct stmt *q = db_new(db, "PRAGMA integrity_check(50)", e);
	struct str text = STR_INIT;
	int rc;

	if (q == NULL)
		return E_SQL;
	while ((rc = stmt_step(q, e)) > 0) {
		if (strcmp(stmt_col(q, 0), "ok") == 0)
			continue;
		str_clear(&text);
		str_addf(&text, "数据库文件损坏：%s", stmt_col(q, 0));
		s->bad(s->arg, text.buf);
		s->n++;
	}
	stmt_free(q);
	str_done(&text);
	return rc;
}

/* Live rows whose reference leads nowhere. */
static int
references(struct forms *fs, const struct field *f, struct sink *s,
    struct err *e)
{
	struct str sql = STR_INIT, text = STR_INIT;
	int64_t n;

	str_addf(&sql, "SELECT count(*) FROM main.\"%s\" t WHERE NOT t.deleted"
	    " AND t.\"%s\" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM"
	    " main.\"%s\" r WHERE r.uid = t.\"%s\")", f->form->name, f->name,
	    f->list, f->name);
	n = db_int(forms_db(fs), -1, sql.buf, "");
	if (n > 0) {
		str_addf(&text, "%s 有 %lld 条记录的“%s”指向不存在的记录",
		    f->form->title, (long long)n, f->label);
		s->bad(s->arg, text.buf);
		s->n += n;
	}
	str_done(&sql);
	str_done(&text);
	return n < 0 ? err_set(e, E_SQL, "查不了 %s 的引用",
	    f->form->title) : 0;
}

static int
all_references(struct forms *fs, struct sink *s, struct err *e)
{
	const char *const *name;
	const struct form *f;
	size_t i;
	int rc = 0;

	for (name = forms_names(fs); rc == 0 && *name != NULL; name++) {
		f = forms_get(fs, *name, e);
		if (f == NULL)
			return E_FORMAT;
		for (i = 0; rc == 0 && i < f->nfields; i++)
			if (f->fields[i].type == T_REF)
				rc = references(fs, &f->fields[i], s, e);
	}
	return rc;
}

/* A journal that is shorter than what was handed over has lost its end. */
static void
handed_over(struct db *db, struct sink *s)
{
	struct str text = STR_INIT;
	int64_t upto = db_int(db, 0, "SELECT max(upto) FROM main.export", "");
	int64_t head = journal_head(db, NULL);

	if (upto <= head)
		return;
	str_addf(&text, "日志只到第 %lld 条，已上报的数据包却到第 %lld 条：末尾"
	    "被删掉了", (long long)head, (long long)upto);
	s->bad(s->arg, text.buf);
	s->n++;
	str_done(&text);
}

/* Evidence of this site whose file is gone. */
static int
lost_files(struct forms *fs, struct sink *s, struct err *e)
{
	struct str text = STR_INIT;
	int64_t n;

	if (forms_get(fs, "evidence", NULL) == NULL)
		return 0;
	n = db_int(forms_db(fs), -1, "SELECT count(*) FROM main.evidence t"
	    " WHERE NOT t.deleted AND t.sha256 IS NOT NULL AND t.site = (SELECT"
	    " value FROM main.meta WHERE name='site') AND NOT EXISTS (SELECT 1"
	    " FROM main.blob b WHERE b.sha256 = t.sha256)", "");
	if (n > 0) {
		str_addf(&text, "%lld 份佐证材料的文件不在数据库里，请重新收进来",
		    (long long)n);
		s->bad(s->arg, text.buf);
		s->n += n;
	}
	str_done(&text);
	return n < 0 ? err_set(e, E_SQL, "查不了佐证材料的文件") : 0;
}

int64_t
check_all(struct forms *fs, void (*bad)(void *arg, const char *text),
    void *arg, struct err *e)
{
	struct sink s = { bad, arg, 0 };
	struct db *db = forms_db(fs);
	int64_t n;
	int rc;

	db_trust(db);
	rc = integrity(db, &s, e);
	if (rc == 0)
		rc = all_references(fs, &s, e);
	if (rc == 0)
		handed_over(db, &s);
	if (rc == 0)
		rc = lost_files(fs, &s, e);
	db_untrust(db);
	if (rc < 0)
		return rc;
	n = blob_check(db, bad, arg, e);
	if (n < 0)
		return n;
	s.n += n;
	n = journal_check(db, bad, arg, e);
	return n < 0 ? n : n + s.n;
}
