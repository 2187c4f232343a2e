/* See template.h.  A template is kept as lines of text in the settings. */
#include "template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "db.h"
#include "mem.h"
#include "str.h"
#include "type.h"

enum { TOWN_ROWS = 200000 };

static const char prefix[] = "template:";

const char *
template_number_words(enum template_number n)
{
	static const char *const words[] = { "原样", "六八四分开",
	    "中间隐去", "前面加撇号（Excel 当文字）" };

	return words[n];
}

const char *
template_column_words(const struct form *f, int what)
{
	switch (what) {
	case COLUMN_EMPTY:
		return "（空着）";
	case COLUMN_SERIAL:
		return "序号";
	case COLUMN_AGE:
		return "周岁";
	case COLUMN_TOWN:
		return "乡镇";
	default:
		return f->fields[what].label;
	}
}

void
template_init(struct template *t, const struct form *f, const char *name)
{
	memset(t, 0, sizeof *t);
	t->f = f;
	t->name = xstrdup(name);
	t->title = xstrdup(name);
}

void
template_done(struct template *t)
{
	size_t i;

	for (i = 0; i < t->ncolumns; i++)
		free(t->column[i].head);
	free(t->name);
	free(t->title);
	free(t->village);
	free(t->category);
	memset(t, 0, sizeof *t);
}

bool
template_add(struct template *t, int what, const char *head)
{
	if (t->ncolumns == TEMPLATE_COLUMNS)
		return false;
	t->column[t->ncolumns++] = (struct template_column){ what,
	    xstrdup(head != NULL ? head : template_column_words(t->f, what)) };
	return true;
}

/* A word of the county's that is no field of ours. */
static int
special(const char *head)
{
	static const struct {
		const char *word;
		int what;
	} words[] = { { "序号", COLUMN_SERIAL }, { "编号", COLUMN_SERIAL },
	    { "年龄", COLUMN_AGE }, { "周岁", COLUMN_AGE },
	    { "乡镇", COLUMN_TOWN }, { "乡镇街道", COLUMN_TOWN },
	    { "镇街", COLUMN_TOWN }, { "所属乡镇", COLUMN_TOWN } };
	struct str s = STR_INIT;
	int what = COLUMN_EMPTY;
	size_t i;

	heading_fold(&s, head);
	for (i = 0; i < COUNT_OF(words); i++)
		if (strcmp(words[i].word, s.buf) == 0)
			what = words[i].what;
	str_done(&s);
	return what;
}

void
template_from(struct template *t, const struct mapping *m)
{
	struct str title = STR_INIT;
	size_t i;

	for (i = 0; i < m->head.n; i++) {
		const char *head = m->head.text[i] != NULL ? m->head.text[i] :
		    "";

		template_add(t, m->head.meaning[i] >= 0 ? m->head.meaning[i] :
		    special(head), head);
	}
	for (i = 0; i < m->ntitles; i++)
		str_addf(&title, "%s%s", i > 0 ? "  " : "", m->title[i]);
	if (title.len > 0) {
		free(t->title);
		t->title = str_take(&title);
	}
	str_done(&title);
}

/* ---- keeping ---------------------------------------------------------- */

/* One line: no line ends or tabs of the text itself. */
static void
add_line(struct str *out, const char *key, const char *value)
{
	const char *p;

	if (str_blank(value))
		return;
	str_addf(out, "%s ", key);
	for (p = value; *p != '\0'; p++)
		str_addc(out, *p == '\n' || *p == '\r' || *p == '\t' ? ' ' :
		    *p);
	str_addc(out, '\n');
}

int
template_save(struct forms *fs, const struct template *t, struct err *e)
{
	struct str s = STR_INIT;
	char *key = xasprintf("%s%s", prefix, t->name), number[8], *value;
	size_t i;
	int rc;

	add_line(&s, "form", t->f->name);
	add_line(&s, "title", t->title);
	add_line(&s, "village", t->village);
	add_line(&s, "category", t->category);
	snprintf(number, sizeof number, "%d", (int)t->number);
	add_line(&s, "number", number);
	for (i = 0; i < t->ncolumns; i++) {
		int what = t->column[i].what;

		if (what >= 0)
			value = xasprintf("%s %s", t->f->fields[what].name,
			    t->column[i].head);
		else
			value = xasprintf("%d %s", what, t->column[i].head);
		add_line(&s, "column", value);
		free(value);
	}
	rc = db_set_meta(forms_db(fs), key, s.buf, e);
	str_done(&s);
	free(key);
	return rc;
}

/* "name head" or "-2 head". */
static void
take_column(struct template *t, const char *value)
{
	const char *head = strchr(value, ' ');
	const struct field *f;
	char *name;
	int what = atoi(value);

	if (head == NULL)
		return;
	name = xstrndup(value, (size_t)(head - value));
	f = form_field(t->f, name);
	free(name);
	if (f != NULL)
		what = f->index;
	else if (what > COLUMN_EMPTY || what < COLUMN_LOWEST)
		what = COLUMN_EMPTY;	/* a field that is no longer there */
	template_add(t, what, head + 1);
}

static int
take_line(struct forms *fs, struct template *t, char *line, struct err *e)
{
	char *value = strchr(line, ' ');
	const struct form *f;

	if (value == NULL)
		return 0;
	*value++ = '\0';
	if (strcmp(line, "form") == 0) {
		f = forms_get(fs, value, e);
		if (f == NULL)
			return e->code;
		t->f = f;
	} else if (strcmp(line, "title") == 0) {
		free(t->title);
		t->title = xstrdup(value);
	} else if (strcmp(line, "village") == 0) {
		t->village = xstrdup(value);
	} else if (strcmp(line, "category") == 0) {
		t->category = xstrdup(value);
	} else if (strcmp(line, "number") == 0) {
		t->number = (unsigned)atoi(value) < NUMBER_COUNT ?
		    (enum template_number)atoi(value) : NUMBER_PLAIN;
	} else if (strcmp(line, "column") == 0 && t->f != NULL) {
		take_column(t, value);
	}
	return 0;
}

int
template_load(struct forms *fs, const char *name, struct template *t,
    struct err *e)
{
	char *key = xasprintf("%s%s", prefix, name), *text, *line, *save = NULL;
	int rc = 0;

	template_init(t, NULL, name);
	text = db_meta(forms_db(fs), key);
	free(key);
	if (text == NULL) {
		template_done(t);
		return err_set(e, E_NOTFOUND, "没有“%s”这个模板", name);
	}
	for (line = strtok_r(text, "\n", &save); rc == 0 && line != NULL;
	    line = strtok_r(NULL, "\n", &save))
		rc = take_line(fs, t, line, e);
	free(text);
	if (rc == 0 && t->f == NULL)
		rc = err_set(e, E_FORMAT, "模板“%s”坏了，请删去重做", name);
	if (rc < 0)
		template_done(t);
	return rc;
}

int
template_drop(struct forms *fs, const char *name, struct err *e)
{
	char *key = xasprintf("%s%s", prefix, name);
	struct db *db = forms_db(fs);
	int rc;

	db_trust(db);
	rc = db_run(db, e, "DELETE FROM main.meta WHERE name=?1", "s", key);
	db_untrust(db);
	free(key);
	return rc;
}

char **
template_names(struct forms *fs)
{
	struct db *db = forms_db(fs);
	char **v = xcalloc(1, sizeof *v);
	struct err e = ERR_INIT;
	struct stmt *q;
	size_t n = 0;

	db_trust(db);
	q = db_get(db, "SELECT substr(name, 10) FROM main.meta WHERE"
	    " name GLOB 'template:*' ORDER BY name", &e);
	while (q != NULL && stmt_step(q, &e) > 0) {
		v = xrealloc(v, n + 2, sizeof *v);
		v[n++] = xstrdup(stmt_col(q, 0));
		v[n] = NULL;
	}
	db_untrust(db);
	return v;
}

/* ---- filling ---------------------------------------------------------- */

static void
number_text(enum template_number how, const struct field *f, const char *v,
    struct forms *fs, struct str *out)
{
	if (how == NUMBER_MASKED)
		type_show(fs, f, v, true, out);
	else if (how == NUMBER_SPACED && f->type == T_ID_CARD &&
	    strlen(v) == 18)
		str_addf(out, "%.6s %.8s %s", v, v + 6, v + 14);
	else if (how == NUMBER_QUOTED && f->type == T_ID_CARD)
		str_addf(out, "'%s", v);
	else
		str_add(out, v);
}

static void
select_sql(const struct template *t, struct str *sql)
{
	const struct form *f = t->f;
	bool village = form_field(f, "village") != NULL;
	size_t i;

	str_add(sql, "SELECT ");
	for (i = 0; i < t->ncolumns; i++) {
		str_add(sql, i > 0 ? "," : "");
		if (t->column[i].what >= 0)
			db_quote(sql, f->fields[t->column[i].what].name);
		else if (t->column[i].what == COLUMN_AGE &&
		    form_field(f, "birth_date") != NULL)
			str_add(sql, "age(birth_date,?1)");
		else
			str_add(sql, "NULL");
	}
	str_add(sql, ",uid FROM ");
	db_quote(sql, f->name);
	str_add(sql, " WHERE (?1 IS NOT NULL)");
	if (form_field(f, "left_on") != NULL)
		str_add(sql, " AND (left_on IS NULL OR left_on>?1)");
	if (village)
		str_add(sql, " AND (?2 IS NULL OR village=?2)");
	if (form_field(f, "category") != NULL)
		str_add(sql, " AND (?3 IS NULL OR instr(category,';'||?3||';'"
		    ")>0)");
	str_add(sql, " ORDER BY ");
	if (village)
		str_add(sql, "(SELECT v.code FROM village v WHERE v.uid="
		    "village),");
	str_add(sql, form_field(f, "name") != NULL ? "pinyin(name),uid" :
	    "uid");
	str_addf(sql, " LIMIT %d", TOWN_ROWS);
}

static void
cell(struct forms *fs, const struct template *t, size_t i, struct stmt *q,
    size_t serial, const char *town, struct str *out)
{
	int what = t->column[i].what;
	const struct field *f;
	const char *v;

	str_clear(out);
	if (what == COLUMN_SERIAL) {
		str_addf(out, "%zu", serial);
	} else if (what == COLUMN_TOWN) {
		str_add(out, town);
	} else if ((v = stmt_col(q, (int)i)) != NULL && what >= 0) {
		f = &t->f->fields[what];
		if (f->type == T_ID_CARD || f->type == T_PHONE)
			number_text(t->number, f, v, fs, out);
		else
			type_show(fs, f, v, false, out);
	} else {
		str_add(out, v);
	}
}

/* Rows first, words after: a shown reference runs a query of its own. */
static int
fill(struct forms *fs, const struct template *t, struct paper *p,
    struct paper_block *b, struct err *e)
{
	char *town = db_meta(forms_db(fs), "site_name");
	struct str sql = STR_INIT, text = STR_INIT;
	struct stmt *q;
	size_t serial = 0, i;
	int rc;

	select_sql(t, &sql);
	q = db_new(forms_db(fs), sql.buf, e);
	if (q == NULL) {
		rc = e->code;
	} else {
		stmt_text(q, 1, date_today());
		stmt_text(q, 2, t->village);
		stmt_text(q, 3, t->category);
		while ((rc = stmt_step(q, e)) > 0) {
			serial++;
			paper_row(b, ROW_PLAIN);
			paper_owner(p, b, t->f->name, stmt_col(q,
			    (int)t->ncolumns));
			for (i = 0; i < t->ncolumns; i++) {
				cell(fs, t, i, q, serial, town, &text);
				paper_cell(p, b, text.buf);
			}
		}
		stmt_free(q);
	}
	str_done(&sql);
	str_done(&text);
	free(town);
	return rc;
}

struct paper *
template_paper(struct forms *fs, const struct template *t, struct err *e)
{
	struct paper *p = paper_new(t->title);
	struct paper_block *b = paper_table(p, NULL);
	size_t i;

	p->personal = p->owned = true;
	for (i = 0; i < t->ncolumns; i++) {
		bool serial = t->column[i].what == COLUMN_SERIAL;

		paper_column(p, b, t->column[i].head, serial ? ALIGN_RIGHT :
		    ALIGN_LEFT, 30);
		if (serial)
			paper_serial(b);
	}
	if (fill(fs, t, p, b, e) < 0) {
		paper_free(p);
		return NULL;
	}
	return p;
}
